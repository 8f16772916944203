"""A tune read for its card, and what sounds in each of its bars. From any thread; no Qt."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING

from aigc_studio.api.errors import StudioError
from aigc_studio.ui.canvas.items.score import Score
from aigc_studio.ui.canvas.scene.following import followed

if TYPE_CHECKING:
    from aigc_studio.api.melody import Melody
    from aigc_studio.api.selections import Bars
    from aigc_studio.project.content import Content, ContentStore


def read(store: ContentStore, content: Content) -> tuple[Melody, Score, str]:
    """A melody, its score, and what is wrong with it."""
    from aigc_studio.api.melody import Melody

    try:
        melody = store.get(content)
    except StudioError as error:
        return *nothing(), str(error)
    assert isinstance(melody, Melody)
    return melody, Score.of(melody), ""


@cache
def nothing() -> tuple[Melody, Score]:
    """An empty tune, until one is there."""
    from aigc_studio.api.melody import Melody

    return Melody(), Score.of(Melody())


def followed_bars(former: Melody, melody: Melody, bars: Bars) -> Bars | None:
    """Where some bars of a tune are in what became of it; None where they are lost."""
    from aigc_studio.api.selections import Bars

    # A bar says more than a letter: one that stands is enough.
    whole = (_bars_of(former), _bars_of(melody))
    place = followed(*whole, (bars.first - 1, bars.last), least=1)
    return Bars(place[0] + 1, place[1]) if place and place[0] < place[1] else None


def _bars_of(melody: Melody) -> list[tuple[object, ...]]:
    """What sounds in each bar, wherever the bar is in the melody."""
    notes: dict[int, list[tuple[int, int, int, int]]] = {}
    starts = [start for start, _stop in melody.bars]
    for note in melody.notes:
        bar = bisect_right(starts, note.start) - 1
        place = note.start - starts[max(bar, 0)]
        notes.setdefault(bar, []).append((place, note.duration, note.pitch, note.velocity))
    return [
        (stop - start, tuple(sorted(notes.get(bar, ()))))
        for bar, (start, stop) in enumerate(melody.bars)
    ]
