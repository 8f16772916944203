"""What can be measured of tunes beside the notes themselves: whole bars, key, range, form, variety.

All of it is measured of real tunes as well, as only beside those a figure says anything.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from aigc_studio.api import KeySignature, Melody
from aigc_studio.toolkit.sequences import (
    durations,
    intervals,
    line,
    mover_distance,
    pitch_classes,
    total_variation,
)

if TYPE_CHECKING:
    Cells = np.ndarray[Any, np.dtype[np.int16]]

CELLS = 24
"""Places in a bar at which it is told what sounds."""
_SILENT = -1
_SCALES: Mapping[str, frozenset[int]] = {
    name: frozenset((degree - _root) % 12 for degree in (0, 2, 4, 5, 7, 9, 11))
    for name, _root in {
        "major": 0, "dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7, "minor": 9,
        "locrian": 11,
    }.items()
}  # fmt: skip
"""The degrees of each mode in semitones above the tonic."""
_T = TypeVar("_T")


def whole_bars(melody: Melody, bars: int | None = None) -> bool:
    """Whether every bar is whole: full to its end, one note or a rest at a time, and none is held
    past the end; a tune of nothing but rests is none.

    With `bars`, whether there are exactly so many. A first bar may be an upbeat, which is not
    counted where it is shorter than its metre says.
    """
    all_bars = melody.bars
    nominal = [_nominal(melody, start) for start, _stop in all_bars]
    short = [stop - start < full for (start, stop), full in zip(all_bars, nominal, strict=True)]
    upbeat = len(all_bars) > 1 and short[0]
    if any(short[1:]) or (bars is not None and len(all_bars) - upbeat != bars):
        return False
    if melody.length != all_bars[-1][1]:
        return False
    ends = [note.start + note.duration for note in melody.notes]
    starts = [note.start for note in melody.notes]
    return bool(ends) and all(end <= start for end, start in zip(ends, starts[1:], strict=False))


def _nominal(melody: Melody, tick: int) -> int:
    """How long the metre at a tick makes a bar."""
    metre = [each for each in melody.metres if each.start <= tick][-1]
    return melody.ticks_per_quarter * 4 * metre.numerator // metre.denominator


def in_scale(melody: Melody, key: KeySignature) -> float | None:
    """The share of the sounding time that lies in the scale of a key; None where nothing sounds."""
    scale = {(degree + key.tonic) % 12 for degree in _SCALES[key.mode]}
    whole = sum(note.duration for note in melody.notes)
    if not whole:
        return None
    return sum(note.duration for note in melody.notes if note.pitch % 12 in scale) / whole


def spread(melody: Melody) -> int | None:
    """Semitones from the lowest to the highest note."""
    pitches = [note.pitch for note in melody.notes]
    return max(pitches) - min(pitches) if pitches else None


def cells_of(melody: Melody) -> Cells:
    """What pitch sounds at `CELLS` places of each whole bar, -1 for none: int16 (bars, CELLS)."""
    starts, stops = (np.array(each, float) for each in zip(*melody.bars, strict=True))
    full = stops - starts >= np.array([_nominal(melody, start) for start, _stop in melody.bars])
    starts, stops = starts[full], stops[full]
    at = starts[:, None] + (stops - starts)[:, None] * (np.arange(CELLS) / CELLS)[None]
    notes = line(melody)
    if not notes:
        return np.full(at.shape, _SILENT, np.int16)
    begin = np.array([note.start for note in notes])
    end = np.array([note.start + note.duration for note in notes])
    pitch = np.array([note.pitch for note in notes], np.int16)
    place = np.maximum(begin.searchsorted(at + 1e-6, "right") - 1, 0)
    sounds = (begin[place] <= at + 1e-6) & (end[place] > at)
    found: Cells = np.where(sounds, pitch[place], np.int16(_SILENT))
    return found


def repeats(melody: Melody, lag: int) -> float | None:
    """How much of a tune is as it was `lag` bars before: the share of places at which the same
    pitch sounds, 0 to 1; None for a tune that is not longer than that."""
    cells = cells_of(melody)
    if len(cells) <= lag:
        return None
    return float((cells[lag:] == cells[:-lag]).mean())


def difference(one: Cells, two: Cells) -> float:
    """At how many places of the bars that both have another pitch sounds, 0 to 1."""
    count = min(len(one), len(two))
    return float((one[:count] != two[:count]).mean()) if count else 0.0


def apart(melodies: Sequence[Melody], tonics: Sequence[int]) -> float:
    """How far tunes are from each other on average, each told from its tonic: 0 (all the same) to
    1."""
    cells = [cells_of(_from_tonic(*each)) for each in zip(melodies, tonics, strict=True)]
    pairs = [difference(one, two) for one, two in itertools.combinations(cells, 2)]
    return float(np.mean(pairs)) if pairs else 0.0


def openings(melodies: Sequence[Melody], notes: int = 8) -> float:
    """The share of tunes that begin with intervals that no other begins with, 0 to 1."""
    firsts = [
        tuple(after.pitch - before.pitch for before, after in itertools.pairwise(line(each)))[
            : notes - 1
        ]
        for each in melodies
    ]
    return sum(firsts.count(each) == 1 for each in firsts) / len(firsts) if firsts else 0.0


def distances(
    melodies: Sequence[Melody],
    tonics: Sequence[int],
    others: Sequence[Melody],
    theirs: Sequence[int],
) -> dict[str, float]:
    """How far the histograms of tunes are from those of others: of pitch classes from the tonic
    (total variation), of intervals (semitones) and of durations (quarter notes; mover distance).

    Empty where there is nothing to compare.
    """
    one, two = (
        pitch_classes((_from_tonic(*each) for each in zip(*side, strict=True)), by_duration=True)
        for side in ((melodies, tonics), (others, theirs))
    )
    if not one or not two or not intervals(melodies) or not intervals(others):
        return {}
    return {
        "pitch_class_distance": total_variation(one, two),
        "interval_distance": mover_distance(intervals(melodies), intervals(others)),
        "duration_distance": mover_distance(durations(melodies), durations(others)),
    }


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of those that there are."""
    found = [each for each in values if each is not None]
    return sum(found) / len(found) if found else None


def _from_tonic(melody: Melody, tonic: int) -> Melody:
    """The melody so high that its tonic is a C, by at most six semitones."""
    shift = -tonic if tonic <= 6 else 12 - tonic
    notes = (replace(each, pitch=min(127, max(0, each.pitch + shift))) for each in melody.notes)
    return replace(melody, notes=tuple(notes), keys=())
