"""How fast a training goes, and how long it still takes: by the last seconds only. No widgets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from aigc_studio.translation import _, ngettext

_WINDOW = 20.0
"""Seconds that the pace is averaged over."""


class Pace:
    """Steps a second over the last 20 seconds. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._steps: deque[tuple[float, int]] = deque()

    def note(self, step: int) -> None:
        """It has come so far. A step that lies before the last begins anew (after a resume)."""
        now = self._clock()
        if self._steps and step < self._steps[-1][1]:
            self._steps.clear()
        self._steps.append((now, step))
        while len(self._steps) > 2 and now - self._steps[0][0] > _WINDOW:
            self._steps.popleft()

    def forget(self) -> None:
        """What was measured holds no longer: it stands still, or another thing is counted."""
        self._steps.clear()

    @property
    def per_second(self) -> float:
        """Steps a second; 0 while that is not known."""
        if not self._steps:
            return 0.0
        begun, first = self._steps[0]
        ended, last = self._steps[-1]
        return (last - first) / (ended - begun) if ended > begun else 0.0

    def seconds_left(self, step: int, total: int) -> float | None:
        """Seconds that the rest takes at this pace; None while that is not known."""
        rate = self.per_second
        return (total - step) / rate if rate > 0 and total > step else None


def pace_words(per_second: float) -> str:
    """`114 steps a minute`; empty while the pace is not known."""
    minute = per_second * 60
    if minute <= 0:
        return ""
    shown = f"{minute:,.0f}" if minute >= 10 else f"{minute:.2g}"
    count = 1 if shown == "1" else 2
    return ngettext("{n} step a minute", "{n} steps a minute", count).format(n=shown)


def time_words(seconds: float) -> str:
    """A span of time as a person says it, rounded."""
    if seconds < 60:
        whole = max(1, round(seconds))
        return ngettext("{n} second", "{n} seconds", whole).format(n=whole)
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    hours = round(seconds / 3600)
    return ngettext("{n} hour", "{n} hours", hours).format(n=hours)


def left_words(seconds: float | None) -> str:
    """`about 4 minutes left`; empty where that is not known."""
    return "" if seconds is None else _("about {time} left").format(time=time_words(seconds))
