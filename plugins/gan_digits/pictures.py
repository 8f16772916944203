"""Pictures on their way to the nets and back: sizes, modes, dark on light and light on dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

import numpy as np
import torch
from PIL import Image as Pillow
from torch import Tensor

from aigc_studio.api import Image

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Mode = Literal["L", "RGB"]
MOST_CELLS = 64
_PLAIN = 12  # of 255: a ground this near to black or white
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

    @property
    def drawn(self) -> bool:
        """Whether these are drawings on a ground that is meant to be black, or to be white."""
        return self.extent > 0 and (self.ground <= _PLAIN or self.ground >= 255 - _PLAIN)

    def as_numbers(self) -> dict[str, float]:
        """Plain values for the model's file."""
        return asdict(self)


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


def flatten(image: Image, mode: Mode) -> Pixels:
    """The pixels in this mode: (h, w) for L, (h, w, 3) for RGB.

    What is transparent becomes the ground that the drawing stands out from: white under a dark
    one, black under a light one.
    """
    if image.mode != "RGBA":
        return image.convert(mode).pixels
    alpha = image.pixels[..., 3:].astype(np.float64) / 255
    colour = image.pixels[..., :3].astype(np.float64)
    weight = float(alpha.sum())
    dark = weight > 0 and float((colour.mean(axis=2, keepdims=True) * alpha).sum()) / weight < 128
    joined = colour * alpha + (255.0 if dark else 0.0) * (1 - alpha)
    return Image(joined.round().astype(np.uint8)).convert(mode).pixels


def has_colour(image: Image) -> bool:
    """Whether any pixel that can be seen is not grey."""
    if image.mode == "L":
        return False
    colour = image.pixels[..., :3].astype(np.int16)
    spread = colour.max(axis=2) - colour.min(axis=2)
    seen = image.pixels[..., 3] > 0 if image.mode == "RGBA" else True
    return bool(((spread > 12) & seen).any())


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Scaled to this size: by area when it gets smaller, else by Lanczos."""
    if pixels.shape[:2] == (height, width):
        return pixels
    smaller = width <= pixels.shape[1] and height <= pixels.shape[0]
    how = Pillow.Resampling.BOX if smaller else Pillow.Resampling.LANCZOS
    return np.asarray(Pillow.fromarray(pixels).resize((width, height), how))


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


def padded(pixels: Pixels, width: int, height: int) -> tuple[Pixels, int, int]:
    """In the middle of a larger picture of its border's usual colour, and where: (left, top)."""
    high, wide = pixels.shape[:2]
    if (high, wide) == (height, width):
        return pixels, 0, 0
    edges = (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])
    border = np.concatenate([edge.reshape(len(edge), -1) for edge in edges])
    canvas = np.empty((height, width, *pixels.shape[2:]), np.uint8)
    canvas[:] = np.median(border, axis=0).astype(np.uint8).reshape(pixels.shape[2:])
    left, top = (width - wide) // 2, (height - high) // 2
    canvas[top : top + high, left : left + wide] = pixels
    return canvas, left, top


def squared(image: Image, size: int, mode: Mode) -> Pixels:
    """One picture for training: padded to a square, then scaled; (c, size, size)."""
    pixels = flatten(image, mode)
    side = max(pixels.shape[:2])
    return to_planes(resized(padded(pixels, side, side)[0], size, size))


def to_planes(pixels: Pixels) -> Pixels:
    """(h, w) or (h, w, 3) as (c, h, w)."""
    planes = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return np.ascontiguousarray(planes)


def from_planes(planes: Pixels) -> Pixels:
    """(c, h, w) as (h, w) or (h, w, 3)."""
    found = planes[0] if len(planes) == 1 else planes.transpose(1, 2, 0)
    return np.ascontiguousarray(found)


def side_by_side(cells: Sequence[Pixels]) -> Image:
    """One picture of cells (c, s, s), from left to right."""
    return Image(from_planes(np.concatenate(cells, axis=2)))


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
        row = from_planes(np.concatenate(cells, axis=2))
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
    cells = tuple(to_planes(part) for part in np.split(row, count, axis=1))
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


def to_tensor(planes: Pixels) -> Tensor:
    """(c, h, w) uint8 as float32 in -1..1."""
    return torch.from_numpy(planes.astype(np.float32)) / 127.5 - 1


def to_pixels(tensor: Tensor) -> Pixels:
    """(c, h, w), or (n, c, h, w), in -1..1 as uint8 0..255."""
    bright = ((tensor.detach() + 1) * 127.5).round().clamp(0, 255)
    return cast("Pixels", bright.to(torch.uint8).cpu().numpy())
