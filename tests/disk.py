"""Watches what reaches the disk: promise 2 says written to a temporary name, synced, renamed."""

import os
import threading
from pathlib import Path

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
