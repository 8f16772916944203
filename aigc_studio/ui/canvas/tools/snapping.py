"""Moving items stick to the edges and middles of others when they come near."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF

from aigc_studio.ui.canvas.items.placed import Box, box_of

Line = tuple[float, int]
"""Where an edge or a middle is, and the number of the box that it belongs to."""


class Snapping:
    """The lines of boxes that stay where they are, sorted once for a drag.

    A move then looks only at the lines next to its own, however many boxes there are.
    """

    def __init__(self, others: Iterable[Box]) -> None:
        self._boxes = list(others)
        self._columns = sorted(_lines(self._boxes, 0, 2))
        self._rows = sorted(_lines(self._boxes, 1, 3))

    def snap(self, box: QRectF, by: QPointF, reach: float) -> tuple[QPointF, list[QRectF]]:
        """The way that `box` really goes when moved `by`, and guide lines (as thin rectangles).

        Left, middle and right stick to those of the nearest other box within `reach`, and so do
        top, middle and bottom. All in board units.
        """
        moved = box.translated(by)
        across = _nearest(_thirds(moved.left(), moved.right()), self._columns, reach)
        down = _nearest(_thirds(moved.top(), moved.bottom()), self._rows, reach)
        by = QPointF(by.x() + (across[0] if across else 0), by.y() + (down[0] if down else 0))
        moved = box.translated(by)
        guides = []
        if across:
            both = moved.united(self._rect(across[2]))
            guides.append(QRectF(across[1], both.top(), 0, both.height()))
        if down:
            both = moved.united(self._rect(down[2]))
            guides.append(QRectF(both.left(), down[1], both.width(), 0))
        return by, guides

    def _rect(self, number: int) -> QRectF:
        left, top, right, bottom = self._boxes[number]
        return QRectF(left, top, right - left, bottom - top)


def _lines(boxes: list[Box], first: int, last: int) -> Iterable[Line]:
    for number, box in enumerate(boxes):
        for place in _thirds(box[first], box[last]):
            yield place, number


def _thirds(first: float, last: float) -> tuple[float, float, float]:
    return first, (first + last) / 2, last


def _nearest(
    mine: tuple[float, float, float], lines: list[Line], reach: float
) -> tuple[float, float, int] | None:
    """How far to go to the nearest line, where that line is, and whose it is."""
    best: tuple[float, float, int] | None = None
    for line in mine:
        at = bisect_left(lines, (line, 0))
        for place, number in lines[max(at - 1, 0) : at + 1]:
            way = place - line
            if abs(way) <= (abs(best[0]) - 1e-9 if best else reach):
                best = (way, place, number)
    return best


def snap(
    box: QRectF, by: QPointF, others: list[QRectF], reach: float
) -> tuple[QPointF, list[QRectF]]:
    """As `Snapping.snap`, for one move."""
    return Snapping(box_of(other) for other in others).snap(box, by, reach)
