"""An outside judge: a net trained on real pictures only, whose features the measures are taken in.

Fréchet distance, precision, recall and copies are in `aigc_studio.toolkit.measures`.
"""

from __future__ import annotations

from collections.abc import Generator

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


def learn_to_classify(
    pixels: Tensor, labels: Tensor, num_classes: int, seed: int = 0, steps: int = 600
) -> Generator[tuple[int, int], None, Classifier]:
    """Train a classifier on these real pictures: (n, c, s, s) in -1..1 and int64 labels (n,).

    Yields (step, steps) and returns the classifier. Where there are no classes it is left as drawn:
    features of an untrained net still tell pictures apart, only more coarsely.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = Classifier(pixels.shape[1], num_classes)
    if num_classes >= 2:
        optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01, fused=True)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        for step in range(steps):
            chosen = torch.randint(len(pixels), (100,), generator=generator)
            loss = F.cross_entropy(net(augment(pixels[chosen], generator))[1], labels[chosen])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            yield step + 1, steps
    net.settle_scale(pixels)
    return net.eval()


@torch.no_grad()
def features_and_classes(net: Classifier, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Features (n, 64) float32 and the named class (n,) int64 of pixels in -1..1."""
    parts = [net(part) for part in torch.split(pixels, 250)]
    return torch.cat([p[0] for p in parts]), torch.cat([p[1].argmax(dim=1) for p in parts])
