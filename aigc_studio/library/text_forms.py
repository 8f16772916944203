"""What one example of the texts of an import is, found out by their beginnings."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from aigc_studio.api import Medium, StudioError
from aigc_studio.files import open_plain
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.sources import Source, belongs, is_table
from aigc_studio.library.texts.forms import HEAD_BYTES, Head, find_form
from aigc_studio.library.texts.reading import read_text
from aigc_studio.library.texts.subtitles import without_times

_MOST_FILES = 40


def settled(sources: Sequence[Source], medium: Medium, options: ImportOptions) -> ImportOptions:
    """The options with `split_text` found out, where it is to be."""
    if medium != "text" or options.split_text != "auto":
        return options
    texts = [each for each in sources if _is_text(each)]
    count = min(len(texts), _MOST_FILES)
    chosen = [texts[place * len(texts) // count] for place in range(count)]
    heads = [head for source in chosen if (head := _head(source, options.encoding)) is not None]
    return replace(options, split_text=find_form(heads))


def _is_text(source: Source) -> bool:
    return not source.reason and not is_table(source) and belongs(source, "text")


def _head(source: Source, encoding: str) -> Head | None:
    """The beginning of a file; None when it is no text: that is told when it is read."""
    with suppress(OSError, StudioError), open_plain(source.path) as file:
        size = source.path.stat().st_size
        text = read_text(file.read(HEAD_BYTES), source.name, encoding)
        return Head(without_times(text, source.name), size)
    return None
