"""Drafts become a dataset folder; contents are copied when examples are deleted for good."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aigc_studio import files
from aigc_studio.api import Medium, Progress, StudioError, limits
from aigc_studio.api.attributes import read_attributes
from aigc_studio.api.dataset import ABOUT, CONTENT, ROWS, row_fault, row_kind
from aigc_studio.api.documents import Damaged, encoded, in_line
from aigc_studio.api.kinds import check
from aigc_studio.files import open_plain
from aigc_studio.library.drafts import Draft
from aigc_studio.library.rows import (
    ABOUT_KIND,
    TEST_SHARE,
    Rows,
    settle_split,
    summary,
    to_lines,
    write_content,
)
from aigc_studio.translation import _

FORMAT = 1
"""The number of the form that `dataset.json` has."""


@dataclass(frozen=True)
class Retracted:
    """Drafts that shall not count after all, by their number among those that were given."""

    numbers: frozenset[int]


def written(
    path: Path, drafts: Iterable[Draft | Progress | Retracted]
) -> Generator[Progress, None, tuple[Rows, frozenset[int]]]:
    """Write the content of drafts into a file, passing Progress through; gives their rows, and the
    numbers of those that are taken back."""
    rows: Rows = []
    retracted: frozenset[int] = frozenset()
    with path.open("wb") as content:
        for draft in drafts:
            if isinstance(draft, Progress):
                yield draft
            elif isinstance(draft, Retracted):
                retracted |= draft.numbers
            else:
                rows.append(write_content(content, draft))
    return rows, retracted


def fill(
    folder: Path,
    name: str,
    medium: Medium,
    drafts: Iterable[Draft | Progress | Retracted],
    about: dict[str, Any],
) -> Iterator[Progress]:
    """Write the three files of a dataset into `folder`, passing Progress through.

    Rows that no draft has put in a part are split by `about["test_share"]`; None there means that
    the data says itself what is held out. Raises `StudioError` when there is no draft at all.
    """
    rows, retracted = yield from written(folder / CONTENT, drafts)
    if retracted:
        rows = _without(folder, rows, retracted)
    if not rows:
        raise StudioError(
            _("There is no usable example for {name}: see which files were skipped.").format(
                name=name
            )
        )
    share = settle_split(rows, about.get("test_share", TEST_SHARE))
    head = {"format": FORMAT, "name": name, "medium": medium, "created": int(time.time())}
    write_tables(folder, rows, head | about | {"test_share": share})
    yield Progress(len(rows), len(rows), _("Saved"))


def write_tables(folder: Path, rows: Rows, about: dict[str, Any]) -> None:
    """Write the rows, and what `dataset.json` says of them and else.

    Rows first: a change that is interrupted is mended from them. Raises `StudioError` for what
    could not be read again, before anything is written.
    """
    name, kind = str(about["name"]), row_kind(about["medium"])
    try:
        if len(rows) > limits.EXAMPLES:
            problem = _("it would have more than {count} examples")
            raise Damaged(problem.format(count=f"{limits.EXAMPLES:,}"))
        for number, row in enumerate(rows, 1):
            if fault := row_fault(row, about["medium"], kind):
                raise in_line(folder / ROWS, number, fault)
        lines = to_lines(rows)
    except Damaged as error:
        raise _unkept(name, error) from error
    document = about_bytes(name, about | summary(rows, read_attributes(about.get("attributes"))))
    files.write_bytes(folder / ROWS, lines)
    files.write_bytes(folder / ABOUT, document)


def about_bytes(name: str, about: dict[str, Any]) -> bytes:
    """`dataset.json` as it is to be. Raises `StudioError` for what could not be read again."""
    try:
        check(about, ABOUT_KIND)
        return encoded(about, limits.DOCUMENT_BYTES, indent=1)
    except Damaged as error:
        raise _unkept(name, error) from error


def _unkept(name: str, error: Damaged) -> StudioError:
    return StudioError(
        _("The dataset {name} cannot be kept: {reason}.").format(name=name, reason=error)
    )


def _without(folder: Path, rows: Rows, numbers: frozenset[int]) -> Rows:
    """The rows but these, whose content leaves the disk."""
    kept = [row for number, row in enumerate(rows) if number not in numbers]
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        copy_content(folder, Path(beside), kept)
        os.replace(Path(beside) / CONTENT, folder / CONTENT)
    return kept


def copy_content(old: Path, new: Path, rows: Rows) -> None:
    """Copy what the rows name from one `content.bin` to another; their offsets are set anew."""
    with open_plain(old / CONTENT) as source, (new / CONTENT).open("wb") as content:
        for row in rows:
            source.seek(row["offset"])
            row["offset"] = content.tell()
            content.write(source.read(row["length"]))
