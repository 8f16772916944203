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


class _Box:
    """What a mailbox holds. No QObject: it outlives the window, and threads may look at it then."""

    def __init__(self) -> None:
        self.calls: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
        self.lock = threading.Lock()
        self.ringing = False
        self.open = True

    def close(self, _object: object = None) -> None:
        with self.lock:
            self.open = False
            self.calls.clear()

    def next(self) -> tuple[Callable[..., object], tuple[Any, ...]] | None:
        with self.lock:
            return self.calls.popleft() if self.calls else None


class Mailbox(QObject):
    """Calls posted from any thread, made in order on the thread that this object lives in."""

    _rang = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._box = box = _Box()
        self._rang.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        # A window may go while work for it is under way. Closing waits for the lock, so that no
        # thread rings at an object that is half gone: that would be a segmentation fault.
        self.destroyed.connect(lambda: box.close())

    def post(self, call: Callable[..., object], *values: Any) -> None:
        """Have `call(*values)` made soon. Safe from any thread; nothing happens once closed."""
        box = self._box
        with box.lock:
            if not box.open:
                return
            box.calls.append((call, values))
            if not box.ringing:
                box.ringing = True
                self._ring()

    def close(self) -> None:
        """Forget what is waiting and take nothing more."""
        self._box.close()

    def _ring(self) -> None:
        # The window may be gone by the time a worker's last word arrives.
        with contextlib.suppress(RuntimeError):
            self._rang.emit()

    @Slot()
    def _deliver(self) -> None:
        box, until = self._box, time.monotonic() + _BUDGET
        try:
            while call := box.next():
                call[0](*call[1])
                if time.monotonic() > until:
                    break
        finally:
            with box.lock:
                box.ringing = bool(box.calls)
                if box.ringing:
                    self._ring()
