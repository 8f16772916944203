"""Masks as numbers: grown, shrunk, made soft, drawn as polygons. Everything is exact, without Qt.

A mask is uint8 (height, width), 255 = wholly masked, 0 = kept. Pictures may have 64 million pixels:
work is done in bands of rows, and `tell` hears after each which share of all is done. It may raise,
and then the work is given up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]
    Numbers = np.ndarray[Any, np.dtype[np.int32]]

Tell = Callable[[float], object]
How = Literal["set", "add", "take"]
"""What becomes of a mask when a shape is drawn: replaced by it, with it as well, or without it."""
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, right and bottom not included."""
Place = tuple[float, float, float, float, float, float]
"""Where (x, y) of one picture is in another: (a x + b y + c, d x + e y + f), in pixels of each."""

_FINE = 64  # parts of a level: sums over 65,536 pixels still fit 31 bits
_BAND = 1 << 20  # pixels that are worked on together: they stay near the processor


def _silent(share: float) -> None:
    """Nobody wants to hear how far it is."""


def grown(mask: Pixels, pixels: int, tell: Tell = _silent) -> Pixels:
    """The mask larger by `pixels` on every side; a negative number makes it smaller.

    A pixel gets the highest value among all whose middles are at most so far from its own
    (Euclidean; a grey dilation by a disc, so that soft edges stay as soft). Of what lies beyond the
    picture's edge nothing is known: a mask is not eaten from there.
    """
    import numpy as np

    if pixels < 0:
        return np.bitwise_not(grown(np.bitwise_not(mask), -pixels, tell))
    if pixels == 0 or not mask.any():
        return mask.copy()
    is_hard = np.count_nonzero(mask) == np.count_nonzero(mask == 255)
    work = _grown_hard if is_hard else _grown_soft
    result = np.empty_like(mask)
    for band in bands(mask.shape, pixels):
        upper, lower = max(band.start - pixels, 0), min(band.stop + pixels, mask.shape[0])
        part = mask[upper:lower]
        if part.min() == part.max():
            result[band] = part[0, 0]
        else:
            result[band] = work(part, pixels, band.start - upper, band.stop - band.start)
        tell(band.stop / mask.shape[0])
    return result


def feathered(mask: Pixels, pixels: int, tell: Tell = _silent) -> Pixels:
    """The mask with soft edges: it fades over `pixels` inside of the edge and as many outside.

    Three running means after one another, near to a Gaussian (Wells 1986), whose reach is exactly
    `pixels` in each direction: farther out a mask stays 0, farther in it stays 255. Beyond the
    picture's edge it goes on as it is there.
    """
    import numpy as np

    if pixels <= 0 or not mask.any():
        return mask.copy()
    result = np.empty_like(mask)
    for band in bands(mask.shape, pixels):
        rows = np.arange(band.start - pixels, band.stop + pixels).clip(0, mask.shape[0] - 1)
        part = mask[rows]
        if part.min() == part.max():
            result[band] = part[0, 0]
            continue
        part = part.astype(np.int32) * _FINE
        for reach in _reaches(pixels):
            part = _averaged(_averaged(part, reach, axis=1), reach, axis=0)
        result[band] = np.rint(part * np.float32(1 / _FINE)).astype(np.uint8)
        tell(band.stop / mask.shape[0])
    return result


def polygon(points: Sequence[tuple[float, float]], width: int, height: int) -> tuple[Box, Pixels]:
    """The pixels of a picture whose middles lie within a closed line, as a box and what is in it.

    `points` are in pixels, the first pixel's middle is at (0.5, 0.5); they may lie outside the
    picture. Where the line crosses itself, what it goes around is inside (nonzero winding). The box
    is empty, (0, 0, 0, 0), where no middle is.
    """
    import numpy as np

    box = _box_around(points, width, height)
    left, top, right, bottom = box
    inside = np.zeros((bottom - top, right - left), np.uint8)
    if not inside.size:
        return (0, 0, 0, 0), inside
    rows, columns, ways = _crossings(points, box)
    for band in bands(inside.shape, 0):
        here = (rows >= band.start) & (rows < band.stop)
        turns = np.zeros((band.stop - band.start, inside.shape[1] + 1), np.int32)
        np.add.at(turns, (rows[here] - band.start, columns[here]), ways[here])
        np.cumsum(turns, axis=1, out=turns)
        inside[band] = np.where(turns[:, :-1] != 0, 255, 0)
    if not inside.any():
        return (0, 0, 0, 0), inside[:0, :0]
    return box, inside


def laid_over(shape: Pixels, place: Place, size: tuple[int, int]) -> Pixels:
    """A shape (h, w) as it lies over a picture of (width, height), turned and scaled: its values.

    `place` says where in the shape a place of the picture is.
    """
    import numpy as np
    from PIL import Image as Pillow

    width, height = size
    found = np.empty((height, width), np.uint8)
    drawn = Pillow.fromarray(shape)
    a, b, c, d, e, f = place
    for band in bands(found.shape, 0):
        moved = (a, b, c + b * band.start, d, e, f + e * band.start)
        rows = (width, band.stop - band.start)
        how = Pillow.Resampling.BILINEAR
        found[band] = np.asarray(
            drawn.transform(rows, Pillow.Transform.AFFINE, moved, resample=how)
        )
    return found


def combined(mask: Pixels, shape: Pixels, how: How) -> Pixels:
    """A mask after a shape of the same size was drawn on it."""
    import numpy as np

    if how == "set":
        return shape.copy()
    if how == "add":
        return np.maximum(mask, shape)
    return np.minimum(mask, np.bitwise_not(shape))


def bands(shape: tuple[int, ...], halo: int) -> Iterator[slice]:
    """Rows to work on together; with a halo on both sides they are more, or it would be most."""
    rows = max(_BAND // max(shape[1], 1), 2 * halo, 16)
    for start in range(0, shape[0], rows):
        yield slice(start, min(start + rows, shape[0]))


# Within


def _grown_hard(mask: Pixels, radius: int, first: int, count: int) -> Pixels:
    """Rows `first` to `first + count` of a mask of 0 and 255, in a time that no radius changes.

    How far the next masked pixel is above or below says how far it reaches along the row.
    """
    import numpy as np

    far = np.int16(radius + 1)
    apart = np.where(mask > 0, np.int16(0), far)
    for order in (range(1, len(apart)), range(len(apart) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for row in order:
            np.minimum(apart[row], apart[row + step] + np.int16(1), out=apart[row])
    widths = np.array([*_half_widths(radius), -1], np.int32)
    reach = widths[np.minimum(apart[first : first + count], far)]
    across = np.arange(mask.shape[1], dtype=np.int32)
    right = np.maximum.accumulate(across + reach, axis=1) >= across
    left = np.minimum.accumulate((across - reach)[:, ::-1], axis=1)[:, ::-1] <= across
    return np.where(right | left, 255, 0).astype(np.uint8)


def _grown_soft(mask: Pixels, radius: int, first: int, count: int) -> Pixels:
    """Rows of a mask of any values: the disc is taken apart into its rows.

    The highest value of a stretch is that of two stretches of half the length, at least: from
    stretch to stretch, which grow towards the middle of the disc, little is left to do.
    """
    import numpy as np

    height, width = mask.shape
    above, below = radius - first, radius - (height - first - count)
    highest = np.pad(mask, ((above, below), (radius, radius)))
    result = np.zeros((count, width), np.uint8)
    length = 1
    for up, half in reversed(list(enumerate(_half_widths(radius)))):
        wanted = 2 * half + 1
        while 2 * length <= wanted:
            highest = np.maximum(highest[:, :-length], highest[:, length:])
            length *= 2
        start = radius - half
        for down in {-up, up}:
            rows = highest[radius + down : radius + down + count]
            np.maximum(result, rows[:, start : start + width], out=result)
            last = start + wanted - length
            np.maximum(result, rows[:, last : last + width], out=result)
    return result


def _half_widths(radius: int) -> list[int]:
    """How far a disc reaches to each side, so many rows away from its middle."""
    return [math.isqrt(radius * radius - row * row) for row in range(radius + 1)]


def _reaches(pixels: int) -> list[int]:
    """Three reaches of running means, as alike as whole numbers are, that are `pixels` together."""
    parts = [(pixels + each) // 3 for each in range(3)]
    return [part for part in parts if part]


def _averaged(values: Numbers, reach: int, *, axis: int) -> Numbers:
    """Means of each value and `reach` before and behind it: a plain mask stays as it is.

    At the ends of rows the last value goes on. Columns come out shorter by `reach` at either end.
    """
    import numpy as np

    length = 2 * reach + 1
    rim = ((0, 0), (reach + 1, reach)) if axis else ((1, 0), (0, 0))
    sums = np.cumsum(np.pad(values, rim, mode="edge"), axis=axis, dtype=np.int32)
    spread = sums[:, length:] - sums[:, :-length] if axis else sums[length:] - sums[:-length]
    return cast("Numbers", np.rint(spread * np.float32(1 / length)).astype(np.int32))


def _box_around(points: Sequence[tuple[float, float]], width: int, height: int) -> Box:
    xs, ys = zip(*points, strict=True) if points else ((0.0,), (0.0,))
    left, top = max(math.floor(min(xs)), 0), max(math.floor(min(ys)), 0)
    right, bottom = min(math.ceil(max(xs)), width), min(math.ceil(max(ys)), height)
    return (left, top, right, bottom) if right > left and bottom > top else (0, 0, 0, 0)


def _crossings(points: Sequence[tuple[float, float]], box: Box) -> tuple[Numbers, Numbers, Numbers]:
    """Where a closed line crosses the middles of rows: row and column in the box, down or up.

    The column is that of the first pixel whose middle lies to the right.
    """
    import numpy as np

    left, top, right, bottom = box
    ends = np.asarray(points, np.float64) - (left, top)
    starts, stops = ends, np.roll(ends, -1, axis=0)
    down = stops[:, 1] > starts[:, 1]
    upper = np.where(down[:, None], starts, stops)
    lower = np.where(down[:, None], stops, starts)
    first = np.clip(np.ceil(upper[:, 1] - 0.5), 0, bottom - top).astype(np.int64)
    last = np.clip(np.ceil(lower[:, 1] - 0.5), 0, bottom - top).astype(np.int64)
    counts = np.maximum(last - first, 0)
    edge = np.repeat(np.arange(len(ends)), counts)
    rows = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    drop = np.maximum(lower[:, 1] - upper[:, 1], 1e-12)
    slope = (lower[:, 0] - upper[:, 0]) / drop
    x = upper[edge, 0] + (rows + 0.5 - upper[edge, 1]) * slope[edge]
    columns = np.clip(np.ceil(x - 0.5), 0, right - left).astype(np.int32)
    ways = np.where(down[edge], 1, -1).astype(np.int32)
    return cast("Numbers", rows.astype(np.int32)), columns, ways
