"""Session folders: where a project lives while it is open, and how a crash is noticed."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import IO

from aigc_studio.folders import data_folder
from aigc_studio.translation import _

JOURNAL = "journal.jsonl"
CONTENT = "content"
LOCK = "lock"

_taken = (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK)


def sessions_folder() -> Path:
    """The folder of all sessions."""
    return data_folder() / "sessions"


def new_folder() -> Path:
    """A session folder that is not there yet."""
    return sessions_folder() / os.urandom(8).hex()


class Lock:
    """Holds a session folder as long as this process lives.

    A lock of the system and not a number in a file: it goes with the process, however that ends.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # "a+" and not "w": opening must not change what another process holds.
        self._file = (folder / LOCK).open("a+b")
        self.certain = True
        try:
            _lock(self._file)
        except OSError as error:
            if error.errno in _taken:
                self._file.close()
                raise BlockingIOError(error.errno, _("it is open already")) from error
            # A file system that knows no locks: work goes on, and nobody tidies up here.
            self.certain = False

    def release(self) -> None:
        """Let the folder go."""
        self._file.close()


def is_open(folder: Path) -> bool:
    """Whether a living process, this one included, holds the session folder, or may hold it."""
    try:
        lock = Lock(folder)
    except OSError:
        return True
    lock.release()
    return not lock.certain


def left_behind() -> list[Path]:
    """Session folders that nobody holds, the one last written to first.

    Those without a journal, from an opening that never ended, are removed.
    """
    try:
        folders = [path for path in sessions_folder().iterdir() if path.is_dir()]
    except OSError:
        return []
    left = []
    for path in folders:
        if is_open(path):
            continue
        try:
            left.append(((path / JOURNAL).stat().st_mtime, path))
        except FileNotFoundError:
            remove(path)
        except OSError:
            continue  # another person's, or a disk that is failing
    return [path for _time, path in sorted(left, reverse=True)]


def remove(folder: Path) -> None:
    """Remove a session folder; the journal goes first, so that half of it is never recovered."""
    (folder / JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _lock(file: IO[bytes]) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
