"""The folders of datasets: found by name, changed by one window at a time, put back when cut off.

A dataset that is replaced is renamed twice. Who looks in between waits for the other to end, or
brings back what one that was killed had moved aside.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from aigc_studio import folders
from aigc_studio.api import StudioError, documents, limits
from aigc_studio.api.dataset import ABOUT, ROWS
from aigc_studio.api.kinds import Anything, MapOf
from aigc_studio.files import open_plain
from aigc_studio.library import locks
from aigc_studio.library.names import find_name
from aigc_studio.library.rows import Rows, all_rows
from aigc_studio.library.writing import write_tables
from aigc_studio.translation import _, enumerated

_T = TypeVar("_T")

_summary = MapOf(Anything())
"""A `dataset.json` that may lack what is counted: that is counted anew."""


class DatasetFolders:
    """The datasets below one folder, as folders."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or folders.data_folder() / "datasets"
        self._mend()

    def names(self) -> list[str]:
        """The names of all datasets, in order."""
        if not self.folder.is_dir():
            return []
        found = {each.parent.name for each in self.folder.glob("*/dataset.json")}
        found = {each for each in found if not each.startswith(".")} | set(self._aside())
        return sorted(found, key=str.casefold)

    def path(self, name: str) -> Path:
        """The folder of a dataset. Raises `StudioError` when there is none of that name."""
        names = self.names()
        own = find_name(name, names)
        if own is None:
            known = enumerated(names) or _("none yet")
            raise StudioError(
                _("There is no dataset {name}. There are: {known}.").format(name=name, known=known)
            )
        if not (self.folder / own / ABOUT).exists():
            # Another window replaces it in this moment, or was killed then.
            with contextlib.suppress(StudioError, OSError), locks.turn(self.folder, own):
                self._put_back(own)
        return self.folder / own

    def _taken(self) -> Sequence[str]:
        if not self.folder.is_dir():
            return []
        return [*(each.name for each in self.folder.glob("[!.]*")), *self._aside()]

    def _aside(self) -> Sequence[str]:
        """The names of datasets that are being replaced in this moment, or were when all ended."""
        names = [each.name for each in self.folder.glob(f"{locks.REPLACED}*")]
        return [each.removeprefix(locks.REPLACED) for each in names]

    @contextlib.contextmanager
    def _turn(self, name: str, *others: str, damaged: bool = False) -> Iterator[Path]:
        """Be the only one that changes a dataset, whose folder it gives; `others` are new names.

        Not to be taken twice. Raises `StudioError` when there is none, or it cannot be changed.
        """
        own = name if damaged else self.path(name).name
        with locks.turn(self.folder, own, *others):
            try:
                self._put_back(own)
                folder = self.folder / own if damaged else self.path(own)
                if not folder.is_dir():
                    folder = self.path(own)  # raises: it was deleted while we waited
                if not damaged:
                    self._settle(folder)
                yield folder
            except OSError as error:
                raise StudioError(
                    _("The dataset {name} could not be changed: {reason}.").format(
                        name=own, reason=error.strerror or error
                    )
                ) from error

    def _steady(self, name: str, read: Callable[[Path], _T]) -> _T:
        """What is read of a dataset; once more, with its turn, when it changed meanwhile."""
        folder = self.path(name)
        with contextlib.suppress(StudioError, OSError, ValueError):
            return read(folder)
        try:
            with self._turn(name) as folder:
                return read(folder)
        except (OSError, ValueError) as error:
            raise StudioError(self._broken(name, error)) from error

    def _settle(self, folder: Path) -> None:
        """Mend a summary that an interrupted change left behind."""
        try:
            if self._fits(folder):
                return
            rows, about = all_rows(folder), self._about(folder)
        except (StudioError, OSError, ValueError):
            return  # who reads it says what is damaged
        write_tables(folder, rows, about)

    def _fits(self, folder: Path) -> bool:
        with open_plain(folder / ROWS) as lines:
            digest = hashlib.file_digest(lines, "sha256").hexdigest()
        return self._about(folder).get("rows_digest") == digest

    def _rows(self, folder: Path) -> Rows:
        """The rows of a dataset that nobody changes meanwhile."""
        try:
            rows = all_rows(folder)
            if not self._fits(folder):
                raise ValueError(_("its summary does not fit its examples"))
        except (OSError, ValueError) as error:
            raise StudioError(self._broken(folder.name, error)) from error
        return rows

    def _about(self, folder: Path) -> dict[str, Any]:
        try:
            about = documents.read(folder / ABOUT, limits.DOCUMENT_BYTES, kind=_summary)
        except (OSError, ValueError) as error:
            raise StudioError(self._broken(folder.name, error)) from error
        return dict(about)

    def _broken(self, name: str, error: Exception) -> str:
        sentence = _("The dataset {name} is damaged ({reason}): delete it and import it again.")
        return sentence.format(name=name, reason=documents.reason(error))

    def _replace(self, folder: Path, fresh: Path) -> None:
        """Let a folder that is whole take the place of a dataset, with the turn of its name."""
        aside = folder.with_name(f"{locks.REPLACED}{folder.name}")
        try:
            os.rename(folder, aside)
        except OSError as error:
            shutil.rmtree(fresh, ignore_errors=True)
            raise StudioError(
                _("The dataset {name} is in use: try again when the training is done.").format(
                    name=folder.name
                )
            ) from error
        os.rename(fresh, folder)
        shutil.rmtree(aside, ignore_errors=True)

    def _put_back(self, own: str) -> None:
        """Bring back what a killed `remove` had moved aside, with the turn of this name."""
        aside, home = self.folder / f"{locks.REPLACED}{own}", self.folder / own
        if not aside.exists():
            return
        if home.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            os.rename(aside, home)

    def _mend(self) -> None:
        for own in self._aside() if self.folder.is_dir() else ():
            # Another window may be at it just now: then it is not for us to mend.
            with contextlib.suppress(StudioError, OSError), locks.turn(self.folder, own, seconds=0):
                self._put_back(own)
