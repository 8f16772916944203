"""The INI file of the settings: two windows may write it, and neither loses what the other wrote.

Qt reads and writes the format. It does not write the file itself: its own lock is waited for
without an end when it is a folder or a pipe, or its holder was stopped. Nor does it read what is no
file of settings: it would wait for a pipe, and read a device or a film to the end.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

from aigc_studio import files, locks
from aigc_studio.translation import _

Change = Callable[[Any], Any]
"""What becomes of a value (None: there is none); None takes it away."""

MOST_BYTES = 8 << 20
"""A hundred times what a window ever remembers: something else has taken the file's place."""
_FRESH = ".settings-"
_numbers = itertools.count(1)


class SettingsFile:
    """The values in the file `path`, by their keys."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Any]:
        """All values; what cannot be read is not there."""
        return _values(self.path)

    def write(
        self, changes: Mapping[str, Sequence[Change]], seconds: float
    ) -> dict[str, Any] | None:
        """Change values as they are in the file by now, and give all that are there then.

        Waits for at most `seconds` for another window that writes, then gives None: nothing is
        written. Where nothing can be locked the last one wins. Raises `OSError` when it cannot be
        written; the file is as it was then. One that is far too large is kept as `settings.ini~`.
        """
        files.make_private(self.path.parent)
        lock = None
        with contextlib.suppress(OSError):
            try:
                lock = locks.Lock(self.path.with_name(f"{self.path.name}.turn"), seconds=seconds)
            except locks.Taken:
                return None
        try:
            if lock is not None and lock.certain:
                self._tidy()
            return self._change(changes)
        finally:
            if lock is not None:
                lock.release(remove=True)

    def _change(self, changes: Mapping[str, Sequence[Change]]) -> dict[str, Any]:
        path = Path(os.path.realpath(self.path))  # a link goes on leading to the file
        # A name of its own each time: Qt keeps what it read under a name.
        fresh = path.with_name(f"{_FRESH}{os.getpid()}-{next(_numbers)}.ini")
        try:
            if size := _size(path):
                if size > MOST_BYTES:
                    os.replace(path, files.beside(path, "~"))
                else:
                    shutil.copy(path, fresh)
            store = QSettings(str(fresh), QSettings.Format.IniFormat)
            for key, steps in changes.items():
                value = store.value(key)
                for step in steps:
                    value = step(value)
                if value is None:
                    store.remove(key)
                else:
                    store.setValue(key, value)
            store.sync()
            if store.status() == QSettings.Status.AccessError:
                raise OSError(None, _("nothing can be written beside it"))
            if fresh.is_file():
                os.replace(fresh, path)
            return _all(store)
        finally:
            with contextlib.suppress(OSError):
                fresh.unlink()

    def _tidy(self) -> None:
        """Take away what windows left that were killed while they wrote: nobody writes now."""
        for left in self.path.parent.glob(f"{_FRESH}*"):
            with contextlib.suppress(OSError):
                left.unlink()


def _size(path: Path) -> int:
    """The bytes of a file; 0 when there is none. Raises `OSError` for what is none (a folder, a
    pipe, a device), and what no rename may take away."""
    try:
        about = path.stat()
    except FileNotFoundError:
        return 0
    if not stat.S_ISREG(about.st_mode):
        raise OSError(None, _("it is not a file"))
    return about.st_size


def _values(path: Path) -> dict[str, Any]:
    try:
        if not 0 < _size(path) <= MOST_BYTES:
            return {}
    except OSError:
        return {}
    store = QSettings(str(path), QSettings.Format.IniFormat)
    return _all(store)


def _all(store: QSettings) -> dict[str, Any]:
    return {key: store.value(key) for key in store.allKeys() if key}  # garbage has empty keys
