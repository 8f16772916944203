"""What is known around a mask, led on into it ring by ring; work is done along the edge only.

Pictures may have 16 million pixels. What is asked of every pixel is asked in squares (`squares`),
so that what needs nothing is passed over and the rest stays small enough to be quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    Values = np.ndarray[Any, np.dtype[np.float32]]
    Truths = np.ndarray[Any, np.dtype[np.bool_]]
    Square = tuple[slice, slice]

SIDE = 256
"""Pixels along a square, about."""
_FINEST = 12  # rings of pixels that are led on one by one; of more, so many coarser ones


def squares(shape: tuple[int, ...], side: int = SIDE) -> Iterator[Square]:
    """The rows and columns of squares that together cover an array (h, w, …)."""
    for top in range(0, shape[0], side):
        for left in range(0, shape[1], side):
            yield slice(top, min(top + side, shape[0])), slice(left, min(left + side, shape[1]))


@dataclass(frozen=True)
class Rings:
    """How far each pixel of a mask is from its edge, and what is known there.

    `step` and `spread` hold a value for each cell of `coarse` pixels, with a rim of one cell.
    """

    coarse: int
    reach: float
    step: Values
    spread: Values
    led: Truths
    """The cells into which anything is led."""

    def side(self) -> int:
        """Pixels along a square of whole cells."""
        return _side(self.coarse)

    def any_in(self, square: Square) -> bool:
        """Whether anything is led into a square; its sides are at multiples of `side`."""
        return bool(self.led[_cells(square, self.coarse)].any())

    def faded(self, square: Square) -> Values:
        """What is led into each pixel of a square, fading out over `reach`."""
        import numpy as np

        part = np.clip(1.0 - self._grown(self.step, square) * self.coarse / self.reach, 0.0, 1.0)
        return cast("Values", self._grown(self.spread, square) * (part * part * (3 - 2 * part)))

    def _grown(self, values: Values, square: Square) -> Values:
        """A square of cells at full size, without steps."""
        rows, columns = _cells(square, self.coarse)
        if self.coarse == 1:
            return values[rows.start + 1 : rows.stop + 1, columns.start + 1 : columns.stop + 1]
        found = values[rows.start : rows.stop + 2, columns.start : columns.stop + 2]
        for axis, way in enumerate(square):
            found = _between(found, axis, way.stop - way.start, self.coarse)
        return found


def rings(
    inside: Truths, apart: Callable[[Square], Values], channels: int, reach: float
) -> Rings | None:
    """What is `apart` outside, led `reach` pixels on into `inside` (h, w); None if all is inside.

    `apart` is asked for the values (h, w, channels) of the squares along the edge alone.
    """
    if inside.all():
        return None
    coarse = max(1, round(reach / _FINEST))
    touched, there = _any_in_cells(inside, coarse), _any_in_cells(~inside, coarse)
    values = _means(inside, apart, there & _wider(touched), coarse, channels)
    return _led_on(values, touched, there, coarse, reach)


def _led_on(values: Values, touched: Truths, there: Truths, coarse: int, reach: float) -> Rings:
    import numpy as np

    count = max(2, round(reach / coarse))
    across = there.shape[1] + 2
    known, is_open = np.pad(there, 1).ravel(), np.pad(~there, 1).ravel()
    step = np.where(np.pad(there, 1, mode="edge").ravel(), 0.0, float(count)).astype(np.float32)
    flat = values.reshape(-1, values.shape[2])
    around = np.array([row * across + column for row in (-1, 0, 1) for column in (-1, 0, 1)])
    fresh = np.flatnonzero(is_open & np.pad(_wider(there), 1).ravel())
    for ring in range(1, count + 1):
        if not len(fresh):
            break
        near = fresh[:, None] + around
        # What is not known yet is 0, and so is the rim: it adds nothing.
        flat[fresh] = flat[near].sum(axis=1) / known[near].sum(axis=1)[:, None]
        step[fresh] = ring
        known[fresh] = True
        fresh = np.unique(near[is_open[near] & ~known[near]])
    led = _wider(known.reshape(-1, across)[1:-1, 1:-1]) & touched
    step = step.reshape(-1, across, 1)
    for each in (step, values):
        each[0], each[-1] = each[1], each[-2]
        each[:, 0], each[:, -1] = each[:, 1], each[:, -2]
    return Rings(coarse, reach, step, values, led)


def _means(
    inside: Truths, apart: Callable[[Square], Values], wanted: Truths, coarse: int, channels: int
) -> Values:
    """Means of what is outside, of the cells that are wanted at least; with a rim of zeros."""
    import numpy as np

    found = np.zeros((wanted.shape[0] + 2, wanted.shape[1] + 2, channels), np.float32)
    for square in squares(inside.shape, _side(coarse)):
        rows, columns = _cells(square, coarse)
        if not wanted[rows, columns].any():
            continue
        known = (~inside[square]).astype(np.float32)[..., None]
        sums, counts = _summed(apart(square) * known, coarse), _summed(known, coarse)
        place = found[rows.start + 1 : rows.stop + 1, columns.start + 1 : columns.stop + 1]
        place[:] = sums / np.maximum(counts, 1)
    return found


def _summed(values: Values, coarse: int) -> Values:
    import numpy as np

    for axis in (0, 1) if coarse > 1 else ():
        values = np.add.reduceat(values, np.arange(0, values.shape[axis], coarse), axis=axis)
    return values


def _any_in_cells(truths: Truths, coarse: int) -> Truths:
    import numpy as np

    for axis in (0, 1) if coarse > 1 else ():
        starts = np.arange(0, truths.shape[axis], coarse)
        truths = np.logical_or.reduceat(truths, starts, axis=axis)
    return truths


def _wider(truths: Truths) -> Truths:
    """And the eight neighbours of each."""
    found = truths.copy()
    found[1:] |= truths[:-1]
    found[:-1] |= truths[1:]
    rows = found.copy()
    found[:, 1:] |= rows[:, :-1]
    found[:, :-1] |= rows[:, 1:]
    return found


def _between(cells: Values, axis: int, length: int, coarse: int) -> Values:
    """Cells with one more at either end, led over from middle to middle: `length` pixels."""
    import numpy as np

    place = (np.arange(length, dtype=np.float32) + 0.5) / coarse + 0.5
    low = place.astype(np.intp)
    part = (place - low).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
    before, after = np.take(cells, low, axis), np.take(cells, low + 1, axis)
    return cast("Values", before + (after - before) * part)


def _side(coarse: int) -> int:
    return max(1, SIDE // coarse) * coarse


def _cells(square: Square, coarse: int) -> Square:
    """The cells of a square whose top and left are at whole cells."""
    rows, columns = square
    return (
        slice(rows.start // coarse, -(-rows.stop // coarse)),
        slice(columns.start // coarse, -(-columns.stop // coarse)),
    )
