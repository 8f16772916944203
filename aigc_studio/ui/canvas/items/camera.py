"""What of a tune its roll shows: scrolled and zoomed in its card, along time and along pitch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.ui.canvas.items.roll import Roll

LEAST_BARS = 0.5
"""So much of a bar is in sight at the nearest, on average."""
LEAST_ROWS = 8


class Camera:
    """The part that is in sight; None where that is all there is. `changed` is called after each.

    `span` is in ticks, `rows` the lowest and the highest pitch.
    """

    def __init__(self, roll: Callable[[], Roll], changed: Callable[[], None]) -> None:
        self._roll = roll
        self._changed = changed
        self.span: tuple[float, float] | None = None
        self.rows: tuple[int, int] | None = None

    @property
    def is_near(self) -> bool:
        """Whether less than all of the tune is in sight."""
        return self.span is not None or self.rows is not None

    def show_all(self) -> None:
        """Show all of the tune."""
        self.span = self.rows = None
        self._changed()

    def zoom(self, factor: float, x: float) -> None:
        """Show time so many times as large; what is at `x` (own coordinates) stays there."""
        roll = self._roll()
        first, last = roll.ends
        length = roll.score.length
        least = LEAST_BARS * length / roll.score.count
        wide = min(max((last - first) / factor, min(least, length)), length)
        share = min(max((x - roll.grid.left()) / roll.grid.width(), 0.0), 1.0)
        self._show(roll.tick(roll.grid.left() + share * roll.grid.width()) - wide * share, wide)

    def scroll(self, ticks: float) -> None:
        """Show what is so many ticks later."""
        first, last = self._roll().ends
        self._show(first + ticks, last - first)

    def scroll_to(self, first: float) -> None:
        """Have a tick at the left edge, as far as the tune goes."""
        self.scroll(first - self._roll().ends[0])

    def bring(self, start: float, stop: float) -> None:
        """Have a stretch of the tune in sight, by as little as it takes."""
        first, last = self._roll().ends
        edge = (last - first) * 0.08
        if stop + edge > last:
            self.scroll(min(stop + edge - last, start - first))
        elif start - edge < first:
            self.scroll(start - edge - first)

    def bring_pitch(self, pitch: int) -> None:
        """Have a pitch in sight."""
        low, high = self._roll().pitches
        if self.rows is None and low < pitch < high:
            return
        by = min(pitch - 1 - low, 0) or max(pitch + 1 - high, 0)
        if by and self.rows is None:
            self.rows = (max(min(low, pitch - 1), 0), min(max(high, pitch + 1), 127))
            self._changed()
        elif by:
            self.raise_rows(by)

    def zoom_rows(self, factor: float, y: float) -> None:
        """Show pitches so many times as large; the one at `y` (own coordinates) stays there."""
        roll = self._roll()
        low, high = roll.pitches
        count = high - low + 1
        wanted = min(max(round(count / factor), LEAST_ROWS), 128)
        if wanted == count and factor != 1:
            wanted = min(max(count + (1 if factor < 1 else -1), LEAST_ROWS), 128)
        share = min(max((y - roll.grid.top()) / roll.grid.height(), 0.0), 1.0)
        top = min(max(high + round((wanted - count) * share), wanted - 1), 127)
        self.rows = (top - wanted + 1, top)
        self._changed()

    def raise_rows(self, by: int) -> None:
        """Show what is so many semitones higher."""
        low, high = self._roll().pitches
        by = min(max(by, -low), 127 - high)
        if by:
            self.rows = (low + by, high + by)
            self._changed()

    def held(self, length: int) -> tuple[float, float] | None:
        """The span of a tune that may have become longer or shorter."""
        if self.span is None:
            return None
        first, last = self.span
        if last - first >= length:
            return None
        first = min(max(first, 0.0), length - (last - first))
        return first, first + (last - self.span[0])

    def _show(self, first: float, wide: float) -> None:
        length = float(self._roll().score.length)
        first = min(max(first, 0.0), max(length - wide, 0.0))
        self.span = None if wide >= length * 0.999 else (first, first + wide)
        self._changed()
