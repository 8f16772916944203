"""What a person drew: its characters, brought to the size that a model knows, and the way back.

A model has seen characters of one height in the middle of the picture. A hand-drawn one stands
anywhere, in any size, dark on light or light on dark, with a thin or a thick pen.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aigc_studio.api import GeneratorError, Image
from aigc_studio.toolkit.pictures import (
    Mode,
    Pixels,
    flatten,
    from_channels,
    resized,
    to_channels,
)
from gan_digits.pictures import MOST_CELLS, Look, ground_of, redrawn

_FAINTEST = 24  # of 255: less contrast than this is no drawing
_DUST = 14  # of 255
_SPECK = 0.04  # of the largest character's ink
_MOST_CHARACTERS = 32
_Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True)
class Placed:
    """Where a character's cell lies in the drawing: its left and top, and its side, in pixels."""

    left: int
    top: int
    side: int


@dataclass(frozen=True)
class Drawing:
    """The characters of a drawing as cells (c, size, size), and where each was."""

    cells: tuple[Pixels, ...]
    places: tuple[Placed, ...]
    image: Image
    mode: Mode
    inverted: bool
    look: Look

    @property
    def ground(self) -> int:
        """The brightness of what is not drawn on, 0 to 255."""
        return round(self.look.ground)

    def redrawn(self, cells: Sequence[Pixels]) -> Image:
        """A picture of the drawing's size with these cells where the characters were."""
        shape = (self.image.height, self.image.width, *(() if self.mode == "L" else (3,)))
        canvas = np.full(shape, self.ground, np.uint8)
        for cell, place in zip(cells, self.places, strict=True):
            _lay(canvas, self._enlarged(from_channels(cell), place.side), place, self.ground)
        return Image(255 - canvas if self.inverted else canvas)

    def _enlarged(self, cell: Pixels, side: int) -> Pixels:
        if self.look.drawn and self.mode == "L":
            return redrawn(cell, side, side, self.ground)
        return resized(_without_dust(cell, self.ground), side, side)


def read_drawing(image: Image, size: int, mode: Mode, look: Look, wanted: int = 0) -> Drawing:
    """Find the characters in a drawing; `wanted` is how many there are, 0 if that is not known.

    Raises GeneratorError when nothing is drawn, and for more than 32 characters.
    """
    pixels = flatten(image, mode)
    inverted = abs(ground_of(pixels) - look.ground) > 128
    if inverted:
        pixels = 255 - pixels
    strength = _strength(pixels)
    boxes = _find_characters(strength > 0.3, wanted)
    if len(boxes) > _MOST_CHARACTERS:
        raise GeneratorError(
            f"This looks like {len(boxes)} characters, and {_MOST_CHARACTERS} at once is the most: "
            "select a part of it, or say in the prompt what it is.",
            zh=f"看起来有 {len(boxes)} 个字符，一次最多 {_MOST_CHARACTERS} 个："
            "请选择其中一部分，或在提示词中说明内容。",
        )
    cells, places = [], []
    for box in boxes:
        cell, place = _brought_in(pixels, strength, box, size, look)
        cells.append(cell)
        places.append(place)
    return Drawing(tuple(cells), tuple(places), image, mode, inverted, look)


def _strength(pixels: Pixels) -> np.ndarray:
    """How much each pixel differs from the ground, 0 to 1 of the most (h, w)."""
    grey = pixels.astype(np.float32) if pixels.ndim == 2 else pixels.astype(np.float32).mean(axis=2)
    apart = np.abs(grey - ground_of(pixels))
    most = float(apart.max())
    if most < _FAINTEST:
        raise GeneratorError(
            "There is nothing drawn in the picture: draw something first.",
            zh="图像中没有画任何内容：请先画点什么。",
        )
    strength: np.ndarray = np.clip(apart / most, 0, 1)
    return strength


def _find_characters(ink: np.ndarray, wanted: int) -> list[_Box]:
    """Boxes around the characters from left to right, told apart by empty columns."""
    columns = np.flatnonzero(ink.any(axis=0))
    gaps = np.flatnonzero(np.diff(columns) > 1)
    starts = [columns[0], *columns[gaps + 1]]
    stops = [*(columns[gaps] + 1), columns[-1] + 1]
    runs = [(int(a), int(b)) for a, b in zip(starts, stops, strict=True)]
    runs = _joined(runs, ink, min(wanted, MOST_CELLS))
    boxes = []
    for left, right in runs:
        rows = np.flatnonzero(ink[:, left:right].any(axis=1))
        if len(rows):
            boxes.append((left, int(rows[0]), right, int(rows[-1]) + 1))
    return boxes


def _joined(runs: list[tuple[int, int]], ink: np.ndarray, wanted: int) -> list[tuple[int, int]]:
    """Runs of columns joined where they are strokes of one character, or to the number wanted."""
    rows = np.flatnonzero(ink.any(axis=1))
    height = int(rows[-1] - rows[0]) + 1
    while len(runs) > max(wanted, 1):
        spaces = [b[0] - a[1] for a, b in itertools.pairwise(runs)]
        if not wanted:
            masses = [int(ink[:, a:b].sum()) for a, b in runs]
            spaces = [
                space
                if _belong(runs[n], runs[n + 1], masses[n : n + 2], max(masses), height)
                else -1
                for n, space in enumerate(spaces)
            ]
        candidates = [n for n, space in enumerate(spaces) if space >= 0]
        if not candidates or (not wanted and len(runs) <= 1):
            break
        nearest = min(candidates, key=lambda n: spaces[n])
        runs[nearest : nearest + 2] = [(runs[nearest][0], runs[nearest + 1][1])]
    while wanted and len(runs) < wanted:
        widest = max(range(len(runs)), key=lambda n: runs[n][1] - runs[n][0])
        left, right = runs[widest]
        if right - left < 2:
            break
        runs[widest : widest + 1] = [(left, (left + right) // 2), ((left + right) // 2, right)]
    return runs


def _belong(
    first: tuple[int, int], second: tuple[int, int], masses: list[int], largest: int, height: int
) -> bool:
    """Whether two runs are one character: one is a speck, or they are near and narrow together."""
    if min(masses) < _SPECK * largest:
        return True
    near = second[0] - first[1] < 0.06 * height
    return near and second[1] - first[0] < 0.75 * height


def _brought_in(
    pixels: Pixels, strength: np.ndarray, box: _Box, size: int, look: Look
) -> tuple[Pixels, Placed]:
    """One character, scaled to the usual extent with its weight in the middle of a cell."""
    left, top, right, bottom = box
    extent = look.extent or 0.75
    scale = extent * size / max(right - left, bottom - top)
    wide = min(max(round((right - left) * scale), 1), size)
    high = min(max(round((bottom - top) * scale), 1), size)
    small = resized(np.ascontiguousarray(pixels[top:bottom, left:right]), wide, high)
    weight = resized(
        np.ascontiguousarray((strength[top:bottom, left:right] * 255).astype(np.uint8)), wide, high
    ).astype(np.float64)
    x, y = _middle_of_weight(weight)
    ox = min(max(round(size / 2 - x), 0), size - wide)
    oy = min(max(round(size / 2 - y), 0), size - high)
    cell = np.full((size, size, *pixels.shape[2:]), round(look.ground), np.uint8)
    cell[oy : oy + high, ox : ox + wide] = _strengthened(small, look.ground)
    place = Placed(round(left - ox / scale), round(top - oy / scale), max(round(size / scale), 1))
    return to_channels(cell), place


def _middle_of_weight(weight: np.ndarray) -> tuple[float, float]:
    total = max(float(weight.sum()), 1e-9)
    rows, columns = np.arange(weight.shape[0]) + 0.5, np.arange(weight.shape[1]) + 0.5
    return float((weight.sum(axis=0) @ columns) / total), float((weight.sum(axis=1) @ rows) / total)


def _strengthened(small: Pixels, ground: float) -> Pixels:
    """Ink as strong as in the data: a thin line fades when it is made smaller."""
    apart = small.astype(np.float64) - ground
    most = float(np.quantile(np.abs(apart), 0.98))
    room = max(ground, 255 - ground)
    stronger = apart * (room / max(most, 1.0)) if most < room else apart
    return np.clip(ground + stronger, 0, 255).round().astype(np.uint8)


def _without_dust(cell: Pixels, ground: int) -> Pixels:
    """The cell without the faint specks that a generator leaves: on paper they would be seen."""
    apart = cell.astype(np.float64) - ground
    kept = np.maximum(np.abs(apart) - _DUST, 0) * (255 / (255 - _DUST))
    cleared: Pixels = np.clip(ground + np.sign(apart) * kept, 0, 255).round().astype(np.uint8)
    return cleared


def _lay(canvas: Pixels, patch: Pixels, place: Placed, ground: int) -> None:
    """Put a patch on the canvas; of two pixels the one further from the ground stays."""
    left, top = max(place.left, 0), max(place.top, 0)
    right = min(place.left + place.side, canvas.shape[1])
    bottom = min(place.top + place.side, canvas.shape[0])
    if right <= left or bottom <= top:
        return
    part = patch[top - place.top : bottom - place.top, left - place.left : right - place.left]
    under = canvas[top:bottom, left:right]
    stronger = np.abs(part.astype(np.int16) - ground) > np.abs(under.astype(np.int16) - ground)
    canvas[top:bottom, left:right] = np.where(stronger, part, under)
