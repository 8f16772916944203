"""Drafts of texts that are too long to be held in memory, as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from aigc_studio.api import Medium, StudioError, Text, limits
from aigc_studio.library.drafts import NEIGHBOURS, Draft, is_wanted, left_out, passage_drafts
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.sources import Source, belongs, is_table
from aigc_studio.library.texts.long_texts import LONG_BYTES, LongText
from aigc_studio.library.texts.passages import pieces, size_for
from aigc_studio.translation import _

_AT_ONCE = 64
"""Drafts that are there at once."""


def is_long(source: Source, medium: Medium) -> bool:
    """Whether it is a text that is read block by block (`read_long`), as it would fill memory."""
    if medium != "text" or source.reason or is_table(source) or not belongs(source, medium):
        return False
    try:
        return source.path.is_file() and source.path.stat().st_size > LONG_BYTES
    except OSError:
        return False


def read_long(
    source: Source, found: LongText, options: ImportOptions
) -> Iterator[tuple[int, list[Draft]]]:
    """The drafts that a long text gives, as they come, each time with the bytes read so far.

    A file as one example is more than any model reads at once: it is passages. Raises `StudioError`
    when it turns out to be no text, or has more examples than a dataset may.
    """
    label = source.folder if options.folders in ("label", "both") else ""
    group = source.folder if options.folders in ("group", "both") else ""
    by = "passages" if options.split_text == "whole" else options.split_text
    if by != options.split_text:
        found.remarks.append(_("It is too long for one example and was cut into passages."))
    pace = _Pace(found)
    if by == "passages":
        drafts = passage_drafts(source, label, group, pace.texts(), size_for(found.size))
    else:
        drafts = _piece_drafts(source, label, group, pieces(pace.texts(), by), options, found)
    if source.split is not None:
        drafts = (replace(each, split=source.split) for each in drafts)
    while some := list(islice(drafts, _AT_ONCE)):
        yield pace.read, some


@dataclass
class _Pace:
    """How far a long text was read."""

    found: LongText
    read: int = 0

    def texts(self) -> Iterator[str]:
        for block in self.found.blocks():
            self.read = block.read
            yield block.text


def _piece_drafts(
    source: Source,
    label: str,
    group: str,
    found: Iterable[str],
    options: ImportOptions,
    long: LongText,
) -> Iterator[Draft]:
    kept = left = 0
    for piece in found:
        if not is_wanted(piece, options):
            left += 1
            continue
        if kept == limits.EXAMPLES:
            raise StudioError(
                _(
                    "The text file {name} has more than {most} examples of this kind: let one "
                    "example be a passage."
                ).format(name=source.name, most=f"{limits.EXAMPLES:,}")
            )
        block = group or f"{source.name}#{kept // NEIGHBOURS}"
        yield Draft(Text(piece), label, block, source.name)
        kept += 1
    long.remarks += left_out(left)
