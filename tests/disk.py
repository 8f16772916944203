"""Watches what reaches the disk: promise 2 says written to a temporary name, synced, renamed. And a
disk that is full."""

import builtins
import errno
import io
import math
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest


class Disk:
    """Sees every sync and every rename of this process.

    `early` names what was renamed before its content was synced; `owed` the targets of renames
    whose folder was not synced since (a power cut may take such a rename back).
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.early: list[str] = []
        self.renames: list[tuple[Path, Path]] = []
        self._owed: dict[tuple[int, int], list[str]] = {}
        self._synced: set[tuple[int, int, int]] = set()
        self._lock = threading.Lock()
        self._sync, self._replace, self._rename = os.fsync, os.replace, os.rename
        monkeypatch.setattr(os, "fsync", self._note_sync)
        monkeypatch.setattr(os, "replace", lambda *ends: self._note_rename(self._replace, *ends))
        monkeypatch.setattr(os, "rename", lambda *ends: self._note_rename(self._rename, *ends))

    @property
    def owed(self) -> list[str]:
        """The renames that a power cut could take back."""
        return [name for names in self._owed.values() for name in names]

    def holds(self, path: Path) -> bool:
        """Whether a file, as long as it is now, or a folder was synced."""
        about = path.stat()
        size = -1 if path.is_dir() else about.st_size
        return (about.st_dev, about.st_ino, size) in self._synced

    def _note_sync(self, descriptor: int) -> None:
        about = os.fstat(descriptor)
        is_folder = about.st_mode & 0o170000 == 0o040000
        self._sync(descriptor)
        with self._lock:
            self._synced.add((about.st_dev, about.st_ino, -1 if is_folder else about.st_size))
            if is_folder:
                self._owed.pop((about.st_dev, about.st_ino), None)

    def _note_rename(self, rename: object, source: object, target: object) -> None:
        old, new = Path(str(source)), Path(str(target))
        files = [each for each in old.rglob("*") if each.is_file()] if old.is_dir() else [old]
        early = [each.name for each in files if not self.holds(each)]
        assert callable(rename)
        rename(source, target)
        about = new.parent.stat()
        with self._lock:
            self.early += early
            self.renames.append((old, new))
            self._owed.setdefault((about.st_dev, about.st_ino), []).append(new.name)


class Room:
    """A disk with so much room: when as many bytes were written, files take no more, as it is when
    one is full; what is half written by then stays. Files of this process that Python opens alone.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left: float = math.inf
        self.taken = 0
        """Bytes that were written so far."""
        self._open, self._lock = io.open, threading.Lock()
        for module in (io, builtins):
            monkeypatch.setattr(module, "open", self._opened)

    def take(self, size: int) -> int:
        """How many of these bytes go in. Raises `OSError` where none does."""
        with self._lock:
            fits = int(min(size, self.left))
            if size and not fits:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self.left -= fits
            self.taken += fits
            return fits

    def _opened(self, file: Any, mode: str = "r", *words: Any, **options: Any) -> Any:
        if set(mode) & set("rt+") or "b" not in mode or not _is_file(file):
            return self._open(file, mode, *words, **options)
        raw = _Rationed(file, mode, opener=options.get("opener"))
        raw.room = self
        return io.BufferedWriter(raw)


def _is_file(file: Any) -> bool:
    """A pipe has room for everything."""
    return not isinstance(file, int) or stat.S_ISREG(os.fstat(file).st_mode)


class _Rationed(io.FileIO):
    room: Room

    def write(self, data: Any) -> int:
        whole = memoryview(data).cast("B")
        return super().write(whole[: self.room.take(whole.nbytes)])
