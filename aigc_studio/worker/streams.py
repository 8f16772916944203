"""The worker's two lines to its parent, moved aside from stray prints and reads.

A plugin that looks for them finds them: what comes of that the parent judges (`wire.lines`).
"""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from typing import Any, TextIO

LOG_LIMIT = 8 * 1024 * 1024
"""The most bytes that a worker's log file may grow to before it is begun anew."""


def claim() -> tuple[io.BufferedReader, Line]:
    """Take descriptors 0 and 1 for the protocol; leave the null device and the log in their place.

    A stray `print`, also one from C, then goes to the log, and `input()` finds the end of file.
    """
    commands = os.fdopen(os.dup(0), "rb")
    replies = os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _log_stream(1)
    sys.stderr = _log_stream(2)
    return commands, Line(replies)


def _log_stream(descriptor: int) -> TextIO:
    return open(
        descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )


def limit_log() -> None:
    """Begin the log file anew when a plugin has written too much to it."""
    try:
        if os.fstat(2).st_size > LOG_LIMIT:
            os.ftruncate(2, 0)
            os.write(2, b"(the log had grown too long and was begun anew)\n")
    except OSError:  # a pipe or a terminal has no length
        pass


class Line:
    """Writes one JSON document a line to a descriptor; safe from every thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, kind: str, **fields: Any) -> None:
        """Send `{"is": kind, …}`. When the parent is gone there is nobody to tell: silence."""
        document = {"is": kind, **fields}
        data = json.dumps(document, allow_nan=False).encode("ascii")
        with self._lock:
            view = memoryview(data + b"\n")
            try:
                while view:
                    view = view[os.write(self._descriptor, view) :]
            except OSError:
                return
