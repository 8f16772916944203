"""What becomes of the files of an import, example by example: a new dataset, or more in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aigc_studio.api import Medium, Progress
from aigc_studio.library.attribute_tables import read_tables
from aigc_studio.library.drafts import Draft
from aigc_studio.library.known import Known
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.sources import Source
from aigc_studio.library.surveying import survey
from aigc_studio.library.twins import Twins
from aigc_studio.library.writing import Retracted


def incoming(
    sources: Sequence[Source],
    medium: Medium,
    options: ImportOptions,
    known: Known | None = None,
) -> Iterator[Draft | Progress | Retracted]:
    """The drafts of files; last, which of them are taken back. What is `known` is passed over."""
    twins, number = Twins(known), 0
    tables = read_tables(sources, medium, options)
    for check, kept in survey(sources, medium, options, twins, tables):
        if isinstance(check, Progress):
            yield check
        else:
            yield Progress(number, len(sources), check.name)
            number += 1
        yield from kept
    yield Retracted(frozenset(twins.retracted))
