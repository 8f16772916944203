"""Ticks of a tune as seconds."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api.melody import Melody

_US = 1e-6


class Clock:
    """The tempo map of a tune: each tempo holds to the next one."""

    def __init__(self, melody: Melody) -> None:
        self._starts: list[int] = []
        self._seconds: list[float] = []
        self._rates: list[float] = []
        for tempo in melody.tempos:
            seconds = self.seconds(tempo.start) if self._starts else 0.0
            self._starts.append(tempo.start)
            self._seconds.append(seconds)
            quarters = tempo.microseconds * _US
            self._rates.append(quarters / melody.ticks_per_quarter)

    def seconds(self, tick: float) -> float:
        """When a tick sounds, in seconds from the beginning."""
        number = max(bisect_right(self._starts, tick) - 1, 0)
        return self._seconds[number] + (tick - self._starts[number]) * self._rates[number]

    def rate(self, tick: float) -> float:
        """Ticks a second where this one sounds."""
        return 1 / self._rates[max(bisect_right(self._starts, tick) - 1, 0)]


def time_words(seconds: float) -> str:
    """`0:07`; of what is longer than an hour, `1:02:03`."""
    whole = max(int(seconds), 0)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def spoken_time(seconds: float) -> str:
    """The same for a screen reader."""
    minutes, rest = divmod(max(int(seconds), 0), 60)
    return _("{m} min {s} s").format(m=minutes, s=rest)
