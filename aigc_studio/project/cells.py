"""Large pictures in squares and cells: what needs nothing is passed over, the rest stays quick.

Pictures may have 16 million pixels. What is asked of every pixel is asked square by square; what
changes slowly is worked out for cells of `coarse` × `coarse` pixels and led over between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    Values = np.ndarray[Any, np.dtype[np.float32]]
    Truths = np.ndarray[Any, np.dtype[np.bool_]]
    Square = tuple[slice, slice]

SIDE = 128
"""Pixels along a square, about."""


def squares(shape: tuple[int, ...], side: int = SIDE) -> Iterator[Square]:
    """The rows and columns of squares that together cover an array (h, w, …)."""
    for top in range(0, shape[0], side):
        for left in range(0, shape[1], side):
            yield slice(top, min(top + side, shape[0])), slice(left, min(left + side, shape[1]))


def whole_side(coarse: int) -> int:
    """Pixels along a square of whole cells."""
    return max(1, SIDE // coarse) * coarse


def cells_of(square: Square, coarse: int) -> Square:
    """The cells of a square whose top and left are at whole cells."""
    rows, columns = square
    return (
        slice(rows.start // coarse, -(-rows.stop // coarse)),
        slice(columns.start // coarse, -(-columns.stop // coarse)),
    )


def any_in_cells(truths: Truths, coarse: int) -> Truths:
    """Whether any pixel of each cell is so."""
    import numpy as np

    for axis in (0, 1) if coarse > 1 else ():
        starts = np.arange(0, truths.shape[axis], coarse)
        truths = np.logical_or.reduceat(truths, starts, axis=axis)
    return truths


def summed(values: Values, coarse: int) -> Values:
    """The sum of the pixels of each cell."""
    import numpy as np

    for axis in (0, 1) if coarse > 1 else ():
        values = np.add.reduceat(values, np.arange(0, values.shape[axis], coarse), axis=axis)
    return values


def means(
    inside: Truths, apart: Callable[[Square], Values], wanted: Truths, coarse: int, channels: int
) -> Values:
    """Means of what is outside, of the cells that are wanted at least; with a rim of zeros."""
    import numpy as np

    found = np.zeros((wanted.shape[0] + 2, wanted.shape[1] + 2, channels), np.float32)
    for square in squares(inside.shape, whole_side(coarse)):
        rows, columns = cells_of(square, coarse)
        if not wanted[rows, columns].any():
            continue
        known = (~inside[square]).astype(np.float32)[..., None]
        sums, counts = summed(apart(square) * known, coarse), summed(known, coarse)
        place = found[rows.start + 1 : rows.stop + 1, columns.start + 1 : columns.stop + 1]
        place[:] = sums / np.maximum(counts, 1)
    return found


def between(cells: Values, axis: int, length: int, coarse: int) -> Values:
    """Cells with one more at either end, led over from middle to middle: `length` pixels."""
    import numpy as np

    place = (np.arange(length, dtype=np.float32) + 0.5) / coarse + 0.5
    low = place.astype(np.intp)
    part = (place - low).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
    found = np.take(np.diff(cells, axis=axis), low, axis)
    found *= part
    found += np.take(cells, low, axis)
    return cast("Values", found)


def wider(truths: Truths) -> Truths:
    """And the eight neighbours of each."""
    found = truths.copy()
    found[1:] |= truths[:-1]
    found[:-1] |= truths[1:]
    rows = found.copy()
    found[:, 1:] |= rows[:, :-1]
    found[:, :-1] |= rows[:, 1:]
    return found


def grown(values: Values, square: Square, coarse: int) -> Values:
    """What each pixel of a square has, from a value for each cell and for a rim of one cell."""
    rows, columns = cells_of(square, coarse)
    if coarse == 1:
        return values[rows.start + 1 : rows.stop + 1, columns.start + 1 : columns.stop + 1]
    found = values[rows.start : rows.stop + 2, columns.start : columns.stop + 2]
    # Rows last: then it is whole rows that are led over, and not pixel by pixel.
    for axis, way in ((1, square[1]), (0, square[0])):
        found = between(found, axis, way.stop - way.start, coarse)
    return found
