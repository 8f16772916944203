"""The handles around what is selected: where they are, and which one is under the pointer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from aigc_studio.ui import theme

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem

ToView = Callable[[QPointF], QPointF]
"""From board units to pixels of the viewport."""
SIZE = 8.0
"""Side of a handle in pixels of the viewport."""
REACH = 9.0
"""Pixels around a handle's middle that belong to it."""
ARM = 24.0
"""Pixels from the upper edge to the handle that turns."""
ROOM = 28.0
"""Items that are smaller than this on screen have no handles at their edges."""


@dataclass(frozen=True)
class Handle:
    """One handle: `x` and `y` are -1, 0 or 1 for left/top, middle and right/bottom."""

    x: int
    y: int
    spot: QPointF
    turns: bool = False

    def cursor(self, rotation: float) -> Qt.CursorShape:
        """The cursor that shows which way it goes, for an item turned by `rotation` degrees."""
        if self.turns:
            return Qt.CursorShape.PointingHandCursor
        angle = math.degrees(math.atan2(self.y, self.x)) + rotation
        shapes = (
            Qt.CursorShape.SizeHorCursor,
            Qt.CursorShape.SizeFDiagCursor,
            Qt.CursorShape.SizeVerCursor,
            Qt.CursorShape.SizeBDiagCursor,
        )
        return shapes[round(angle / 45) % 4]


def corners_of(item: BoardItem, to_view: ToView) -> list[QPointF]:
    """The item's corners on screen, from the upper left one, clockwise."""
    return _on_screen(item, item.boundingRect(), to_view)


def corners_within(item: BoardItem, pixels: QRect, to_view: ToView) -> list[QPointF]:
    """The same of a rectangle of an item's pixels."""
    return _on_screen(item, item.from_pixels(QRectF(pixels)), to_view)


def _on_screen(item: BoardItem, rect: QRectF, to_view: ToView) -> list[QPointF]:
    ends = (rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft())
    return [to_view(item.mapToScene(end)) for end in ends]


def handles_of(corners: list[QPointF], *, edges: bool, turns: bool) -> list[Handle]:
    """The handles of a quadrangle on screen: corners from the upper left one, clockwise."""
    upper_left, upper_right, lower_right, lower_left = corners
    across, down = upper_right - upper_left, lower_left - upper_left
    width, height = math.hypot(across.x(), across.y()), math.hypot(down.x(), down.y())
    found = [
        Handle(-1, -1, upper_left),
        Handle(1, -1, upper_right),
        Handle(1, 1, lower_right),
        Handle(-1, 1, lower_left),
    ]
    if edges and width >= ROOM:
        found += [
            Handle(0, -1, (upper_left + upper_right) / 2),
            Handle(0, 1, (lower_left + lower_right) / 2),
        ]
    if edges and height >= ROOM:
        found += [
            Handle(-1, 0, (upper_left + lower_left) / 2),
            Handle(1, 0, (upper_right + lower_right) / 2),
        ]
    if turns and height > 0:
        up = -down / height * ARM
        found.append(Handle(0, -1, (upper_left + upper_right) / 2 + up, turns=True))
    return found


def handle_near(handles: list[Handle], point: QPointF) -> Handle | None:
    """The handle under a point of the viewport."""
    for handle in handles:
        far = point - handle.spot
        if max(abs(far.x()), abs(far.y())) <= REACH:
            return handle
    return None


def paint_handles(painter: QPainter, handles: list[Handle]) -> None:
    """Draw them: round is the one that turns."""
    painter.setPen(QPen(theme.colour("accent"), 1.5))
    painter.setBrush(theme.colour("surface"))
    for handle in handles:
        box = QRectF(0, 0, SIZE, SIZE)
        box.moveCenter(handle.spot)
        if handle.turns:
            painter.drawEllipse(box)
        else:
            painter.drawRoundedRect(box, 1.5, 1.5)
