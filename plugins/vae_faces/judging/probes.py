"""Damage that models are tried on: the same holes for everyone, a function of a seed.

A hole is (n, 1, side, side), 1 where the picture is to be made. Made for faces in the middle.
"""

from __future__ import annotations

import torch
from torch import Tensor

FACE_HOLE = (20 / 64, 24 / 64)
"""Width and height of the hole over a face, as parts of the side."""
_STRAY = 6 / 64
"""How far its middle lies from the picture's at most, as a part of the side."""
_LINES = 3
_REACH = 1.5 / 64
"""How far from a scratch its pixels lie, as a part of the side: two or three pixels wide."""
_BENDS = 24


def face_holes(count: int, side: int, seed: int = 0) -> Tensor:
    """A rectangle somewhere over the face, 20 by 24 of 64 pixels."""
    source = torch.Generator().manual_seed(seed)
    wide, high = (max(round(part * side), 1) for part in FACE_HOLE)
    stray = (torch.rand(count, 2, generator=source) * 2 - 1) * _STRAY * side
    holes = torch.zeros(count, 1, side, side)
    for hole, (across, down) in zip(holes, stray.tolist(), strict=True):
        left = round((side - wide) / 2 + across)
        top = round((side - high) / 2 + down)
        hole[:, max(top, 0) : top + high, max(left, 0) : left + wide] = 1.0
    return holes


def scratches(count: int, side: int, seed: int = 0) -> Tensor:
    """Three thin scratches from edge to edge, each a little bent, two or three pixels wide."""
    source = torch.Generator().manual_seed(seed)
    holes = torch.zeros(count, 1, side, side)
    for hole in holes:
        for _line in range(_LINES):
            hole[0][_line_of(side, source)] = 1.0
    return holes


def _line_of(side: int, source: torch.Generator) -> Tensor:
    """bool (side, side): what lies near a bent line between two opposite edges."""
    start, end, bend = torch.rand(3, generator=source).tolist()
    along = torch.linspace(0, 1, _BENDS * 8)
    across = start + (end - start) * along + (bend - 0.5) * 0.3 * (1 - (2 * along - 1).square())
    upright = bool(torch.rand(1, generator=source) < 0.5)
    points = torch.stack([across, along] if upright else [along, across], dim=1) * side
    middles = torch.arange(side) + 0.5
    grid = torch.cartesian_prod(middles, middles).flip(1)  # rows are down: (across, down)
    return (torch.cdist(grid, points).amin(dim=1) <= _REACH * side).view(side, side)
