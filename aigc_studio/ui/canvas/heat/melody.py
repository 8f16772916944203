"""Heat over a melody: bars are tinted behind their notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from aigc_studio.api.selections import Bars
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.heat.layer import paint_current
from aigc_studio.ui.canvas.heat.parts import LEVELS, Mark, Row, RowParts
from aigc_studio.ui.canvas.items.roll import RULER

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.roll import Roll


class _Card(Protocol):
    """The card of the tune, as far as heat needs it."""

    @property
    def roll(self) -> Roll:
        """The notes as they are drawn now."""


class MelodyHeat:
    """Heat behind the notes of a tune (`HeatLayer`); bars are counted from 0 within."""

    step = 1
    role = "heat"

    def __init__(self, item: _Card) -> None:
        self._item = item
        self._parts = RowParts()
        self.current = -1

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, marks: Iterable[Mark]) -> bool:
        """Some more was said."""
        self._parts.add(marks)
        return True

    def at(self, point: QPointF) -> str:
        """What was said of the bar under a point."""
        roll = self._item.roll
        on_notes = roll.grid.left() <= point.x() <= roll.grid.right()
        if not len(self) or not on_notes or not 0 <= point.y() <= roll.height:
            return ""
        number = roll.bar_at(point)
        words = self._parts.at(number - 1)
        return _("Bar {n}").format(n=number) + "\n" + words if words else ""

    def words(self, number: int) -> str:
        """The value and the words of a part, after the bars that it is of."""
        return f"{_bars(*self._parts.part(number))}  {self._parts.words(number)}"

    def boxes(self, number: int) -> list[QRectF]:
        """The columns of the bars."""
        start, stop = self._parts.part(number)
        rect = self._item.roll.bar_rect(Bars(start + 1, stop))
        return [rect.adjusted(1, RULER, -1, -1)]

    def reveal(self, number: int) -> None:
        """A tune is seen whole."""

    def table(self) -> list[Row]:
        """Of each part its bars, the value and the words."""
        return [
            (_bars(start, stop), value, words) for start, stop, value, words in self._parts.rows()
        ]

    def paint(self, painter: QPainter, scale: float, exposed: QRectF) -> int:
        """Tint the bars in sight; gives how many boxes were drawn."""
        boxes = self._boxes(scale, exposed) if len(self) else []
        for box, level in boxes:
            painter.fillRect(box, theme.colour("heat", 0.8 * level / LEVELS))
        return len(boxes)

    def paint_over(self, painter: QPainter) -> None:
        """Outline the part that a person has gone to."""
        paint_current(painter, self)

    def _boxes(self, scale: float, exposed: QRectF) -> list[tuple[QRectF, int]]:
        """Columns that are equally strong: of bars in one pixel of the screen the strongest."""
        import numpy as np

        roll = self._item.roll
        score = roll.score
        first = score.bar_at(roll.tick(max(exposed.left(), roll.grid.left()))) - 1
        last = score.bar_at(roll.tick(min(exposed.right(), roll.grid.right())))
        levels = self._parts.levels(first, last)
        ticks = score.bars[first : last + 1]
        places = roll.grid.left() + (ticks - roll.ends[0]) * roll.per_tick
        pixels = np.floor(places[:-1] * scale)
        begins = np.flatnonzero(np.diff(pixels, prepend=pixels[0] - 1))
        levels = np.maximum.reduceat(levels, begins)
        ends = np.flatnonzero(np.diff(levels.astype(np.int16), prepend=-1))
        edges = [*places[begins[ends]].tolist(), float(places[-1])]
        edges = [min(max(edge, roll.grid.left()), roll.grid.right()) for edge in edges]
        return [
            (QRectF(left, RULER, right - left, roll.height - RULER), level)
            for left, right, level in zip(edges[:-1], edges[1:], levels[ends].tolist(), strict=True)
            if level
        ]


def _bars(start: int, stop: int) -> str:
    """Bars in words, counted from 1."""
    if stop == start + 1:
        return _("Bar {n}").format(n=stop)
    return _("Bars {first} to {last}").format(first=start + 1, last=stop)
