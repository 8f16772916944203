"""Folders that go with the process that works in them, and what killed processes left behind."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import threading
from pathlib import Path

from aigc_studio.files import age, make_private, remove_tree
from aigc_studio.locks import Lock, lives

PREFIX = ".run-"
LOCK = "lock"
UNLOCKED_SECONDS = 24 * 3600.0
"""For so long is kept what is not locked: half-written files, and folders of version 0.1, which
locked nothing and may still be at work."""

_half_written = re.compile(r"\..+\.(\d+)-\d+")
"""What `files.write_bytes` calls its temporary files: with the number of its process."""


class Workplace:
    """A new folder below `parent` that nobody else has, and that `remove` takes away.

    When this process is killed before, `sweep` of any other one does. Raises `OSError`.
    """

    def __init__(self, parent: Path) -> None:
        make_private(parent)
        self.folder, self._lock = _taken(parent)
        self._removing = threading.Lock()

    def is_clean(self) -> bool:
        """Whether nothing is left in it, so that it is as good as a new one; one that is gone by
        now is not."""
        try:
            with contextlib.suppress(FileNotFoundError):
                os.rmdir(self.work)
            return os.listdir(self.folder) == [LOCK]
        except OSError:  # something lies in there, or somebody has removed it
            return False

    @property
    def work(self) -> Path:
        """Where an action may write what it likes; made by who needs it."""
        return self.folder / "work"

    def remove(self) -> None:
        """Take the folder away with all that is in it; several may ask for it at once."""
        with self._removing:
            remove_tree(self.folder)
            self._lock.release(remove=True)  # Windows keeps the file while it is open
            remove_tree(self.folder)


def _taken(parent: Path) -> tuple[Path, Lock]:
    for _attempt in range(10):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        with contextlib.suppress(FileNotFoundError):  # somebody swept in just this moment
            return folder, Lock(folder / LOCK, seconds=1.0)
    raise FileNotFoundError(parent)


def sweep(parent: Path) -> int:
    """Take away the workplaces below `parent` that nobody holds, and how many they were.

    Those of living processes stay, and everything where the file system knows no locks.
    """
    swept = 0
    for folder in _entries(parent, f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            swept += _sweep_one(folder)
    return swept


def _sweep_one(folder: Path) -> bool:
    """Take the folder away if nobody holds it. Raises `OSError` when somebody does."""
    try:
        lock = Lock(folder / LOCK, make=False)
    except FileNotFoundError:
        if _age(folder) < UNLOCKED_SECONDS:
            return False
        remove_tree(folder)
        return True
    try:
        if not lock.certain:
            return False
        remove_tree(folder)
    finally:
        lock.release()
    remove_tree(folder)
    return True


def sweep_files(folder: Path) -> int:
    """Take away the files in `folder` that a killed process was writing, and how many they were."""
    swept = 0
    for file in _entries(folder, ".*"):
        found = _half_written.fullmatch(file.name)
        if found and _age(file) > UNLOCKED_SECONDS and not lives(int(found[1][:9])):
            with contextlib.suppress(OSError):
                file.unlink()
                swept += 1
    return swept


def _entries(folder: Path, pattern: str) -> list[Path]:
    try:
        return [each for each in folder.glob(pattern) if not each.is_symlink()]
    except OSError:
        return []


def _age(path: Path) -> float:
    """Seconds since it was changed; 0 when it is gone."""
    try:
        return age(path.stat().st_mtime)
    except OSError:
        return 0.0
