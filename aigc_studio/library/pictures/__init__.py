"""Picture files as people have them: `reading` is the way in.

`parts`, `chunks` and `tags` take a file apart and keep what makes the picture, `colours` brings it
to sRGB, `masks` reads a picture as a mask.
"""

from aigc_studio.library.pictures.reading import SUFFIXES, read_picture, read_with_remarks

__all__ = ["SUFFIXES", "read_picture", "read_with_remarks"]
