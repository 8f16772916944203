"""The person's datasets: imported, hashed, split and kept; looked through and mended.

A dataset is a folder as `api.dataset` reads it. Every write is whole or not there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aigc_studio import files
from aigc_studio.api import Dataset, Medium, Progress, StudioError, documents, limits
from aigc_studio.api.attributes import Attribute, read_attributes
from aigc_studio.api.dataset import ABOUT, CONTENT, ROWS, Split
from aigc_studio.api.spelling import without_odd_bytes
from aigc_studio.library import changes, locks
from aigc_studio.library.additions import GrowingDatasets
from aigc_studio.library.attribute_tables import with_table
from aigc_studio.library.drafts import Draft
from aigc_studio.library.incoming import incoming
from aigc_studio.library.names import checked_name, find_name
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.preflights import Preflight
from aigc_studio.library.rows import (
    ABOUT_KIND,
    TEST_SHARE,
    Browser,
    Rows,
    assign_split,
    counted_labels,
    whole_rows,
)
from aigc_studio.library.sources import find_sources
from aigc_studio.library.text_forms import settled
from aigc_studio.library.writing import Retracted, about_bytes, copy_content, fill, write_tables
from aigc_studio.translation import _, localized


@dataclass(frozen=True)
class DatasetInfo:
    """What `dataset.json` says. `test_share` is None when the data says itself what is held out;
    `size` is bytes on disk."""

    name: str
    folder: Path
    medium: Medium
    fingerprint: str
    train: int = 0
    test: int = 0
    excluded: int = 0
    labels: Mapping[str, int] = field(default_factory=dict)
    shapes: Mapping[str, int] = field(default_factory=dict)
    attributes: Sequence[Attribute] = ()
    licence: str = ""
    credit: str = ""
    source: str = ""
    consent: str = ""
    pack: str = ""
    test_share: float | None = TEST_SHARE
    options: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0

    @property
    def examples(self) -> int:
        """Examples in use."""
        return self.train + self.test

    @property
    def title(self) -> str:
        """What people call it: its name, or that of its sample pack in the language spoken where it
        has no name of its own."""
        from aigc_studio.library.summaries import called

        return called(self.name, self.pack)

    def word(self, name: str) -> str:
        """What an attribute or a value of one is called in the language spoken.

        Data is in one language: its pack may say what its words are in others, and what a tune's
        header says has words of ours.
        """
        words = self.options.get("words")
        told = localized(words.get(name) if isinstance(words, Mapping) else None)
        if not told and self.medium == "melody":
            from aigc_studio.library.tune_words import tune_word

            told = tune_word(name)
        return told or name


class DatasetStore(GrowingDatasets):
    """All datasets below one folder (the person's data folder unless told otherwise)."""

    def list(self) -> list[DatasetInfo]:
        """All datasets that can be read, by name."""
        found = []
        for name in self.names():
            try:
                found.append(self.info(name))
            except StudioError:
                continue
        return found

    def broken(self) -> Sequence[tuple[Path, str]]:
        """The folders of datasets that cannot be read, each with the sentence that says why.

        A row is only looked at when the dataset is opened. `delete` takes their names too.
        """
        found = []
        for name in sorted(self._taken(), key=str.casefold):
            folder = self.folder / name
            if not any((folder / each).exists() for each in (ABOUT, ROWS, CONTENT)):
                continue
            try:
                self._info(folder)
            except StudioError as error:
                if folder.exists():  # one that was deleted in this moment is none
                    found.append((folder, str(error)))
        return found

    def info(self, name: str) -> DatasetInfo:
        """What is known of a dataset. Raises `StudioError` when there is none of that name."""
        return self._steady(name, self._info)

    def _info(self, folder: Path) -> DatasetInfo:
        try:
            about = documents.read(folder / ABOUT, limits.DOCUMENT_BYTES, kind=ABOUT_KIND)
            counts, labels = about["counts"], about["labels"]
            told = {
                each: about[each]
                for each in ("licence", "credit", "source", "consent", "pack", "options", "shapes")
                if each in about
            }
            return DatasetInfo(
                folder.name, folder, about["medium"], about["fingerprint"],
                counts["train"], counts["test"], counts["excluded"], counted_labels(labels.items()),
                attributes=read_attributes(about.get("attributes", [])),
                test_share=about.get("test_share"), size=locks.folder_size(folder), **told,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            raise StudioError(self._broken(folder.name, error)) from error

    def same_as(self, found: Preflight) -> str:
        """The name of the dataset that has just the examples of this look; empty for none."""
        if not found.fingerprint:
            return ""
        alike = (each for each in self.list() if each.medium == found.medium)
        return next((each.name for each in alike if each.fingerprint == found.fingerprint), "")

    def open(self, name: str, split: Split | None = "train") -> Dataset:
        """The dataset as a plugin sees it. Raises `StudioError` when it is not there or broken."""

        def read(folder: Path) -> Dataset:
            self._rows(folder)
            return Dataset(folder, split)

        return self._steady(name, read)

    def browse(self, name: str) -> Browser:
        """The dataset to look through, the excluded examples in it."""

        def read(folder: Path) -> Browser:
            self._rows(folder)
            return Browser(folder)

        return self._steady(name, read)

    def import_files(
        self,
        path: Path | Sequence[Path],
        name: str,
        medium: Medium,
        options: ImportOptions | None = None,
        licence: str = "",
        credit: str = "",
        source: str = "",
        consent: str = "",
        test_share: float = TEST_SHARE,
    ) -> Iterator[Progress]:
        """Import files and folders, yielding Progress; the dataset is there when it ends.

        Uses and skips what `checks.look` says. Closing the iterator leaves nothing behind. Raises
        `StudioError` for a name that is bad or taken, and when nothing can be used.
        """
        options = options or ImportOptions()
        sources = with_table(find_sources(path, medium, options.layout).sources, options)
        options = settled(sources, medium, options)
        about = {
            "options": options.to_json(), "licence": licence, "credit": credit,
            "source": source, "consent": consent, "test_share": changes.checked_share(test_share),
        }  # fmt: skip
        yield from self.write(name, medium, incoming(sources, medium, options), about)

    def write(
        self,
        name: str,
        medium: Medium,
        drafts: Iterable[Draft | Progress | Retracted],
        about: dict[str, Any],
    ) -> Iterator[Progress]:
        """Make a dataset of drafts; what of `about` is not a draft's own goes to `dataset.json`."""
        about = {k: without_odd_bytes(v) if isinstance(v, str) else v for k, v in about.items()}
        changes.check_rights(about)
        name = checked_name(name, self._taken())
        try:
            files.make_private(self.folder)
            self._mend()
            locks.sweep(self.folder)
            with locks.new_folder(self.folder / name, self._taken) as temporary:
                yield from fill(temporary, name, medium, drafts, about)
        except FileExistsError:
            raise StudioError(
                _("The name {name} is taken: choose another.").format(name=name)
            ) from None
        except OSError as error:
            raise StudioError(
                _(
                    "The dataset {name} could not be written to {folder} ({reason}): free up "
                    "space there, or grant permission."
                ).format(name=name, folder=self.folder, reason=error.strerror or error)
            ) from error

    def relabel(self, name: str, labels: Mapping[int, str]) -> DatasetInfo:
        """Give examples new labels, by their number; an empty one takes the label away."""
        with self._turn(name) as folder:
            return self._save(folder, changes.relabelled(self._rows(folder), labels))

    def exclude(self, name: str, indices: Collection[int], excluded: bool = True) -> DatasetInfo:
        """Leave examples out of use, or take them back; they stay on disk.

        Raises `StudioError` when none would be left to train on.
        """
        with self._turn(name) as folder:
            return self._save(folder, changes.excluded(self._rows(folder), indices, excluded))

    def remove(self, name: str, indices: Collection[int]) -> DatasetInfo:
        """Delete examples for good, their content too. Raises `StudioError` as `exclude` does."""
        with self._turn(name) as folder:
            rows, gone = self._rows(folder), set(indices)
            kept: Rows = changes.checked([row for n, row in enumerate(rows) if n not in gone])
            fresh = self.folder / f".new-{folder.name}"
            shutil.rmtree(fresh, ignore_errors=True)
            with locks.held_folder(fresh) as temporary:
                copy_content(folder, temporary, kept)
                write_tables(temporary, kept, self._about(folder))
            self._replace(folder, fresh)
            return self._info(folder)

    def split_by(
        self,
        name: str,
        *,
        test_share: float | None = None,
        test_groups: Collection[str] | None = None,
        test_indices: Collection[int] | None = None,
    ) -> DatasetInfo:
        """Split anew: by a share of the groups, by naming groups, or by numbers of examples.

        Raises `StudioError` when nothing is left to train on, or a group would be torn apart.
        """
        with self._turn(name) as folder:
            rows = self._rows(folder)
            if test_groups is not None or test_indices is not None:
                changes.hold_out(rows, test_groups or (), test_indices or ())
                return self._save(folder, rows, {"test_share": None})
            share = changes.checked_share(TEST_SHARE if test_share is None else test_share)
            assign_split(rows, share)
            return self._save(folder, rows, {"test_share": share})

    def describe(self, name: str, **told: str) -> DatasetInfo:
        """Write down `licence`, `credit`, `source` or `consent`."""
        changes.check_rights(told)
        with self._turn(name) as folder:
            return self._save(folder, self._rows(folder), dict(told))

    def mend(self, name: str) -> int:
        """Leave out the rows of a dataset that cannot be read; how many those were.

        The table as it was stays in the dataset's folder, as `examples-damaged.jsonl`. Raises
        `StudioError` when more is damaged than rows, or none that can be learnt from would be left.
        """
        with self._turn(name) as folder:
            try:
                about = documents.read(folder / ABOUT, limits.DOCUMENT_BYTES, kind=ABOUT_KIND)
                rows, lost = whole_rows(folder, about["medium"])
            except (OSError, ValueError) as error:
                raise StudioError(self._broken(name, error)) from error
            if lost:
                changes.checked(rows)
                damaged = folder / "examples-damaged.jsonl"
                with contextlib.suppress(OSError):  # what is there no more needs no copy
                    shutil.copyfile(folder / ROWS, damaged)
                write_tables(folder, rows, about)
            return lost

    def rename(self, name: str, new: str) -> DatasetInfo:
        """Give a dataset another name."""
        with self._turn(name, new) as folder:
            new = checked_name(new, (each for each in self._taken() if each != folder.name))
            # Before the folder has its new name, or one that is damaged would be half renamed.
            document = about_bytes(new, self._about(folder) | {"name": new})
            os.rename(folder, self.folder / new)
            try:
                files.write_bytes(self.folder / new / ABOUT, document)
            except OSError:
                os.rename(self.folder / new, folder)
                raise
            return self._info(self.folder / new)

    def delete(self, name: str) -> None:
        """Delete a dataset for good, a damaged one too."""
        own = find_name(name, self._taken())
        with self._turn(own or name, damaged=own is not None) as folder:
            locks.remove_folder(folder)

    def _save(self, folder: Path, rows: Rows, told: Mapping[str, Any] | None = None) -> DatasetInfo:
        """Write the rows first: `_settle` mends the rest when this is interrupted."""
        changes.checked(rows)
        write_tables(folder, rows, self._about(folder) | dict(told or {}))
        return self._info(folder)
