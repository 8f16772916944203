import math
from typing import Any

import numpy as np
import pytest
import torch

from aigc_studio.toolkit import measures


def points(count: int, width: int = 8, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


def pictures(count: int, seed: int = 0, side: int = 16) -> torch.Tensor:
    return torch.rand(count, 2, side, side, generator=torch.Generator().manual_seed(seed))


def test_psnr_of_a_known_error() -> None:
    black = torch.zeros(2, 1, 4, 4)
    grey = torch.stack([torch.full((1, 4, 4), 0.1), torch.zeros(1, 4, 4)])
    assert measures.psnr_db(black, grey).tolist() == [pytest.approx(20.0, abs=1e-5), math.inf]
    assert float(measures.psnr_db(black[:1] * 255, grey[:1] * 255, 255.0)) == pytest.approx(20.0)


def slow_ssim(first: Any, second: Any) -> Any:
    """The formula, window by window."""
    offsets = np.arange(11) - 5
    window = np.exp(-(offsets[:, None] ** 2 + offsets[None] ** 2) / 4.5)
    window /= window.sum()
    values = []
    for channel in range(first.shape[0]):
        for y in range(first.shape[1] - 10):
            for x in range(first.shape[2] - 10):
                a = first[channel, y : y + 11, x : x + 11]
                b = second[channel, y : y + 11, x : x + 11]
                ma, mb = (window * a).sum(), (window * b).sum()
                va, vb = (window * (a - ma) ** 2).sum(), (window * (b - mb) ** 2).sum()
                both = (window * (a - ma) * (b - mb)).sum()
                top = (2 * ma * mb + 1e-4) * (2 * both + 9e-4)
                values.append(top / ((ma**2 + mb**2 + 1e-4) * (va + vb + 9e-4)))
    return np.mean(values)


def test_ssim_is_what_the_paper_says() -> None:
    one, two = pictures(1), pictures(1, seed=1) * 0.3 + pictures(1) * 0.7
    expected = slow_ssim(one[0].double().numpy(), two[0].double().numpy())
    assert float(measures.ssim(one, two)) == pytest.approx(expected, abs=1e-9)
    assert float(measures.ssim(one, one)) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="11 pixels"):
        measures.ssim(one[..., :10], two[..., :10])


def test_the_frechet_distance_of_known_gaussians() -> None:
    first = points(500)
    assert measures.frechet_distance(first, first) == pytest.approx(0.0, abs=1e-6)
    moved = first + torch.tensor([3.0, 4.0] + [0.0] * 6)
    assert measures.frechet_distance(first, moved) == pytest.approx(25.0, rel=1e-4)
    # Twice as wide along every axis: the trace of (2 - 1)^2 times the covariance.
    wide = (first - first.mean(0)) * 2 + first.mean(0)
    trace = float(torch.cov(first.T).trace())
    assert measures.frechet_distance(first, wide) == pytest.approx(trace, rel=1e-4)
    assert measures.frechet_distance(first[:, :1], moved[:, :1]) == pytest.approx(9.0, rel=1e-4)


def test_precision_and_recall_tell_too_little_from_too_much() -> None:
    real = points(300)
    narrow = points(300, seed=1) * 0.1
    precision, recall = measures.precision_and_recall(real, narrow)
    assert precision > 0.95
    assert recall < 0.1
    far = points(300, seed=2) + 100
    assert measures.precision_and_recall(real, far) == (0.0, 0.0)
    assert measures.precision_and_recall(real[:2], real[:2]) == (1.0, 1.0)


def test_what_is_all_alike_is_told_from_real_ones_though_it_lies_among_them() -> None:
    real, same = points(300), points(300, seed=1)
    assert measures.told_apart(real, same) == pytest.approx(0.5, abs=0.08)
    narrow = points(300, seed=1) * 0.1
    assert measures.precision_and_recall(real, narrow)[0] > 0.95
    assert measures.told_apart(real, narrow) > 0.9
    assert measures.told_apart(real, same[:200] + 100) == 1.0
    assert measures.told_apart(real[:1], same) == 0.5


def test_copies_are_noticed_and_fresh_pictures_are_not() -> None:
    training, held_out, fresh = pictures(200), pictures(200, 1), pictures(200, 2)
    assert measures.copied_share(training[:50], training, held_out) == 1.0
    assert measures.copied_share(fresh, training, held_out) < 0.05


def test_diversity() -> None:
    assert measures.mean_pairwise_distance(torch.ones(5, 1, 2, 2)) == 0.0
    assert measures.mean_pairwise_distance(torch.ones(1, 4)) == 0.0
    two = torch.stack([torch.zeros(3, 3), torch.full((3, 3), 0.5)])
    assert measures.mean_pairwise_distance(two) == pytest.approx(0.5)


def test_a_class_of_which_one_picture_is_left_has_no_variety() -> None:
    labels = torch.arange(40) % 2
    real = pictures(40) + labels.view(-1, 1, 1, 1)
    one_each = real[:2].repeat(20, 1, 1, 1)
    assert measures.mean_pairwise_distance(one_each) > 0.3
    assert measures.diversity_within(one_each, labels, real, labels) == 0.0
    assert measures.diversity_within(real, labels, real, labels) == pytest.approx(1.0)
    nearer = real.clone()
    for label in (0, 1):
        middle = real[labels == label].mean(dim=0)
        nearer[labels == label] = (real[labels == label] + middle) / 2
    assert measures.diversity_within(nearer, labels, real, labels) == pytest.approx(0.5)
    assert measures.diversity_within(real[:2], labels[:2], real, labels) is None
