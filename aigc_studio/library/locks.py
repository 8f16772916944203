"""Who works in which folder of a store, and who changes what has which name in it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from aigc_studio import files, locks
from aigc_studio.api import StudioError
from aigc_studio.api.spelling import normal
from aigc_studio.library.names import checked_name
from aigc_studio.translation import _

LOCK_NAME = ".lock"
TURNS = ".turns"
REPLACED = ".replaced-"
"""What begins the name of a folder that is about to be replaced: never swept away unseen."""
PATIENCE = 0.1
"""Seconds to wait for the lock of a folder: others may be looking whether anybody has it."""
_ATTEMPTS = 100
TURN_PATIENCE = 10.0
"""Seconds to wait for another window or shell that changes what has the same name."""


class FolderLock:
    """The right to work in `folder`, shown by a locked file that holds the process number."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        self._lock: locks.Lock | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._lock is not None and self._lock.held

    def acquire(self, seconds: float = 0.0) -> bool:
        """Take the lock; False when another holder, in this process or another, has it.

        Raises `OSError` when there is none to be had: the folder is gone, or may not be written in.
        """
        if self.held:
            return True
        try:
            lock = locks.Lock(self.path, seconds=seconds)
        except locks.Taken:
            return False
        if not lock.certain and locks.lives(self._number()):  # no locks here: a number is better
            lock.release()
            return False
        lock.write(str(os.getpid()))
        self._lock = lock
        return True

    def release(self) -> None:
        """Let go, and take the file away."""
        if self._lock is not None:
            self._lock.release(remove=True)
            self._lock = None

    def holder(self) -> int:
        """The number of the process that has the lock, 0 when nobody has it; -1: not known."""
        if self.held:
            return os.getpid()
        try:
            with locks.Lock(self.path, shared=True, make=False) as lock:
                number = 0 if lock.certain else self._number()
                return number if locks.lives(number) else 0
        except FileNotFoundError:
            return 0
        except locks.Taken:
            return self._number() or -1
        except OSError:
            return -1

    def _number(self) -> int:
        with contextlib.suppress(OSError, ValueError):
            return int(files.plain_text(self.path))
        return 0


@contextlib.contextmanager
def turn(store: Path, *names: str, seconds: float = TURN_PATIENCE) -> Iterator[None]:
    """Be the only one, of all processes and threads, that changes what has these names in a store.

    Names that differ in capitals are one. Not to be taken again by who has it. Raises `StudioError`
    when another one does not end within `seconds`. Where nothing can be locked it is not waited.
    """
    with contextlib.ExitStack() as held:
        held.callback(_tidy, store / TURNS)
        keys = {normal(name).casefold(): name for name in names}
        for key, name in sorted(keys.items()):
            try:
                lock = _turn_of(store, key, seconds)
            except locks.Taken as error:
                raise StudioError(
                    _(
                        "{name} is being changed by another window or shell: try again in a moment."
                    ).format(name=name)
                ) from error
            except OSError:
                continue  # a folder that cannot be written to: what is to be done there says so
            held.callback(lock.release, remove=True)
        yield


def _turn_of(store: Path, key: str, seconds: float) -> locks.Lock:
    path = store / TURNS / hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    for _attempt in range(_ATTEMPTS):
        files.make_private(path.parent)
        with contextlib.suppress(FileNotFoundError):  # somebody tidied up behind the last turn
            return locks.Lock(path, seconds=seconds)
    raise FileNotFoundError(path)


def _tidy(turns: Path) -> None:
    with contextlib.suppress(OSError):  # others have their turn
        turns.rmdir()


@contextlib.contextmanager
def held_folder(path: Path) -> Iterator[Path]:
    """As `files.whole_folder`; nobody sweeps the temporary folder away, however long it takes."""
    with files.whole_folder(path) as temporary:
        lock = FolderLock(temporary)
        lock.acquire()
        try:
            yield temporary
        finally:
            lock.release()


@contextlib.contextmanager
def new_folder(path: Path, taken: Callable[[], Iterable[str]]) -> Iterator[Path]:
    """As `held_folder`, for a name that must not be `taken` when all is done.

    The turn is taken in the end only: what is long is done before. Raises `StudioError` when
    another window took the name meanwhile.
    """
    with contextlib.ExitStack() as turns, held_folder(path) as temporary:
        yield temporary
        turns.enter_context(turn(path.parent, path.name))
        checked_name(path.name, taken())


def sweep(folder: Path, older_than: float = 60.0) -> int:
    """Take away what killed work left in `folder`: hidden folders that nobody holds.

    Those changed in the last `older_than` seconds stay: someone may be about to lock them.
    Returns how many were taken away.
    """
    swept = 0
    try:
        hidden = [each for each in folder.iterdir() if each.name.startswith(".")]
    except OSError:
        return 0
    for left in hidden:
        if left.name == TURNS or left.name.startswith(REPLACED):
            continue
        with contextlib.suppress(OSError):
            fresh = files.age(left.stat().st_mtime) < older_than
            if left.is_dir() and not left.is_symlink() and not fresh and _is_free(left):
                files.remove_tree(left)
                swept += 1
    return swept


def _is_free(folder: Path) -> bool:
    return FolderLock(folder).holder() == 0


def remove_folder(folder: Path) -> None:
    """Delete a folder so that nobody sees half of it: renamed first, then emptied.

    Raises `OSError`: `FileNotFoundError` when it is gone already.
    """
    doomed = folder.with_name(f".deleted-{os.getpid()}-{time.monotonic_ns()}")
    os.rename(folder, doomed)
    files.remove_tree(doomed)


def remove_held(folder: Path, lock: FolderLock) -> None:
    """As `remove_folder`, for a folder whose lock is held until it is gone; nothing when it is."""
    if os.name == "nt":
        lock.release()  # Windows renames no folder with an open file in it
    try:
        with contextlib.suppress(FileNotFoundError):
            remove_folder(folder)
    finally:
        lock.release()


def folder_size(folder: Path) -> int:
    """Bytes in the files of a folder and all below it."""
    return files.bytes_below(folder)
