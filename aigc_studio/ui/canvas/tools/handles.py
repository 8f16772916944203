"""The handles around what is selected: where they are, and which one is under the pointer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt

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
