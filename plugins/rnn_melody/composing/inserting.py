"""New bars within a tune, or at its end: what stands there stays, and what follows moves on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from aigc_studio.api import Bars, KeySignature, Melody, Metre, Note, Tempo
from rnn_melody.composing.page import Page
from rnn_melody.events import UNITS, Bar, Voice, bar_units, metre_name
from rnn_melody.voices import new_notes, usual_velocity, voice_until

_C = TypeVar("_C", Tempo, Metre, KeySignature)


@dataclass(frozen=True)
class Joint:
    """The place behind bar `after` of a melody, where new bars come: `lengths` in ticks, in the
    metre that holds there."""

    melody: Melody
    after: int
    lengths: tuple[int, ...]

    @property
    def tick(self) -> int:
        """Where the new bars begin."""
        return self.melody.ticks(Bars(self.after, self.after))[1]

    @property
    def begin(self) -> int:
        """Where writing begins: in the last bar of a tune that is missing something of it."""
        return min(self.tick, max(self.melody.length, self._start))

    @property
    def _start(self) -> int:
        return self.melody.ticks(Bars(self.after, self.after))[0]

    @property
    def metre(self) -> Metre:
        """The metre before the new bars, which is theirs too."""
        return max(each for each in self.melody.metres if each.start < self.tick)

    def voice(self, key: KeySignature | None) -> Voice:
        """What stands before, as the model reads it."""
        whole = voice_until(self.melody, self.after, key)
        end = whole.bars[-1].stop - self._units(self.tick - self.begin)
        kept = [number for number, place in enumerate(whole.places) if place < end]
        durations = [min(whole.durations[n], end - whole.places[n]) for n in kept]
        return replace(
            whole, pitches=tuple(whole.pitches[n] for n in kept), durations=tuple(durations),
            places=tuple(whole.places[n] for n in kept),
        )  # fmt: skip

    def bars(self, voice: Voice, more: int = 0) -> tuple[Bar, ...]:
        """The bars before, the new ones, and `more` behind them that nothing is written in."""
        found, name = list(voice.bars), metre_name(self.metre)
        nominal, place = bar_units(name), voice.bars[-1].stop
        lengths = [*(self._units(each) for each in self.lengths), *[nominal] * more]
        for length in lengths:
            found.append(Bar(place, length, max(nominal, length), name))
            place += length
        return tuple(found)

    def stop(self, bars: Sequence[Bar], before: int) -> int:
        """Where the last of the new bars ends, in units."""
        return bars[before + len(self.lengths) - 1].stop

    def notes(self, page: Page, row: int, upto: int | None) -> tuple[list[Note], int]:
        """The new notes, from `begin` on, and how many of the new bars they fill."""
        before = len(page.sheet.bars) if upto is None else upto
        count = min(max(before - page.bars_read, 0), len(self.lengths))
        stop = page.sheet.bars[page.bars_read + count - 1].stop
        near = [note for note in self.melody.notes if note.start < self.begin][-16:]
        written = new_notes(page, row, stop, self.melody.ticks_per_quarter, usual_velocity(near))
        return [replace(note, start=note.start + self.begin) for note in written], count

    def joined(self, notes: Sequence[Note], count: int) -> Melody:
        """The melody with the first `count` of the new bars."""
        melody, growth = self.melody, sum(self.lengths[:count])
        tick = self.tick

        def moved(changes: tuple[_C, ...]) -> list[_C]:
            return [
                replace(each, start=each.start + growth) if each.start >= tick else each
                for each in changes
            ]

        metres = moved(melody.metres)
        if melody.length > tick or tick - self._start < self._nominal:
            # A bar that a new metre cuts short stays so, and what follows begins on a bar line.
            metres = self._said_again(metres, growth)
        kept = [
            replace(note, start=note.start + growth) if note.start >= tick else note
            for note in melody.notes
        ]
        return replace(
            melody, notes=(*kept, *notes), tempos=tuple(moved(melody.tempos)),
            metres=tuple(metres), keys=tuple(moved(melody.keys)),
            length=max(melody.length, tick) + growth,
        )  # fmt: skip

    def alone(self, notes: Sequence[Note], count: int) -> Melody:
        """The first `count` of the new bars as a melody of their own."""
        melody, tick = self.melody, self.tick
        tempo = max(each for each in melody.tempos if each.start < tick)
        keys = [each for each in melody.keys if each.start < tick][-1:]
        return Melody(
            notes=tuple(
                replace(note, start=note.start - tick) for note in notes if note.start >= tick
            ),
            ticks_per_quarter=melody.ticks_per_quarter,
            program=melody.program,
            tempos=(replace(tempo, start=0),),
            metres=(replace(self.metre, start=0),),
            keys=tuple(replace(each, start=0) for each in keys),
            length=sum(self.lengths[:count]),
        )

    @property
    def _nominal(self) -> int:
        metre = self.metre
        return self.melody.ticks_per_quarter * 4 * metre.numerator // metre.denominator

    def _said_again(self, metres: list[Metre], growth: int) -> list[Metre]:
        starts = {each.start for each in metres}
        needed = list[int]()
        if self.tick - self._start < self._nominal:
            needed.append(self.tick)
        place = self.tick
        for length in self.lengths:
            place += length
            if length < self._nominal and place <= self.tick + growth:
                needed.append(place)
        more = [replace(self.metre, start=place) for place in needed if place not in starts]
        return sorted([*metres, *more])

    def _units(self, ticks: int) -> int:
        per = self.melody.ticks_per_quarter
        return (2 * ticks * UNITS + per) // (2 * per)


def joint_after(melody: Melody, after: int, count: int) -> Joint:
    """The place behind a bar for `count` whole bars in its metre."""
    bare = Joint(melody, after, ())
    return Joint(melody, after, (bare._nominal,) * count)


def last_sounding_bar(melody: Melody) -> int:
    """The last bar that a note begins in, from 1; 1 where there are none."""
    if not melody.notes:
        return 1
    last = melody.notes[-1].start
    count = 0
    for stretch in melody.bar_stretches():
        if last < stretch.stop:
            return count + (last - stretch.start) // stretch.step + 1
        count += len(stretch)
    return max(count, 1)
