"""Heat over a melody: bars, or single notes, are tinted behind the notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.heat.layer import paint_current
from aigc_studio.ui.canvas.heat.parts import LEVELS, BarMark, Mark, Row, RowParts
from aigc_studio.ui.canvas.items.roll import RULER

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.roll import Roll
    from aigc_studio.ui.canvas.items.staff_face import StaffFace


class _Card(Protocol):
    """The card of the tune, as far as heat needs it."""

    @property
    def roll(self) -> Roll:
        """The notes as they are drawn now."""

    @property
    def staff(self) -> StaffFace | None:
        """The staff that is shown instead of the roll."""


class MelodyHeat:
    """Heat behind the notes of a tune (`HeatLayer`); parts are in ticks."""

    step = 1
    role = "heat"

    def __init__(self, item: _Card) -> None:
        self._item = item
        self._parts = RowParts()
        self.current = -1

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, marks: Iterable[Mark | BarMark]) -> bool:
        """Some more was said."""
        self._parts.add(map(self._in_ticks, marks))
        return True

    def _in_ticks(self, mark: Mark | BarMark) -> Mark:
        if not isinstance(mark, BarMark):
            return mark
        bars = self._item.roll.score.bars
        last = min(mark.stop, len(bars) - 1)
        return int(bars[min(mark.first, last)]), int(bars[last]), mark.value, mark.words

    def at(self, point: QPointF) -> str:
        """What was said of the bar or the note under a point."""
        if self._item.staff is not None:
            tick = self._item.staff.tick_at(point)
            words = self._parts.at(tick) if tick is not None and len(self) else ""
            number = self._item.staff.bar_at(point)
            return _("Bar {n}").format(n=number) + "\n" + words if words else ""
        roll = self._item.roll
        on_notes = roll.grid.left() <= point.x() <= roll.grid.right()
        if not len(self) or not on_notes or not 0 <= point.y() <= roll.height:
            return ""
        words = self._parts.at(int(roll.tick(point.x())))
        return _("Bar {n}").format(n=roll.bar_at(point)) + "\n" + words if words else ""

    def words(self, number: int) -> str:
        """The value and the words of a part, after the bars that it is of."""
        return f"{self._bars(*self._parts.part(number))}  {self._parts.words(number)}"

    def boxes(self, number: int) -> list[QRectF]:
        """The column of the bars or the note."""
        if self._item.staff is not None:
            return self._item.staff.stretch_rects(*self._parts.part(number))
        roll = self._item.roll
        left, right = (
            min(max(roll.x(tick), roll.grid.left()), roll.grid.right())
            for tick in self._parts.part(number)
        )
        rect = QRectF(left, 0, right - left, roll.height)
        inset = min(1.0, rect.width() / 4)
        return [rect.adjusted(inset, RULER, -inset, -1)]

    def reveal(self, number: int) -> None:
        """A tune is seen whole."""

    def table(self) -> list[Row]:
        """Of each part its bars, the value and the words."""
        return [
            (self._bars(start, stop), value, words)
            for start, stop, value, words in self._parts.rows()
        ]

    def paint(self, painter: QPainter, scale: float, exposed: QRectF) -> int:
        """Tint the bars in sight; gives how many boxes were drawn."""
        if self._item.staff is not None:
            boxes = self._staff_boxes(self._item.staff)
        else:
            boxes = self._boxes(scale, exposed) if len(self) else []
        for box, level in boxes:
            painter.fillRect(box, theme.colour("heat", 0.8 * level / LEVELS))
        return len(boxes)

    def paint_over(self, painter: QPainter) -> None:
        """Outline the part that a person has gone to."""
        paint_current(painter, self)

    def _bars(self, start: int, stop: int) -> str:
        """The bars in words that ticks lie in, counted from 1."""
        score = self._item.roll.score
        first, last = score.bar_at(start), score.bar_at(max(stop - 1, start))
        if first == last:
            return _("Bar {n}").format(n=first)
        return _("Bars {first} to {last}").format(first=first, last=last)

    def _staff_boxes(self, staff: StaffFace) -> list[tuple[QRectF, int]]:
        """What is equally strong, in each system that it is in."""
        length = self._item.roll.score.length
        if not len(self):
            return []
        ticks, levels = self._parts.steps(0, length)
        edges = [*ticks.tolist(), length]
        return [
            (rect, level)
            for start, stop, level in zip(edges[:-1], edges[1:], levels.tolist(), strict=True)
            if level and stop > start
            for rect in staff.stretch_rects(start, stop)
        ]

    def _boxes(self, scale: float, exposed: QRectF) -> list[tuple[QRectF, int]]:
        """Columns that are equally strong: of those in one pixel of the screen the strongest."""
        import numpy as np

        roll = self._item.roll
        first = max(0, int(roll.tick(max(exposed.left(), roll.grid.left()))))
        last = min(roll.score.length, int(roll.tick(min(exposed.right(), roll.grid.right()))) + 1)
        if first >= last:
            return []
        ticks, levels = self._parts.steps(first, last)
        begin, end = roll.x(0), roll.x(roll.score.length)
        places = (begin + (end - begin) * (ticks / roll.score.length)).clip(
            roll.grid.left(), roll.grid.right()
        )
        pixels = np.floor(places * scale)
        begins = np.flatnonzero(np.diff(pixels, prepend=pixels[0] - 1))
        levels = np.maximum.reduceat(levels, begins)
        ends = np.flatnonzero(np.diff(levels.astype(np.int16), prepend=-1))
        edges = [*places[begins[ends]].tolist(), min(roll.x(last), roll.grid.right())]
        return [
            (QRectF(left, RULER, right - left, roll.height - RULER), level)
            for left, right, level in zip(edges[:-1], edges[1:], levels[ends].tolist(), strict=True)
            if level
        ]
