"""How fast a training goes right now, and how long the rest will take."""

from __future__ import annotations

from collections import deque

from aigc_studio.toolkit.stopwatch import Stopwatch

_FEWEST_STEPS = 4
_WINDOWS = 4


class Pace:
    """Seconds a step takes, over the last few windows; a window ends with each `restart`."""

    def __init__(self, watch: Stopwatch, step: int) -> None:
        self.watch = watch
        self._marks = deque([(step, watch.seconds)], _WINDOWS)
        self._last = 0.0

    @property
    def age(self) -> float:
        """Seconds since `restart`."""
        return self.watch.seconds - self._marks[-1][1]

    def per_step(self, step: int) -> float:
        """Seconds a step takes, as known at `step`; 0 while nothing is known."""
        first, since = self._marks[0]
        done = step - first
        if done >= _FEWEST_STEPS or (done > 0 and not self._last):
            return max(self.watch.seconds - since, 1e-9) / done
        return self._last

    def exclude(self, seconds: float) -> None:
        """Do not count these seconds just passed: they went into something else than steps."""
        moved = [(step, since + seconds) for step, since in self._marks]
        self._marks = deque(moved, _WINDOWS)

    def restart(self, step: int) -> None:
        """Begin a new window at `step`; the oldest falls out."""
        self._last = self.per_step(step)
        self._marks.append((step, self.watch.seconds))

    def told(self, step: int, batch: int) -> dict[str, str]:
        """The speed as a text for `Progress`, in both languages. Who shows it adds the time."""
        per_step = self.per_step(step)
        if not per_step:
            return {"en": "", "zh": ""}
        rate = batch / per_step
        speed = f"{rate:,.0f}" if rate >= 1 else f"{rate:.1g}"  # a starved one does not stand still
        return {"en": f"{speed} examples a second", "zh": f"每秒 {speed} 个样本"}
