"""The geometry of a piano roll: ticks and pitches to places on a card, and back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from aigc_studio.api.selections import Bars
from aigc_studio.ui.canvas.items.score import Score

RULER = 24.0
"""Height of the strip with bar numbers, board units; bars are selected on it."""
KEYS = 32.0
"""Width of the pitch guide at the left."""
OCTAVE = 12
FINEST = 8.0
"""Pixels of the screen between places that notes snap to, at least."""
_names = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_black = frozenset({1, 3, 6, 8, 10})


@dataclass(frozen=True)
class Roll:
    """A tune laid out in a rectangle of `width` x `height` board units.

    `range` is the lowest and the highest pitch that are shown; None: those that the tune needs.
    `span` has the ticks at the left and the right edge of the notes' grid; None: all of the tune.
    """

    score: Score
    width: float
    height: float
    range: tuple[int, int] | None = None
    span: tuple[float, float] | None = None

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The ticks at the left and at the right edge of the grid."""
        return self.span or (0.0, float(self.score.length))

    @cached_property
    def per_tick(self) -> float:
        """Board units that a tick takes."""
        return self.grid.width() / (self.ends[1] - self.ends[0])

    @cached_property
    def pitches(self) -> tuple[int, int]:
        """Lowest and highest pitch that are shown."""
        return self.range or self.score.pitch_range()

    def pitches_for(self, score: Score) -> tuple[int, int] | None:
        """The pitches to show of what became of the tune: the same ones, so that no row moves.

        None where others are needed: it goes up to the edge of them, or has long been far narrower.
        """
        low, high = self.pitches
        if not len(score.pitches):
            return self.pitches
        lowest, highest = score.pitch_range()
        inside = low < int(score.pitches.min()) and int(score.pitches.max()) < high
        return self.pitches if inside and high - low <= highest - lowest + OCTAVE else None

    def pitch_at(self, y: float) -> int:
        """The pitch whose row is at `y`; beyond the ends, the lowest or the highest one shown."""
        low, high = self.pitches
        return min(max(high - math.floor((y - self.grid.top()) / self.row_height), low), high)

    def step(self, scale: float) -> int:
        """Ticks between places that notes snap to: parts of a beat where there is room for them.

        `scale` is pixels of the screen on a board unit.
        """
        quarter = self.score.ticks_per_quarter
        pixels = self.per_tick * scale
        fitting = [quarter // part for part in (4, 2) if quarter // part * pixels >= FINEST]
        return max(fitting[0] if fitting else quarter, 1)

    def snapped(self, tick: float, step: int, *, down: bool = False, beyond: bool = False) -> int:
        """The place on the beat grid next to a tick, or before it; every bar begins on one.

        No later than the end of the tune, unless it may be `beyond` that.
        """
        bar = int(self.score.bars[self.score.bar_at(tick) - 1])
        steps = (tick - bar) / step
        place = bar + step * (math.floor(steps) if down else math.floor(steps + 0.5))
        return max(place, 0) if beyond else min(max(place, 0), self.score.length)

    @cached_property
    def grid(self) -> QRectF:
        """Where the notes are."""
        return QRectF(KEYS, RULER, max(self.width - KEYS, 1.0), max(self.height - RULER, 1.0))

    @cached_property
    def row_height(self) -> float:
        """Board units that a semitone takes."""
        low, high = self.pitches
        return self.grid.height() / (high - low + 1)

    def x(self, tick: float) -> float:
        """Where a tick is; it may lie beside the grid."""
        return self.grid.left() + (tick - self.ends[0]) * self.per_tick

    def tick(self, x: float) -> float:
        """Which tick is at `x`."""
        return self.ends[0] + (x - self.grid.left()) / self.per_tick

    def row(self, pitch: int) -> QRectF:
        """The strip of a pitch."""
        top = self.grid.top() + (self.pitches[1] - pitch) * self.row_height
        return QRectF(self.grid.left(), top, self.grid.width(), self.row_height)

    def bar_rect(self, bars: Bars) -> QRectF:
        """The columns of some bars, ruler included: what of them is in sight."""
        found, grid = self.score.bars, self.grid
        first, last = min(bars.first, self.score.count), min(bars.last, self.score.count)
        places = self.x(int(found[first - 1])), self.x(int(found[last]))
        left, right = (min(max(place, grid.left()), grid.right()) for place in places)
        return QRectF(left, 0, right - left, self.height)

    def bar_at(self, point: QPointF) -> int:
        """The bar at a point, counted from 1; beyond the ends, the first or the last one."""
        return self.score.bar_at(self.tick(point.x()))

    def bars_between(self, start: QPointF, end: QPointF) -> Bars:
        """The bars that a drag from one point to another goes over."""
        first, last = sorted((self.bar_at(start), self.bar_at(end)))
        return Bars(first, last)


def scale_of(fifths: int) -> frozenset[int]:
    """The pitch classes that a key signature has, whatever its mode."""
    return frozenset((7 * fifths + step) % OCTAVE for step in (0, 2, 4, 5, 7, 9, 11))


def is_black(pitch: int) -> bool:
    """Whether a pitch is a black key."""
    return pitch % 12 in _black


def pitch_name(pitch: int) -> str:
    """Scientific pitch notation: 60 is C4."""
    return f"{_names[pitch % 12]}{pitch // 12 - 1}"
