"""The journal of a session: one JSON line for every step, on disk before it shows."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

from aigc_studio.api.errors import StudioError
from aigc_studio.files import canonical_json, sync_folder, write_bytes
from aigc_studio.translation import _


class Journal:
    """Append to `path`; what a crash tore off at the end is cut away first.

    Raises `StudioError` when the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._lock = threading.Lock()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            whole = read(self.path)[1] if self.path.exists() else 0
            self._file = self.path.open("ab", buffering=0)
            self._file.truncate(whole)
            sync_folder(self.path.parent)
        except OSError as error:
            raise self._failed(error) from error

    def append(self, *entries: dict[str, Any]) -> None:
        """Write entries and sync them, or raise `StudioError` and leave nothing of them."""
        text = "".join(canonical_json(entry) + "\n" for entry in entries)
        lines = text.encode("utf-8", "surrogatepass")
        with self._lock:
            size = os.fstat(self._file.fileno()).st_size
            try:
                written = self._file.write(lines)
                if written != len(lines):
                    raise OSError(None, _("the disk is full"))
                os.fsync(self._file.fileno())
            except OSError as error:
                self._file.truncate(size)
                raise self._failed(error) from error

    def close(self) -> None:
        """Close the file; the journal stays where it is."""
        self._file.close()

    def _failed(self, error: OSError) -> StudioError:
        return StudioError(
            _(
                "The change cannot be kept, because the folder {folder} cannot be written to "
                "({reason}): free some room and try again."
            ).format(folder=self.path.parent, reason=error.strerror or error)
        )


def read(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The entries up to the first that is torn or not JSON, and how many bytes they take."""
    entries: list[dict[str, Any]] = []
    size = 0
    with path.open("rb") as file:
        for line in file:
            try:
                entry = json.loads(line.decode("utf-8", "surrogatepass"))
            except (ValueError, RecursionError):
                break
            if not line.endswith(b"\n") or not isinstance(entry, dict):
                break
            entries.append(entry)
            size += len(line)
    return entries, size


def cut(path: Path, count: int) -> None:
    """Leave the first `count` entries only. Whole lines that go stay in `journal-damaged.jsonl`.

    Raises `OSError` when that cannot be done.
    """
    with path.open("rb") as file:
        lines = file.readlines()
    if any(line.endswith(b"\n") for line in lines[count:]):
        write_bytes(path.with_name("journal-damaged.jsonl"), b"".join(lines))
        write_bytes(path, b"".join(lines[:count]))
