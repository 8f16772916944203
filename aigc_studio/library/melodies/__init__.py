"""Tunes in files: `reading` is the way in.

`midi_files` and `midi_events` step over a MIDI file, whatever it holds beside notes; `voices`
chooses among its parts; `documents` reads the studio's own `.melody.json`.
"""

from aigc_studio.library.melodies.reading import SUFFIXES, part_names, read_melody

__all__ = ["SUFFIXES", "part_names", "read_melody"]
