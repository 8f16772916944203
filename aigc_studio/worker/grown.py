"""Bars that an edit put in behind the selected ones: the only way in which a tune may grow."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TypeVar

from aigc_studio.api import Bars, KeySignature, Melody, Metre, Tempo

_Change = TypeVar("_Change", Tempo, Metre, KeySignature)


def grew_behind(before: Melody, bars: Bars, after: Melody) -> bool:
    """Whether a tune is what it was but for new bars right behind the selected ones.

    All up to there is as it was, and all behind it later by what came in: notes, bar lines, tempo,
    keys. What was missing of a last bar that is selected may be filled too.
    """
    start, stop = before.ticks(Bars(bars.last, bars.last))
    growth = after.length - max(before.length, stop)
    same = (before.ticks_per_quarter, before.program) == (after.ticks_per_quarter, after.program)
    if growth <= 0 or not same:
        return False
    first = min(stop, max(before.length, start))
    last = stop + growth
    wanted = Counter(
        note if note.start < stop else replace(note, start=note.start + growth)
        for note in before.notes
    )
    added = Counter(after.notes)
    added.subtract(wanted)
    if any(count < 0 for count in added.values()):
        return False
    new = [note for note, count in added.items() if count]
    if not all(first <= note.start and note.start + note.duration <= last for note in new):
        return False
    return (
        _moved_on(before.tempos, after.tempos, stop, growth)
        and _moved_on(before.metres, after.metres, stop, growth)
        and _moved_on(before.keys, after.keys, stop, growth)
    )


def _moved_on(old: tuple[_Change, ...], new: tuple[_Change, ...], stop: int, growth: int) -> bool:
    """Whether changes are as they were, later behind `stop`; in the new bars there may be more."""
    wanted = [
        each if each.start < stop else replace(each, start=each.start + growth) for each in old
    ]
    rest = [each for each in new if not stop <= each.start < stop + growth]
    return rest == wanted or [each for each in rest if each.start != stop + growth] == wanted
