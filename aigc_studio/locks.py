"""Locks that the system holds for a process: they go with it, however it ends.

A lock is on a file. Whoever has it may take the file away, so that nothing is left lying about:
that the path still leads to the locked file is looked at each time.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
import weakref
from pathlib import Path
from types import TracebackType

_PAUSE = 0.01
_TURNS = 50
"""How often a file that is taken away between opening and locking is opened anew, at least."""
_number_at = 1 << 20
"""Windows locks bytes against reading too: the locked byte lies behind all that is written."""
_taken = (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK)
_closed = (errno.EACCES, errno.EPERM, errno.EROFS)


def lives(number: int) -> bool:
    """Whether a process of this number runs here, as far as can be seen.

    Windows is not asked, because there the question ends the process: no process is known to run.
    """
    if number <= 0 or os.name != "posix":
        return False
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


class Taken(BlockingIOError):
    """Somebody else has the lock, in this process or another."""


class Lock:
    """The lock on the file `path`, which is made when missing; its folder must be there.

    Waits for at most `seconds`. Several may have it `shared` at once (Windows knows no such locks),
    and then nobody alone. `certain` is false where the file system knows no locks: then nothing was
    looked at and nothing is held. Raises `Taken`, and `OSError` when the file cannot be opened or
    is none (a folder, a pipe, a link); `FileNotFoundError` without `make` when it is missing.
    """

    def __init__(
        self, path: Path, *, seconds: float = 0.0, shared: bool = False, make: bool = True
    ) -> None:
        self.path = path
        self.certain = True
        due, turns = time.monotonic() + seconds, 0
        while True:
            descriptor = _open(path, make)
            locked = _lock(descriptor, shared)
            # Who had it before may have taken the file away between our opening and our locking:
            # a lock on a file that nobody else can open is none.
            if locked is None or (locked and _is_at(descriptor, path)):
                break
            os.close(descriptor)
            turns += 1
            if time.monotonic() >= due and (not locked or turns > _TURNS):
                raise Taken(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))
            if not locked:
                time.sleep(_PAUSE)
        self.certain = bool(locked)
        self._descriptor: int | None = descriptor
        _open_locks.add(self)

    @property
    def held(self) -> bool:
        """Whether it was not released yet."""
        return self._descriptor is not None

    def write(self, text: str) -> None:
        """Leave a word in the file for those who find it taken; without a right to write, none."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, 0)
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                os.write(self._descriptor, text.encode("utf-8", "surrogateescape"))

    def release(self, *, remove: bool = False) -> None:
        """Let go; `remove` takes the file away."""
        if self._descriptor is None:
            return
        # After its folder was renamed the path may be somebody else's.
        remove = remove and _is_at(self._descriptor, self.path)
        if remove:
            with contextlib.suppress(OSError):  # Windows refuses while the file is open
                self.path.unlink()
        _unlock(self._descriptor)  # a child that was forked may hold a copy for a moment
        self.abandon()
        if remove and sys.platform == "win32":
            with contextlib.suppress(OSError):
                self.path.unlink()

    def abandon(self) -> None:
        """Close the file and no more. In a forked child the parent keeps the lock."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def hold(descriptor: int, path: Path) -> bool:
    """Lock a new file as long as it is open, against who would sweep it away (`Lock`); False when
    somebody has, or is about to.

    By the descriptor that it is written through: a network drive holds a lock against any other of
    this process too. Windows removes no open file, and nothing is locked there.
    """
    if sys.platform == "win32":
        return True
    return _lock(descriptor, False) is not False and path.exists()


_open_locks: weakref.WeakSet[Lock] = weakref.WeakSet()


def _abandon_all() -> None:
    # Else a child that outlives us would hold what nobody works in.
    for lock in list(_open_locks):
        lock.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_all)


def _open(path: Path, make: bool) -> int:
    """Open the lock file, for reading alone where it may not be written; never waits for a pipe."""
    careful = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        flags = os.O_RDWR | careful | (os.O_CREAT if make else 0)
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno not in _closed:
            raise
        try:
            descriptor = os.open(path, os.O_RDONLY | careful)
        except FileNotFoundError:
            raise error from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return descriptor


def _lock(descriptor: int, shared: bool) -> bool | None:
    """Whether the lock was got; None where there are no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _number_at, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _taken else None
    return True


def _unlock(descriptor: int) -> None:
    if sys.platform != "win32":  # there it ends with the file
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is the one that the path leads to now."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path, follow_symlinks=False))
    except OSError:
        return False
