"""What is known around a mask, led on into it ring by ring; work is done along the edge only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from aigc_studio.project import cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.project.cells import Square, Truths, Values

_FINEST = 12  # rings of pixels that are led on one by one; of more, so many coarser ones


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
        return cells.whole_side(self.coarse)

    def any_in(self, square: Square) -> bool:
        """Whether anything is led into a square; its sides are at multiples of `side`."""
        return bool(self.led[cells.cells_of(square, self.coarse)].any())

    def faded(self, square: Square) -> Values:
        """What is led into each pixel of a square, fading out over `reach`."""
        import numpy as np

        far = cells.grown(self.step, square, self.coarse) * self.coarse / self.reach
        part = np.clip(1.0 - far, 0.0, 1.0)
        spread = cells.grown(self.spread, square, self.coarse)
        return cast("Values", spread * (part * part * (3 - 2 * part)))


def rings(
    inside: Truths, apart: Callable[[Square], Values], channels: int, reach: float
) -> Rings | None:
    """What is `apart` outside, led `reach` pixels on into `inside` (h, w); None if all is inside.

    `apart` is asked for the values (h, w, channels) of the squares along the edge alone.
    """
    if inside.all():
        return None
    coarse = max(1, round(reach / _FINEST))
    touched, there = cells.any_in_cells(inside, coarse), cells.any_in_cells(~inside, coarse)
    values = cells.means(inside, apart, there & cells.wider(touched), coarse, channels)
    return _led_on(values, touched, there, coarse, reach)


def _led_on(values: Values, touched: Truths, there: Truths, coarse: int, reach: float) -> Rings:
    import numpy as np

    count = max(2, round(reach / coarse))
    across = there.shape[1] + 2
    known, is_open = np.pad(there, 1).ravel(), np.pad(~there, 1).ravel()
    step = np.where(np.pad(there, 1, mode="edge").ravel(), 0.0, float(count)).astype(np.float32)
    flat = values.reshape(-1, values.shape[2])
    around = np.array([row * across + column for row in (-1, 0, 1) for column in (-1, 0, 1)])
    fresh = np.flatnonzero(is_open & np.pad(cells.wider(there), 1).ravel())
    for ring in range(1, count + 1):
        if not len(fresh):
            break
        near = fresh[:, None] + around
        # What is not known yet is 0, and so is the rim: it adds nothing.
        flat[fresh] = flat[near].sum(axis=1) / known[near].sum(axis=1)[:, None]
        step[fresh] = ring
        known[fresh] = True
        fresh = np.unique(near[is_open[near] & ~known[near]])
    led = cells.wider(known.reshape(-1, across)[1:-1, 1:-1]) & touched
    step = step.reshape(-1, across, 1)
    for each in (step, values):
        each[0], each[-1] = each[1], each[-2]
        each[:, 0], each[:, -1] = each[:, 1], each[:, -2]
    return Rings(coarse, reach, step, values, led)
