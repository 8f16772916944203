"""Garbage is collected on the UI thread only.

Python's collector runs on whichever thread allocates next. If that is a reader thread and the
garbage holds a QObject with a timer, Qt's object dies on the wrong thread: a warning at best.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from aigc_studio.jobs.gesture import gesture
from aigc_studio.jobs.memory import give_back_large_blocks

_EVERY_MS = 1000


class GarbageTimer(QObject):
    """Takes the collector over from Python: young garbage every second, old when there is much."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the generations that are due; under a hand that moves, the next time."""
        if gesture.is_under_way:
            return
        young, middle, old = gc.get_count()
        if young > self._thresholds[0]:
            gc.collect(0)
        if middle > self._thresholds[1]:
            gc.collect(1)
        if old > self._thresholds[2]:
            gc.collect(2)

    @Slot()
    def settle(self) -> None:
        """Leave what has been loaded so far out of later collections: it stays anyway."""
        give_back_large_blocks()
        gc.freeze()

    def close(self) -> None:
        """Give the collector back to Python."""
        self._timer.stop()
        gc.enable()
