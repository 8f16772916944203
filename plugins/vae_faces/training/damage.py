"""Damage for training: holes to fill, and noise, blur, low resolution and JPEG to undo."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image as Pillow
from torch import Tensor
from torch.nn import functional as F

from aigc_studio.toolkit import to_planes, to_values

_STROKES, _BENDS = 12, 3  # at most, and the pieces of each
_PATCHES = 10 / 13  # of the holes that are no mere scratches
_WIDEST = 0.75  # of the side, the longest side of a hidden rectangle


SCRATCHES = 0.35
"""The part of holes to learn from that are scratches alone."""


def draw_scratches(count: int, side: int, generator: torch.Generator) -> Tensor:
    """Scratches (count, 1, side, side), float32, one to four pixels wide and each width as often as
    any other; none is empty."""
    hole = _scratches(count, side, generator, even=True)
    hole[:, side // 2, side // 2] |= ~hole.flatten(1).any(dim=1)
    return hole.float()[:, None]


def draw_holes(
    count: int, side: int, generator: torch.Generator, scratches: float = SCRATCHES
) -> Tensor:
    """Random holes (count, 1, side, side), float32: 1 = to be made. None is empty.

    A part, `scratches`, are scratches, many at once, as each teaches by itself. Of the others most
    are patches, one or two, with corners or round; the rest are both together, or now and then the
    whole picture.
    """
    kind = torch.rand(count, generator=generator)[:, None, None]
    boxes, lines = _boxes(count, side, generator), _scratches(count, side, generator)
    more = torch.rand(count, generator=generator)[:, None, None] < 0.5
    boxes = boxes | (_boxes(count, side, generator) & more)
    patches = (1 - scratches) * _PATCHES
    both = torch.where(kind < patches + scratches, lines, boxes | lines)
    hole = torch.where(kind < patches, boxes, both)
    hole = hole | (kind > 0.99)
    hole[:, side // 2, side // 2] |= ~hole.flatten(1).any(dim=1)
    return hole.float()[:, None]


def _boxes(count: int, side: int, generator: torch.Generator) -> Tensor:
    """One rectangle each, bool (count, side, side); a third of them with round corners."""
    part = torch.rand(2, count, generator=generator)
    sides = 0.15 + (_WIDEST - 0.15) * (0.3 * part + 0.7 * part.pow(4))
    starts = torch.rand(2, count, generator=generator) * (1 - sides)
    place = (torch.arange(side) + 0.5) / side
    away = ((place - starts[..., None]) / sides[..., None] * 2 - 1).abs()  # 0 middle, 1 rim
    rows, columns = away[0][:, :, None], away[1][:, None, :]
    round_ones = torch.rand(count, generator=generator)[:, None, None] < 1 / 3
    ellipse = rows.square() + columns.square() < 1
    return torch.where(round_ones, ellipse, torch.maximum(rows, columns) < 1)


def _scratches(count: int, side: int, generator: torch.Generator, *, even: bool = False) -> Tensor:
    """Up to twelve bent lines each, one to four pixels wide, bool (count, side, side): fine ones
    more often, or all widths `even`ly."""
    shape = (count, _STROKES)
    start = torch.rand(*shape, 1, 2, generator=generator) * side
    turn = torch.rand(*shape, 1, generator=generator) * 6.2832
    turn = turn + torch.randn(*shape, _BENDS, generator=generator).cumsum(2) * 0.35
    length = (0.08 + 0.3 * torch.rand(*shape, 1, generator=generator)) * side
    moves = torch.stack([turn.cos(), turn.sin()], dim=-1) * length[..., None]
    points = torch.cat([start, start + moves.cumsum(2)], dim=2)
    wide = torch.rand(*shape, generator=generator)
    half = 0.5 + (1.5 * wide if even else 1.1 * wide.square())
    wanted = torch.rand(count, 1, generator=generator) * _STROKES
    half = torch.where(torch.arange(_STROKES) <= wanted, half, torch.zeros(()))
    ends = points[:, :, 1:].flatten(1, 2)
    begins = points[:, :, :-1].flatten(1, 2)
    return _near(begins, ends, half.repeat_interleave(_BENDS, dim=1), side)


def _near(begins: Tensor, ends: Tensor, half: Tensor, side: int) -> Tensor:
    """Which pixels lie nearer than `half` (n, lines) to lines between points (n, lines, 2)."""
    place = torch.arange(side) + 0.5
    marked = torch.zeros(len(half), side, side, dtype=torch.bool)
    for line in range(half.shape[1]):
        begin, way = begins[:, line, :, None, None], (ends - begins)[:, line, :, None, None]
        across, down = place[None, None, :] - begin[:, 0], place[None, :, None] - begin[:, 1]
        part = (across * way[:, 0] + down * way[:, 1]) / way.square().sum(dim=1).clamp_min(1e-6)
        part = part.clamp(0, 1)
        apart = (across - part * way[:, 0]).square() + (down - part * way[:, 1]).square()
        marked |= apart < half[:, line, None, None].square()
    return marked


# -- damage over the whole frame -----------------------------------------------------------------


def damaged(values: Tensor, generator: torch.Generator) -> Tensor:
    """Values (n, c, h, w) in -1..1, each noisy, blurred, coarse or a JPEG; a third of them twice.

    The order is that of life: the lens blurs, the sensor adds noise, the file is made small.
    """
    worn = []
    for one in values:
        first, second = torch.randint(len(KINDS), (2,), generator=generator).tolist()
        both = float(torch.rand((), generator=generator)) < 1 / 3
        for kind in sorted({first, second} if both else {first}):
            strength = float(torch.rand((), generator=generator))
            one = list(KINDS.values())[kind](one[None], strength, generator)[0]
        worn.append(one)
    return torch.stack(worn) if worn else values


def blurred(values: Tensor, strength: float, generator: torch.Generator | None = None) -> Tensor:
    """Out of focus: a Gaussian of 0.5 (`strength` 0) to 2 pixels (1) at a side of 64."""
    spread = (0.5 + 1.5 * strength) * values.shape[-1] / 64
    reach = max(1, round(3 * spread))
    bell = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / spread).square())
    bell = (bell / bell.sum()).to(values)
    channels = values.shape[1]
    rim = F.pad(values, (reach,) * 4, mode="replicate")
    lines = F.conv2d(rim, bell.view(1, 1, -1, 1).repeat(channels, 1, 1, 1), groups=channels)
    return F.conv2d(lines, bell.view(1, 1, 1, -1).repeat(channels, 1, 1, 1), groups=channels)


def coarse(values: Tensor, strength: float, generator: torch.Generator | None = None) -> Tensor:
    """Too small: scaled down to two thirds (`strength` 0) or a quarter (1), and up again."""
    side = values.shape[-1]
    small = max(4, round(side * (1.5 + 2.5 * strength) ** -1))
    tiny = F.interpolate(values, small, mode="bilinear", antialias=True)
    return F.interpolate(tiny, side, mode="bicubic").clamp(-1, 1)


def noisy(values: Tensor, strength: float, generator: torch.Generator | None = None) -> Tensor:
    """Grain: Gaussian noise of 2 (`strength` 0) to 15 (1) hundredths of the range."""
    grain = torch.randn(values.shape, generator=generator)
    return (values + (0.04 + 0.26 * strength) * grain.to(values)).clamp(-1, 1)


def compressed(values: Tensor, strength: float, generator: torch.Generator | None = None) -> Tensor:
    """A JPEG of quality 50 (`strength` 0) to 5 (1); opacity is kept as it is."""
    quality = round(50 - 45 * strength)
    shown = values[:, :3] if values.shape[1] > 2 else values[:, :1]
    found = []
    for planes in to_planes(shown, -1).cpu().numpy():
        picture = Pillow.fromarray(planes[0] if len(planes) == 1 else planes.transpose(1, 2, 0))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality)
        again = np.array(Pillow.open(file))
        found.append(torch.from_numpy(again[None] if again.ndim == 2 else again.transpose(2, 0, 1)))
    worn = to_values(torch.stack(found), -1).to(values)
    return torch.cat([worn, values[:, shown.shape[1] :]], dim=1)


KINDS: dict[str, Callable[[Tensor, float, torch.Generator | None], Tensor]] = {
    "blur": blurred,
    "low resolution": coarse,
    "noise": noisy,
    "compression": compressed,
}
"""Damage by name, in the order in which it comes to a picture; `strength` runs from 0 to 1."""
