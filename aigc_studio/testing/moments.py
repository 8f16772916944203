"""Waiting for something that happens in the middle of an action, and what it leaves."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from aigc_studio.api.events import Event
from aigc_studio.host import Run

PATIENCE = 120.0
"""Seconds that one action of the kit's may take before it counts as hanging."""
LOOK = 10.0
"""Seconds between two looks at one that has taken longer: does it still work?"""
LEAST = 0.005
"""The part of a core that something which works gets on the busiest machine."""
LONGEST = 10
"""How many times `PATIENCE` it may take there."""


def ended_in_time(run: Run) -> bool:
    """Wait for a run: for `PATIENCE`, or for as long of the processor's time.

    A training steps back behind all else that the machine does, and has little of it where others
    have much to do; what hangs in a loop has it all, and what waits for something has none.
    """
    if run.wait(PATIENCE):
        return True
    spent = _worked(run)
    for _look in range(int((LONGEST - 1) * PATIENCE / LOOK)):
        if spent >= PATIENCE:
            break
        if run.wait(LOOK):
            return True
        before, spent = spent, _worked(run)
        if spent - before < LEAST * LOOK:
            break
    return run.wait(0)  # it may have ended while it was looked at


def _worked(run: Run) -> float:
    """The processor's seconds that its worker has had."""
    import psutil

    try:
        times = psutil.Process(run.pid).cpu_times()
    except (psutil.Error, ValueError):
        return math.inf
    return float(times.user + times.system)


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
