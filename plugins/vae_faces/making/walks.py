"""Ways among points: a round that ends where it began, and the way from one to another."""

from __future__ import annotations

import math

import torch
from torch import Tensor

_OVERTONE = 0.35
"""How strong the second, faster turn of a round is: without it a round is a plain circle."""


def round_of(start: Tensor, steps: int, distance: float, seed: int, *, fixed: int = 0) -> Tensor:
    """Points (steps, size) of a round from `start` (1, size) that leads back to it smoothly.

    `distance` 0 stays; at 1 the far side has nothing in common with the start. All are as long as
    the start, so that none is stranger. The first `fixed` numbers stay. The way depends on `seed`
    alone.
    """
    source = torch.Generator().manual_seed((seed ^ 0x3A1C) % 2**63)
    length = start[:, fixed:].norm().clamp_min(1e-3)
    wide = length / math.sqrt(max(start.shape[1] - fixed, 1))
    far, aside, faster, back = wide * torch.randn(4, 1, start.shape[1], generator=source)
    turns = torch.arange(steps)[:, None] * (2 * math.pi / steps)
    away = distance * (1 - torch.cos(turns)) / 2
    swing = torch.sin(turns) * aside + _OVERTONE * torch.sin(2 * turns) * faster
    points = (1 - away) * start + away * (far + _OVERTONE * torch.sin(turns) * back)
    points = points + distance / 2 * swing
    points[:, fixed:] *= length / points[:, fixed:].norm(dim=1, keepdim=True).clamp_min(1e-6)
    points[:, :fixed] = start[:, :fixed]
    points[0] = start[0]
    found: Tensor = points
    return found
