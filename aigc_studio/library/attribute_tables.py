"""Attributes of files that come from tables beside them: found, read, matched by the files' names.

told = read_tables(sources, "image", options)
told.of(path)                       # {"Smiling": True, "age": 31}
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from aigc_studio.api import Medium, StudioError
from aigc_studio.api.spelling import composed
from aigc_studio.library.attribute_reading import Reading
from aigc_studio.library.file_attributes import Attributes
from aigc_studio.library.options import NO_COLUMN, ImportOptions
from aigc_studio.library.sources import Source, belongs, is_table
from aigc_studio.translation import _

MOST_TABLES = 64
"""So many files are looked into for whether they are tables of attributes."""


def with_table(sources: Sequence[Source], options: ImportOptions) -> list[Source]:
    """The sources, and the table that the options name where it lies elsewhere.

    Raises `StudioError` when it is not there.
    """
    if options.attributes in ("", NO_COLUMN):
        return list(sources)
    path = Path(options.attributes)
    if not path.is_file():
        raise StudioError(_("The file {name} is not there.").format(name=path.name or path))
    if any(_is_same(each.path, path) for each in sources):
        return list(sources)
    return [*sources, Source(path, composed(path.name))]


def read_tables(sources: Sequence[Source], medium: Medium, options: ImportOptions) -> Attributes:
    """What the tables among these files say of the others.

    A table is read for attributes when it names files that are here: in a column called file,
    path, image and the like, or in its first. Raises `StudioError` for a table or a column that
    the options name and that is none.
    """
    if options.attributes == NO_COLUMN:
        return Attributes()
    reading = Reading(sources, medium, options)
    for source in _candidates(sources, medium, options):
        reading.take(source)
    return reading.settled()


def _candidates(
    sources: Sequence[Source], medium: Medium, options: ImportOptions
) -> Iterator[Source]:
    if options.attributes:
        chosen = Path(options.attributes)
        yield from (each for each in sources if _is_same(each.path, chosen))
        return
    # A text beside a picture of the same name says something of it, and is no table.
    stems = {each.name.rpartition(".")[0] for each in sources if belongs(each, medium)}
    found = (
        each
        for each in sources
        if not each.reason
        and each.path.suffix.lower() in (".csv", ".tsv", ".txt")
        and (is_table(each) or (medium != "text" and each.name.rpartition(".")[0] not in stems))
    )
    yield from itertools.islice(found, MOST_TABLES)


def _is_same(path: Path, other: Path) -> bool:
    return path == other or (path.name == other.name and path.resolve() == other.resolve())
