"""Melodies as text in ABC (the standard 2.1), with a label as a comment.

Notes that sound together become voices, the highest first. What ABC cannot say is left out:
velocities, and lengths that are no part of a note nor of a tuplet, which are moved to the nearest
forty-eighth of a half note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from aigc_studio.api.artifacts import Melody, Metre, Note
from aigc_studio.project import labels
from aigc_studio.project.provenance import Provenance
from aigc_studio.project.spelling import Spelling, key_name

MARK = "%aigc-studio "
"""What the line that holds the label begins with."""

_finest, _finest_in_tuplet = 256, 64
"""The shortest parts of a whole note that are written, and those within tuplets."""
_tuplets = (3, 5, 7, 9)
_grid = 24
"""Parts of a quarter note to which notes are moved where their ticks are no notes."""
_bars_a_line = 4


def encode(melody: Melody, title: str = "", label: Mapping[str, Any] | None = None) -> bytes:
    """The file: UTF-8, one tune, with title, metre, tempo, key and instrument above it."""
    melody = _in_grid(melody)
    unit = _unit(melody)
    voices = _voices(melody)
    lines = list(_head(melody, title, unit, label))
    for number, notes in enumerate(voices, 1):
        if len(voices) > 1:
            lines.append(f"V:{number}")
        lines += _Writer(melody, unit).lines(notes, changes=number == 1 or len(voices) > 1)
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def provenance_in(data: bytes) -> tuple[Provenance, ...]:
    """The provenance that `encode` wrote into a file; empty when there is none."""
    import json

    for line in data.split(b"\n", 64)[:64]:
        if line.startswith(MARK.encode()):
            try:
                value = json.loads(line[len(MARK) :])
                return labels.from_text(labels.to_ascii(value["provenance"]))
            except (ValueError, TypeError, KeyError, RecursionError):
                return ()
    return ()


def _head(
    melody: Melody, title: str, unit: Fraction, label: Mapping[str, Any] | None
) -> Iterator[str]:
    yield "%abc-2.1"
    if label is not None:
        yield MARK + labels.to_ascii(label)
    yield "X:1"
    yield f"T:{_one_line(title)}"
    if label is not None:
        yield f"N:AI-generated, {labels.software()}"
    yield f"M:{melody.metres[0].numerator}/{melody.metres[0].denominator}"
    yield f"L:{unit.numerator}/{unit.denominator}"
    yield f"Q:1/4={_a_minute(melody.tempos[0].microseconds)}"
    if melody.program:
        yield f"%%MIDI program {melody.program}"
    yield f"K:{key_name(melody.keys[0]) if melody.keys else 'none'}"


def _one_line(title: str) -> str:
    return " ".join(title.replace("\\", "/").replace("%", "\\%").split())


def _a_minute(microseconds: int) -> str:
    """Quarter notes a minute, with as many digits as it needs to be the same when it is read."""
    exact = 60_000_000 / microseconds
    for digits in range(9):
        told = f"{exact:.{digits}f}"
        if float(told) and round(60_000_000 / float(told)) == microseconds:
            return told
    return f"{exact:.9f}"


def _unit(melody: Melody) -> Fraction:
    """The length of a plain note: that of most, so that the text has few numbers."""
    whole = 4 * melody.ticks_per_quarter
    counts = {
        part: sum(note.duration * part == whole for note in melody.notes) for part in (4, 8, 16)
    }
    best = max(counts, key=lambda part: counts[part])
    return Fraction(1, best if counts[best] else 8)


def _in_grid(melody: Melody) -> Melody:
    """The melody, with notes moved where their ticks are neither notes nor parts of tuplets."""
    places = {each for note in melody.notes for each in (note.start, note.start + note.duration)}
    if all(_is_plain(place, melody.ticks_per_quarter) for place in {*places, melody.length}):
        return melody
    ticks = melody.ticks_per_quarter

    def moved(place: int) -> int:
        return round(Fraction(place * _grid, ticks))

    notes = []
    for note in melody.notes:
        start = moved(note.start)
        end = max(moved(note.start + note.duration), start + 1)
        notes.append(replace(note, start=start, duration=end - start))
    # One change for each place: the last said counts.
    tempos = {moved(each.start): replace(each, start=moved(each.start)) for each in melody.tempos}
    keys = {moved(each.start): replace(each, start=moved(each.start)) for each in melody.keys}
    metres = {0: Metre(0)}
    for metre in melody.metres:
        if _grid * 4 * metre.numerator % metre.denominator == 0:
            metres[moved(metre.start)] = replace(metre, start=moved(metre.start))
    return Melody(
        tuple(notes),
        _grid,
        melody.program,
        tuple(tempos.values()),
        tuple(metres.values()),
        moved(melody.length),
        tuple(keys.values()),
    )


def _is_plain(place: int, ticks: int) -> bool:
    denominator = Fraction(place, 4 * ticks).denominator
    odd = denominator
    while odd % 2 == 0:
        odd //= 2
    finest = _finest if odd == 1 else _finest_in_tuplet
    return odd in (1, *_tuplets, 15, 21, 45) and denominator // odd <= finest


def _voices(melody: Melody) -> list[list[Note]]:
    """The notes in as few voices as can be, in each of which one sounds at a time; the highest
    notes come first."""
    voices: list[list[Note]] = []
    for note in sorted(melody.notes, key=lambda note: (note.start, -note.pitch)):
        free = (each for each in voices if each[-1].start + each[-1].duration <= note.start)
        voice = next(free, None)
        if voice is None:
            voice = []
            voices.append(voice)
        voice.append(note)
    return voices or [[]]


@dataclass
class _Piece:
    """A note, a rest (pitch None) or what is left of one behind a bar line or a change."""

    start: int
    length: int
    pitch: int | None
    goes_on: bool = False


@dataclass
class _Writer:
    """Writes one voice, bar by bar."""

    melody: Melody
    unit: Fraction
    _spelling: Spelling = field(init=False)

    def __post_init__(self) -> None:
        self._spelling = Spelling(self.melody.keys[0] if self.melody.keys else None)

    def lines(self, notes: Sequence[Note], *, changes: bool) -> Iterator[str]:
        """The lines of music."""
        pieces = _pieces(self.melody, notes)
        at, line = 0, list[str]()
        bars = self.melody.bars
        for number, (start, stop) in enumerate(bars, 1):
            stop = min(stop, self.melody.length)
            inside: list[_Piece] = []
            while at < len(pieces) and pieces[at].start < stop:
                inside.append(pieces[at])
                at += 1
            self._spelling.begin_bar()
            line.append(self._bar(inside, start) + (" |]" if number == len(bars) else " |"))
            if number % _bars_a_line == 0 or number == len(bars):
                yield " ".join(line)
                line = []

    def _bar(self, pieces: Sequence[_Piece], start: int) -> str:
        words: list[str] = []
        beat = self._beat(start)
        at = 0
        while at < len(pieces):
            piece = pieces[at]
            told = self._changes_at(piece.start)
            count, odd = self._tuplet(pieces, at)
            group = pieces[at : at + count]
            text = "".join(
                self._changes_at(each.start) * (number > 0) + self._sign(each, odd)
                for number, each in enumerate(group)
            )
            if odd:
                text = f"({odd}:{_in_time(odd)}:{count}{text}"
            joins = bool(words) and not told and (piece.start - start) % beat != 0
            if joins:
                words[-1] += text
            else:
                words.append(told + text)
            at += count
        return " ".join(words)

    def _beat(self, tick: int) -> int:
        metre = [each for each in self.melody.metres if each.start <= tick][-1]
        quarter = self.melody.ticks_per_quarter
        compound = metre.denominator >= 8 and metre.numerator % 3 == 0
        return max(quarter * 3 * 4 // metre.denominator if compound else quarter, 1)

    def _changes_at(self, tick: int) -> str:
        """Fields of what changes here."""
        told = ""
        if not tick:
            return told
        melody = self.melody
        for metre in melody.metres:
            if metre.start == tick and not _begins_by_itself(melody, metre):
                told += f"[M:{metre.numerator}/{metre.denominator}]"
        for key in melody.keys:
            if key.start == tick:
                told += f"[K:{key_name(key)}]"
                self._spelling.change(key)
        for tempo in melody.tempos:
            if tempo.start == tick:
                told += f"[Q:1/4={_a_minute(tempo.microseconds)}]"
        return told

    def _tuplet(self, pieces: Sequence[_Piece], at: int) -> tuple[int, int]:
        """How many pieces from here on belong together, and of which tuplet (0: none)."""
        odd = self._odd(pieces[at])
        if odd not in _tuplets:
            return 1, 0
        count = 1
        while at + count < len(pieces) and self._odd(pieces[at + count]) == odd and count < 9:
            count += 1
            whole = sum(each.length for each in pieces[at : at + count])
            if self._odd(_Piece(0, whole, None)) == 1:
                break
        return count, odd

    def _odd(self, piece: _Piece) -> int:
        odd = Fraction(piece.length, 4 * self.melody.ticks_per_quarter).denominator
        while odd % 2 == 0:
            odd //= 2
        return odd

    def _sign(self, piece: _Piece, odd: int) -> str:
        length = Fraction(piece.length, 4 * self.melody.ticks_per_quarter) / self.unit
        if odd:
            length = length * odd / _in_time(odd)
        name = "z" if piece.pitch is None else self._spelling.name(piece.pitch)
        return name + _length(length) + "-" * piece.goes_on


def _in_time(odd: int) -> int:
    """How many notes' time that many notes of a tuplet take: the next lower power of two."""
    return 1 << (odd.bit_length() - 1)


def _length(length: Fraction) -> str:
    over = "" if length.numerator == 1 else str(length.numerator)
    if length.denominator == 1:
        return over
    return over + ("/" if length.denominator == 2 else f"/{length.denominator}")


def _begins_by_itself(melody: Melody, metre: Metre) -> bool:
    """Whether a metre says no more than that a bar was short: the bar line says that as well."""
    at = melody.metres.index(metre)
    former = melody.metres[at - 1]
    bar = melody.ticks_per_quarter * 4 * former.numerator // former.denominator
    same = (former.numerator, former.denominator) == (metre.numerator, metre.denominator)
    return same and (metre.start - former.start) % bar != 0


def _pieces(melody: Melody, notes: Sequence[Note]) -> list[_Piece]:
    """Notes and the rests between them, cut at bar lines and at changes."""
    cuts = sorted(
        {start for start, _stop in melody.bars}
        | {each.start for each in melody.tempos}
        | {each.start for each in melody.keys}
    )
    found: list[_Piece] = []
    now = 0
    for note in notes:
        if note.start > now:
            found.append(_Piece(now, note.start - now, None))
        found.append(_Piece(note.start, note.duration, note.pitch))
        now = note.start + note.duration
    if melody.length > now:
        found.append(_Piece(now, melody.length - now, None))
    return [each for piece in found for each in _cut(piece, cuts)]


def _cut(piece: _Piece, cuts: Sequence[int]) -> Iterator[_Piece]:
    from bisect import bisect_right

    start, end = piece.start, piece.start + piece.length
    for place in cuts[bisect_right(cuts, start) :]:
        if place >= end:
            break
        yield _Piece(start, place - start, piece.pitch, piece.pitch is not None)
        start = place
    yield _Piece(start, end - start, piece.pitch)
