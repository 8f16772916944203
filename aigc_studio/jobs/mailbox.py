"""The one door between other threads and the UI thread.

Reader threads and background work never touch a QObject's state: they post a call, and the call is
made on the thread that the mailbox lives in.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

_BUDGET = 0.008
"""Seconds that one turn of the event loop may spend on posted calls."""


class Mailbox(QObject):
    """Calls posted from any thread, made in order on the thread that this object lives in."""

    _rang = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._lock = threading.Lock()
        self._ringing = False
        self._open = True
        self._rang.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[..., None], *values: Any) -> None:
        """Have `call(*values)` made soon. Safe from any thread; nothing happens once closed."""
        with self._lock:
            if not self._open:
                return
            self._calls.append((call, values))
            if self._ringing:
                return
            self._ringing = True
        self._ring()

    def close(self) -> None:
        """Forget what is waiting and take nothing more."""
        with self._lock:
            self._open = False
            self._calls.clear()

    def _ring(self) -> None:
        # The window may be gone by the time a worker's last word arrives.
        with contextlib.suppress(RuntimeError):
            self._rang.emit()

    @Slot()
    def _deliver(self) -> None:
        until = time.monotonic() + _BUDGET
        try:
            while call := self._next():
                call[0](*call[1])
                if time.monotonic() > until:
                    break
        finally:
            with self._lock:
                self._ringing = bool(self._calls)
                again = self._ringing
            if again:
                self._ring()

    def _next(self) -> tuple[Callable[..., None], tuple[Any, ...]] | None:
        with self._lock:
            return self._calls.popleft() if self._calls else None
