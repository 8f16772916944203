"""Tunes to measure rnn_melody by: random lines, each different, none in any collection."""

from __future__ import annotations

import random
from collections.abc import Sequence

from aigc_studio.api import KeySignature, Melody, Metre, Note

_STEPS = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)


def random_steps(seed: int, count: int = 47) -> list[int]:
    """Intervals that stay around the middle."""
    source, pitch, found = random.Random(seed), 0, list[int]()
    for _n in range(count):
        step = source.choice([each for each in _STEPS if abs(pitch + each) < 10])
        pitch += step
        found.append(step)
    return found


def tune_of(
    steps: Sequence[int],
    first: int = 67,
    lasts: Sequence[int] = (240,),
    metre: tuple[int, int] = (4, 4),
) -> Melody:
    """A melody of these intervals in G major; the durations go round."""
    notes, start, pitch = list[Note](), 0, first
    for number, step in enumerate((0, *steps)):
        pitch += step
        duration = lasts[number % len(lasts)]
        notes.append(Note(start, duration, pitch))
        start += duration
    return Melody(tuple(notes), metres=(Metre(0, *metre),), keys=(KeySignature(0, 1),))


def random_tune(seed: int, count: int = 47, first: int = 67) -> Melody:
    """A tune of `count` + 1 quavers."""
    return tune_of(random_steps(seed, count), first)
