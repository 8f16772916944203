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

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from aigc_studio.jobs import gesture

_BUDGET = 0.008
"""Seconds that one turn of the event loop may spend on posted calls."""

FULL = 64
"""So many calls may wait; whoever can wait (`wait_for_room`) posts no more until half are made."""

_LOOK_MS = 15
"""Between two looks whether the hand that is waited for rests."""

_PATIENCE = 1.0
"""Seconds that a thread waits for a window that does nothing, once."""


class _Box:
    """What a mailbox holds. No QObject: it outlives the window, and threads may look at it then."""

    def __init__(self) -> None:
        self.calls: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
        self.lock = threading.Condition()
        self.ringing = False
        self.open = True
        self.made = 0
        self.stood_at = -1
        self.thread = threading.get_ident()

    def close(self, _object: object = None) -> None:
        with self.lock:
            self.open = False
            self.calls.clear()
            self.lock.notify_all()

    def next(self) -> tuple[Callable[..., object], tuple[Any, ...]] | None:
        with self.lock:
            if not self.calls:
                return None
            self.made += 1
            if len(self.calls) <= FULL // 2:
                self.lock.notify_all()
            return self.calls.popleft()

    def wait(self) -> None:
        with self.lock:
            mine = self.thread == threading.get_ident()
            if mine or len(self.calls) < FULL or self.made == self.stood_at:
                return
            before = self.made
            self.lock.wait_for(lambda: len(self.calls) <= FULL // 2 or not self.open, _PATIENCE)
            # A window that stands still is not waited for again: its workers would seem frozen.
            self.stood_at = before if self.made == before else -1


class Mailbox(QObject):
    """Calls posted from any thread, made in order on the thread that this object lives in.

    While a hand moves on the board they wait for it, half a second at most; not those of a
    `prompt` one, which bring what the hand works on.
    """

    _rang = Signal()

    def __init__(self, parent: QObject | None = None, *, prompt: bool = False) -> None:
        super().__init__(parent)
        self._prompt = prompt
        self._held_at = 0.0
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

    def wait_for_room(self) -> None:
        """Hold up the calling thread while many calls wait, a second at most.

        So a flood is held up where it comes from, and does not fill the memory. The mailbox's own
        thread is never held up.
        """
        self._box.wait()

    def close(self) -> None:
        """Forget what is waiting and take nothing more."""
        self._box.close()

    def _ring(self) -> None:
        # The window may be gone by the time a worker's last word arrives.
        with contextlib.suppress(RuntimeError):
            self._rang.emit()

    def _holds(self) -> bool:
        """Whether calls are to wait for a hand."""
        now = time.monotonic()
        if not self._prompt and gesture.gesture.is_under_way:
            self._held_at = self._held_at or now
            if now - self._held_at < gesture.PATIENCE:
                return True
        self._held_at = 0.0
        return False

    @Slot()
    def _deliver(self) -> None:
        if self._holds():
            QTimer.singleShot(_LOOK_MS, self, self._deliver)
            return
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
