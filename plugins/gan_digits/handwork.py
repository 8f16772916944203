"""A person's own drawings as lessons: brought to what a model knows, and few of them made many.

A model that learnt light digits of one height in the middle of a dark cell can go on from dark
drawings of any size on white only when they come to it as its own do. And thirty drawings are
known by heart at once: each time one is seen, it is drawn a little differently.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from aigc_studio.api import Dataset, Event, GeneratorError, Image, Progress
from aigc_studio.toolkit import image_planes, to_planes, to_values
from aigc_studio.toolkit.pictures import Mode
from gan_digits.drawings import read_drawing
from gan_digits.pictures import PLAIN, Look

FEW = 400
"""Fewer drawings than this are varied while they are learnt from."""
FINE = 2
"""So many times as large as the model's pictures are those that are varied: they stay sharp."""
_TELL_EVERY = 0.2
_READING = {"en": "Reading the drawings", "zh": "正在读取图画"}
_TURN, _STRETCH, _SHEAR, _SHIFT = math.radians(5.0), 0.08, 0.08, 0.05
_BEND = 0.035  # of half the side: how far a point of a drawing strays from its place
_POINTS = 5  # a side: what strays on its own


def is_foreign(look: Look, own: Look) -> bool:
    """Whether pictures of this look are drawings on the other ground than those of a model of look
    `own`: ink on paper, where it knows light on dark."""
    plain = min(look.ground, 255 - look.ground) <= PLAIN
    return own.drawn and plain and abs(look.ground - own.ground) > 128


def read_drawings(
    dataset: Dataset, chosen: Sequence[int], size: int, mode: Mode, own: Look
) -> Generator[Event, None, Tensor]:
    """The `chosen` drawings as planes (n, c, size, size), uint8, each as a model of look `own` has
    its own: on its ground, of its height, the weight in the middle. Progress in between."""
    planes, told = [], 0.0
    for place, number in enumerate(chosen):
        artifact = dataset[number].artifact
        assert isinstance(artifact, Image), "the medium is checked before"
        planes.append(_brought_in(artifact, size, mode, own))
        if time.monotonic() - told > _TELL_EVERY:
            told = time.monotonic()
            yield Progress(place, len(chosen), _READING)
    return torch.stack(planes)


def _brought_in(image: Image, size: int, mode: Mode, own: Look) -> Tensor:
    try:
        return torch.from_numpy(read_drawing(image, size, mode, own, wanted=1).cells[0])
    except GeneratorError:  # an empty sheet
        return torch.full_like(image_planes(image, size, mode), round(own.ground))


def varied(planes: Tensor, generator: torch.Generator) -> Tensor:
    """Drawings (n, c, s, s), uint8, as the same hand might have drawn them another time: turned,
    slanted and stretched a little, each stroke bent its own way. At half their size.

    Simard, Steinkraus, Platt 2003 bend handwriting like this to teach from few examples.
    """
    values = to_values(planes, -1)
    count, side = len(values), values.shape[-1]
    grid = F.affine_grid(_moves(count, generator), list(values.shape), align_corners=False)
    bends = torch.randn(count, 2, _POINTS, _POINTS, generator=generator) * _BEND
    bends = F.interpolate(bends, (side, side), mode="bicubic", align_corners=True)
    grid = grid + bends.permute(0, 2, 3, 1)
    moved = F.grid_sample(values, grid, padding_mode="border", align_corners=False)
    return to_planes(F.avg_pool2d(moved, FINE), -1)


def _moves(count: int, generator: torch.Generator) -> Tensor:
    """Affine matrices (count, 2, 3) of what a hand does differently each time."""

    def symmetric(limit: float) -> Tensor:
        return (torch.rand(count, generator=generator) * 2 - 1) * limit

    turn, shear = symmetric(_TURN), symmetric(_SHEAR)
    wide, high = symmetric(_STRETCH).exp(), symmetric(_STRETCH).exp()
    cos, sin = turn.cos(), turn.sin()
    rows = [
        cos * wide, (shear * cos - sin) * high, symmetric(_SHIFT),
        sin * wide, (shear * sin + cos) * high, symmetric(_SHIFT),
    ]  # fmt: skip
    return torch.stack(rows, dim=1).view(count, 2, 3)
