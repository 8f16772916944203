"""The content of a file, read by place whenever some of it is asked for."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from pathlib import Path

from aigc_studio.files import open_plain


class Placed:
    """A file that stays open. Raises `OSError` when it is not there, or no file.

    What was cut off it meanwhile is missing, and a disk that fails is an `OSError`: either would
    end a process that has the file mapped into its memory.
    """

    def __init__(self, path: Path) -> None:
        with open_plain(path) as file:
            self._file = os.dup(file.fileno())
            self._size = os.fstat(self._file).st_size
        weakref.finalize(self, os.close, self._file)
        self._turn = threading.Lock()

    def read(self, place: int, length: int) -> bytes:
        """So many bytes from a place on; fewer where the file ends. Raises `OSError`."""
        length = min(length, max(self._size - place, 0))  # no room is made for what is only said
        found = self._read(place, length)
        while len(found) < length and (more := self._read(place + len(found), length - len(found))):
            found += more
        return found

    def _read(self, place: int, length: int) -> bytes:
        if sys.platform == "win32":
            with self._turn:
                os.lseek(self._file, place, os.SEEK_SET)
                return os.read(self._file, length)
        return os.pread(self._file, length, place)
