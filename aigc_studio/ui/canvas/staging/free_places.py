"""Room for something new in the part of the board that is in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.tools.hand import Hand

EDGE = 16
"""Pixels between it and what lies beside it, and the edge of the hand."""
BELOW = 64
"""Pixels that stay free below it, if there is room: there its decisions stand."""
_STEPS = 12
"""Places that are tried, across and down."""


def free_place(hand: Hand, place: QRectF) -> QRectF | None:
    """A place in view as large as `place` that covers nothing, nearest to it; None when there is
    none."""
    return _free_place(hand, place, BELOW) or _free_place(hand, place, 0)


def _free_place(hand: Hand, place: QRectF, below: float) -> QRectF | None:
    from aigc_studio.project.room import Room

    edge, seen = EDGE / hand.zoom, hand.seen()
    inner = seen.adjusted(edge, edge, -edge, -edge - below / hand.zoom)
    across, down = inner.width() - place.width(), inner.height() - place.height()
    if across < 0 or down < 0:
        return None
    shown = [each for each in hand.board_scene.shown() if each.isVisible()]
    rects = [rect for each in shown if seen.intersects(rect := each.sceneBoundingRect())]
    taken = Room(_box(rect) for rect in rects)
    found: list[QRectF] = []
    for row in range(_STEPS + 1):
        for column in range(_STEPS + 1):
            left, top = inner.x() + across * column / _STEPS, inner.y() + down * row / _STEPS
            tried = QRectF(left, top, place.width(), place.height())
            if taken.is_free(_box(tried.adjusted(-edge, -edge, edge, edge))):
                found.append(tried)
    wanted = place.center()
    return min(found, key=lambda each: (each.center() - wanted).manhattanLength(), default=None)


def _box(rect: QRectF) -> tuple[float, float, float, float]:
    return rect.left(), rect.top(), rect.right(), rect.bottom()
