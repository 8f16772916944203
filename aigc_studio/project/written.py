"""A tune as it is written down: voices, in each of which a note or a rest follows the other.

ABC and the staff stand on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from aigc_studio.api.melody import Melody, Metre, Note

_finest, _finest_in_tuplet = 256, 64
"""The shortest parts of a whole note that are written, and those within tuplets."""
_tuplets = (3, 5, 7, 9)
_grid = 24
"""Parts of a quarter note to which notes are moved where their ticks are no notes."""


@dataclass
class Piece:
    """A note, a rest (pitch None) or what is left of one behind a bar line or a change."""

    start: int
    length: int
    pitch: int | None
    goes_on: bool = False


def in_grid(melody: Melody) -> Melody:
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


def voices_of(melody: Melody) -> list[list[Note]]:
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


def pieces_of(melody: Melody, notes: Sequence[Note]) -> list[Piece]:
    """Notes and the rests between them, cut at bar lines and at changes."""
    cuts = sorted(
        {start for start, _stop in melody.bars}
        | {each.start for each in melody.tempos}
        | {each.start for each in melody.keys}
    )
    found: list[Piece] = []
    now = 0
    for note in notes:
        if note.start > now:
            found.append(Piece(now, note.start - now, None))
        found.append(Piece(note.start, note.duration, note.pitch))
        now = note.start + note.duration
    if melody.length > now:
        found.append(Piece(now, melody.length - now, None))
    return [each for piece in found for each in _cut(piece, cuts)]


def _cut(piece: Piece, cuts: Sequence[int]) -> Iterator[Piece]:
    from bisect import bisect_right

    start, end = piece.start, piece.start + piece.length
    for place in cuts[bisect_right(cuts, start) :]:
        if place >= end:
            break
        yield Piece(start, place - start, piece.pitch, piece.pitch is not None)
        start = place
    yield Piece(start, end - start, piece.pitch)


def begins_by_itself(melody: Melody, metre: Metre) -> bool:
    """Whether a metre says no more than that a bar was short: the bar line says that as well."""
    at = melody.metres.index(metre)
    former = melody.metres[at - 1]
    bar = melody.ticks_per_quarter * 4 * former.numerator // former.denominator
    same = (former.numerator, former.denominator) == (metre.numerator, metre.denominator)
    return same and (metre.start - former.start) % bar != 0


def in_time(odd: int) -> int:
    """How many notes' time that many notes of a tuplet take: the next lower power of two."""
    return 1 << (odd.bit_length() - 1)


@lru_cache(maxsize=512)
def odd_part(length: int, quarter: int) -> int:
    """What a length is a part of beside halves: 1 for a plain note, 3 for one of a triplet."""
    odd = Fraction(length, 4 * quarter).denominator
    while odd % 2 == 0:
        odd //= 2
    return odd


def tuplet_at(pieces: Sequence[Piece], at: int, quarter: int) -> tuple[int, int]:
    """How many pieces from here on belong together, and of which tuplet (0: none)."""
    odd = odd_part(pieces[at].length, quarter)
    if odd not in _tuplets:
        return 1, 0
    count = 1
    while (
        at + count < len(pieces)
        and odd_part(pieces[at + count].length, quarter) == odd
        and count < 9
    ):
        count += 1
        if odd_part(sum(each.length for each in pieces[at : at + count]), quarter) == 1:
            break
    return count, odd


def beat_at(melody: Melody, tick: int) -> int:
    """Ticks of a beat: three of the metre's notes in 6/8 and its like, else a quarter note."""
    metre = [each for each in melody.metres if each.start <= tick][-1]
    quarter = melody.ticks_per_quarter
    compound = metre.denominator >= 8 and metre.numerator % 3 == 0
    return max(quarter * 3 * 4 // metre.denominator if compound else quarter, 1)
