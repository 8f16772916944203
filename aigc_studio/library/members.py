"""The files in a wheel, zip, tar file, folder or single file: found by pattern, read with a cap."""

from __future__ import annotations

import fnmatch
import gzip
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.files import files_below, open_plain
from aigc_studio.library.archives import FAULTS, check_sizes, files_in, open_zip
from aigc_studio.library.names import natural_key
from aigc_studio.library.tarballs import SUFFIXES, Tarball
from aigc_studio.library.walking import is_systems_own
from aigc_studio.translation import _

MOST_MEMBER_BYTES = 64 * 1024 * 1024
MOST_MEMBERS = 100_000
MOST_BYTES = 4 << 30
"""Bytes that a whole zip may unpack to."""


class Members:
    """The files in `path`. Close it when done; it is a context manager.

    Raises `StudioError` when `path` is not there, or is no zip or tar file where it should be one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        self._tar: Tarball | None = None
        if path.is_dir():
            whole = (each for each in files_below(path) if not each.is_symlink())
            self.names = sorted(each.relative_to(path).as_posix() for each in whole)
        elif not path.exists():
            raise StudioError(_("The file {name} is not there.").format(name=path.name))
        elif not path.is_file():  # to open a pipe may wait for ever
            sentence = _("{name} is neither a file nor a folder: choose one.")
            raise StudioError(sentence.format(name=path.name))
        elif path.suffix.lower() in (".whl", ".zip"):
            self._zip = open_zip(path)
            self.names = [each.filename for each in files_in(self._zip)]
            try:
                check_sizes(self._zip, path, MOST_BYTES)
            except StudioError:
                self._zip.close()
                raise
        elif path.name.lower().endswith(SUFFIXES):
            self._tar = Tarball(path, MOST_BYTES, MOST_MEMBERS)
            self.names = list(self._tar.sizes)
        else:
            self.names = [path.name]
        # Of two of one name `zipfile` reads the last, and never both.
        self.names = [each for each in dict.fromkeys(self.names) if not _systems_own(each)]
        if len(self.names) > MOST_MEMBERS:
            raise StudioError(_("There are too many files in {name}.").format(name=path.name))

    def __enter__(self) -> Members:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._zip is not None:
            self._zip.close()

    def find(self, patterns: Sequence[str], leave_out: Sequence[str] = ()) -> list[str]:
        """The names that fit one of the patterns, in natural order.

        A pattern also fits below other folders, and without its own first folders, so that the
        same one serves the wheel, an unpacked copy, and the file alone.
        """
        split = [pattern.split("/") for pattern in patterns]
        for start in range(max(map(len, split), default=0)):
            ends = [parts[min(start, len(parts) - 1) :] for parts in split]
            found = [name for name in self.names if any(_ends_with(name, end) for end in ends)]
            kept = [
                each
                for each in found
                if not any(_ends_with(each, out.split("/")) for out in leave_out)
            ]
            if kept:
                if self._tar is not None:
                    self._tar.load(kept)
                return sorted(kept, key=natural_key)
        return []

    def read(self, name: str, most: int = MOST_MEMBER_BYTES) -> bytes:
        """The bytes of a file; one that ends in `.gz` is unpacked. `StudioError` above `most`."""
        try:
            if self._zip is not None:
                if self._zip.getinfo(name).file_size > most:
                    raise StudioError(self._too_large(name))
                with self._zip.open(name) as file:
                    data = file.read(most + 1)
            elif self._tar is not None:
                if self._tar.sizes[name] > most:
                    raise StudioError(self._too_large(name))
                data = self._tar.read(name)
            else:
                path = self.path / name if self.path.is_dir() else self.path
                with open_plain(path) as file:
                    data = file.read(most + 1)
            if name.endswith(".gz"):
                with gzip.open(io.BytesIO(data)) as unpacked:
                    data = unpacked.read(most + 1)
        except FAULTS as error:
            raise StudioError(
                _("The file {name} in {archive} is damaged: get it again.").format(
                    name=name, archive=self.path.name
                )
            ) from error
        if len(data) > most:
            raise StudioError(self._too_large(name))
        return data

    def _too_large(self, name: str) -> str:
        return _("The file {name} in {archive} is too large.").format(
            name=name, archive=self.path.name
        )


def _systems_own(name: str) -> bool:
    """Whether a system put it beside the data, as macOS does with `__MACOSX/._1.png` in a zip."""
    return any(map(is_systems_own, name.split("/")))


def _ends_with(name: str, parts: Sequence[str]) -> bool:
    own = name.split("/")[-len(parts) :]
    return len(own) == len(parts) and all(map(fnmatch.fnmatchcase, own, parts))
