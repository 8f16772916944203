"""An artifact as the strip needs it: enough for a thumbnail, however large it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aigc_studio.api import Bars, Image, Melody, Span, Text

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Note

SIDE = 512
"""Pixels along a side; more are thinned out."""
LETTERS = 1200
BEFORE = 60
"""Characters of a long text that are seen before a part of it that is new."""
NOTES = 1200
BARS = 120
_COLUMNS = 192
_COARSE = 32_767
"""Ticks of a quarter in a thinned tune: all of it is one bar then."""
_BESIDE = 4
"""Of a tune's new bars, one in so many is seen of those before them, and of those after them."""


@dataclass(frozen=True)
class Glimpse:
    """What a small picture shows: an artifact, or what of it stands around something new.

    `new` is where in `artifact` that lies, in characters of a text or ticks of a tune, and `part`
    where in the whole; None where nothing stands out. `begun`: more comes before what is shown.
    """

    artifact: Artifact
    new: Span | None = None
    begun: bool = False
    part: Span | Bars | None = None


def glimpse(artifact: Artifact, new: Span | Bars | None = None) -> Glimpse:
    """What the strip needs of an artifact, so that what is `new` is seen. From any thread."""
    if isinstance(artifact, Text) and isinstance(new, Span):
        return _passage(artifact, new)
    if isinstance(artifact, Melody) and isinstance(new, Bars):
        return _phrase(artifact, new)
    return Glimpse(small(artifact))


def _passage(text: Text, new: Span) -> Glimpse:
    first = new.start - BEFORE if new.start > 2 * BEFORE else 0
    seen = Text(text.value[first : first + LETTERS])
    here = Span(new.start - first, max(new.start - first, min(new.stop - first, LETTERS)))
    return Glimpse(seen, here, bool(first), new)


def _phrase(melody: Melody, new: Bars) -> Glimpse:
    """The new bars and some beside them, as a tune of their own: so large that they are seen."""
    beside = -(-(new.last - new.first + 1) // _BESIDE)
    around = Bars(max(new.first - beside, 1), min(new.last + beside, melody.bar_count))
    seen, (start, stop) = melody.part(around), melody.ticks(new)
    drawn = small(seen)
    assert isinstance(drawn, Melody)
    offset = melody.ticks(around)[0]
    here = [(tick - offset) * drawn.length // seen.length for tick in (start, stop)]
    return Glimpse(drawn, Span(*here), around.first > 1, new)


def small(artifact: Artifact) -> Artifact:
    """The artifact itself when it is small, else one that looks like it. From any thread."""
    if isinstance(artifact, Image):
        every = -(-max(artifact.width, artifact.height) // SIDE)
        if every == 1:
            return artifact
        # A copy, so that the large picture is let go.
        return Image(artifact.pixels[::every, ::every].copy())
    if isinstance(artifact, Text):
        return artifact if len(artifact.value) <= LETTERS else Text(artifact.value[:LETTERS])
    few_notes = len(artifact.notes) <= NOTES
    return artifact if few_notes and len(artifact.bars) <= BARS else _thinned(artifact)


def _thinned(melody: Melody) -> Melody:
    """One note for each pitch and column of the picture: the one that sounds the longest."""

    found: dict[tuple[int, int], Note] = {}
    for note in melody.notes:
        place = note.start * _COLUMNS // melody.length, note.pitch
        known = found.get(place)
        if known is None or known.duration < note.duration:
            found[place] = note
    kept = list(found.values())
    kept = kept[:: -(-len(kept) // NOTES)] if kept else kept
    scaled = [_scaled(note, melody.length) for note in kept]
    return Melody(
        tuple(scaled), ticks_per_quarter=_COARSE, program=melody.program, length=_COLUMNS * 16
    )


def _scaled(note: Note, length: int) -> Note:
    from dataclasses import replace

    ticks = _COLUMNS * 16
    start = min(note.start * ticks // length, ticks - 1)
    duration = max(1, min(note.duration * ticks // length, ticks - start))
    return replace(note, start=start, duration=duration)
