"""Where a message lies: in a corner of its room, or beside what it must not cover."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.floating_bar import common


def spot(
    size: QSize, room: QRect, taken: Sequence[Sequence[QRect]], refuge: QRect | None = None
) -> QRect:
    """The lower left of `room`, or the place that covers less.

    `taken` are rectangles, those that matter most first: of two places the one is better that
    covers fewer pixels of the first, and of the next where it covers as many of those. Where any
    of the first two kinds would be covered, it is the lower right of the `refuge` instead.
    """
    lower = QRect(room.bottomLeft() + QPoint(0, 1 - size.height()), size)
    places = [lower, *_beside(lower, room, [each for rank in taken for each in rank])]
    inside = [each for each in places if room.contains(each)]
    best = min(inside, key=lambda place: [common(place, rank) for rank in taken], default=lower)
    if refuge is None or not any(common(best, rank) for rank in taken[:2]):
        return best
    corner = refuge.bottomRight() + QPoint(1 - size.width(), 1 - size.height())
    return QRect(corner, size) if refuge.contains(QRect(corner, size)) else best


def _beside(lower: QRect, room: QRect, taken: Sequence[QRect]) -> list[QRect]:
    """The other corners, then both sides of the room over and under each thing, lowest first."""
    over = [each.top() - theme.GAP - lower.height() for each in taken]
    under = [each.bottom() + 1 + theme.GAP for each in taken]
    tops = [lower.top(), room.top(), *sorted({*over, *under}, reverse=True)]
    sides = (room.left(), room.right() + 1 - lower.width())
    return [QRect(QPoint(x, y), lower.size()) for y in tops for x in sides]
