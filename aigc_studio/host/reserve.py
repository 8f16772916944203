"""A worker that is started before it is asked for, with no plugin in it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from aigc_studio.api.errors import StudioError
from aigc_studio.host.worker import Worker


class Reserve:
    """At most one such worker, which `start` starts.

    With `torch` it imports that as well, and is given out no sooner. `lasting`: one that was taken
    is replaced after `delay` seconds, when who took it has had the cores.
    """

    def __init__(self, start: Callable[[], Worker], *, torch: bool, delay: float) -> None:
        self._start = start
        self._torch = torch
        self._delay = delay
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._closed = False
        self.lasting = False
        self.worker: Worker | None = None

    def make(self) -> None:
        """Start it, unless it is there."""
        with self._lock:
            if self._closed or (self.worker is not None and self.worker.process.alive):
                return
            try:
                worker = self.worker = self._start()
            except (OSError, StudioError):
                return  # the run that needs a worker will say why
        worker.warm_up(torch=self._torch)

    def make_soon(self) -> None:
        """Start it after the delay."""
        with self._lock:
            if self._closed:
                return
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(self._delay, self.make)
            self._timer.daemon = True
            self._timer.start()

    def take(self) -> Worker | None:
        """The worker, if it is there and ready."""
        with self._lock:
            worker = self.worker
            if worker is None or (self._torch and not worker.warmed):
                return None
            self.worker = None
        if self.lasting:
            self.make_soon()
        return worker if worker.process.alive else None

    def give_up(self, *, for_good: bool = False) -> list[Worker]:
        """What is to be closed; `for_good`, there will be no other."""
        with self._lock:
            worker, self.worker = self.worker, None
            self._closed = self._closed or for_good
            if self._closed and self._timer is not None:
                self._timer.cancel()
        return [worker] if worker is not None else []
