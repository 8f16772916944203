"""Notes and bar lines in ticks: where bars begin, short ones and long ones too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from aigc_studio.api import KeySignature, Melody, Metre, Note, Tempo
from aigc_studio.library.melodies.abc.elements import QUARTER, WHOLE, Bar, Change, Element, Sound
from aigc_studio.library.melodies.abc.fields import Key, Meter

USUAL_TICKS = 480
_finer = (480, 960, 3_360, 1_440, 10_080, QUARTER)
"""Ticks of a quarter note, those that most programs know first."""
_velocity = 80


@dataclass
class Layout:
    """Places elements one behind the other. `odd` counts bars that are too short or too long."""

    metre: Meter
    odd: Counter[str]
    now: int = 0
    bar: int = 0
    notes: list[list[int]] = field(default_factory=list)
    metres: list[tuple[int, Meter]] = field(default_factory=list)
    keys: list[tuple[int, Key]] = field(default_factory=list)
    tempos: list[tuple[int, int]] = field(default_factory=list)
    _waits: int = -1
    _tied: bool = False
    _may_be_short: bool = True

    def place(self, elements: Sequence[Element]) -> None:
        """Take all elements, in order."""
        self.metres.append((0, self.metre))
        for element in elements:
            if isinstance(element, Sound):
                self._sound(element)
            elif isinstance(element, Bar):
                self._bar_line(element)
            else:
                self._change(element)
        self._may_be_short = True
        self._bar_line(Bar(is_double=True))

    def _sound(self, sound: Sound) -> None:
        length = sound.length or sound.bars * (_bar_length(self.metre) or WHOLE)
        if sound.pitch >= 0:
            if self._tied and self.notes[-1][2] == sound.pitch:
                self.notes[-1][1] += length
            else:
                self.odd["ties"] += self._tied
                self.notes.append([self.now, length, sound.pitch])
        self._tied = sound.is_tied and sound.pitch >= 0
        self.now += length

    def _bar_line(self, line: Bar) -> None:
        """End a bar. Where a section ends, a short one waits for the upbeat that completes it."""
        full = _bar_length(self.metre)
        length = self.now - self.bar
        if not full or not length or length % full == 0:
            if full and length:  # of several whole bars only the lines between are missing
                self.bar, self._waits = self.now, -1
            self._may_be_short = line.closes or (self._may_be_short and not length)
            return
        if self._waits >= 0 and self._waits < self.now:
            self._end_bar(self._waits, full, told=False)
            self._waits = -1
            self._bar_line(line)
            return
        if (line.closes or line.endings) and length < full:
            self._waits = self.now
            self._may_be_short = True
            return
        self._end_bar(self.now, full, told=not self._may_be_short or length > full)
        self._may_be_short = line.closes

    def _end_bar(self, at: int, full: int, *, told: bool) -> None:
        """Begin a new bar at a place where none would begin by itself."""
        if told:
            self.odd["long" if at - self.bar > full else "short"] += 1
        self.bar = at
        self.metres.append((at, self.metre))

    def _change(self, change: Change) -> None:
        if isinstance(change.what, Meter):
            self.metre = change.what
            if self.metres[-1][0] == self.now:
                self.metres.pop()
            self.metres.append((self.now, self.metre))
            self.bar, self._waits = self.now, -1
        elif isinstance(change.what, Key):
            self.keys.append((self.now, change.what))
        else:
            self.tempos.append((self.now, change.what))

    def melody(self, program: int) -> Melody:
        """What was placed. Raises `ValueError` when a melody cannot be so long."""
        ticks = self._ticks()
        divisor = QUARTER // ticks
        notes = tuple(
            Note(start // divisor, max(length // divisor, 1), pitch, _velocity)
            for start, length, pitch in self.notes
        )
        end = self.now // divisor
        metres = {
            start // divisor: (each.numerator or 4, each.denominator if each.numerator else 4)
            for start, each in self.metres
            if not start or start // divisor < end
        }
        return Melody(
            notes,
            ticks,
            program,
            _tempos([(start // divisor, each) for start, each in self.tempos], end),
            tuple(Metre(start, *each) for start, each in sorted(metres.items())),
            end,
            _keys([(start // divisor, each) for start, each in self.keys], end),
        )

    def _ticks(self) -> int:
        """The ticks of a quarter in which everything is whole; the finest where nothing is."""
        places = [self.now, *(start for start, _metre in self.metres)]
        places += [each for note in self.notes for each in note[:2]]
        for ticks in _finer:
            divisor = QUARTER // ticks
            if not any(place % divisor for place in places):
                return ticks
        return QUARTER


def _bar_length(metre: Meter) -> int:
    """Units of a bar; 0 where there is no metre."""
    return WHOLE * metre.numerator // metre.denominator


def _tempos(found: list[tuple[int, int]], end: int) -> tuple[Tempo, ...]:
    kept = {start: each for start, each in found if not start or start < end}
    return tuple(Tempo(start, each) for start, each in sorted({0: 500_000, **kept}.items()))


def _keys(found: list[tuple[int, Key]], end: int) -> tuple[KeySignature, ...]:
    """The keys, each where it begins to hold; where nobody says one first, C major stands there."""
    kept: dict[int, KeySignature] = {}
    for start, each in found:
        if each.fifths is not None and (not start or start < end):
            kept[start] = KeySignature(start, each.fifths, each.mode)
        else:
            kept.pop(start, None)
    if kept and 0 not in kept:
        kept[0] = KeySignature(0)
    return tuple(kept[start] for start in sorted(kept))
