"""Tar files packed by gzip, as npm's packages are: read through once, without trusting them."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.files import open_plain
from aigc_studio.library.archives import MOST_RATIO
from aigc_studio.translation import _

SUFFIXES = (".tgz", ".tar.gz")
MOST_KEPT = 256 << 20
"""Bytes of all members that are kept at once."""
_FREE = 64 << 20
"""Bytes that always may be unpacked, whatever the ratio."""
_FAULTS = (tarfile.TarError, OSError, EOFError, ValueError, zlib.error)


class Tarball:
    """The regular files of a tar file: `sizes` by name, the last of several of one name.

    It can only be read from its beginning: `load` says which members are wanted, and one pass
    brings them. Nothing is written to the disk. Raises `StudioError` for a file that is damaged,
    has more than `most_members`, or unpacks to more than `most` bytes or many times its own size.
    """

    def __init__(self, path: Path, most: int, most_members: int) -> None:
        self.path = path
        self.sizes: dict[str, int] = {}
        self._loaded: dict[str, bytes] = {}
        total, count = 0, 0
        limit = min(most, max(MOST_RATIO * path.stat().st_size, _FREE))
        for _archive, member in self._members():
            total, count = total + max(member.size, 0), count + 1
            if total > limit:
                raise StudioError(_("The file {name} is too large.").format(name=path.name))
            if count > most_members:
                raise StudioError(_("There are too many files in {name}.").format(name=path.name))
            if member.isreg():
                self.sizes[member.name] = member.size

    def load(self, names: Collection[str]) -> None:
        """Bring these members into memory, as far as they are small enough together."""
        room, wanted = MOST_KEPT, set()
        for name in names:
            room -= self.sizes[name]
            if room >= 0 and name not in self._loaded:
                wanted.add(name)
        if not wanted:
            return
        for archive, member in self._members():
            if member.name in wanted and member.isreg():
                file = archive.extractfile(member)
                if file is not None:
                    self._loaded[member.name] = file.read(self.sizes[member.name])

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises `KeyError` for one that is not there."""
        if name not in self._loaded:
            self.load([name])
        return self._loaded[name]

    def _members(self) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
        try:
            with (
                open_plain(self.path) as file,
                tarfile.open(fileobj=file, mode="r|gz", errorlevel=2) as archive,
            ):
                for member in archive:
                    yield archive, member
        except _FAULTS as error:
            sentence = _("The file {name} is not a complete package: get it again.")
            raise StudioError(sentence.format(name=self.path.name)) from error
