"""Texts and tables in files: `reading` is the way in.

`encodings` tells what the bytes are, `tables` takes CSV and TSV apart, `columns` finds the texts
and the labels in them.
"""

from aigc_studio.library.texts.reading import (
    SUFFIXES,
    begins_as_text,
    read_text,
    split_text,
)

__all__ = ["SUFFIXES", "begins_as_text", "read_text", "split_text"]
