"""Drawings on their way to the nets and back: rows of cells, dark on light and light on dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from PIL import Image as Pillow
from torch import Tensor

from aigc_studio.api import Image
from aigc_studio.toolkit.pictures import (
    Mode,
    Pixels,
    flatten,
    from_channels,
    padded,
    resized,
    to_channels,
)

MOST_CELLS = 64
PLAIN = 12
"""Of 255: so near to black or white a ground is plain."""
_SHARPEST = 4.5
_EDGE = 0.42  # of full strength: where a line ends; below a half, or thin ones would break
_INK = 0.35  # of the full range: a pixel this far from the ground is ink


@dataclass(frozen=True)
class Look:
    """What the pictures of a dataset have in common.

    `ground` (0 to 255) is the usual brightness along the border, `extent` (0 to 1) the part of the
    side that the drawn part takes up; 0 when that varies, or the ground does.
    """

    ground: float = 0.0
    extent: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.ground <= 255 and 0 <= self.extent <= 1):
            raise ValueError("the ground is from 0 to 255, and the extent from 0 to 1")

    @property
    def drawn(self) -> bool:
        """Whether these are drawings on a ground that is meant to be black, or to be white."""
        return self.extent > 0 and (self.ground <= PLAIN or self.ground >= 255 - PLAIN)


def look_of(pixels: Tensor) -> Look:
    """The look of pictures (n, c, s, s), uint8."""
    grey = pixels[:2000].float().mean(dim=1)
    ground = float(_border(grey).median())
    plain = float(((_border(grey) - ground).abs() < 0.15 * 255).float().mean())
    ink = (grey - ground).abs() > _INK * 255
    side = pixels.shape[-1]
    extents = []
    for one in ink[ink.flatten(1).any(dim=1)]:
        rows, columns = one.any(dim=1).nonzero(), one.any(dim=0).nonzero()
        extents.append(int(max(rows[-1] - rows[0], columns[-1] - columns[0])) + 1)
    alike = len(extents) >= 2 and plain > 0.9 and float(np.std(extents)) < 0.1 * side
    return Look(round(ground, 1), round(float(np.mean(extents)) / side, 4) if alike else 0.0)


def _border(grey: Tensor) -> Tensor:
    """The border pixels of pictures (n, h, w), as one row."""
    parts = (grey[:, 0], grey[:, -1], grey[:, :, 0], grey[:, :, -1])
    return torch.cat([part.reshape(-1) for part in parts])


def ground_of(pixels: Pixels) -> float:
    """The usual brightness along the border of one picture, 0 to 255."""
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2)
    sides = (grey[0], grey[-1], grey[:, 0], grey[:, -1])
    return float(np.median(np.concatenate(sides)))


def redrawn(pixels: Pixels, width: int, height: int, ground: float) -> Pixels:
    """A drawing (h, w) or (h, w, 3) enlarged as with a pen: smooth lines, edges without blur.

    Halves of grey are sharpened the more, the larger it gets; what is made smaller is only scaled.
    """
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    if scale <= 1:
        return resized(pixels, width, height)
    how = Pillow.Resampling.BICUBIC
    large = np.asarray(Pillow.fromarray(pixels).resize((width, height), how)).astype(np.float32)
    base = 0.0 if ground < 128 else 255.0
    sharp = min(max(0.6 * scale, 1.0), _SHARPEST)
    ink = np.clip((np.abs(large - base) / 255 - _EDGE) * sharp + _EDGE, 0.0, 1.0)
    return cast("Pixels", np.rint(np.abs(base - ink * 255)).astype(np.uint8))


@dataclass(frozen=True)
class Row:
    """A picture as a row of square cells that a model can eat, and the way back.

    `cells` are (c, size, size); `inverted` when dark and light were exchanged to suit the model.
    """

    cells: tuple[Pixels, ...]
    inverted: bool
    image: Image
    canvas: tuple[int, int]
    place: tuple[int, int]
    look: Look

    def joined(self, cells: Sequence[Pixels]) -> Image:
        """A picture of the given one's size with these cells in place of its own."""
        row = from_channels(np.concatenate(cells, axis=2))
        ground = 255 - self.look.ground if self.inverted else self.look.ground
        if self.inverted:
            row = 255 - row
        grey = self.look.drawn and row.ndim == 2
        large = redrawn(row, *self.canvas, ground) if grey else resized(row, *self.canvas)
        left, top = self.place
        return Image(large[top : top + self.image.height, left : left + self.image.width])


def cell_count(width: int, height: int) -> int:
    """How many square cells a picture of this size is taken for."""
    return min(max(1, round(width / height)), MOST_CELLS)


def as_row(image: Image, size: int, mode: Mode, look: Look) -> Row:
    """A picture of any size as a row of cells, padded rather than squeezed."""
    pixels = flatten(image, mode)
    count = cell_count(image.width, image.height)
    side = max(image.height, -(-image.width // count))
    canvas, left, top = padded(pixels, side * count, side)
    row = resized(canvas, size * count, size)
    inverted = abs(ground_of(pixels) - look.ground) > 128
    if inverted:
        row = 255 - row
    cells = tuple(to_channels(part) for part in np.split(row, count, axis=1))
    return Row(cells, inverted, image, (side * count, side), (left, top), look)


def mask_row(mask: Pixels, row: Row, size: int) -> tuple[Pixels, ...]:
    """For each cell of a row what of it is selected: (size, size), True where any pixel is."""
    canvas = np.zeros((row.canvas[1], row.canvas[0]), np.uint8)
    left, top = row.place
    canvas[top : top + mask.shape[0], left : left + mask.shape[1]] = mask > 0
    rows, columns = canvas.nonzero()
    width, height = size * len(row.cells), size
    found = np.zeros((height, width), bool)
    if canvas.shape[1] >= width:
        found[rows * height // canvas.shape[0], columns * width // canvas.shape[1]] = True
    else:
        large = Pillow.fromarray(canvas).resize((width, height), Pillow.Resampling.NEAREST)
        found = np.asarray(large) > 0
    return tuple(cast("list[Pixels]", np.split(found, len(row.cells), axis=1)))
