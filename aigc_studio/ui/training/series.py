"""The numbers of a line plot: kept whole for the table, thinned out for drawing. No widgets."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from dataclasses import dataclass

MOST = 1024
"""Buckets that are drawn; when there are twice as many, neighbours are joined."""


@dataclass
class Bucket:
    """What lies side by side in the picture: a place, lowest, highest and smoothed value."""

    x: float
    low: float
    high: float
    smooth: float


class Series:
    """One line: points in the order they came, x never falling. Values that are no numbers are
    counted in `skipped` and left out. Adding a point costs the same however many there are.
    """

    def __init__(self, name: str, smoothing: float = 0.0) -> None:
        self.name = name
        self.xs, self.ys = array("d"), array("d")
        self.skipped = 0
        self.visible = True
        self.buckets: list[Bucket] = []
        self._smoothing = smoothing
        self._average, self._weight = 0.0, 0.0
        self._per_bucket, self._in_last = 1, 0

    def add(self, x: float, y: float) -> None:
        """Add a point; one that goes back in x is left out, as after a resume."""
        if not (math.isfinite(x) and math.isfinite(y)):
            self.skipped += 1
            return
        if self.xs and x < self.xs[-1]:
            self._cut(x)
        self.xs.append(x)
        self.ys.append(y)
        self._draw_in(x, y)

    def set_smoothing(self, smoothing: float) -> None:
        """Smooth anew: 0 is not at all, 0.99 a lot (exponential average without its bias)."""
        if smoothing != self._smoothing:
            self._smoothing = smoothing
            self._again()

    def value_near(self, x: float) -> tuple[float, float] | None:
        """The point whose x is nearest."""
        if not self.xs:
            return None
        index = bisect_left(self.xs, x)
        near = [n for n in (index - 1, index) if 0 <= n < len(self.xs)]
        best = min(near, key=lambda n: abs(self.xs[n] - x))
        return self.xs[best], self.ys[best]

    def last(self) -> float | None:
        """The newest value."""
        return self.ys[-1] if self.ys else None

    def bounds(self, logarithmic: bool = False) -> tuple[float, float, float, float] | None:
        """Least x, greatest x, least y, greatest y of what can be drawn."""
        drawn = [b for b in self.buckets if not logarithmic or b.high > 0]
        if not drawn:
            return None
        lows = [b.low for b in drawn if not logarithmic or b.low > 0] or [b.high for b in drawn]
        return drawn[0].x, drawn[-1].x, min(lows), max(b.high for b in drawn)

    def _cut(self, x: float) -> None:
        """Forget all from `x` on: a resumed training says the same steps again."""
        index = bisect_left(self.xs, x)
        del self.xs[index:]
        del self.ys[index:]
        self._again()

    def _again(self) -> None:
        self.buckets = []
        self._average, self._weight = 0.0, 0.0
        self._per_bucket, self._in_last = 1, 0
        for x, y in zip(self.xs, self.ys, strict=True):
            self._draw_in(x, y)

    def _draw_in(self, x: float, y: float) -> None:
        keep = self._smoothing
        self._average = keep * self._average + (1 - keep) * y
        self._weight = keep * self._weight + (1 - keep)
        smooth = self._average / self._weight
        if self.buckets and self._in_last < self._per_bucket:
            last = self.buckets[-1]
            last.low, last.high = min(last.low, y), max(last.high, y)
            last.smooth, last.x = smooth, x
            self._in_last += 1
            return
        self.buckets.append(Bucket(x, y, y, smooth))
        self._in_last = 1
        if len(self.buckets) >= 2 * MOST:
            self._join()

    def _join(self) -> None:
        pairs = zip(self.buckets[::2], self.buckets[1::2], strict=True)
        self.buckets = [
            Bucket(b.x, min(a.low, b.low), max(a.high, b.high), b.smooth) for a, b in pairs
        ]
        # The last one was just begun, and its neighbour was full.
        self._in_last += self._per_bucket
        self._per_bucket *= 2


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers between `low` and `high`: steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return [low]
    rough = span / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten, with 2 and 5 between where there are few."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    parts = (1, 2, 5) if last - first <= 2 else (1,)
    every = max(1, (last - first) // 6)
    found = [part * 10.0**n for n in range(first, last + 1, every) for part in parts]
    return [value for value in found if low * 0.999 <= value <= high * 1.001]


def short_number(value: float) -> str:
    """A number for an axis or a readout: 1.2k, 0.034, 3.1e-05."""
    size = abs(value)
    if size >= 1e9 or (0 < size < 1e-4):
        return f"{value:.2g}"
    if size >= 1e6:
        return f"{value / 1e6:.3g}M"
    if size >= 1e4:
        return f"{value / 1e3:.3g}k"
    if size >= 1000:
        return f"{value:.0f}"
    return f"{value:.4g}" if size >= 1 or size == 0 else f"{value:.3g}"
