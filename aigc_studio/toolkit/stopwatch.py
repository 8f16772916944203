"""The time that a training worked: not what passed while it was paused."""

from __future__ import annotations

import time

_OWN_SHARE = 0.25


class Stopwatch:
    """Seconds of work. Leaving for longer than a quarter of a second counts as a pause."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._since = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds worked so far."""
        return self._seconds + time.monotonic() - self._since

    def leave(self) -> None:
        """The work goes out of hand: an event is told."""
        self._seconds = self.seconds
        self._since = time.monotonic()

    def come_back(self) -> None:
        """The work goes on. A short absence was the telling itself, a long one a pause."""
        self._seconds += min(time.monotonic() - self._since, _OWN_SHARE)
        self._since = time.monotonic()
