"""Where the UI thread is while it does not come back: its calls, looked at from another thread."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

Calls = tuple[str, ...]
"""Functions that call each other, the outermost first."""

EVERY = 0.003
"""Seconds between two looks."""
KEPT = 4_000
LEAST = 0.08
"""Of all looks at a block, the share from which a call is worth a line."""


class Stacks:
    """Looks at the thread that makes this, from now on, every few milliseconds.

    The looks themselves take some of its time: what is blamed is right, how long it took is not.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._seen: deque[tuple[float, Calls]] = deque(maxlen=KEPT)
        threading.Thread(target=self._look, name="stacks", daemon=True).start()

    def since(self, moment: float) -> list[Calls]:
        """What was seen since a moment of `time.perf_counter`."""
        return [calls for when, calls in tuple(self._seen) if when >= moment]

    def _look(self) -> None:
        while True:
            time.sleep(EVERY)
            frame = sys._current_frames().get(self._thread)
            if frame is not None:
                self._seen.append((time.perf_counter(), _calls(frame)))


def _calls(frame: FrameType | None) -> Calls:
    found = []
    while frame is not None:
        code = frame.f_code
        found.append(f"{Path(code.co_filename).stem}:{frame.f_lineno} {code.co_qualname}")
        frame = frame.f_back
    return tuple(reversed(found))


def told(seen: Sequence[Calls]) -> str:
    """A tree of calls, each with the share of looks that met it."""
    lines: list[str] = []

    def branch(some: Sequence[Calls], depth: int) -> None:
        following: dict[str, list[Calls]] = {}
        for calls in some:
            if len(calls) > depth:
                following.setdefault(calls[depth], []).append(calls)
        for name, those in sorted(following.items(), key=lambda each: -len(each[1])):
            if len(those) >= max(LEAST * len(seen), 1):
                lines.append(f"{len(those) / len(seen):5.0%} {'  ' * depth}{name}")
                branch(those, depth + 1)

    branch(seen, 0)
    return "\n".join(lines)
