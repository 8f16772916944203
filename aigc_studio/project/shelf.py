"""Files of a project by kind and digest: some lie in a folder, some in the file that was opened.

An opened `.aigc` file is copied into the folder as one file, and what it holds is read from there:
to make a file for each of ten thousand tiles takes longer than all else that opening does.
"""

from __future__ import annotations

import os
import shutil
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from aigc_studio.api.errors import StudioError
from aigc_studio.files import open_plain, write_bytes
from aigc_studio.project.batch import Batch, sync_named
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.project.members import Members

SUFFIXES = {"tile": ".png", "image": ".json", "text": ".txt", "melody": ".json", "latent": ".bin"}
"""What a stored file of each kind ends with; the kind is its folder."""

_OPENED = "opened.zip"


class Shelf:
    """Files in `folder`, written whole, never changed, safe from any thread.

    `durable=False` leaves out the sync to disk (for what lies elsewhere as well). Reading what is
    missing raises `StudioError`.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = Path(folder)
        self.durable = durable
        self._root = str(folder)
        self._pack = _Pack(self.folder / _OPENED)
        self._sums: dict[tuple[str, str], int] = {}
        # Files that have their names and were not synced yet.
        self._owed: set[tuple[str, str]] = set()
        self._mine = threading.local()

    def share(self, other: Shelf) -> None:
        """Know of the files what another one of the same folder knows."""
        self._pack, self._sums, self._owed = other._pack, other._sums, other._owed

    def adopt(self, path: Path) -> Members:
        """Copy an `.aigc` file into the folder, and have its content from now on.

        Raises `OSError`, and what `Members` raises.
        """
        os.makedirs(self._root, exist_ok=True)
        shutil.copyfile(path, self._pack.path)
        return self._pack.load()

    def close(self) -> None:
        """Let go of the opened file: Windows removes none that is open."""
        self._pack.close()

    def require(self, kind: str, digest: str) -> None:
        """Raise `StudioError` unless the file is there."""
        if not self._pack.has(kind, digest) and not os.path.isfile(self._name(kind, digest)):
            raise missing(kind, digest)

    def size(self, kind: str, digest: str) -> int:
        """The bytes that a stored file takes, unpacked; 0 when it is gone."""
        if (packed := self._pack.size(kind, digest)) is not None:
            return packed
        try:
            return os.stat(self._name(kind, digest)).st_size
        except OSError:
            return 0

    def present(self) -> set[tuple[str, str]]:
        """All files that are there and not empty, as (kind, digest)."""
        found = self._pack.present()
        for kind in SUFFIXES:
            for folder, _folders, names in os.walk(os.path.join(self._root, kind)):
                for name in names:
                    if name.startswith("."):  # not whole yet
                        continue
                    with suppress(OSError):
                        if os.stat(os.path.join(folder, name)).st_size:
                            found.add((kind, name.partition(".")[0]))
        return found

    def path(self, kind: str, digest: str) -> Path:
        """Where a file of a kind (`SUFFIXES`) lies, or would lie that is in the opened file."""
        return Path(self._name(kind, digest))

    def read(self, kind: str, digest: str) -> bytes:
        """The bytes of a stored file, not yet verified. Raises `StudioError` when it is gone."""
        batch = self._batch
        try:
            packed = self._pack.read(kind, digest)
            if packed is None and batch is not None:
                packed = batch.read((kind, digest))
            if packed is not None:
                return packed
            with open_plain(self.path(kind, digest)) as file:
                return file.read()
        except OSError as error:
            raise missing(kind, digest) from error
        except Exception as error:
            raise damaged(kind, digest) from error

    def write(self, kind: str, digest: str, make: Callable[[], bytes]) -> None:
        """Write the file of a kind unless it is there. Raises `StudioError` when it cannot be."""
        key, batch = (kind, digest), self._batch
        if self._pack.has(kind, digest) or (batch is not None and key in batch):
            return
        path = self.path(kind, digest)
        if os.path.exists(path):
            if self.durable and key in self._owed:
                if batch is not None:
                    batch.add_old(key, path)
                    return
                with self._told():
                    self.sync([key])
            return
        data = make()
        with self._told():
            if batch is not None:
                batch.add(key, path, data)
                return
            self._owed.add(key)
            write_bytes(path, data, durable=self.durable)
            self._sums[key] = crc32(data)
        if self.durable:
            self._owed.discard(key)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What this thread writes in the block is synced at its end, all at once.

        Until then only this thread can read it; when the block ends with an exception it is gone.
        Raises `StudioError` when it cannot be written. One in another is part of that.
        """
        if self._batch is not None or not self.durable:
            yield
            return
        batch = self._mine.batch = Batch()
        try:
            yield
            keys = list(batch)
            # Before they have their names: another thread that finds one there must not rely on it.
            self._owed.update(keys)
            with self._told():
                batch.finish()
            self._owed.difference_update(keys)
        finally:
            self._mine.batch = None
            batch.clear()
            self._sums.update(batch.sums)

    def sync(self, files: Iterable[tuple[str, str]]) -> None:
        """Have files on disk for good, power cuts included. Raises `OSError`."""
        keys = [key for key in dict.fromkeys(files) if not self._pack.has(*key)]
        sync_named([self.path(*key) for key in keys])
        self._owed.difference_update(keys)

    @property
    def _batch(self) -> Batch | None:
        return getattr(self._mine, "batch", None)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A disk that is full or shut is one sentence."""
        try:
            yield
        except OSError as error:
            raise StudioError(
                _("The folder {folder} cannot be written to ({reason}): free up space.").format(
                    folder=self.folder, reason=error.strerror or error
                )
            ) from error

    def drop(self, kind: str, digest: str) -> None:
        """Forget a file that is damaged: the whole one, put there some day, is to be written."""
        self._pack.drop(kind, digest)
        with suppress(OSError):
            os.unlink(self._name(kind, digest))

    def note_sum(self, kind: str, digest: str, number: int) -> None:
        """The CRC-32 of a file that is known to be what its digest says."""
        self._sums[kind, digest] = number

    def sum(self, kind: str, digest: str) -> int | None:
        """The CRC-32 of a file as it was written here or found to be whole; None if not known."""
        return self._sums.get((kind, digest))

    def _name(self, kind: str, digest: str) -> str:
        return os.path.join(self._root, kind, digest[:2], digest + SUFFIXES[kind])


class _Pack:
    """The opened file, when there is one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._members: Members | None = None
        self._looked = False
        self._dropped: set[str] = set()

    def load(self) -> Members:
        from aigc_studio.project.members import Members

        with self._lock:
            self._looked = True
            if self._members is None:
                self._members = Members(open_plain(self.path))
                # A project that is let go of without being closed lets go of its file as well.
                weakref.finalize(self, self._members.close)
            return self._members

    def close(self) -> None:
        with self._lock:
            if self._members is not None:
                self._members.close()
            self._members = None

    def has(self, kind: str, digest: str) -> bool:
        members, name = self._there(), packed_name(kind, digest)
        return members is not None and name in members and name not in self._dropped

    def size(self, kind: str, digest: str) -> int | None:
        members, name = self._there(), packed_name(kind, digest)
        member = members.get(name) if members is not None and name not in self._dropped else None
        return member.file_size if member is not None else None

    def read(self, kind: str, digest: str) -> bytes | None:
        members = self._there()
        if members is None or not self.has(kind, digest):
            return None
        from aigc_studio.project.members import LIMITS

        return members.read(packed_name(kind, digest), LIMITS[kind])

    def drop(self, kind: str, digest: str) -> None:
        self._dropped.add(packed_name(kind, digest))

    def present(self) -> set[tuple[str, str]]:
        members, found = self._there(), set()
        for name in members.names() if members is not None else ():
            parts = name.split("/")
            if len(parts) == 3 and parts[0] == "content" and name not in self._dropped:
                found.add((parts[1], parts[2].partition(".")[0]))
        return found

    def _there(self) -> Members | None:
        if not self._looked:
            try:
                if self.path.exists():
                    self.load()
            except Exception:  # a copy that was cut short: what it held is missing then
                self._looked = True
            self._looked = True
        return self._members


def packed_name(kind: str, digest: str) -> str:
    """What a file is called in an `.aigc` file."""
    return f"content/{kind}/{digest}{SUFFIXES[kind]}"


def missing(kind: str, digest: str) -> StudioError:
    """The sentence on a file that is gone."""
    return StudioError(
        _(
            "A part of the project is missing ({kind} {digest}): open the last saved version of "
            "the project."
        ).format(kind=kind, digest=digest[:12])
    )


def damaged(kind: str, digest: str) -> StudioError:
    """The sentence on a file that is not what its digest says."""
    return StudioError(
        _(
            "A part of the project is damaged ({kind} {digest}): open the last saved version of "
            "the project."
        ).format(kind=kind, digest=digest[:12])
    )
