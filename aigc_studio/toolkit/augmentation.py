"""Few pictures made many: moved at random, or with a part hidden, with gradients throughout.

With a few thousand pictures the discriminator soon knows them by heart. If it only ever sees moved
and turned ones, and generated ones moved alike, it cannot (Zhao et al. 2020; Karras et al. 2020).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

# Limits at strength 1: a turn in radians, a stretch as a factor's logarithm, a shear, a shift as a
# part of half the side.
TURN, STRETCH, SHEAR, SHIFT = math.radians(12.0), 0.12, 0.12, 0.14


def _symmetric(count: int, limit: float, generator: torch.Generator) -> Tensor:
    return (torch.rand(count, generator=generator) * 2 - 1) * limit


def draw_transforms(
    count: int, strength: float, probability: float, generator: torch.Generator
) -> Tensor:
    """Affine matrices (count, 2, 3), float32; each is the identity with 1 - `probability`.

    Leaving some pictures alone keeps the moves from leaking into what is generated
    (Karras et al. 2020, section 2.2).
    """
    moved = (torch.rand(count, generator=generator) < probability) * strength
    turn = _symmetric(count, TURN, generator) * moved
    stretch = (_symmetric(2 * count, STRETCH, generator).view(2, count) * moved).exp()
    shear = _symmetric(count, SHEAR, generator) * moved
    shift = _symmetric(2 * count, SHIFT, generator).view(2, count) * moved
    cos, sin = turn.cos(), turn.sin()
    rows = [
        cos * stretch[0],
        (shear * cos - sin) * stretch[1],
        shift[0],
        sin * stretch[0],
        (shear * sin + cos) * stretch[1],
        shift[1],
    ]
    return torch.stack(rows, dim=1).view(count, 2, 3)


def augment(
    pixels: Tensor, generator: torch.Generator, strength: float = 1.0, probability: float = 0.8
) -> Tensor:
    """Values (n, c, h, w) turned, stretched, sheared and shifted at random; edges go on outwards.

    Each picture is moved with `probability`, `strength` times as far as the limits say (0: not at
    all). Gradients flow through.
    """
    if strength <= 0 or probability <= 0:
        return pixels
    transforms = draw_transforms(len(pixels), strength, probability, generator)
    grid = F.affine_grid(transforms, list(pixels.shape), align_corners=False)
    return F.grid_sample(pixels, grid, padding_mode="border", align_corners=False)


def draw_known(count: int, size: int, generator: torch.Generator) -> Tensor:
    """Random masks (count, 1, size, size): 0 in one hidden rectangle, 1 elsewhere.

    For nets that learn to fill in what is hidden. A third of them hide nothing. The rectangle's
    sides run to three quarters of the picture's.
    """
    sides = torch.rand(2, count, generator=generator) * 0.75
    starts = torch.rand(2, count, generator=generator) * (1 - sides)
    none = torch.rand(count, generator=generator) < 1 / 3
    place = (torch.arange(size) + 0.5) / size
    inside = (place >= starts[..., None]) & (place < (starts + sides)[..., None])
    hidden = inside[0][:, :, None] & inside[1][:, None, :] & ~none[:, None, None]
    return (~hidden).float()[:, None]
