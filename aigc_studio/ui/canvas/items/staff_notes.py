"""A tune as a staff has it: notes and rests with their values, accidentals, beams and tuplets.

Nothing here knows where on a card anything is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from aigc_studio.project.spelling import Spelling
from aigc_studio.project.written import (
    Piece,
    beat_at,
    begins_by_itself,
    in_grid,
    in_time,
    pieces_of,
    tuplet_at,
    voices_of,
)

if TYPE_CHECKING:
    from aigc_studio.api.melody import KeySignature, Melody, Metre, Note

EIGHTH = 3
"""From this value on notes have flags or beams."""
_letters = "CDEFGAB"
_SHORTEST = 7
_MIDDLE_C = 28


@dataclass(frozen=True)
class Head:
    """One tone: its `place` counts letters from C-1 on; the accidental before it, if there is one.

    `accidental` is -1, 0 (a natural) or 1.
    """

    place: int
    pitch: int
    accidental: int | None = None


@dataclass
class Sign:
    """A note, a chord or (without heads) a rest, from `tick` on.

    `value` is 0 for a whole note, 1 for a half, 2 for a quarter …; `length` is what it sounds.
    """

    tick: int
    length: int
    value: int
    dots: int = 0
    heads: tuple[Head, ...] = ()
    tied: bool = False
    """Whether a tie leads to the next one."""
    fills: bool = False
    """A rest that fills its bar."""


@dataclass
class StaffBar:
    """A bar: `beams` and `tuplets` name their first and last sign; tuplets their number, too.

    `key` and `metre` are those that are written at its beginning.
    """

    start: int
    stop: int
    signs: list[Sign] = field(default_factory=list)
    beams: list[tuple[int, int]] = field(default_factory=list)
    tuplets: list[tuple[int, int, int]] = field(default_factory=list)
    key: KeySignature | None = None
    metre: Metre | None = None
    signature: dict[str, int] = field(default_factory=dict)
    """The letters that the key of this bar alters."""


@dataclass(frozen=True)
class Written:
    """All bars of one voice; `is_bass`: in the bass clef. `others`: notes that were left out."""

    bars: list[StaffBar]
    is_bass: bool
    others: int
    ticks_per_quarter: int


def written(melody: Melody) -> Written:
    """The first voice of a tune, with the tones that go with it as chords."""
    return _Scribe(in_grid(melody)).write()


class _Scribe:
    """Writes bar by bar."""

    def __init__(self, melody: Melody) -> None:
        self._melody = melody
        self._quarter = melody.ticks_per_quarter
        self._metre_starts = [each.start for each in melody.metres]
        self._spelling = Spelling(melody.keys[0] if melody.keys else None)
        lead, *others = voices_of(melody)
        self._lead = lead
        self._starts = [note.start for note in lead]
        self._chords: dict[int, list[int]] = {}
        self._others = 0
        for note in (each for voice in others for each in voice):
            self._add_tone(note)
        self._held: dict[int, int] = {}

    def _add_tone(self, note: Note) -> None:
        """Put a tone on the stem of the note that begins and ends with it."""
        at = bisect_left(self._starts, note.start)
        lead = self._lead[at] if at < len(self._lead) else None
        same = lead is not None and (lead.start, lead.duration) == (note.start, note.duration)
        if not same:
            self._others += 1
        elif lead is not None and note.pitch != lead.pitch:
            self._chords.setdefault(note.start, []).append(note.pitch)

    def write(self) -> Written:
        """Write all bars of the tune."""
        melody = self._melody
        pieces = pieces_of(melody, self._lead)
        at, bars, former = 0, list[StaffBar](), (0, 0)
        metres = {each.start: each for each in melody.metres}
        for start, stop in melody.bars:
            bar = StaffBar(start, min(stop, melody.length))
            inside: list[Piece] = []
            while at < len(pieces) and pieces[at].start < bar.stop:
                inside.append(pieces[at])
                at += 1
            metre = metres.get(start)
            if metre is not None and (not start or not begins_by_itself(melody, metre)):
                bar.metre = metre
            former = self._write_bar(bar, inside, former)
            bars.append(bar)
        places = sorted(head.place for bar in bars for sign in bar.signs for head in sign.heads)
        low = bool(places) and places[len(places) // 2] < _MIDDLE_C
        return Written(bars, low, self._others, self._quarter)

    def _write_bar(
        self, bar: StaffBar, pieces: Sequence[Piece], former: tuple[int, int]
    ) -> tuple[int, int]:
        """Gives how long it is, and how much of a whole bar has gone by with it."""
        full = self._full(bar.start)
        length = bar.stop - bar.start
        # An upbeat ends its bar, and so does what comes behind a bar that was cut in two.
        offset = former[1] if former[1] > 0 and former[1] + length == full else 0
        if not bar.start and length < full and len(self._melody.bars) > 1:
            offset = full - length
        self._held.clear()
        self._change_key(bar)
        if len(pieces) == 1 and pieces[0].pitch is None:
            bar.signs.append(Sign(bar.start, length, 0, fills=True))
        else:
            self._fill(bar, pieces, offset)
            bar.beams = list(self._beams(bar, offset))
        gone = length if length < full and not offset else 0
        return length, gone

    def _full(self, tick: int) -> int:
        metre = self._melody.metres[max(bisect_right(self._metre_starts, tick) - 1, 0)]
        return self._quarter * 4 * metre.numerator // metre.denominator

    def _change_key(self, bar: StaffBar) -> None:
        for key in self._melody.keys:
            if bar.start <= key.start < bar.stop:
                self._spelling.change(key)
                bar.key = key
        bar.signature = self._spelling.signature

    def _fill(self, bar: StaffBar, pieces: Sequence[Piece], offset: int) -> None:
        at, beat = 0, beat_at(self._melody, bar.start)
        while at < len(pieces):
            count, odd = tuplet_at(pieces, at, self._quarter)
            first = len(bar.signs)
            for piece in pieces[at : at + count]:
                self._add_piece(bar, piece, offset, beat, odd)
            if odd:
                bar.tuplets.append((first, len(bar.signs) - 1, odd))
            at += count

    def _add_piece(self, bar: StaffBar, piece: Piece, offset: int, beat: int, odd: int) -> None:
        place = piece.start - bar.start + offset
        compound = beat % self._quarter != 0
        rest = piece.pitch is None
        whole = 4 * self._quarter
        parts = (
            [piece.length]
            if odd
            else list(_split(place, piece.length, beat, whole, compound, rest))
        )
        tick = piece.start
        for number, length in enumerate(parts):
            value, dots = _value(length, whole, odd)
            last = number == len(parts) - 1
            heads = () if piece.pitch is None else self._heads(piece, again=number > 0)
            tied = not rest and (piece.goes_on or not last)
            bar.signs.append(Sign(tick, length, value, dots, heads, tied))
            tick += length

    def _heads(self, piece: Piece, *, again: bool) -> tuple[Head, ...]:
        """The tones of a piece from low to high; what a tie has led to has no accidental."""
        assert piece.pitch is not None
        at = bisect_left(self._starts, piece.start + 1) - 1
        began = self._starts[at]
        pitches = sorted({piece.pitch, *self._chords.get(began, ())})
        return tuple(self._head(pitch, again or began < piece.start) for pitch in pitches)

    def _head(self, pitch: int, is_tied: bool) -> Head:
        letter, alter = self._spelling.letter(pitch % 12)
        place = (pitch - alter) // 12 * 7 + _letters.index(letter) - 7
        usual = self._held.get(place, self._spelling.signature.get(letter, 0))
        if is_tied or alter == usual:
            return Head(place, pitch)
        self._held[place] = alter
        return Head(place, pitch, alter)

    def _beams(self, bar: StaffBar, offset: int) -> Iterator[tuple[int, int]]:
        """Runs of notes with flags within a beat, or within half a bar of eighths."""
        beat = beat_at(self._melody, bar.start)
        double = (
            2 * beat if beat == self._quarter and self._full(bar.start) % (2 * beat) == 0 else beat
        )
        windows: dict[int, list[int]] = {}
        for number, sign in enumerate(bar.signs):
            windows.setdefault((sign.tick - bar.start + offset) // double, []).append(number)
        for numbers in windows.values():
            signs = [bar.signs[number] for number in numbers]
            plain = all(sign.value == EIGHTH and sign.heads and not sign.dots for sign in signs)
            in_tuplets = any(
                first <= numbers[0] <= last or first <= numbers[-1] <= last
                for first, last, _n in bar.tuplets
            )
            window = double if plain and not in_tuplets else beat
            run: list[int] = []
            for number, sign in zip(numbers, signs, strict=True):
                place = (sign.tick - bar.start + offset) // window
                begin = bar.signs[run[0]].tick - bar.start + offset if run else 0
                if run and begin // window != place:
                    yield from _run(run)
                    run = []
                if sign.value >= EIGHTH and sign.heads:
                    run.append(number)
                else:
                    yield from _run(run)
                    run = []
            yield from _run(run)


def _run(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    if len(numbers) > 1:
        yield numbers[0], numbers[-1]


def _split(
    at: int, length: int, beat: int, whole: int, compound: bool, rest: bool
) -> Iterator[int]:
    """A length from a place in its bar on as lengths that are notes, so that beats are seen."""
    while length > 0:
        part = _part(at, length, beat, whole, compound, rest)
        yield part
        at, length = at + part, length - part


def _part(at: int, length: int, beat: int, whole: int, compound: bool, rest: bool) -> int:
    off = at % beat
    if off and off + length > beat:
        syncope = not rest and not compound and 2 * off == beat and length <= 2 * beat
        if not (syncope and _is_note(length, whole)):
            return _part(at, beat - off, beat, whole, compound, rest)
    fits = _is_note(length, whole)
    if rest and not compound and fits:
        fits = (whole % length == 0) and at % length == 0
    if compound and length > beat and length % beat:
        fits = False
    if fits:
        return length
    if length > beat and not off:
        return next(
            each
            for each in range(length // beat * beat, 0, -beat)
            if _is_note(each, whole) and (not rest or at % each == 0 or each == beat)
        )
    size = whole
    while size > 1 and (size > length or (rest and at % size and size > 1)):
        size //= 2
    return min(max(size, 1), length)


@lru_cache(maxsize=512)
def _is_note(length: int, whole: int) -> bool:
    part = Fraction(length, whole)
    plain = part.denominator & (part.denominator - 1) == 0
    return plain and (part == 1 or (part.numerator in (1, 3) and part <= Fraction(3, 2)))


@lru_cache(maxsize=512)
def _value(length: int, whole: int, odd: int) -> tuple[int, int]:
    """Value and dots of a length, in a tuplet where `odd` is more than 0; of what is no note, those
    of the next shorter one."""
    part = Fraction(length, whole) * (Fraction(odd, in_time(odd)) if odd else 1)
    for value in range(_SHORTEST + 1):
        plain = Fraction(1, 1 << value)
        if part >= plain:
            return value, int(part >= plain * Fraction(3, 2))
    return _SHORTEST, 0
