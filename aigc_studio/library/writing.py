"""Drafts become a dataset folder; contents are copied when examples are deleted for good."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from aigc_studio import files
from aigc_studio.api import Medium, Progress, StudioError
from aigc_studio.library.rows import (
    TEST_SHARE,
    Row,
    assign_split,
    summary,
    to_lines,
    write_content,
)
from aigc_studio.library.sources import Draft
from aigc_studio.translation import _

FORMAT = 1
"""The number of the form that `dataset.json` has."""


def fill(
    folder: Path,
    name: str,
    medium: Medium,
    drafts: Iterable[Draft | Progress],
    about: dict[str, Any],
) -> Iterator[Progress]:
    """Write the three files of a dataset into `folder`, passing Progress through.

    Rows that no draft has put in a part are split by `about["test_share"]`; None there means that
    the data says itself what is held out. Raises `StudioError` when there is no draft at all.
    """
    rows: list[Row] = []
    with (folder / "content.bin").open("wb") as content:
        for draft in drafts:
            if isinstance(draft, Progress):
                yield draft
            else:
                rows.append(write_content(content, draft))
    if not rows:
        raise StudioError(
            _("There is no usable example for {name}: see which files were skipped.").format(
                name=name
            )
        )
    if all(row.get("split") == "test" for row in rows):  # only the held-out half was chosen
        for row in rows:
            del row["split"]
    fixed = [index for index, row in enumerate(rows) if "split" in row]
    share = None if fixed else about.get("test_share", TEST_SHARE)
    assign_split(rows, share or 0.0, fixed)
    head = {"format": FORMAT, "name": name, "medium": medium, "created": int(time.time())}
    files.write_bytes(folder / "examples.jsonl", to_lines(rows))
    files.write_json(folder / "dataset.json", head | about | {"test_share": share} | summary(rows))
    yield Progress(len(rows), len(rows), _("Saved"))


def copy_content(old: Path, new: Path, rows: list[Row]) -> None:
    """Copy what the rows name from one `content.bin` to another; their offsets are set anew."""
    with (old / "content.bin").open("rb") as source, (new / "content.bin").open("wb") as content:
        for row in rows:
            source.seek(row["offset"])
            row["offset"] = content.tell()
            content.write(source.read(row["length"]))
