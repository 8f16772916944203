"""A tune: notes on bars, with tempos, metres and keys; and what bars of it are."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from aigc_studio.api import documents, limits

if TYPE_CHECKING:
    from aigc_studio.api.selections import Bars

MIDI_MARK = b"\x7daigc-studio "
"""What the sequencer's own event in a MIDI file begins with that keeps what MIDI cannot say of a
`Melody` (7D: for nobody's instrument)."""


@dataclass(frozen=True, order=True)
class Note:
    """One tone of a melody: start and duration in ticks, MIDI pitch and velocity (0 to 127)."""

    start: int
    duration: int
    pitch: int
    velocity: int = 80


@dataclass(frozen=True, order=True)
class Tempo:
    """From `start` (ticks) on, a quarter note takes `microseconds` (500,000 = 120 a minute)."""

    start: int
    microseconds: int = 500_000


@dataclass(frozen=True, order=True)
class Metre:
    """From `start` (ticks, on a bar line) on, a bar is `numerator`/`denominator` long."""

    start: int
    numerator: int = 4
    denominator: int = 4


_ABOVE_MAJOR = {
    "major": 0, "minor": 9, "dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7, "locrian": 11,
}  # fmt: skip
"""Semitones from the tonic of the major key with the same signature to that of each mode."""


@dataclass(frozen=True, order=True)
class KeySignature:
    """From `start` (ticks) on, a key: `fifths` sharps (negative: flats; -7 to 7), and a mode.

    The mode is `major`, `minor`, `dorian`, `phrygian`, `lydian`, `mixolydian` or `locrian`.
    """

    start: int
    fifths: int = 0
    mode: str = "major"

    @property
    def tonic(self) -> int:
        """The pitch class of the keynote, 0 (C) to 11 (B): D major and E dorian have two sharps."""
        return (7 * self.fifths + _ABOVE_MAJOR[self.mode]) % 12


_C = TypeVar("_C", Tempo, Metre, KeySignature)


@dataclass(frozen=True)
class Melody:
    """A tune: notes in integer ticks, sorted by start, with tempo map, metre and key changes.

    `program` is the General MIDI program (0 to 127). The first tempo and metre start at 0, and so
    does the first of the `keys`; there are none where nobody has said in which key the tune is.
    `length` (ticks) is at least the end of the last note; 0 means: to the end of the last bar
    that a note sounds in. Raises `ValueError` for values outside these ranges, for numbers that
    are not `int`, and for more than `limits.BARS` bars.
    """

    notes: tuple[Note, ...] = ()
    ticks_per_quarter: int = 480
    program: int = 0
    tempos: tuple[Tempo, ...] = (Tempo(0),)
    metres: tuple[Metre, ...] = (Metre(0),)
    length: int = 0
    keys: tuple[KeySignature, ...] = ()
    medium: ClassVar[Literal["melody"]] = "melody"

    def __post_init__(self) -> None:
        _check_whole_numbers(self)
        for name in ("notes", "tempos", "metres", "keys"):
            object.__setattr__(self, name, tuple(sorted(getattr(self, name))))
        _check_melody(self)
        end = max((note.start + note.duration for note in self.notes), default=0)
        _check_bars(self, max(end, self.length))
        if self.length < end or self.length == 0:
            object.__setattr__(self, "length", max(end, 1))
            *_, last = self.bar_stretches()
            object.__setattr__(self, "length", last.stop)

    def bar_stretches(self) -> Iterator[range]:
        """The bars as stretches of equally long ones: where they begin, in ticks.

        A stretch's `stop` is where its last bar ends, which a new metre may cut short. This is in
        proportion to the metres, and not to the bars.
        """
        for number, metre in enumerate(self.metres):
            ticks = _bar_ticks(self, metre)
            stop = metre.start + ticks * max(-(-(self.length - metre.start) // ticks), 1)
            # A new metre ends the bar that it falls into.
            limits = [each.start for each in self.metres[number + 1 : number + 2]]
            yield range(metre.start, min([stop, *limits]), ticks)
            if not limits or limits[0] >= self.length:
                return

    @property
    def bar_count(self) -> int:
        """How many bars there are."""
        return sum(len(stretch) for stretch in self.bar_stretches())

    @property
    def bars(self) -> tuple[tuple[int, int], ...]:
        """The bars as half-open (start, stop) in ticks; the last holds the melody's end."""
        return tuple(
            (start, min(start + stretch.step, stretch.stop))
            for stretch in self.bar_stretches()
            for start in stretch
        )

    def ticks(self, bars: Bars) -> tuple[int, int]:
        """Where bars begin and end, half-open, in ticks. Raises `ValueError` if it has no such."""
        start, count = 0, 0
        for stretch in self.bar_stretches():
            if count < bars.first <= count + len(stretch):
                start = stretch[bars.first - 1 - count]
            if bars.last <= count + len(stretch):
                return start, min(stretch[bars.last - 1 - count] + stretch.step, stretch.stop)
            count += len(stretch)
        raise ValueError(f"{bars} are no part of a melody of {count} bars")

    def part(self, bars: Bars) -> Melody:
        """These bars as a melody of their own, from tick 0: the notes that begin in them.

        A note that sounds past the last bar keeps its duration. Raises `ValueError` for bars that
        the melody has not.
        """
        start, stop = self.ticks(bars)
        return replace(
            self,
            notes=tuple(
                replace(note, start=note.start - start)
                for note in self.notes
                if start <= note.start < stop
            ),
            tempos=_changes_between(self.tempos, start, stop),
            metres=_changes_between(self.metres, start, stop),
            keys=_changes_between(self.keys, start, stop),
            length=stop - start,
        )

    def replaced(self, bars: Bars, part: Melody) -> Melody:
        """The melody with `part` (from tick 0) in place of bars; what an edit gives back.

        Notes that begin in the bars, and the tempo there, come from the part. All else is as it is:
        bar lines, keys, length, instrument, and what sounds outside. So notes of the part are cut
        at the end of the last bar, unless the same pitch sounded on to the same end before. Raises
        `ValueError` for bars that the melody has not, and for a part with other ticks.
        """
        start, stop = self.ticks(bars)
        if part.ticks_per_quarter != self.ticks_per_quarter:
            raise ValueError(
                f"the part has {part.ticks_per_quarter} ticks per quarter note, "
                f"the melody {self.ticks_per_quarter}"
            )
        outside = tuple(note for note in self.notes if not start <= note.start < stop)
        tails = [_tail(note) for note in self.notes if start <= note.start < stop]
        moved = (replace(note, start=note.start + start) for note in part.notes)
        inside = (_cut(note, stop, tails) for note in moved if note.start < stop)
        tempos = _tempos_joined(self, part.tempos, start, stop)
        return replace(self, notes=(*outside, *inside), tempos=tempos)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, as hexadecimal digits."""
        import hashlib

        return hashlib.sha256(b"melody " + self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Canonical JSON: the same melody always gives the same string."""
        parts = {name: getattr(self, name) for name in ("tempos", "metres", "keys")}
        lists = {name: [vars(each) for each in part] for name, part in parts.items()}
        document = {**vars(self), **lists, "notes": []}
        if not self.keys:  # a melody without is what it was before keys were kept
            del document["keys"]
        rest = json.dumps(document, sort_keys=True, separators=(",", ":"))
        # One by one: a thread that wrote all of them at a stretch would hold up the others.
        notes = [
            f'{{"duration":{note.duration},"pitch":{note.pitch},'
            f'"start":{note.start},"velocity":{note.velocity}}}'
            for note in self.notes
        ]
        return rest.replace('"notes":[]', f'"notes":[{",".join(notes)}]', 1)

    @classmethod
    def from_json(cls, text: str) -> Melody:
        """Read what `to_json` wrote. Raises `ValueError` when it is something else."""
        try:
            value = documents.parse(text, limits.DOCUMENT_BYTES)
            parts = {"notes": Note, "tempos": Tempo, "metres": Metre, "keys": KeySignature}
            value.setdefault("keys", [])
            for name, kind in parts.items():
                value[name] = tuple(kind(**part) for part in value[name])
            return cls(**value)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"not a melody: {error}") from error


def _changes_between(changes: tuple[_C, ...], start: int, stop: int) -> tuple[_C, ...]:
    """What holds in a part, counted from its beginning; the first one is what holds there."""
    if not changes:
        return ()
    first = max((each for each in changes if each.start <= start), key=lambda each: each.start)
    found = [replace(first, start=0)]
    for each in changes:
        if start < each.start < stop:
            found.append(replace(each, start=each.start - start))
    return tuple(found)


def _tail(note: Note) -> tuple[int, int, int]:
    return note.pitch, note.velocity, note.start + note.duration


def _cut(note: Note, stop: int, tails: list[tuple[int, int, int]]) -> Note:
    """The note, not longer than to `stop` unless it has one of the `tails`, which it uses up."""
    if note.start + note.duration <= stop:
        return note
    if _tail(note) in tails:
        tails.remove(_tail(note))
        return note
    return replace(note, duration=stop - note.start)


def _tempos_joined(
    melody: Melody, inside: tuple[Tempo, ...], start: int, stop: int
) -> tuple[Tempo, ...]:
    """The melody's tempos, with those of a part between start and stop and nowhere else."""
    before = [each for each in melody.tempos if each.start < start]
    after = [each for each in melody.tempos if each.start >= stop]
    new = [replace(each, start=each.start + start) for each in inside if each.start < stop - start]
    changes_at = {each.start for each in melody.tempos}
    # What goes on as before is not said again, unless it was said again before.
    if before and start not in changes_at and new[0].microseconds == before[-1].microseconds:
        del new[0]
    holding = [each for each in melody.tempos if each.start <= stop][-1].microseconds
    goes_on = stop < melody.length and stop not in changes_at
    if goes_on and (before + new)[-1].microseconds != holding:
        after.insert(0, Tempo(stop, holding))
    return (*before, *new, *after)


def _bar_ticks(melody: Melody, metre: Metre) -> int:
    return melody.ticks_per_quarter * 4 * metre.numerator // metre.denominator


def _check_whole_numbers(melody: Melody) -> None:
    own = (melody.ticks_per_quarter, melody.program, melody.length)
    parts = (*melody.notes, *melody.tempos, *melody.metres)
    keys = ((key.start, key.fifths) for key in melody.keys)
    numbers = itertools.chain(own, *(vars(part).values() for part in parts), *keys)
    if any(type(number) is not int for number in numbers):
        raise ValueError("the ticks, pitches and all else of a melody must be whole numbers (int)")


def _check_bars(melody: Melody, end: int) -> None:
    """Raise `ValueError` for more bars than a program should walk through."""
    starts = [metre.start for metre in melody.metres if metre.start < end]
    stops = [*starts[1:], end]
    ticks = (_bar_ticks(melody, metre) for metre in melody.metres)
    bars = sum(
        -(-(stop - start) // of) for start, stop, of in zip(starts, stops, ticks, strict=False)
    )
    if bars > limits.BARS:
        raise ValueError(f"a melody may have {limits.BARS} bars, not {bars}")


def _check_melody(melody: Melody) -> None:
    if melody.ticks_per_quarter < 1 or not 0 <= melody.program <= 127 or melody.length < 0:
        raise ValueError("ticks_per_quarter must be 1 or more, program 0 to 127, length 0 or more")
    for note in melody.notes:
        sounds = note.start >= 0 and note.duration >= 1
        if not (sounds and 0 <= note.pitch <= 127 and 0 <= note.velocity <= 127):
            raise ValueError(f"a note is out of range: {note}")
    if (
        not melody.tempos
        or melody.tempos[0].start
        or min(t.microseconds for t in melody.tempos) < 1
    ):
        raise ValueError("the first tempo must start at 0, and every tempo must be positive")
    if not melody.metres or melody.metres[0].start:
        raise ValueError("the first metre must start at 0")
    if melody.keys and melody.keys[0].start:
        raise ValueError("the first key must start at 0")
    for key in melody.keys:
        if not -7 <= key.fifths <= 7 or key.mode not in _ABOVE_MAJOR:
            raise ValueError(f"there is no such key: {key}")
    for metre in melody.metres:
        whole = melody.ticks_per_quarter * 4 * metre.numerator
        if metre.numerator < 1 or metre.denominator < 1 or whole % metre.denominator:
            raise ValueError(f"a metre does not fit the ticks: {metre}")
