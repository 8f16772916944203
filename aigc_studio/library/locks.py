"""A folder that one process works in: held by the system, so that a killed process lets go."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from pathlib import Path

from aigc_studio import files

LOCK_NAME = ".lock"
_number_at = 1 << 20
"""Windows locks bytes against reading too: the locked byte lies behind the process number."""


class FolderLock:
    """The right to work in `folder`, shown by a locked file that holds the process number."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> bool:
        """Take the lock; False when another holder, in this process or another, has it."""
        if self.held:
            return True
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError:  # the folder is gone, or may not be written in
            return False
        # Who held it before may have taken the file away between our opening and our locking it:
        # a lock on a file that nobody else can open is none.
        if not (_lock(descriptor) and _is_at(descriptor, self.path)):
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let go, and take the file away."""
        if self._descriptor is None:
            return
        with contextlib.suppress(OSError):  # Windows refuses while the file is open
            self.path.unlink()
        os.close(self._descriptor)
        self._descriptor = None
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                self.path.unlink()

    def holder(self) -> int:
        """The number of the process that has the lock, 0 when nobody has it."""
        if self.held:
            return os.getpid()
        if not self.path.exists():
            return 0
        if self.acquire():
            self.release()
            return 0
        with contextlib.suppress(OSError, ValueError):
            return int(self.path.read_text("ascii"))
        return -1


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is the one that the path leads to now."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except OSError:
        return False


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _number_at, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sweep(folder: Path, older_than: float = 60.0) -> int:
    """Take away what killed work left in `folder`: hidden folders that nobody holds.

    Those changed in the last `older_than` seconds stay: someone may be about to lock them.
    Returns how many were taken away.
    """
    swept = 0
    for left in folder.glob(".*") if folder.is_dir() else ():
        with contextlib.suppress(OSError):
            fresh = time.time() - left.stat().st_mtime < older_than
            if left.is_dir() and not fresh and FolderLock(left).holder() == 0:
                shutil.rmtree(left, ignore_errors=True)
                swept += 1
    return swept


def remove_folder(folder: Path) -> None:
    """Delete a folder so that nobody sees half of it: renamed first, then emptied."""
    doomed = folder.with_name(f".deleted-{os.getpid()}-{time.monotonic_ns()}")
    os.rename(folder, doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def folder_size(folder: Path) -> int:
    """Bytes in the files of a folder and all below it."""
    return files.bytes_below(folder)
