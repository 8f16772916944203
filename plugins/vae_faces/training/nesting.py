"""Nested dropout of a point's parts, so that the first ones say the most (Rippel et al. 2014)."""

from __future__ import annotations

import torch
from torch import Tensor

from vae_faces.network.net import Faces

_UNSEEN = 0.3
"""Of how many pictures the decoder is told the attributes and nothing else."""


def nested(count: int, parts: int, told: bool, generator: torch.Generator) -> Tensor:
    """How many of a point's parts count for each of `count` pictures, int64: for half of them all,
    for the others fewer, so that the first parts say what can be said in few numbers (Rippel et al.
    2014) and the last ones only what is left. Where attributes are `told` it may be none at all.
    """
    drawn = torch.rand(count, generator=generator)
    kept = torch.full((count,), parts)
    few = torch.randint(1, parts, (count,), generator=generator) if parts > 1 else kept
    if told:
        few = torch.where(drawn < _UNSEEN, 0, few)
    # The first always has all, so that there is an error to tell of.
    return torch.where((drawn < 0.5) & (torch.arange(count) > 0), few, kept)


def shares(kept: Tensor) -> list[tuple[Tensor, float]]:
    """Which pictures keep equally many parts, and what part of all they are."""
    return [(kept == each, float((kept == each).float().mean())) for each in torch.unique(kept)]


def part_sizes(faces: Faces) -> tuple[int, ...]:
    """How many numbers each part of a point has, behind those of the attributes."""
    s = faces.settings
    return (s.globals, *(each * side * side for each, side in s.grid_shapes))
