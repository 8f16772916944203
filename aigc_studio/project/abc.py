"""Melodies as text in ABC (the standard 2.1), with a label as a comment.

Notes that sound together become voices, the highest first. What ABC cannot say is left out:
velocities, and lengths that are no part of a note nor of a tuplet, which are moved to the nearest
forty-eighth of a half note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from aigc_studio.api.melody import Melody, Note
from aigc_studio.project import labels
from aigc_studio.project.provenance import Provenance
from aigc_studio.project.spelling import Spelling, key_name
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

MARK = "%aigc-studio "
"""What the line that holds the label begins with."""

_bars_a_line = 4


def encode(melody: Melody, title: str = "", label: Mapping[str, Any] | None = None) -> bytes:
    """The file: UTF-8, one tune, with title, metre, tempo, key and instrument above it."""
    melody = in_grid(melody)
    unit = _unit(melody)
    voices = voices_of(melody)
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
        pieces = pieces_of(self.melody, notes)
        at, line = 0, list[str]()
        bars = self.melody.bars
        for number, (start, stop) in enumerate(bars, 1):
            stop = min(stop, self.melody.length)
            inside: list[Piece] = []
            while at < len(pieces) and pieces[at].start < stop:
                inside.append(pieces[at])
                at += 1
            self._spelling.begin_bar()
            line.append(self._bar(inside, start) + (" |]" if number == len(bars) else " |"))
            if number % _bars_a_line == 0 or number == len(bars):
                yield " ".join(line)
                line = []

    def _bar(self, pieces: Sequence[Piece], start: int) -> str:
        words: list[str] = []
        beat = beat_at(self.melody, start)
        at = 0
        while at < len(pieces):
            piece = pieces[at]
            told = self._changes_at(piece.start)
            count, odd = tuplet_at(pieces, at, self.melody.ticks_per_quarter)
            group = pieces[at : at + count]
            text = "".join(
                self._changes_at(each.start) * (number > 0) + self._sign(each, odd)
                for number, each in enumerate(group)
            )
            if odd:
                text = f"({odd}:{in_time(odd)}:{count}{text}"
            joins = bool(words) and not told and (piece.start - start) % beat != 0
            if joins:
                words[-1] += text
            else:
                words.append(told + text)
            at += count
        return " ".join(words)

    def _changes_at(self, tick: int) -> str:
        """Fields of what changes here."""
        told = ""
        if not tick:
            return told
        melody = self.melody
        for metre in melody.metres:
            if metre.start == tick and not begins_by_itself(melody, metre):
                told += f"[M:{metre.numerator}/{metre.denominator}]"
        for key in melody.keys:
            if key.start == tick:
                told += f"[K:{key_name(key)}]"
                self._spelling.change(key)
        for tempo in melody.tempos:
            if tempo.start == tick:
                told += f"[Q:1/4={_a_minute(tempo.microseconds)}]"
        return told

    def _sign(self, piece: Piece, odd: int) -> str:
        length = Fraction(piece.length, 4 * self.melody.ticks_per_quarter) / self.unit
        if odd:
            length = length * odd / in_time(odd)
        name = "z" if piece.pitch is None else self._spelling.name(piece.pitch)
        return name + _length(length) + "-" * piece.goes_on


def _length(length: Fraction) -> str:
    over = "" if length.numerator == 1 else str(length.numerator)
    if length.denominator == 1:
        return over
    return over + ("/" if length.denominator == 2 else f"/{length.denominator}")
