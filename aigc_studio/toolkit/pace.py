"""How fast a training goes right now, and how long the rest will take."""

from __future__ import annotations

from aigc_studio.toolkit.stopwatch import Stopwatch

_FEWEST_STEPS = 4


class Pace:
    """Seconds a step takes, over the steps since `restart`; the last known while those are few."""

    def __init__(self, watch: Stopwatch, step: int) -> None:
        self.watch = watch
        self._step, self._since, self._last = step, watch.seconds, 0.0

    @property
    def age(self) -> float:
        """Seconds since `restart`."""
        return self.watch.seconds - self._since

    def per_step(self, step: int) -> float:
        """Seconds a step takes, as known at `step`; 0 while nothing is known."""
        done = step - self._step
        if done >= _FEWEST_STEPS or (done > 0 and not self._last):
            return max(self.watch.seconds - self._since, 1e-9) / done
        return self._last

    def exclude(self, seconds: float) -> None:
        """Do not count these seconds just passed: they went into something else than steps."""
        self._since += seconds

    def restart(self, step: int) -> None:
        """Count from `step` on, and remember the pace so far."""
        self._last = self.per_step(step)
        self._step, self._since = step, self.watch.seconds

    def told(self, step: int, total: int, batch: int) -> dict[str, str]:
        """Time left and speed as a text for `Progress`, in both languages."""
        per_step = self.per_step(step)
        if not per_step:
            return {"en": "", "zh": ""}
        left = int((total - step) * per_step + 0.5)
        clock, speed = f"{left // 60}:{left % 60:02d}", f"{batch / per_step:,.0f}"
        return {
            "en": f"{clock} left, {speed} examples a second",
            "zh": f"剩余 {clock}，每秒 {speed} 个样本",
        }
