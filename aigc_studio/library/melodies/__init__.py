"""Tunes in files: `reading` is the way in.

`midi_files` and `midi_events` step over a MIDI file, whatever it holds beside notes; `voices`
chooses among its parts; `abc` reads ABC, and `collections_of_tunes` what of it is wanted;
`musicxml` reads MusicXML; `offered` lists what can be chosen;
`documents` reads the studio's own `.melody.json`; `looks` tells them apart.
"""

from aigc_studio.library.melodies.abc import attributes
from aigc_studio.library.melodies.collections_of_tunes import collection
from aigc_studio.library.melodies.looks import SUFFIXES, looks_like_abc
from aigc_studio.library.melodies.offered import Choice, Choices, choices, together
from aigc_studio.library.melodies.reading import (
    part_names,
    read_melody,
    title,
)

__all__ = [
    "SUFFIXES",
    "Choice",
    "Choices",
    "attributes",
    "choices",
    "collection",
    "looks_like_abc",
    "part_names",
    "read_melody",
    "title",
    "together",
]
