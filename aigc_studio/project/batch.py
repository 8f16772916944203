"""Files that reach the disk together.

A sync for each of a thousand tiles costs a thousand waits for the disk, one after the other, and as
many for their folders. Asked for at once they are few: the file system commits what waits as one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from aigc_studio.files import open_plain, sync_folder, write_beside

SYNCS = 8
"""How many syncs are asked for at once. Measured: with more it is no faster."""

Key = tuple[str, str]
"""A stored file: kind and digest."""


class Batch:
    """Written to temporary names at once; `finish` syncs them all, then gives them their names.

    Until then `read` knows them. `clear` takes away what did not get its name. For one thread.
    """

    def __init__(self) -> None:
        self.sums: dict[Key, int] = {}
        """The CRC-32 of each file that got its name."""
        self._new: dict[Key, tuple[str, Path, int]] = {}
        self._old: dict[Key, Path] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._new or key in self._old

    def __iter__(self) -> Iterator[Key]:
        yield from self._new
        yield from self._old

    def add(self, key: Key, path: Path, data: bytes) -> None:
        """Write a file that is to be called `path`. Raises `OSError`."""
        self._new[key] = (write_beside(path, data), path, crc32(data))

    def add_old(self, key: Key, path: Path) -> None:
        """Have a file synced too that has its name already, and that nobody has synced yet."""
        self._old[key] = path

    def read(self, key: Key) -> bytes | None:
        """What was added under this key; None for nothing new. Raises `OSError`."""
        if key not in self._new:
            return None
        with open_plain(Path(self._new[key][0])) as file:
            return file.read()

    def finish(self) -> None:
        """Have all of it on disk for good, power cuts included. Raises `OSError`."""
        sync_files([*(Path(new) for new, _path, _sum in self._new.values()), *self._old.values()])
        folders = {path.parent for path in self._old.values()}
        try:
            for key, (temporary, path, number) in list(self._new.items()):
                os.replace(temporary, path)
                del self._new[key]
                self.sums[key] = number
                folders.add(path.parent)
        finally:
            _at_once(sync_folder, folders)

    def clear(self) -> None:
        """Remove what has no name; never raises."""
        for temporary, _path, _sum in self._new.values():
            with suppress(OSError):
                os.unlink(temporary)
        self._new.clear()


def sync_files(paths: Collection[Path]) -> None:
    """Have the content of files on disk. Raises `OSError` when that of one cannot be."""
    _at_once(_sync_file, paths)


def sync_named(paths: Collection[Path]) -> None:
    """Have files on disk with their names. Raises `OSError`."""
    sync_files(paths)
    _at_once(sync_folder, {path.parent for path in paths})


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:  # Windows syncs none that is open for reading
        os.fsync(file.fileno())


def _at_once(sync: Callable[[Path], None], paths: Collection[Path]) -> None:
    if len(paths) <= 2:  # a thread costs more
        for path in paths:
            sync(path)
        return
    with ThreadPoolExecutor(min(SYNCS, len(paths)), "sync") as threads:
        for _done in threads.map(sync, paths):
            pass
