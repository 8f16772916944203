"""Waiting for something that happens in the middle of an action."""

from __future__ import annotations

import threading
from collections.abc import Callable

from aigc_studio.api.events import Event
from aigc_studio.host import Run
from aigc_studio.testing.bench import PATIENCE


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
