"""Waiting for something that happens in the middle of an action, and what it leaves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from aigc_studio.api.events import Event
from aigc_studio.host import Run

PATIENCE = 120.0
"""Seconds that one action of the kit's may take before it counts as hanging."""


class Moment:
    """Waits in one thread for something that the events of a run bring about in another."""

    def __init__(self, condition: Callable[[Event], bool]) -> None:
        self._condition = condition
        self._come = threading.Event()
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Take an event."""
        self.events.append(event)
        if self._condition(event):
            self._come.set()

    def wait(self, run: Run, seconds: float = PATIENCE) -> bool:
        """Whether it came before the run ended."""
        for _tick in range(int(seconds * 50)):
            if self._come.wait(0.02) or run.state.ended:
                break
        return self._come.is_set() and not run.state.ended


@dataclass(frozen=True)
class Trace:
    """What a worker was like after an action: its process, its memory in bytes, its threads."""

    pid: int
    memory: int
    threads: int
