"""How good the generated pictures are, by the eyes of a net trained on real ones only."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_digits.augmentation import augment


class Classifier(nn.Module):
    """A small conv net that names the class; its last hidden layer gives the features."""

    scale: Tensor

    def __init__(self, channels: int, num_classes: int, features: int = 64) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * channels, 48, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(48, 48, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(48, 96, 3, padding=1),
            nn.ReLU(),
            nn.AdaptiveMaxPool2d(3),
            nn.Flatten(),
            nn.Linear(96 * 9, features),
        )
        self.head = nn.Linear(features, max(num_classes, 1))
        self.register_buffer("scale", torch.ones(()))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Features (n, 64) and class logits from pixels (n, channels, side, side) in -1..1."""
        features = self.body(pixels)
        return features * self.scale, self.head(F.relu(features))

    @torch.no_grad()
    def settle_scale(self, pixels: Tensor) -> None:
        """Scale the features to a mean variance of 1 over `pixels`, so that distances compare
        between two trainings of this net."""
        self.scale.fill_(1.0)
        features, _ = features_and_classes(self, pixels)
        self.scale.fill_(1.0 / max(float(features.var(dim=0).mean().sqrt()), 1e-6))


def train_classifier(
    pixels: Tensor, labels: Tensor, num_classes: int, seed: int = 0, steps: int = 600
) -> Classifier:
    """A classifier trained on these real pictures: (n, c, s, s) in -1..1 and int64 labels (n,).

    Where there are no classes it is left as drawn: features of an untrained net still tell
    pictures apart, only more coarsely.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = Classifier(pixels.shape[1], num_classes)
    if num_classes < 2:
        net.settle_scale(pixels)
        return net.eval()
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        chosen = torch.randint(len(pixels), (100,), generator=generator)
        loss = F.cross_entropy(net(augment(pixels[chosen], generator))[1], labels[chosen])
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
    net.settle_scale(pixels)
    return net.eval()


@torch.no_grad()
def features_and_classes(net: Classifier, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Features (n, 64) float32 and the named class (n,) int64 of pixels in -1..1."""
    parts = [net(part) for part in torch.split(pixels, 250)]
    return torch.cat([p[0] for p in parts]), torch.cat([p[1].argmax(dim=1) for p in parts])


def frechet_distance(first: Tensor, second: Tensor) -> float:
    """Distance of the Gaussians fitted to two sets of features (n, d) and (m, d); 0 is best.

    The formula of Heusel et al. 2017 on our own features, so not a FID and not comparable with one.
    """
    mean_gap = (first.double().mean(0) - second.double().mean(0)).square().sum()
    one, two = torch.cov(first.double().T), torch.cov(second.double().T)
    values, vectors = torch.linalg.eigh(one)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    shared = torch.linalg.eigvalsh(root @ two @ root).clamp(min=0).sqrt().sum()
    return float(mean_gap + one.trace() + two.trace() - 2 * shared)


def _covered(points: Tensor, centres: Tensor, neighbours: int) -> float:
    """The part of `points` that lie within some centre's distance to its k-th nearest fellow."""
    radii = torch.cdist(centres, centres).kthvalue(neighbours + 1, dim=1).values
    return float((torch.cdist(points, centres) <= radii).any(dim=1).float().mean())


def precision_and_recall(
    real: Tensor, generated: Tensor, neighbours: int = 3
) -> tuple[float, float]:
    """Kynkäänniemi et al. 2019, on features (n, d) and (m, d); both in 0..1, higher is better.

    Precision: generated pictures that lie among real ones. Recall: real ones that lie among
    generated ones. Both grow with the number of pictures: compare at equal numbers only.
    """
    return _covered(generated, real, neighbours), _covered(real, generated, neighbours)


def nearest_distances(pixels: Tensor, references: Tensor) -> Tensor:
    """Root mean square difference (n,) of each picture to its nearest reference, in -1..1."""
    flat = torch.cdist(pixels.flatten(1), references.flatten(1))
    return torch.amin(flat, dim=1) / math.sqrt(pixels[0].numel())


def copied_share(generated: Tensor, training: Tensor, held_out: Tensor) -> float:
    """The part of the generated pictures that lie suspiciously near to a training picture.

    Near is what only 1 in 100 held-out real pictures reaches, so an honest model scores about
    0.01 and one that copies scores near 1.
    """
    threshold = nearest_distances(held_out, training).quantile(0.01)
    return float((nearest_distances(generated, training) < threshold).float().mean())
