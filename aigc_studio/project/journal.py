"""The journal of a session: one JSON line for every step, on disk before it shows.

Each line carries a checksum. A line that is longer than `PIECE` stands in pieces, marked `+` but
for the last, which is marked `=`: so no line is ever too long, and one that is was damaged. A line
that cannot be read is passed over; those after it are read.
"""

from __future__ import annotations

import errno
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zlib import crc32

from aigc_studio.api import limits
from aigc_studio.api.errors import StudioError
from aigc_studio.files import canonical_json, open_plain, sync_folder, write_bytes
from aigc_studio.translation import _

PATIENCE = 0.03
"""How long a step waits for the disk, in seconds: the window must not stand still.

Measured beside a process that writes large files, a sync took up to 94 ms on a fast disk. A line
that was written survives the end of this process at once; the sync is for the end of the power, and
one that takes longer goes on behind.
"""

PIECE = 1 << 20
"""The most bytes of a line, or of a piece of one."""

GROWTH = 1 << 20
"""By so many bytes a journal grows before it begins anew, and by its own size when that is more."""

DAMAGED = "damaged"
"""The `op` that stands for a line that could not be read."""

_sum = re.compile(rb',"sum":"([0-9a-f]{8})"\}$')


@dataclass(frozen=True)
class Found:
    """What a journal says: its entries, with `{"op": DAMAGED}` for each place that says nothing.

    `whole` is how many bytes it has up to the last line end; what stands behind it was torn off.
    """

    entries: list[dict[str, Any]]
    whole: int

    @property
    def is_damaged(self) -> bool:
        """Whether something other than the torn end could not be read."""
        return any(entry.get("op") == DAMAGED for entry in self.entries)


class Journal:
    """Append to `path`; what a crash tore off at the end is cut away first.

    `whole` is where that begins, when it is known. Raises `StudioError` when the file cannot be
    opened.
    """

    def __init__(self, path: Path, whole: int | None = None) -> None:
        self.path = Path(path)
        self._change = threading.Condition()
        self._written = self._synced = 0
        self._error: OSError | None = None
        self._closed = self._syncing = False
        self._renewing: threading.Thread | None = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if whole is None:
                whole = read(self.path).whole if self.path.exists() else 0
            self._file: IO[bytes] = self.path.open("a+b", buffering=0)
            self._file.truncate(whole)
            sync_folder(self.path.parent)
        except OSError as error:
            raise self._failed(error) from error
        self._size = self._first_size = whole
        self._taken_back = self._next_try = 0
        self._is_other = self._was_lost = False
        self._thread = threading.Thread(target=self._sync, name="journal", daemon=True)
        self._thread.start()

    def append(self, *entries: dict[str, Any], patience: float = PATIENCE) -> None:
        """Write entries and sync them, or raise `StudioError` and leave nothing of them.

        Waits no longer than `patience` for the sync; one that fails later is told by the next call.
        Raises `ValueError`, and writes nothing, for what is no JSON: it could not be read back.
        """
        data = b"".join(map(line, entries))
        with self._change:
            self._raise_error()
            size = self._opened_size()
            self._is_other = self._is_other or size != self._size
            try:
                if not os.path.isdir(self.path.parent):  # what is written goes with the file
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
                if self._file.write(data) != len(data):
                    raise OSError(None, _("the disk is full"))
            except OSError as error:
                self._file.truncate(size)
                raise self._failed(error) from error
            self._size = size + len(data)
            self._written += 1
            mark = self._written
            self._change.notify_all()
            self._change.wait_for(lambda: self._synced >= mark or self._error, patience)
            if self._error is not None:
                self._file.truncate(size)
                self._size = size
                self._taken_back += 1
            self._raise_error()

    @property
    def is_due(self) -> bool:
        """Whether it should begin anew: it has grown much, or another program has changed it."""
        if self._renewing is not None and self._renewing.is_alive():
            return False
        if self._size - self._first_size > max(GROWTH, self._first_size):
            return True
        return self._written >= self._next_try and self._is_lost()

    def _is_lost(self) -> bool:
        """Whether the file was taken away, replaced, cut or added to by somebody else."""
        try:
            own, there = os.fstat(self._file.fileno()), os.lstat(self.path)
        except FileNotFoundError:
            return True
        except (OSError, ValueError):  # it is to be opened by the next step
            return False
        changed = self._is_other or self._was_lost or own.st_size != self._size
        return changed or not os.path.samestat(own, there)

    def renew(self, lines: Callable[[], Iterable[bytes]]) -> None:
        """Have the journal begin anew, with these lines for all that was appended so far.

        They are made and written on another thread while steps are appended; then the new journal
        takes the place of the old one, with these steps, at one moment. Whatever ends the process,
        one of the two is there and whole. What cannot be done is left, and the journal goes on.
        """
        with self._change:
            # Remembered until a new one has its place: the size is soon taken for right again.
            self._was_lost = self._was_lost or self._is_other or self._is_lost()
            self._next_try = 2 * self._written if self._was_lost else 0
            self._is_other = False
            with suppress(StudioError):
                self._size = self._opened_size()
            mark, taken_back = self._size, self._taken_back
        self._renewing = threading.Thread(
            target=self._renew, args=(lines, mark, taken_back), name="journal anew", daemon=True
        )
        self._renewing.start()

    def close(self) -> None:
        """Close the file; the journal stays where it is."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._thread.join()
        if self._renewing is not None:
            self._renewing.join()
        self._file.close()

    def _renew(self, lines: Callable[[], Iterable[bytes]], mark: int, taken_back: int) -> None:
        new = self.path.with_name(self.path.name + ".new")
        try:
            with new.open("wb") as file:
                for data in lines():
                    file.write(data)
                    if self._closed:
                        return
                mark = self._copied(file, mark)
                while not self._took_over(file, mark, taken_back):
                    mark = self._copied(file, mark)
        except Exception:  # the disk may be full: then the old one grows on
            self._first_size = self._size
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)

    def _copied(self, file: IO[bytes], mark: int) -> int:
        """Copy what was appended since `mark`, and sync it all; gives the new mark."""
        wanted = self._size - mark
        data = self._read(mark, wanted)
        if len(data) != wanted:
            raise OSError(None, _("the journal in it was cut short"))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        return mark + len(data)

    def _read(self, start: int, length: int) -> bytes:
        """A part of the open file, which may have lost its name."""
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), length, start)
        with open_plain(self.path) as file:  # on Windows nobody takes an open file away
            file.seek(start)
            return file.read(length)

    def _took_over(self, file: IO[bytes], mark: int, taken_back: int) -> bool:
        """Let the new journal take the place, when nothing was appended since it was synced."""
        with self._change:
            self._change.wait_for(lambda: not self._syncing or self._closed)
            if self._closed or self._error is not None or self._taken_back != taken_back:
                return True  # given up: a step that was copied may not have happened
            if self.path.is_dir():
                self._first_size = self._size  # else it would be tried at every step
                return True  # no file takes its place: the old one goes on, without a name
            if self._size != mark:
                return False
            size = file.tell()
            # Closed first: Windows replaces no file that is open.
            file.close()
            self._file.close()
            try:
                os.replace(file.name, self.path)
                self._size = self._first_size = size
                self._synced = self._written
                self._next_try = 0
                self._was_lost = False
            except OSError:
                self._first_size = self._size
            with suppress(StudioError):  # no file may be opened just now: the next step opens it
                self._opened_size()
            self._change.notify_all()
        with suppress(OSError):
            sync_folder(self.path.parent)
        return True

    def _opened_size(self) -> int:
        """The size of the file, opened if the last time that failed. Raises `StudioError`."""
        try:
            if self._file.closed:
                self._file = self.path.open("a+b", buffering=0)
            return os.fstat(self._file.fileno()).st_size
        except OSError as error:
            raise self._failed(error) from error

    def _sync(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._written > self._synced)
                if self._closed:
                    return
                mark = self._written
                self._syncing = True
            error: OSError | None = None
            try:
                if not self._file.closed:  # else the sync of the next step, which opens it, has all
                    os.fsync(self._file.fileno())
            except OSError as caught:
                error = caught
            with self._change:
                self._syncing = False
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
                "({reason}): free up space and try again."
            ).format(folder=self.path.parent, reason=error.strerror or error)
        )


def line(entry: dict[str, Any]) -> bytes:
    """An entry as a line with its checksum, or as several pieces. Raises `ValueError`."""
    try:
        data = canonical_json(entry).encode("utf-8", "surrogatepass")
    except (TypeError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    data = data[:-1] + b',"sum":"%08x"}' % crc32(data)
    if len(data) <= PIECE:
        return data + b"\n"
    pieces = [data[place : place + PIECE] for place in range(0, len(data), PIECE)]
    return b"".join(b"+%s\n" % piece for piece in pieces[:-1]) + b"=%s\n" % pieces[-1]


def begin(path: Path, lines: Iterable[bytes]) -> None:
    """Write the first lines of a journal, all of them or none. Raises `OSError`."""
    write_bytes(path, b"".join(lines))


def read(path: Path) -> Found:
    """What the journal says, as far as it can be read. Raises `OSError`, also for a pipe."""
    entries: list[dict[str, Any]] = []
    whole = 0
    pieces: list[bytes] = []
    with open_plain(path) as file:
        for data, ended in _lines(file):
            if not ended:
                # A process that was killed tears a line off; it leaves no zeros and no megabytes.
                if data is None or b"\0" in data:
                    entries.append({"op": DAMAGED})
                break
            if data is not None and data[:1] == b"+":
                pieces.append(data[1:])
                continue
            if data is not None and data[:1] == b"=":
                data = b"".join([*pieces, data[1:]])
            elif pieces:
                entries.append({"op": DAMAGED})
            pieces = []
            entries.append(_entry(data))
            whole = file.tell()
    return Found(entries, whole)


def _lines(file: IO[bytes]) -> Iterator[tuple[bytes | None, bool]]:
    """The lines without their ends, None for one that is too long, and whether it has an end."""
    while data := file.readline(limits.LINE_BYTES + 1):
        if data.endswith(b"\n"):
            yield data[:-1], True
        elif len(data) <= limits.LINE_BYTES:
            yield data, False
        else:
            while data and not data.endswith(b"\n"):
                data = file.readline(limits.LINE_BYTES)
            yield None, bool(data)


def _entry(data: bytes | None) -> dict[str, Any]:
    if data is None:
        return {"op": DAMAGED}
    found = _sum.search(data)
    if found is not None:
        data = data[: found.start()] + b"}"
        if crc32(data) != int(found[1], 16):
            return {"op": DAMAGED}
    try:
        entry = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return {"op": DAMAGED}
    return entry if isinstance(entry, dict) else {"op": DAMAGED}
