"""What tunes are made of: histograms of pitches, intervals, durations, and how far apart two are.

A histogram is a mapping from what occurs to its share; the shares sum to 1. It is empty where there
is nothing to count.
"""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from aigc_studio.api import KeySignature, Melody, Note

_Key = TypeVar("_Key", int, Fraction)
_PROFILES = {
    "major": (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0),
    "minor": (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0),
}
"""How well each pitch class fits a key, from its tonic up (Temperley 1999)."""
_LAST, _FIRST = 0.2, 0.05
"""What it adds to the likeness that a tune ends, or begins, on the tonic."""


def line(melody: Melody) -> list[Note]:
    """The notes of a melody one after another; of those that begin together the highest."""
    highest: dict[int, Note] = {}
    for note in melody.notes:
        other = highest.get(note.start)
        if other is None or note.pitch > other.pitch:
            highest[note.start] = note
    return list(highest.values())


def pitch_classes(melodies: Iterable[Melody], *, by_duration: bool = False) -> dict[int, float]:
    """Shares of the pitch classes, 0 (C) to 11 (B), of notes or of the time that they sound."""
    counts: dict[int, Fraction] = {}
    for melody in melodies:
        for note in melody.notes:
            weight = note.duration if by_duration else melody.ticks_per_quarter
            so_far = counts.get(note.pitch % 12, Fraction())
            counts[note.pitch % 12] = so_far + Fraction(weight, melody.ticks_per_quarter)
    return _shares(counts)


def intervals(melodies: Iterable[Melody], *, most: int = 127) -> dict[int, float]:
    """Shares of the intervals in semitones from note to note, upwards positive.

    Of notes that begin together the highest counts. Intervals beyond `most` count as `most`.
    """
    counts: Counter[int] = Counter()
    for melody in melodies:
        pitches = [note.pitch for note in line(melody)]
        steps = (after - before for before, after in itertools.pairwise(pitches))
        counts.update(max(-most, min(most, step)) for step in steps)
    return _shares(counts)


def durations(melodies: Iterable[Melody]) -> dict[Fraction, float]:
    """Shares of the durations, in quarter notes: exact fractions, whatever the ticks are."""
    counts: Counter[Fraction] = Counter()
    for melody in melodies:
        ticks = melody.ticks_per_quarter
        counts.update(Fraction(note.duration, ticks) for note in melody.notes)
    return _shares(counts)


def total_variation(first: Mapping[_Key, float], second: Mapping[_Key, float]) -> float:
    """The share of one histogram that would have to be something else to make the other: 0 to 1."""
    keys = first.keys() | second.keys()
    return sum(abs(first.get(key, 0.0) - second.get(key, 0.0)) for key in keys) / 2


def mover_distance(first: Mapping[_Key, float], second: Mapping[_Key, float]) -> float:
    """How far the shares of one histogram move on average to make the other, in its own unit.

    The Wasserstein distance: semitones for `intervals`, quarter notes for `durations`. Not for
    pitch classes, which go round in a circle. Raises `ValueError` for an empty histogram.
    """
    if not first or not second:
        raise ValueError("there is no distance to an empty histogram")
    one: dict[Fraction, float] = {Fraction(key): share for key, share in first.items()}
    two: dict[Fraction, float] = {Fraction(key): share for key, share in second.items()}
    distance = ahead = 0.0
    for place, following in itertools.pairwise(sorted(one.keys() | two.keys())):
        ahead += one.get(place, 0.0) - two.get(place, 0.0)
        distance += abs(ahead) * float(following - place)
    return distance


def estimated_key(melody: Melody) -> KeySignature | None:
    """The major or minor key that the notes of a melody fit best, None where it has none.

    The time that each pitch class sounds, correlated with the profiles of the keys (Krumhansl and
    Schmuckler 1990, Temperley 1999); tunes tend to end on the tonic, which counts as well.
    """
    if not melody.notes:
        return None
    heard = pitch_classes([melody], by_duration=True)
    shares = [heard.get(number, 0.0) for number in range(12)]
    ends = melody.notes[0].pitch % 12, max(melody.notes, key=lambda note: note.start).pitch % 12

    def likeness(key: tuple[int, str]) -> float:
        tonic, mode = key
        profile = [_PROFILES[mode][(number - tonic) % 12] for number in range(12)]
        fit = _correlation(shares, profile)
        return fit + _FIRST * (ends[0] == tonic) + _LAST * (ends[1] == tonic)

    tonic, mode = max(itertools.product(range(12), _PROFILES), key=likeness)
    signatures = (KeySignature(0, fifths, mode) for fifths in range(-6, 7))
    return min((key for key in signatures if key.tonic == tonic), key=lambda key: abs(key.fifths))


def _correlation(first: Sequence[float], second: Sequence[float]) -> float:
    try:
        return statistics.correlation(first, second)
    except statistics.StatisticsError:  # one of them is the same all along
        return 0.0


def _shares(counts: Mapping[_Key, int | Fraction]) -> dict[_Key, float]:
    whole = sum(counts.values())
    return {key: float(counts[key] / whole) for key in sorted(counts)}
