"""An artifact as the strip needs it: enough for a thumbnail, however large it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.api import Image, Melody, Text

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Note, Span

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


def first_seen(part: Span | None) -> int:
    """The first character of a text that its small picture shows, so that a part is seen in it."""
    return part.start - BEFORE if part is not None and part.start > 2 * BEFORE else 0


def small(artifact: Artifact, part: Span | None = None) -> Artifact:
    """The artifact itself when it is small, else one that looks like it. From any thread.

    Of a text whose `part` is new, what stands around that: from `first_seen(part)` on.
    """
    if isinstance(artifact, Image):
        every = -(-max(artifact.width, artifact.height) // SIDE)
        if every == 1:
            return artifact
        # A copy, so that the large picture is let go.
        return Image(artifact.pixels[::every, ::every].copy())
    if isinstance(artifact, Text):
        first = first_seen(part)
        if not first and len(artifact.value) <= LETTERS:
            return artifact
        return Text(artifact.value[first : first + LETTERS])
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
