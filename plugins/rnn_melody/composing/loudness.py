"""How loud new notes are: as their neighbours are at the same place of the bar."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from aigc_studio.api import Note
from rnn_melody.recomposing.gaps import Gap
from rnn_melody.voices import usual_velocity

_NEAR = 4
"""Bars on either side that are heard."""
_OFTEN = 2
"""A place of the bar that so many notes begin at has a loudness of its own."""


def loudness_around(gap: Gap) -> Callable[[int], int]:
    """What gives the velocity of a note by its tick, 0 to 127.

    The notes that stood there count, and those of some bars on either side.
    """
    bars = gap.melody.bars
    first = max(0, gap.selection.first - 1 - _NEAR)
    near = bars[first : gap.selection.last + _NEAR]
    start, stop = near[0][0], near[-1][1]
    notes = [note for note in gap.melody.notes if start <= note.start < stop]
    usual = usual_velocity(notes)
    places = dict[int, list[int]]()
    for note in notes:
        places.setdefault(_place(near, note), []).append(note.velocity)

    def loud(tick: int) -> int:
        found = places.get(_place(near, Note(tick, 1, 0)), [])
        return round(median(found)) if len(found) >= _OFTEN else usual

    return loud


def _place(bars: tuple[tuple[int, int], ...], note: Note) -> int:
    """The place in its bar at which a note begins, in ticks."""
    return next(note.start - start for start, stop in bars if note.start < stop)
