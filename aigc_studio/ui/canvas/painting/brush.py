"""The brush: what it looks like, and the line that a stroke of it covers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect

from aigc_studio.ui.canvas.items.tiles import TILE, Place, places_in

if TYPE_CHECKING:
    import numpy as np

    Coverage = np.ndarray[Any, np.dtype[np.uint8]]

SMALLEST, LARGEST = 1.0, 512.0
INK = (26, 26, 26)
LIGHT_INK = (240, 240, 240)
"""What shows on black pictures."""


@dataclass(frozen=True)
class Brush:
    """A round brush. `size` is its diameter in board units (screen pixels at 100 %).

    `hardness` and `opacity` go from 0 to 1; `colour` is (red, green, blue), 0 to 255 each, or None
    for what shows: dark on light paper and light on dark (`colour_on`). With `pressure`, a light
    touch of a pen draws a thinner line.
    """

    size: float = 20.0
    hardness: float = 0.9
    opacity: float = 1.0
    colour: tuple[int, int, int] | None = None
    pressure: bool = True

    def colour_on(self, paper: tuple[int, int, int]) -> tuple[int, int, int]:
        """The colour to paint with on a paper of this colour."""
        if self.colour is not None:
            return self.colour
        red, green, blue = paper
        return INK if 0.299 * red + 0.587 * green + 0.114 * blue >= 110 else LIGHT_INK

    def grown(self, steps: int) -> float:
        """The size after `steps` steps of the [ and ] keys, each an eighth and at least 1."""
        size = self.size
        for _ in range(abs(steps)):
            change = max(1.0, round(size / 8))
            size = size + change if steps > 0 else size - change
        return min(max(size, SMALLEST), LARGEST)


@dataclass(frozen=True)
class MaskOptions:
    """What the mask tools are told. `pixels` is how far a mask is grown, shrunk or feathered.

    `tolerance`, 0 to 255, is how far a colour may be from the one that is pointed at; `joined`:
    only as far as it hangs together with it.
    """

    pixels: int = 4
    tolerance: int = 24
    joined: bool = True


@dataclass
class Line:
    """The pixels that one stroke covers, tile by tile: uint8, 255 = wholly.

    A stroke never covers a pixel more than once: passing twice does not make it darker.
    `width` and `height` are the picture's size; what falls outside is dropped, but not from a
    `free` line, whose tiles may lie anywhere.
    """

    width: int
    height: int
    hardness: float
    tiles: dict[Place, Coverage] = field(default_factory=dict)
    free: bool = False

    def draw(
        self, start: tuple[float, float, float], end: tuple[float, float, float]
    ) -> list[QRect]:
        """Cover the way from `start` to `end`, each (x, y, radius) in pixels.

        Gives the rectangles of pixels that may have changed.
        """
        length = math.hypot(end[0] - start[0], end[1] - start[1])
        # Short pieces keep the boxes small that a slanted line is computed in.
        pieces = max(1, math.ceil(length / (2 * max(start[2], end[2]) + 24)))
        changed = []
        last = start
        for piece in range(1, pieces + 1):
            t = piece / pieces
            here = (_mix(start[0], end[0], t), _mix(start[1], end[1], t), _mix(start[2], end[2], t))
            changed.append(self._draw_piece(last, here))
            last = here
        return [rect for rect in changed if not rect.isEmpty()]

    def _draw_piece(self, a: tuple[float, float, float], b: tuple[float, float, float]) -> QRect:
        import numpy as np

        reach = max(a[2], b[2], 0.5) + 1
        left, top = math.floor(min(a[0], b[0]) - reach), math.floor(min(a[1], b[1]) - reach)
        right, bottom = math.ceil(max(a[0], b[0]) + reach), math.ceil(max(a[1], b[1]) + reach)
        box = QRect(left, top, right - left, bottom - top)
        if not self.free:
            box = box.intersected(QRect(0, 0, self.width, self.height))
        if box.isEmpty():
            return box
        covered = capsule(box, a, b, self.hardness)
        for place in places_in(box):
            tile = self.tiles.get(place)
            if tile is None:
                tile = self.tiles[place] = np.zeros((TILE, TILE), np.uint8)
            part = box.intersected(QRect(place[0] * TILE, place[1] * TILE, TILE, TILE))
            x, y = part.x() - place[0] * TILE, part.y() - place[1] * TILE
            under = tile[y : y + part.height(), x : x + part.width()]
            x, y = part.x() - box.x(), part.y() - box.y()
            over = covered[y : y + part.height(), x : x + part.width()]
            np.maximum(under, over, out=under)
        return box


def capsule(
    box: QRect,
    a: tuple[float, float, float],
    b: tuple[float, float, float],
    hardness: float,
) -> Coverage:
    """How much each pixel of `box` is covered by a round brush drawn from `a` to `b`.

    A pixel's coverage depends on its centre's distance from the line, so that lines have no bumps:
    whole up to `hardness` of the radius, then falling to nothing, over one pixel at least. Lines
    thinner than a pixel get fainter instead.
    """
    import numpy as np

    f = np.float32
    distance, radius = _distances(box, a, b)
    np.sqrt(distance, out=distance)
    drawn = np.maximum(radius, f(0.5))
    soft = np.maximum(drawn * f(1 - hardness), f(1.0))
    # The outer edge lies half a pixel outside the radius, where a hard disc is half covered.
    covered = np.subtract(drawn + f(0.5), distance, out=distance)
    covered /= soft
    np.clip(covered, 0, 1, out=covered)
    if hardness < 0.9:
        covered = covered * covered * (3 - 2 * covered)
    covered *= np.minimum(radius * 2, 1) * f(255)
    covered += f(0.5)
    return np.asarray(covered).astype(np.uint8)


def _distances(
    box: QRect, a: tuple[float, float, float], b: tuple[float, float, float]
) -> tuple[Any, Any]:
    """The square of each pixel's distance from the line, float32 (height, width), and the brush's
    radius where it is next to it: one number, or one for each pixel."""
    import numpy as np

    f = np.float32
    x = np.arange(box.x(), box.x() + box.width(), dtype=f) + f(0.5 - a[0])
    y = (np.arange(box.y(), box.y() + box.height(), dtype=f) + f(0.5 - a[1]))[:, None]
    dx, dy = b[0] - a[0], b[1] - a[1]
    squared = dx * dx + dy * dy
    radius: Any = max(a[2], b[2])
    # In place and without hypot: large brushes pass over half a million pixels an event.
    if squared <= 1e-12:
        return x * x + y * y, radius
    t = x * f(dx / squared) + y * f(dy / squared)
    np.clip(t, 0, 1, out=t)
    if a[2] != b[2]:
        radius = f(a[2]) + t * f(b[2] - a[2])
    across = x - t * f(dx)
    t *= f(-dy)
    t += y
    across *= across
    t *= t
    across += t
    return across, radius


def _mix(a: float, b: float, t: float) -> float:
    return a + (b - a) * t
