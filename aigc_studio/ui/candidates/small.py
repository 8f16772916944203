"""An artifact as the strip needs it: enough for a thumbnail, however large it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.api import Image, Melody, Text

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Note

SIDE = 512
"""Pixels along a side; more are thinned out."""
LETTERS = 1200
NOTES = 1200
BARS = 120
_COLUMNS = 192
_COARSE = 32_767
"""Ticks of a quarter in a thinned tune: all of it is one bar then."""


def small(artifact: Artifact) -> Artifact:
    """The artifact itself when it is small, else one that looks like it. From any thread."""
    if isinstance(artifact, Image):
        every = -(-max(artifact.width, artifact.height) // SIDE)
        if every == 1:
            return artifact
        # A copy, so that the large picture is let go.
        return Image(artifact.pixels[::every, ::every].copy())
    if isinstance(artifact, Text):
        return Text(artifact.value[:LETTERS]) if len(artifact.value) > LETTERS else artifact
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
