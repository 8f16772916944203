"""The geometry of a piano roll: ticks and pitches to places on a card, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from aigc_studio.api.artifacts import Melody, Note
from aigc_studio.api.selections import Bars

RULER = 24.0
"""Height of the strip with bar numbers, board units; bars are selected on it."""
KEYS = 32.0
"""Width of the pitch guide at the left."""
FEWEST_PITCHES = 16
_names = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_black = frozenset({1, 3, 6, 8, 10})


@dataclass(frozen=True)
class Roll:
    """A melody laid out in a rectangle of `width` x `height` board units."""

    melody: Melody
    width: float
    height: float

    @cached_property
    def bars(self) -> tuple[tuple[int, int], ...]:
        """The bars as half-open (start, stop) in ticks."""
        return self.melody.bars

    @cached_property
    def length(self) -> int:
        """Ticks to the end of the last bar."""
        return self.bars[-1][1]

    @cached_property
    def pitches(self) -> tuple[int, int]:
        """Lowest and highest pitch that are shown: those that sound, and some room."""
        sounding = [note.pitch for note in self.melody.notes] or [60, 71]
        low, high = min(sounding) - 2, max(sounding) + 2
        room = max(0, FEWEST_PITCHES - (high - low + 1))
        low, high = low - room // 2, high + room - room // 2
        return max(0, low), min(127, high)

    @cached_property
    def grid(self) -> QRectF:
        """Where the notes are."""
        return QRectF(KEYS, RULER, max(self.width - KEYS, 1.0), max(self.height - RULER, 1.0))

    @cached_property
    def row_height(self) -> float:
        """Board units that a semitone takes."""
        low, high = self.pitches
        return self.grid.height() / (high - low + 1)

    def x(self, tick: int) -> float:
        """Where a tick is."""
        return self.grid.left() + self.grid.width() * tick / self.length

    def row(self, pitch: int) -> QRectF:
        """The strip of a pitch."""
        top = self.grid.top() + (self.pitches[1] - pitch) * self.row_height
        return QRectF(self.grid.left(), top, self.grid.width(), self.row_height)

    def note_rect(self, note: Note) -> QRectF:
        """Where a note is drawn."""
        row = self.row(note.pitch)
        left, right = self.x(note.start), self.x(note.start + note.duration)
        inset = min(1.0, row.height() * 0.1)
        return QRectF(
            left, row.top() + inset, max(right - left - 0.5, 1.0), row.height() - 2 * inset
        )

    def bar_rect(self, bars: Bars) -> QRectF:
        """The columns of some bars, ruler included."""
        found = self.bars
        first, last = min(bars.first, len(found)), min(bars.last, len(found))
        left, right = self.x(found[first - 1][0]), self.x(found[last - 1][1])
        return QRectF(left, 0, right - left, self.height)

    def bar_at(self, point: QPointF) -> int:
        """The bar at a point, counted from 1; beyond the ends, the first or the last one."""
        tick = (point.x() - self.grid.left()) * self.length / self.grid.width()
        for number, (_, stop) in enumerate(self.bars, start=1):
            if tick < stop:
                return number
        return len(self.bars)

    def bars_between(self, start: QPointF, end: QPointF) -> Bars:
        """The bars that a drag from one point to another goes over."""
        first, last = sorted((self.bar_at(start), self.bar_at(end)))
        return Bars(first, last)


def is_black(pitch: int) -> bool:
    """Whether a pitch is a black key."""
    return pitch % 12 in _black


def pitch_name(pitch: int) -> str:
    """Scientific pitch notation: 60 is C4."""
    return f"{_names[pitch % 12]}{pitch // 12 - 1}"
