"""How good generated pictures are: numbers that need no more than samples and data.

Pictures are float tensors (n, c, h, w) with values from 0 to `peak`; features are (n, d). Fréchet
distance, precision and recall are comparable between runs only with the same features and counts.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def psnr_db(first: Tensor, second: Tensor, peak: float = 1.0) -> Tensor:
    """Peak signal-to-noise ratio in decibels, (n,); infinite for equal pictures."""
    error = (first.double() - second.double()).square().flatten(1).mean(dim=1)
    return 10.0 * torch.log10(peak**2 / error)


def ssim(first: Tensor, second: Tensor, peak: float = 1.0) -> Tensor:
    """Structural similarity (n,), at most 1 (Wang et al. 2004: Gaussian window 11, sigma 1.5).

    The mean over channels and over all places where the window lies inside. Raises ValueError for
    pictures under 11 pixels a side.
    """
    if min(first.shape[-2:]) < 11:
        raise ValueError("SSIM needs pictures of at least 11 pixels a side")
    channels = first.shape[1]
    x, y = first.double(), second.double()

    def local(values: Tensor) -> Tensor:
        across = F.conv2d(
            values, window.view(1, 1, 1, 11).repeat(channels, 1, 1, 1), groups=channels
        )
        return F.conv2d(across, window.view(1, 1, 11, 1).repeat(channels, 1, 1, 1), groups=channels)

    places = torch.arange(11, dtype=torch.float64) - 5
    window = torch.exp(-places.square() / (2 * 1.5**2))
    window = window / window.sum()
    mean_x, mean_y = local(x), local(y)
    spread_x = local(x * x) - mean_x**2
    spread_y = local(y * y) - mean_y**2
    shared = local(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    likeness = (2 * mean_x * mean_y + c1) * (2 * shared + c2)
    return (likeness / ((mean_x**2 + mean_y**2 + c1) * (spread_x + spread_y + c2))).mean((1, 2, 3))


def frechet_distance(first: Tensor, second: Tensor) -> float:
    """Distance of the Gaussians fitted to features (n, d) and (m, d): 0 is best.

    The formula of Heusel et al. 2017; a FID only with Inception's features.
    """
    one, two = first.double(), second.double()
    gap = (one.mean(0) - two.mean(0)).square().sum()
    cov_one, cov_two = _covariance(one), _covariance(two)
    # The trace of the root of a product of two covariances, by way of symmetric matrices only.
    values, vectors = torch.linalg.eigh(cov_one)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    shared = torch.linalg.eigvalsh(root @ cov_two @ root).clamp(min=0).sqrt().sum()
    return max(float(gap + cov_one.trace() + cov_two.trace() - 2 * shared), 0.0)


def _covariance(features: Tensor) -> Tensor:
    width = features.shape[1]
    return torch.cov(features.T).reshape(width, width)


def _covered(points: Tensor, centres: Tensor, neighbours: int) -> float:
    k = min(neighbours + 1, len(centres))
    radii = torch.cdist(centres, centres).kthvalue(k, dim=1).values
    return float((torch.cdist(points, centres) <= radii).any(dim=1).double().mean())


def precision_and_recall(
    real: Tensor, generated: Tensor, neighbours: int = 3
) -> tuple[float, float]:
    """Kynkäänniemi et al. 2019, on features (n, d) and (m, d); both 0 to 1, higher is better.

    Precision: the part of the generated that lies among the real. Recall: the part of the real
    that lies among the generated. Both grow with the counts.
    """
    return _covered(generated, real, neighbours), _covered(real, generated, neighbours)


def told_apart(real: Tensor, generated: Tensor) -> float:
    """How often the nearest other one gives away whether a picture is real.

    Lopez-Paz & Oquab 2017, with one neighbour. On features (n, d) and (m, d), as many of each as
    the fewer are: about 0.5 where nothing tells them apart, 1 where everything does. Unlike
    precision it is not taken in by samples that are all much alike and lie in the midst of the real
    ones, as smudges do. 0.5 for fewer than 2 of each.
    """
    count = min(len(real), len(generated))
    if count < 2:
        return 0.5
    points = torch.cat([real[:count], generated[:count]]).float()
    distances = torch.cdist(points, points).fill_diagonal_(math.inf)
    is_real = torch.arange(2 * count, device=points.device) < count
    return float((is_real[distances.argmin(dim=1)] == is_real).double().mean())


def nearest_distances(samples: Tensor, references: Tensor) -> Tensor:
    """Root mean square difference (n,) of each sample to the nearest reference."""
    one, two = samples.flatten(1).float(), references.flatten(1).float()
    nearest = [torch.cdist(part, two).min(dim=1).values for part in torch.split(one, 256)]
    return torch.cat(nearest) / math.sqrt(one.shape[1])


def copied_share(generated: Tensor, training: Tensor, held_out: Tensor) -> float:
    """The part of the generated that lies suspiciously near to an example of the training part.

    Near is what only 1 in 100 of the held-out examples reaches: an honest model scores about
    0.01, one that copies scores near 1.
    """
    threshold = nearest_distances(held_out, training).quantile(0.01)
    return float((nearest_distances(generated, training) < threshold).double().mean())


def mean_pairwise_distance(samples: Tensor) -> float:
    """Diversity: the mean root mean square difference of two samples; 0 when all are the same."""
    if len(samples) < 2:
        return 0.0
    flat = samples.flatten(1).double()
    return float(torch.pdist(flat).mean()) / math.sqrt(flat.shape[1])


def diversity_within(
    samples: Tensor, labels: Tensor, real: Tensor, real_labels: Tensor
) -> float | None:
    """How varied the samples of one class are, as a part of how varied the real ones of it are.

    1 is as varied; near 0 every class has become one picture, which is how a conditional GAN
    collapses: its classes still lie apart, so the distance over all of them does not see it. The
    mean distances of all classes that have two of each are summed. None where there are none.
    """
    mine = usual = 0.0
    for label in sorted(set(real_labels.tolist())):
        drawn, there = samples[labels == label], real[real_labels == label]
        if min(len(drawn), len(there)) > 1:
            mine += mean_pairwise_distance(drawn)
            usual += mean_pairwise_distance(there)
    return mine / usual if usual else None
