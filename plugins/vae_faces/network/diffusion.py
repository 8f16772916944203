"""What is missing, grown in from what is round it: harmonic and biharmonic completion.

A harmonic surface is as flat as its rim allows, a biharmonic one also goes on with the slope of
what is round it. Both say nothing that the rim does not say: over a hairline that is all there is
to say, over an eye it is fog. They are solved by conjugate gradients on the pixels of the hole
and two rings round it alone, so a scratch across a large picture costs what the scratch covers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Values = np.ndarray[Any, np.dtype[np.floating[Any]]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
_Places = np.ndarray[Any, np.dtype[np.intp]]

_CROSSINGS = 0.05
"""The part of hairlines that may lie deeper than they are thick: where they cross."""
_GUESS_STEPS = 24
_MOST_STEPS = 1500
_CLOSE = 1e-5  # of the first residual: far below one step of 255
_WIDE = (
    384 * 384
)  # larger pictures start flat: a pyramid of the whole would cost more than it saves


def is_hairline(hole: Mask, steps: int) -> bool:
    """Whether `hole`, bool (h, w), is made of hairlines alone, nowhere thicker than twice `steps`
    pixels but where they cross.

    Thin in the pixels of the picture itself. There is nothing to invent in a hairline, and a net
    that sees the picture scaled down to its own side gives back less than the rim holds.
    """
    deep = np.pad(hole, 1)
    for _step in range(steps):
        deep = _eroded(deep)
    return bool(hole.any()) and int(deep.sum()) <= _CROSSINGS * int(hole.sum())


def completed(values: Values, hole: Mask) -> Values:
    """Values (c, h, w) with a hole, bool (h, w), filled biharmonically; equal outside, a copy.

    What is filled stays within the range of its channel's known values. A hole without a rim (the
    whole picture) becomes 0.
    """
    return _grown(values, hole, bend=True)


def harmonic(values: Values, hole: Mask) -> Values:
    """As `completed`, but as flat as can be: no overshoot, no slope carried on."""
    return _grown(values, hole, bend=False)


def first_guess(values: Values, hole: Values) -> Values:
    """Values (n, c, h, w) with their holes (n, 1, h, w; 1 = missing) filled in, roughly and fast.

    For hairlines it is the biharmonic surface, for large holes something as smooth: the number of
    steps is fixed, so that a net that starts from it sees the same in training and in use. No
    picture depends on the others. Equal outside the holes.
    """
    filled = np.array(values, np.float32)
    missing = hole[:, 0] >= 0.5
    if missing.any():
        start = _pyramid(filled, ~missing[:, None]).astype(np.float32)
        _fill(filled, missing, start, bend=True, steps=_GUESS_STEPS, close=0.0)
    return filled


def _grown(values: Values, hole: Mask, *, bend: bool) -> Values:
    filled = np.array(values, np.float64)[None]
    missing = hole[None]
    if not hole.any():
        return values.copy()
    if hole.all():
        return np.zeros_like(values)
    known = filled[0][:, ~hole]
    if hole.size <= _WIDE:
        start = _pyramid(filled, ~missing[:, None])
    else:
        start = np.where(missing[:, None], known.mean(axis=1)[None, :, None, None], filled)
    if bend:  # from the membrane to the plate: the first is found in few steps
        _fill(filled, missing, start, bend=False, steps=_MOST_STEPS, close=1e-3)
        start = filled
    _fill(filled, missing, start, bend=bend, steps=_MOST_STEPS, close=_CLOSE)
    low, high = known.min(axis=1)[:, None, None], known.max(axis=1)[:, None, None]
    held = filled[0].clip(low, high).astype(values.dtype)
    return np.where(hole[None], held, values)


# -- the first start -----------------------------------------------------------------------------


def _pyramid(values: Values, known: Mask) -> Values:
    """Values (n, c, h, w) with what is not `known` (n, 1, h, w) taken from coarser pictures."""
    height, width = values.shape[-2:]
    if known.all() or height * width == 1:
        return np.where(known, values, 0)
    weight = _quartered(known.astype(values.dtype))
    coarse = _quartered(np.where(known, values, 0)) / np.maximum(weight, 1e-6)
    finer = _doubled(_pyramid(coarse, weight > 0), height, width)
    return np.where(known, values, finer)


def _quartered(values: Values) -> Values:
    """The mean of each two by two pixels; a side that is odd is filled up with 0."""
    height, width = values.shape[-2:]
    if height % 2 or width % 2:
        values = np.pad(values, [(0, 0), (0, 0), (0, height % 2), (0, width % 2)])
    rows = values[..., 0::2, :] + values[..., 1::2, :]
    found: Values = (rows[..., 0::2] + rows[..., 1::2]) / 4
    return found


def _doubled(values: Values, height: int, width: int) -> Values:
    """Twice as large, bilinear, cut to `height` by `width`."""
    for axis, side in ((2, height), (3, width)):
        lines = np.moveaxis(values, axis, 0)
        rim = np.concatenate([lines[:1], lines, lines[-1:]])
        finer = np.empty((2 * len(lines), *lines.shape[1:]), values.dtype)
        finer[0::2] = 0.75 * lines + 0.25 * rim[:-2]
        finer[1::2] = 0.75 * lines + 0.25 * rim[2:]
        values = np.moveaxis(finer[:side], 0, axis)
    return values


# -- the surface ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Net:
    """The pixels that a hole's equations speak of, as one list for all pictures of a batch.

    `pixels` are their places in (n, h, w); `rows` and `inside` say which of them are next to the
    hole or in it, and in it. `round_rows` (4, rows) and `round_inside` (4, inside) are places of
    neighbours in the list before. `owner` says whose picture each pixel inside is, and `starts`
    where each picture begins.
    """

    pixels: _Places
    inside: _Places
    rows: _Places
    within_rows: _Places
    round_rows: _Places
    round_inside: _Places
    owner: _Places
    starts: _Places

    @classmethod
    def of(cls, missing: Mask) -> _Net:
        """The net for holes, bool (n, h, w), of which one at least is not empty."""
        near = _dilated(missing)
        far = _dilated(near)
        pixels, rows = np.flatnonzero(far), np.flatnonzero(near)
        inside = np.flatnonzero(missing)
        _owners, starts, owner = np.unique(
            inside // missing[0].size, return_index=True, return_inverse=True
        )
        return cls(
            pixels=pixels,
            inside=np.searchsorted(pixels, inside),
            rows=np.searchsorted(pixels, rows),
            within_rows=np.searchsorted(rows, inside),
            round_rows=np.searchsorted(pixels, _neighbours(rows, missing.shape)),
            round_inside=np.searchsorted(rows, _neighbours(inside, missing.shape)),
            owner=owner,
            starts=starts,
        )

    def slopes(self, surface: Values) -> Values:
        """Laplacian (c, rows) of a surface (c, pixels); the picture's edge is a mirror."""
        return _laplacian(surface, self.round_rows, self.rows)

    def bends(self, slopes: Values) -> Values:
        """Laplacian (c, inside) of what `slopes` gave."""
        return _laplacian(slopes, self.round_inside, self.within_rows)

    def sums(self, values: Values) -> Values:
        """Of values (c, inside), the sum over each picture, put beside each of its pixels."""
        sums: Values = np.add.reduceat(values, self.starts, axis=1)
        return sums if len(self.starts) == 1 else sums.take(self.owner, axis=1)


def _laplacian(surface: Values, neighbours: _Places, middles: _Places) -> Values:
    found: Values = surface.take(middles, axis=1)
    found *= -4
    for side in neighbours:
        found += surface.take(side, axis=1)
    return found


def _fill(
    filled: Values, missing: Mask, start: Values, *, bend: bool, steps: int, close: float
) -> None:
    """Write the surface into `filled` (n, c, h, w) where `missing` (n, h, w), from `start` on."""
    net = _Net.of(missing)
    count, channels = filled.shape[:2]
    surface = np.moveaxis(start, 1, 0).reshape(channels, -1).take(net.pixels, axis=1)

    def equations(values: Values) -> Values:
        slopes = net.slopes(values)
        return net.bends(slopes) if bend else -slopes.take(net.within_rows, axis=1)

    wanted = _descended(net, equations, surface, steps, close)
    lists = np.moveaxis(filled, 1, 0).reshape(channels, -1)  # a copy, unless there is one channel
    lists[:, net.pixels[net.inside]] = wanted
    filled[...] = np.moveaxis(lists.reshape(channels, count, *missing.shape[1:]), 0, 1)


def _descended(
    net: _Net, equations: Callable[[Values], Values], surface: Values, steps: int, close: float
) -> Values:
    """Conjugate gradients (Hestenes, Stiefel 1952), each picture and channel by itself."""
    wanted = surface.take(net.inside, axis=1)
    left = -equations(surface)
    ahead, moved = left.copy(), np.zeros_like(surface)
    size = net.sums(left * left)
    first = size * close**2
    for _step in range(steps):
        if (size <= first).all():
            break
        moved[:, net.inside] = ahead
        bent = equations(moved)
        stride = size / np.maximum(net.sums(ahead * bent), 1e-30)
        wanted += stride * ahead
        left -= stride * bent
        new = net.sums(left * left)
        ahead = left + new / np.maximum(size, 1e-30) * ahead
        size = new
    return wanted


def _neighbours(places: _Places, shape: tuple[int, ...]) -> _Places:
    """The four neighbours (4, m) of places in (n, h, w); beyond the edge, the place itself."""
    height, width = shape[-2:]
    row, column = places // width % height, places % width
    return np.stack(
        [
            np.where(row > 0, places - width, places),
            np.where(row < height - 1, places + width, places),
            np.where(column > 0, places - 1, places),
            np.where(column < width - 1, places + 1, places),
        ]
    )


def _dilated(marked: Mask) -> Mask:
    """What is marked, bool (…, h, w), and its four neighbours."""
    wide = marked.copy()
    wide[..., 1:, :] |= marked[..., :-1, :]
    wide[..., :-1, :] |= marked[..., 1:, :]
    wide[..., 1:] |= marked[..., :-1]
    wide[..., :-1] |= marked[..., 1:]
    return wide


def _eroded(marked: Mask) -> Mask:
    """What is marked, bool (h, w), but for its rim; at the edge of the picture there is none."""
    return ~_dilated(~marked)
