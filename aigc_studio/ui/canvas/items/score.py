"""A melody as columns of numbers, so that a hundred thousand notes are looked through at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.api.melody import KeySignature, Melody, Metre
    from aigc_studio.ui.canvas.items.handful import Notes, Ticks

    Levels = np.ndarray[Any, np.dtype[np.uint8]]

FEWEST_PITCHES = 16
GAP, GAP_SHARE = 0.5, 0.15
"""Between a note and the next: board units, and no more than this share of the note."""
_BITS = 26
_ONE = 1 << _BITS
"""More than the loudness of all notes of a melody together."""


@dataclass(frozen=True, eq=False)
class Score:
    """Notes by their start: `starts` and `stops` in ticks, `pitches`, `velocities`.

    `reach` has how far the notes up to each one sound. `bars` has where each bar begins, and last
    the end of the last one; `pulses` the beats of each stretch of bars.
    """

    starts: Ticks
    stops: Ticks
    pitches: Ticks
    velocities: Ticks
    reach: Ticks
    bars: Ticks
    ticks_per_quarter: int
    pulses: tuple[Pulse, ...] = ()
    keys: tuple[KeySignature, ...] = ()

    @classmethod
    def of(cls, melody: Melody, most: int = 0) -> Score:
        """The columns of a melody. With `most`, of no more than about so many of its notes."""
        import numpy as np

        notes = melody.notes[:: -(-len(melody.notes) // most) if most and melody.notes else 1]
        starts, durations, pitches, velocities = (
            np.fromiter(map(attrgetter(name), notes), np.int64, len(notes))
            for name in ("start", "duration", "pitch", "velocity")
        )
        stretches = list(melody.bar_stretches())
        bars = [np.arange(each.start, each.stop, each.step, dtype=np.int64) for each in stretches]
        ends = np.array([stretches[-1].stop], np.int64)
        stops = starts + durations
        return cls(
            starts, stops, pitches, velocities, np.maximum.accumulate(stops),
            np.concatenate([*bars, ends]), melody.ticks_per_quarter,
            tuple(map(partial(pulse_of, melody.ticks_per_quarter), melody.metres)), melody.keys,
        )  # fmt: skip

    def with_notes(self, notes: Notes) -> Score:
        """The same bars with other notes."""
        import numpy as np

        from aigc_studio.ui.canvas.items.handful import Handful

        held = Handful.of(notes)
        order = np.argsort(held.starts, kind="stable")
        stops = (held.starts + held.durations)[order]
        return replace(
            self, starts=held.starts[order], stops=stops, pitches=held.pitches[order],
            velocities=held.velocities[order], reach=np.maximum.accumulate(stops),
        )  # fmt: skip

    @property
    def count(self) -> int:
        """How many bars there are."""
        return len(self.bars) - 1

    @property
    def length(self) -> int:
        """Ticks to the end of the last bar."""
        return int(self.bars[-1])

    def bar_at(self, tick: float) -> int:
        """The bar that a tick is in, counted from 1; beyond the ends, the first or the last."""
        found = int(self.bars.searchsorted(tick, "right"))
        return min(max(found, 1), self.count)

    @cached_property
    def is_one_voice(self) -> bool:
        """Whether no note begins while another one sounds."""
        return bool((self.starts[1:] >= self.reach[:-1]).all())

    def pulse_at(self, tick: float) -> Pulse:
        """The beats of the bar that a tick is in."""
        found = [pulse for pulse in self.pulses if pulse.start <= tick]
        return found[-1] if found else Pulse(0, self.ticks_per_quarter, self.ticks_per_quarter)

    def pitch_range(self) -> tuple[int, int]:
        """Lowest and highest pitch that are shown: those that sound, and some room."""
        low, high = 60, 71
        if len(self.pitches):
            low, high = int(self.pitches.min()), int(self.pitches.max())
        low, high = low - 2, high + 2
        room = max(0, FEWEST_PITCHES - (high - low + 1))
        low, high = low - room // 2, high + room - room // 2
        return max(0, low), min(127, high)

    def near(self, first: float, last: float) -> slice:
        """Notes among which are all that sound between two ticks."""
        begin = int(self.reach.searchsorted(first, "left"))
        return slice(begin, max(int(self.starts.searchsorted(last, "right")), begin))

    def sounding(self, first: float, last: float) -> Ticks:
        """Which notes sound between two ticks."""
        import numpy as np

        near = self.near(first, last)
        found: Ticks = np.flatnonzero(self.stops[near] >= first) + near.start
        return found

    def levels(self, near: slice, columns: Columns, row_of: Ticks, rows: int) -> Levels:
        """How loud these notes are in a picture of `rows` x `columns.count`: 1 to 128.

        `row_of` names the row of each pitch (0 to 127). Where several notes meet it is their mean;
        0 where none is. Each note takes one column at least, so that none is lost.
        """
        import numpy as np

        width, starts, stops = columns.count, self.starts[near], self.stops[near]
        gap = np.minimum(columns.gap, (stops - starts) * (columns.scale * GAP_SHARE))
        first = np.floor(starts * columns.scale) - columns.first
        last = np.maximum(np.rint(stops * columns.scale - gap) - columns.first, first + 1)
        # What lies outside begins where it ends, and counts for nothing.
        row = row_of[self.pitches[near]] * (width + 1)
        begins, ends = (row + np.clip(each, 0, width).astype(np.int64) for each in (first, last))
        size = rows * (width + 1)
        # How many and how loud in one number: looking through a picture takes longer than counting.
        both = self.velocities[near] + (_ONE + 1.0)
        change = np.bincount(begins, both, size)
        change -= np.bincount(ends, both, size)
        going_on = np.cumsum(change, out=change).astype(np.int64)
        sounding = np.flatnonzero(going_on)
        found = going_on[sounding]
        count = found >> _BITS
        levels: Levels = np.zeros(size, np.uint8)
        levels[sounding] = (2 * (found & (_ONE - 1)) + count) // (2 * count)
        return levels.reshape(rows, width + 1)[:, :width]


@dataclass(frozen=True)
class Columns:
    """Ticks to columns: a tick lies `scale` x tick from the roll's left; `first` is the first one.

    A note ends `gap` before the next begins, or less when it is short.
    """

    scale: float
    first: int
    count: int
    gap: float = 0.0


@dataclass(frozen=True)
class Pulse:
    """From `start` on, a beat is `beat` ticks long, and the metre's note value `unit` ticks."""

    start: int
    beat: int
    unit: int


def pulse_of(quarter: int, metre: Metre) -> Pulse:
    """How the bars of a metre are counted: 6/8 has two beats of three eighths, 3/8 and 3/4 three.

    `quarter` is the ticks of a quarter note.
    """
    unit = max(quarter * 4 // metre.denominator, 1)
    in_threes = metre.denominator >= 8 and metre.numerator > 3 and metre.numerator % 3 == 0
    return Pulse(metre.start, unit * 3 if in_threes else unit, unit)
