"""Session folders: where a project lives while it is open, and how a crash is noticed."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from aigc_studio import files, locks
from aigc_studio.folders import data_folder
from aigc_studio.translation import _

JOURNAL = "journal.jsonl"
CONTENT = "content"
LOCK = "lock"
TYPED = "typed.json"
"""What is being typed and no step of the journal yet (`typed`)."""

PATIENCE = 1.0
"""Seconds to wait for a session: others may be looking whether anybody has it."""
_MAKING = 10.0
"""Seconds to wait for one that is being made: nobody but who tidies up can be in it."""
_TURNS = 20

Mark = tuple[int, int]
"""What a journal was like when it was looked at: bytes, and when it was written last."""


def sessions_folder() -> Path:
    """The folder of all sessions."""
    return data_folder() / "sessions"


def new_folder() -> Path:
    """A session folder that is not there yet."""
    return sessions_folder() / os.urandom(8).hex()


class Lock:
    """Holds a session folder as long as this process lives, and makes it unless told not to.

    Raises `BlockingIOError`, with a reason for people, when another process or this one has it
    already, `FileNotFoundError` when it is not there and not to be made, `OSError` when it cannot
    be had.
    """

    def __init__(self, folder: Path, *, make: bool = True, seconds: float = PATIENCE) -> None:
        self.folder = folder
        is_new = make and not (folder / JOURNAL).exists()
        self._lock = self._taken(make, _MAKING if is_new else seconds)

    def _taken(self, make: bool, seconds: float) -> locks.Lock:
        for _turn in range(_TURNS):
            if make:
                make_folder(self.folder)
            try:
                return locks.Lock(self.folder / LOCK, seconds=seconds)
            except locks.Taken as error:
                reason = _("it is already open in another window")
                raise BlockingIOError(error.errno, reason) from error
            except FileNotFoundError:
                # Who tidies up saw the folder before there was anything in it.
                if not make:
                    raise
        raise FileNotFoundError(self.folder)

    @property
    def certain(self) -> bool:
        """Whether the file system knows locks. Where it does not, nobody tidies up."""
        return self._lock.certain

    def release(self) -> None:
        """Let the folder go."""
        self._lock.release()

    def remove(self) -> None:
        """Remove the folder, and let go only then.

        The journal goes first, so that half of it is never recovered; the lock goes last, so that
        nobody takes up what is going. Raises `OSError` when the journal cannot be removed.
        """
        try:
            (self.folder / JOURNAL).unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                _empty(self.folder)
        finally:
            self._lock.release(remove=not (self.folder / JOURNAL).exists())
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK:
            with contextlib.suppress(OSError):
                path.unlink()


def make_folder(folder: Path) -> None:
    """Make a session folder; what is in it is nobody else's business. Raises `OSError`."""
    above = folder.parent
    files.make_private(above)
    if above == sessions_folder() and os.name == "posix" and above.stat().st_mode & 0o077:
        with contextlib.suppress(OSError):  # made by an older version
            above.chmod(0o700)
    folder.mkdir(mode=0o700, exist_ok=True)


def is_open(folder: Path) -> bool:
    """Whether a living process, this one included, holds the session folder, or may hold it."""
    try:
        lock = locks.Lock(folder / LOCK, shared=True, make=False)
    except FileNotFoundError:
        return False
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
            with contextlib.suppress(OSError):  # taken up meanwhile
                remove(path, None, seconds=0)
        except OSError:
            continue  # another person's, or a disk that is failing
    return [path for _time, path in sorted(left, reverse=True)]


def mark(folder: Path) -> Mark | None:
    """What the journal of a session is like now; None when there is none."""
    try:
        about = (folder / JOURNAL).stat()
    except OSError:
        return None
    return about.st_size, about.st_mtime_ns


def remove(folder: Path, seen: Mark | None, *, seconds: float = PATIENCE) -> bool:
    """Remove a session that nobody holds, if its journal is still as it was `seen`.

    False when it is another by now: somebody took it up in between. Nothing to do when it is gone.
    Raises `BlockingIOError`, with a reason for people, when it is open, `OSError` when its journal
    cannot be removed.
    """
    try:
        lock = Lock(folder, make=False, seconds=seconds)
    except FileNotFoundError:
        return True
    if mark(folder) != seen or not lock.certain:
        lock.release()
        return False
    lock.remove()
    return True
