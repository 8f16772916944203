"""Tunes written as text in ABC (the standard 2.1, and what people write beside it).

`reading` is the way in: `tunes` cuts a file into its tunes, `scanning` their lines into signs,
`voices` makes notes and bar lines of them, `repeats` puts those in the order of playing and
`layout` into ticks; `fields` reads keys, metres, lengths and tempos.
"""

from aigc_studio.library.melodies.abc.about import attributes, tonic_name
from aigc_studio.library.melodies.abc.reading import (
    Repeats,
    Tune,
    read_tune,
    read_tunes,
    read_voices,
)

__all__ = ["Repeats", "Tune", "attributes", "read_tune", "read_tunes", "read_voices", "tonic_name"]
