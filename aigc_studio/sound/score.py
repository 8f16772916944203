"""Which tones a melody is, in frames of sound."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aigc_studio.api.melody import Melody, Metre, Note
from aigc_studio.sound.instruments import instrument_of
from aigc_studio.sound.tones import RATE, Tone

_SHORTEST = 0.03
"""Seconds: a tone that is shorter would be a click."""

_BEAT, _DOWNBEAT = 88, 95
"""The pitches of the metronome."""


class Clock:
    """Ticks and frames of a melody."""

    def __init__(self, melody: Melody) -> None:
        self._ticks: list[int] = []
        self._frames: list[float] = []
        self._rates: list[float] = []
        for tempo in melody.tempos:
            frame = self.frame(tempo.start) if self._ticks else 0.0
            seconds = tempo.microseconds * 1e-6 / melody.ticks_per_quarter
            if self._ticks and self._ticks[-1] == tempo.start:
                for each in (self._ticks, self._frames, self._rates):
                    each.pop()
            self._ticks.append(tempo.start)
            self._frames.append(frame)
            self._rates.append(seconds * RATE)

    def frame(self, tick: float) -> float:
        """The frame, not rounded, at which a tick sounds."""
        at = max(bisect_right(self._ticks, tick) - 1, 0)
        return self._frames[at] + (tick - self._ticks[at]) * self._rates[at]

    def tick(self, frame: float) -> float:
        """The tick that sounds at a frame."""
        at = max(bisect_right(self._frames, frame) - 1, 0)
        return self._ticks[at] + (frame - self._frames[at]) / self._rates[at]

    def rate(self, tick: float) -> float:
        """Ticks a second at a tick."""
        return RATE / self._rates[max(bisect_right(self._ticks, tick) - 1, 0)]

    def changes(self, start: float, stop: float) -> list[int]:
        """The ticks after `start` and before `stop` where the tempo changes."""
        return self._ticks[bisect_right(self._ticks, start) : bisect_left(self._ticks, stop)]


@dataclass(frozen=True)
class Manner:
    """How a melody is to be played: whether beats tick, by which sound font (a path, or empty)."""

    metronome: bool = False
    font: str = ""


class Score:
    """A melody made ready to be played from anywhere: walks its notes, builds no list of tones."""

    def __init__(self, melody: Melody, manner: Manner = Manner()) -> None:
        self.melody = melody
        self.manner = manner
        self.clock = Clock(melody)
        self.name = instrument_of(melody.program).name
        self._starts = [note.start for note in melody.notes]

    def tones(
        self, start: float, stop: float, offset: float = 0.0, *, sounding: bool = False
    ) -> Iterator[Tone]:
        """The tones that begin from tick `start` on and before `stop`, in order; none sounds on
        past `stop`. Tick `start` is at frame `offset`.

        With `sounding` those that began before and sound still come first, without the beginning
        that is over.
        """
        shift = offset - self.clock.frame(start)
        notes = self._notes(start, stop, sounding)
        tones = (self._tone(note, start, stop, shift) for note in notes if note.velocity)
        if not self.manner.metronome:
            return tones
        return heapq.merge(tones, self._clicks(start, stop, shift), key=_start)

    def _notes(self, start: float, stop: float, sounding: bool) -> Iterable[Note]:
        first = bisect_left(self._starts, start)
        if sounding:
            for note in self.melody.notes[:first]:
                if note.start + note.duration > start:
                    yield note
        for number in range(first, bisect_left(self._starts, stop)):
            yield self.melody.notes[number]

    def _tone(self, note: Note, start: float, stop: float, shift: float) -> Tone:
        begin = round(self.clock.frame(note.start) + shift)
        end = round(self.clock.frame(min(note.start + note.duration, stop)) + shift)
        skipped = round(self.clock.frame(start) + shift) - begin if note.start < start else 0
        end = max(end, begin + skipped + int(_SHORTEST * RATE))
        pitch, loud = note.pitch, note.velocity
        return Tone(begin, end, pitch, loud, self.name, skipped, self.melody.program)

    def _clicks(self, start: float, stop: float, shift: float) -> Iterator[Tone]:
        for tick, is_first in beats(self.melody, start, stop):
            at = round(self.clock.frame(tick) + shift)
            pitch, loud = (_DOWNBEAT, 96) if is_first else (_BEAT, 76)
            yield Tone(at, at + RATE // 20, pitch, loud, "click")


def _start(tone: Tone) -> int:
    return tone.start + tone.skipped


def beats(melody: Melody, start: float, stop: float) -> Iterator[tuple[float, bool]]:
    """The beats from tick `start` on and before `stop`, and whether each is the first of its bar.

    A beat is the metre's lower number; in 6/8, 9/8 and 12/8 it is three of them. A tune's first bar
    that is cut short is an upbeat: the end of a bar, so its beats are the last ones.
    """
    stretches = zip(melody.metres, melody.bar_stretches(), strict=False)
    for metre, stretch in stretches:
        first = max(int((start - stretch.start) // stretch.step), 0)
        for bar in stretch[first:]:
            if bar >= stop:
                return
            end = min(bar + stretch.step, stretch.stop)
            first_beat = bar if bar else end - stretch.step
            for number in range(_beat_count(metre)):
                tick = first_beat + number * stretch.step / _beat_count(metre)
                if max(start, bar) <= tick < min(stop, end):
                    yield tick, number == 0


def _beat_count(metre: Metre) -> int:
    is_compound = metre.numerator > 3 and metre.numerator % 3 == 0 and metre.denominator >= 8
    return metre.numerator // 3 if is_compound else metre.numerator
