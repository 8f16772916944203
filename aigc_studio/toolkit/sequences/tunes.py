"""What tunes are made of: histograms of pitches, intervals, durations, and how far apart two are.

A histogram is a mapping from what occurs to its share; the shares sum to 1. It is empty where there
is nothing to count.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TypeVar

from aigc_studio.api import Melody, Note

_Key = TypeVar("_Key", int, Fraction)


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


def _shares(counts: Mapping[_Key, int | Fraction]) -> dict[_Key, float]:
    whole = sum(counts.values())
    return {key: float(counts[key] / whole) for key in sorted(counts)}
