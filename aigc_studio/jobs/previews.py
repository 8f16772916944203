"""Live previews: of each generator at most one under way and one waiting, the newest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer

from aigc_studio.jobs.job import Job

PATIENCE_MS = 1000
"""So long a preview that is to close may take to its next event; a hanging one is cancelled."""
COLD_TIMES = 8
"""So many times as long, where its worker has never given anything: it may load a model."""
IMPORT_TIMES = 120
"""So many times as long, while its worker imports what the next action needs as well."""
SHORT = 0.25
"""Seconds that a preview may take and be let finish."""


class Previews:
    """Latest wins. A short one under way is let finish, so that a drag shows its steps.

    A long one is closed at its next event: not cancelled, because the worker is to stay warm.
    All but `hand_over` is for the UI thread.
    """

    def __init__(self, start: Callable[[Job], None]) -> None:
        self._start = start
        self._running: dict[str, Job] = {}
        self._waiting: dict[str, Job] = {}
        self._lock = threading.Lock()

    def ask(self, job: Job) -> None:
        """Start it, or let it wait in the place of an older one."""
        self.drop(job.generator)
        with self._lock:
            running = self._running.get(job.generator)
            place = self._running if running is None else self._waiting
            place[job.generator] = job
        if running is None:
            self._start(job)
        elif running.seconds > SHORT:
            _close(running)

    def hand_over(self, job: Job) -> Job | None:
        """On the thread that hears of its end: the one that waits, which is under way from now on.

        So the worker need not wait for a window that paints what it has just made.
        """
        with self._lock:
            if self._running.get(job.generator) is not job:
                return None
            following = self._waiting.pop(job.generator, None)
            if following is not None:
                self._running[job.generator] = following
                following.leave_queue()
            return following

    def drop(self, generator: str) -> None:
        """Forget the one that waits."""
        with self._lock:
            dropped = self._waiting.pop(generator, None)
        if dropped is not None:
            dropped.cancel()  # whoever waits for its end hears of it
            dropped.deleteLater()

    def give_way(self, generator: str) -> None:
        """Something real is asked for: forget the one that waits, close the one under way."""
        self.drop(generator)
        if generator in self._running:
            _close(self._running[generator])

    def running(self, generator: str) -> bool:
        """Whether one is under way."""
        return generator in self._running

    def ended(self, job: Job) -> None:
        """It has ended: the one that waits is next, unless another is under way by now.

        One that was stopped while it waited begins no more: it would never say that it has ended.
        """
        with self._lock:
            if self._waiting.get(job.generator) is job:
                del self._waiting[job.generator]
            if self._running.get(job.generator) is not job:
                return
            del self._running[job.generator]
            following = self._waiting.pop(job.generator, None)
        if following is not None:
            self.ask(following)

    def close(self) -> None:
        """Cancel and forget all."""
        with self._lock:
            running = list(self._running.values())
            self._running.clear()
            self._waiting.clear()
        for job in running:
            job.cancel()


def _close(job: Job) -> None:
    job.stop()
    QTimer.singleShot(PATIENCE_MS, job, partial(_give_up, job, 1))


def _give_up(job: Job, times: int) -> None:
    """Cancel it, which may cost its worker; one that is still loading is waited for longer, because
    another worker would have to load the same."""
    if times < _patience(job) and not job.state.ended:
        QTimer.singleShot(PATIENCE_MS, job, partial(_give_up, job, times + 1))
    else:
        job.cancel()


def _patience(job: Job) -> int:
    """How many times `PATIENCE_MS` it may take, by what its worker does now."""
    if job.run is None or job.run.importing:
        return IMPORT_TIMES
    return COLD_TIMES if job.run.cold else 1
