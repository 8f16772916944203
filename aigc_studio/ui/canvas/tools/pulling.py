"""Rectangles on a picture under the hand: pulled at a handle, moved, or drawn anew."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.tools.handles import Handle

Drag = Callable[[QPointF], QRectF]
"""From where the pointer is, in pixels of the picture, to what becomes of the rectangle."""


def pulling(rect: QRectF, handle: Handle) -> Drag:
    """Move an edge or a corner; what lies opposite stays."""

    def pull(to: QPointF) -> QRectF:
        left, top, right, bottom = rect.left(), rect.top(), rect.right(), rect.bottom()
        across = (min(to.x(), right - 1), right) if handle.x < 0 else (left, right)
        across = (left, max(to.x(), left + 1)) if handle.x > 0 else across
        down = (min(to.y(), bottom - 1), bottom) if handle.y < 0 else (top, bottom)
        down = (top, max(to.y(), top + 1)) if handle.y > 0 else down
        return QRectF(QPointF(across[0], down[0]), QPointF(across[1], down[1]))

    return pull


def moving(rect: QRectF, start: QPointF, whole: QRectF) -> Drag:
    """Move it as it is, within the picture."""

    def shift(to: QPointF) -> QRectF:
        x = min(max(rect.x() + to.x() - start.x(), 0.0), whole.width() - rect.width())
        y = min(max(rect.y() + to.y() - start.y(), 0.0), whole.height() - rect.height())
        return QRectF(x, y, rect.width(), rect.height())

    return shift


def drawing(start: QPointF) -> Drag:
    """Draw another one from here."""
    return lambda to: QRectF(start, to).normalized()


def shaped(rect: QRectF, ratio: float, towards: tuple[int, int], whole: QRectF) -> QRectF:
    """A rectangle of so many pixels across for one down, as large as `rect` wants it and `whole`
    allows. It grows `towards` (-1, 0 or 1 across and down; 0: from its middle to both sides).
    """
    across, down = towards
    width = rect.height() * ratio if not across else rect.width()
    if across and down:
        width = max(rect.width(), rect.height() * ratio)
    x = {-1: rect.right(), 0: rect.center().x(), 1: rect.left()}[across]
    y = {-1: rect.bottom(), 0: rect.center().y(), 1: rect.top()}[down]
    room_across = _room(x, across, whole.left(), whole.right())
    room_down = _room(y, down, whole.top(), whole.bottom())
    width = max(min(width, room_across, room_down * ratio), min(1.0, ratio))
    height = width / ratio
    left = {-1: x - width, 0: x - width / 2, 1: x}[across]
    top = {-1: y - height, 0: y - height / 2, 1: y}[down]
    return QRectF(left, top, width, height)


def _room(at: float, towards: int, low: float, high: float) -> float:
    if not towards:
        return 2 * min(at - low, high - at)
    return high - at if towards > 0 else at - low


def whole_pixels(rect: QRectF) -> QRect:
    """The whole pixels nearest to a rectangle; one at least."""
    left, top = math.floor(rect.left() + 0.5), math.floor(rect.top() + 0.5)
    right, bottom = math.floor(rect.right() + 0.5), math.floor(rect.bottom() + 0.5)
    return QRect(left, top, max(right - left, 1), max(bottom - top, 1))
