"""Datasets that grow: files join what is there, and nothing of that changes.

What joins is read beside, and written with all the rest into a new folder that takes the place of
the old one at once. Places in the content stay, so that who reads the old one meanwhile is right.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aigc_studio.api import Medium, Progress, StudioError
from aigc_studio.api.dataset import CONTENT
from aigc_studio.api.spelling import without_odd_bytes
from aigc_studio.files import open_plain
from aigc_studio.library import changes, locks, tails
from aigc_studio.library.attribute_tables import with_table
from aigc_studio.library.dataset_folders import DatasetFolders
from aigc_studio.library.drafts import Draft
from aigc_studio.library.incoming import incoming
from aigc_studio.library.known import Known, mark
from aigc_studio.library.options import LARGEST_SIDE, NO_COLUMN, SMALLEST_SIDE, ImportOptions
from aigc_studio.library.rows import Rows, assign_split, group_of
from aigc_studio.library.sources import Source, find_sources
from aigc_studio.library.summaries import called
from aigc_studio.library.text_forms import settled
from aigc_studio.library.writing import Retracted, write_tables, written
from aigc_studio.translation import _

JOINING = ".joining-"
"""What begins the name of a folder in which a dataset is written anew with more in it."""
_TAIL = "tail.bin"
_RIGHTS = ("licence", "credit", "source", "consent")
_TABLES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Added:
    """What came of adding: how many examples joined, and how many were passed over because they
    are in the dataset `name` already."""

    name: str
    examples: int
    known: int


class GrowingDatasets(DatasetFolders):
    """The datasets below one folder, to which files can be added."""

    def known(self, name: str) -> Known:
        """What a dataset has already: `checks.look` asks it. Raises `StudioError` as `open`."""

        def read(folder: Path) -> Known:
            return Known(self._title(folder), self._rows(folder))

        return self._steady(name, read)

    def joining_options(self, name: str) -> ImportOptions:
        """The options by which files join a dataset: those that it was imported with.

        Where it was not made of files, and where pictures were left as they were but are all of one
        square size or of one kind of colours, what joins becomes like the others.
        """

        def read(folder: Path) -> ImportOptions:
            return _joining_options(self._about(folder), self._rows(folder))

        return self._steady(name, read)

    def add_files(
        self,
        name: str,
        path: Path | Sequence[Path],
        options: ImportOptions | None = None,
        licence: str = "",
        credit: str = "",
        source: str = "",
        consent: str = "",
    ) -> Generator[Progress, None, Added]:
        """Let files and folders join a dataset, as its `joining_options` say unless told otherwise.

        What is there already is passed over; no example that is there changes, nor its part of the
        split. New ones are split as an import does: with their group where that is there, all to
        train on where the data says itself what is held out. What is said of rights is joined.
        Closing the iterator, a full disk and the end of the process leave the dataset as it was.
        Raises `StudioError` when nothing can be used or is new.
        """
        known, options = self.known(name), options or self.joining_options(name)
        medium: Medium = self._about(self.path(name))["medium"]
        sources = find_sources(path, medium, options.layout).sources
        options = without_lost_columns(sources, options)
        sources = with_table(sources, options)
        options = settled(sources, medium, options)
        drafts = incoming(sources, medium, options, known)
        told = {"licence": licence, "credit": credit, "source": source, "consent": consent}
        return (yield from self.add(name, known, drafts, told))

    def add(
        self,
        name: str,
        known: Known,
        drafts: Iterable[Draft | Progress | Retracted],
        told: Mapping[str, str],
    ) -> Generator[Progress, None, Added]:
        """Let drafts join a dataset; `known` is what it had when they were sifted."""
        told = {each: without_odd_bytes(words) for each, words in told.items()}
        changes.check_rights(told)
        own = self.path(name).name
        self._mend()
        locks.sweep(self.folder)
        beside = self.folder / f"{JOINING}{os.getpid()}-{time.monotonic_ns()}"
        try:
            with ExitStack() as turns:
                with locks.held_folder(beside) as fresh:
                    tail = yield from _written(fresh, own, drafts)
                    folder = turns.enter_context(self._turn(name))
                    count = self._join(folder, fresh, known, tail, told)
                self._replace(folder, beside)
        except OSError as error:
            raise StudioError(
                _(
                    "The dataset {name} could not be written to {folder} ({reason}): free up "
                    "space there, or grant permission."
                ).format(name=own, folder=self.folder, reason=error.strerror or error)
            ) from error
        yield Progress(count, count, _("Saved"))
        return Added(folder.name, count, known.met + len(tail) - count)

    def _join(
        self, folder: Path, fresh: Path, known: Known, tail: Rows, told: Mapping[str, str]
    ) -> int:
        """Write the dataset with the new rows in it into `fresh`; how many those are."""
        about, rows = self._about(folder), self._rows(folder)
        there = {mark(row) for row in rows}  # another window may have added the same meanwhile
        new = [row for row in tail if mark(row) not in there or known.has(row)]
        if not new:
            raise _nothing_new(self._title(folder))
        shutil.copyfile(folder / CONTENT, fresh / CONTENT)
        _append_content(fresh, new)
        split_joining(rows, new, about.get("test_share"))
        rights = {each: joined_rights(each, about.get(each, ""), told[each]) for each in _RIGHTS}
        changes.check_rights(rights)
        write_tables(fresh, changes.checked([*rows, *new]), about | rights)
        return len(new)

    def _title(self, folder: Path) -> str:
        return called(folder.name, str(self._about(folder).get("pack", "")))


def _written(
    fresh: Path, name: str, drafts: Iterable[Draft | Progress | Retracted]
) -> Generator[Progress, None, Rows]:
    """The rows of the drafts, whose content is written beside."""
    rows, retracted = yield from written(fresh / _TAIL, drafts)
    rows = [row for number, row in enumerate(rows) if number not in retracted]
    if not rows:
        raise _nothing_new(name)
    return rows


def _append_content(fresh: Path, rows: Rows) -> None:
    """Move what was written beside behind what was there; the offsets of the rows are set anew."""
    with open_plain(fresh / _TAIL) as tail, (fresh / CONTENT).open("ab") as content:
        for row in rows:
            tail.seek(row["offset"])
            row["offset"] = content.tell()
            content.write(tail.read(row["length"]))
    (fresh / _TAIL).unlink()


def _nothing_new(name: str) -> StudioError:
    sentence = _(
        "There is nothing in it that could join “{name}”: see which files were skipped, or are "
        "there already."
    )
    return StudioError(sentence.format(name=name))


def split_joining(rows: Rows, new: Rows, share: float | None) -> None:
    """Give new rows their part of the split; those that are there keep theirs.

    A group that is there stays together, unless the data tears it apart itself. Else what the data
    says itself counts, then the `share`; with None for it, and where some of the data says it
    itself, the others are to train on.
    """
    parts = _parts(rows)
    said = any("split" in row for row in new)
    for row in new:
        part = None if tails.by_itself(row) else parts.get(group_of(row))
        if part is not None:
            row["split"] = part
    together = [*rows, *new]
    fixed = [number for number, row in enumerate(together) if "split" in row]
    assign_split(together, 0.0 if said or share is None else share, fixed)


def _parts(rows: Rows) -> dict[str, str]:
    """The part of each group that lies in one: what lies in both says nothing of what joins, and
    what is held out by its own word would be learnt."""
    found: dict[str, set[str]] = {}
    for row in rows:
        if not tails.by_itself(row):
            found.setdefault(group_of(row), set()).add(row["split"])
    return {group: next(iter(some)) for group, some in found.items() if len(some) == 1}


def joined_rights(name: str, old: str, new: str) -> str:
    """What is said of the rights of all, where this was said of those that were there and of those
    that joined. A licence or a consent that is not said of all is not claimed for all."""
    parts = [each for each in old.split("; ") if each]
    if new == old or new in parts:
        return old
    if new and old:
        return f"{old}; {new}"
    if name in ("source", "credit"):
        return old or new
    more = _("not said of all")
    return "; ".join(dict.fromkeys((*parts, *([new] if new else []), more)))


def _joining_options(about: Mapping[str, Any], rows: Rows) -> ImportOptions:
    options = ImportOptions() if about.get("pack") else _imported_with(about.get("options", {}))
    if about["medium"] == "text" and about.get("pack") and any("passage" in row for row in rows):
        options = replace(options, split_text="passages")
    if about["medium"] != "image":
        return options
    shapes = {tuple(row["shape"]) for row in rows if not row.get("excluded")}
    sides = {side for shape in shapes for side in shape[:2]}
    if options.size is None and len(sides) == 1 and SMALLEST_SIDE <= min(sides) <= LARGEST_SIDE:
        options = replace(options, size=min(sides))
    depths = {shape[2:] for shape in shapes}
    if options.mode == "keep" and depths in ({()}, {(3,)}):
        options = replace(options, mode="rgb" if (3,) in depths else "grey")
    return options


def _imported_with(told: Mapping[str, Any]) -> ImportOptions:
    """The options of an import, but for what was said of its own files alone."""
    try:
        options = ImportOptions.from_json(told)
    except (StudioError, TypeError, ValueError):  # of a studio that knows others, or by hand
        return ImportOptions()
    table = NO_COLUMN if options.attributes == NO_COLUMN else ""
    return replace(options, left_out=(), attributes=table)


def without_lost_columns(sources: Sequence[Source], options: ImportOptions) -> ImportOptions:
    """The options, but for columns of tables where no table is among the files."""
    if any(each.path.suffix.lower() in _TABLES for each in sources) or options.attributes:
        return options
    label = NO_COLUMN if options.label_column == NO_COLUMN else ""
    return replace(options, label_column=label, group_column="")
