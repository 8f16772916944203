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

PATIENCE = 0.03
"""How long a step waits for the disk, in seconds: the window must not stand still.

Measured beside a process that writes large files, a sync took up to 94 ms on a fast disk. A line
that was written survives the end of this process at once; the sync is for the end of the power, and
one that takes longer goes on behind.
"""


class Journal:
    """Append to `path`; what a crash tore off at the end is cut away first.

    Raises `StudioError` when the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._change = threading.Condition()
        self._written = self._synced = 0
        self._error: OSError | None = None
        self._closed = False
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            whole = read(self.path)[1] if self.path.exists() else 0
            self._file = self.path.open("ab", buffering=0)
            self._file.truncate(whole)
            sync_folder(self.path.parent)
        except OSError as error:
            raise self._failed(error) from error
        self._thread = threading.Thread(target=self._sync, name="journal", daemon=True)
        self._thread.start()

    def append(self, *entries: dict[str, Any], patience: float = PATIENCE) -> None:
        """Write entries and sync them, or raise `StudioError` and leave nothing of them.

        Waits no longer than `patience` for the sync; one that fails later is told by the next call.
        """
        text = "".join(canonical_json(entry) + "\n" for entry in entries)
        lines = text.encode("utf-8", "surrogatepass")
        with self._change:
            self._raise_error()
            size = os.fstat(self._file.fileno()).st_size
            try:
                if self._file.write(lines) != len(lines):
                    raise OSError(None, _("the disk is full"))
            except OSError as error:
                self._file.truncate(size)
                raise self._failed(error) from error
            self._written += 1
            mark = self._written
            self._change.notify_all()
            self._change.wait_for(lambda: self._synced >= mark or self._error, patience)
            if self._error is not None:
                self._file.truncate(size)
            self._raise_error()

    def close(self) -> None:
        """Close the file; the journal stays where it is."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._thread.join()
        self._file.close()

    def _sync(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._written > self._synced)
                if self._closed:
                    return
                mark = self._written
            error: OSError | None = None
            try:
                os.fsync(self._file.fileno())
            except OSError as caught:
                error = caught
            with self._change:
                self._synced, self._error = mark, error or self._error
                self._change.notify_all()

    def _raise_error(self) -> None:
        if self._error is not None:
            error, self._error = self._error, None
            raise self._failed(error) from error

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
