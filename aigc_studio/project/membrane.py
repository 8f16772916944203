"""The colours of a result fitted to what surrounds it: a membrane over the difference at the edge.

What a result is too light or too red by along the edge of a mask is led over into all of it, as
smoothly as a soap film over a wire: the solution of Laplace's equation with that difference at the
edge (Pérez, Gangnet and Blake 2003; Farbman et al. 2009 call it a membrane). Where a result and the
picture show different things the difference says nothing of colours: what stands out from the
others is cut down to them first, else it would bleed into the middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from aigc_studio.project import cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.project.cells import Square, Truths, Values

MOST = 96
"""Cells along the longer side of a mask at most: the film is smooth, more would not be seen."""
_SPREAD = 2.0  # of the usual distance from the middle: what is farther says nothing of colours
_LEAST = 4.0  # of 255: nothing nearer than this is ever cut down
_SMALLEST = 6  # cells along a side: fewer are solved at once
_ROUNDS = 24  # at each size; the coarser ones have brought it near already
_PAIRS = 48


@dataclass(frozen=True)
class Membrane:
    """What is to be added to each pixel, as a value for each cell of `coarse` pixels and a rim."""

    coarse: int
    values: Values

    def at(self, square: Square) -> Values:
        """What is to be added in a square (h, w, channels); its sides are at multiples of
        `cells.whole_side(coarse)`."""
        return cells.grown(self.values, square, self.coarse)


def coarseness(shape: tuple[int, ...], scale: float) -> int:
    """Pixels along a cell for a mask (h, w): those of a model's pixel (`scale`) at least."""
    return max(1, round(scale), -(-max(shape[:2]) // MOST))


def membrane(
    inside: Truths, apart: Callable[[Square], Values], channels: int, coarse: int
) -> Membrane | None:
    """The film over `inside` (h, w) that has what is `apart` outside along the edge.

    `apart` is asked for values (h, w, channels) of squares along the edge alone. None when all is
    inside, or nothing.
    """
    if inside.all() or not inside.any():
        return None
    touched, there = cells.any_in_cells(inside, coarse), cells.any_in_cells(~inside, coarse)
    band = there & cells.wider(cells.wider(touched))
    values = cells.means(inside, apart, band, coarse, channels)[1:-1, 1:-1]
    if not band.any():
        return None
    _cut_down(values, band & cells.wider(touched))
    solved = _solved(values, band)
    import numpy as np

    return Membrane(coarse, np.pad(solved, ((1, 1), (1, 1), (0, 0)), mode="edge"))


def _cut_down(values: Values, edge: Truths) -> None:
    """Bring what is far from the others back to where they end, in each channel by itself."""
    import numpy as np

    known = values[edge]
    middle = np.median(known, axis=0)
    usual = np.maximum(1.4826 * np.median(np.abs(known - middle), axis=0) * _SPREAD, _LEAST)
    np.clip(values, middle - usual, middle + usual, out=values)


def _solved(values: Values, known: Truths) -> Values:
    """Laplace's equation on (h, w, channels) with the `known` cells held, from coarse to fine."""
    import numpy as np

    height, width = known.shape
    if min(height, width) > _SMALLEST:
        counts = _paired(known.astype(np.float32)[..., None])
        sums = _paired(values * known[..., None])
        means = cast("Values", sums / np.maximum(counts, 1))
        less = _solved(means, counts[..., 0] > 0)
        begun = less.repeat(2, axis=0)[:height].repeat(2, axis=1)[:, :width]
        rounds = _ROUNDS
    else:
        begun = np.broadcast_to(values[known].mean(axis=0), values.shape)
        rounds = _PAIRS
    found = np.where(known[..., None], values, begun).astype(np.float32)
    for _round in range(rounds):
        wide = np.pad(found, ((1, 1), (1, 1), (0, 0)), mode="edge")
        around = wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:]
        found = np.where(known[..., None], values, around / 4)
    return cast("Values", found)


def _paired(values: Values) -> Values:
    """Sums over two by two; a last row or column without another stands alone."""
    import numpy as np

    for axis in (0, 1):
        values = np.add.reduceat(values, np.arange(0, values.shape[axis], 2), axis=axis)
    return values
