"""The line between what was and what is, over a picture that lies at any place and angle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsItem

    from aigc_studio.ui.canvas.tools.hand import Hand

KNOB = 14
"""Pixels from the middle of the knob to its edge."""
REACH = 8
"""Pixels beside the line where it can still be taken hold of."""
_TALL = 18
_APART = 10
_ICON = 16


def half(item: QGraphicsItem, share: float, *, left: bool) -> QRectF:
    """What lies left or right of the line, in the item's own coordinates, far beyond its edges."""
    rect = item.boundingRect()
    far = 4 * max(rect.width(), rect.height())
    at = rect.left() + share * rect.width()
    start = at - far if left else at
    return QRectF(start, rect.top() - far, far, rect.height() + 2 * far)


def place(hand: Hand, item: QGraphicsItem, share: float) -> QLineF:
    """The line on screen, from the upper edge of the item to the lower."""
    rect = item.boundingRect()
    at = rect.left() + share * rect.width()
    ends = (QPointF(at, rect.top()), QPointF(at, rect.bottom()))
    return QLineF(*(hand.to_view(item.mapToScene(end)) for end in ends))


def knob(hand: Hand, item: QGraphicsItem, share: float) -> QPointF:
    """The middle of the knob on screen: in the middle of what is in view of the line."""
    line = place(hand, item, share)
    room = hand.to_view_rect(hand.seen()).adjusted(KNOB, KNOB, -KNOB, -KNOB)
    steps = [line.pointAt(step / 16) for step in range(17)]
    seen = [point for point in steps if room.contains(point)]
    return (seen[0] + seen[-1]) / 2 if seen else line.center()


def is_near(hand: Hand, item: QGraphicsItem, share: float, point: QPointF) -> bool:
    """Whether a point on screen takes hold of the line or its knob."""
    away = point - knob(hand, item, share)
    if away.x() ** 2 + away.y() ** 2 <= KNOB**2:
        return True
    line = place(hand, item, share)
    length = max(line.length(), 1e-6)
    along = QPointF(line.dx(), line.dy()) / length
    to = point - line.p1()
    on = to.x() * along.x() + to.y() * along.y()
    return 0 <= on <= length and abs(to.x() * along.y() - to.y() * along.x()) <= REACH


def paint(painter: QPainter, hand: Hand, item: QGraphicsItem, share: float) -> None:
    """Line, knob, and what is seen on either side, in pixels of the viewport."""
    line = place(hand, item, share)
    painter.setPen(QPen(theme.colour("bar", 0.6), 4))
    painter.drawLine(line)
    painter.setPen(QPen(theme.colour("on_bar"), 2))
    painter.drawLine(line)
    _paint_words(painter, hand, item, share, line)
    middle = knob(hand, item, share)
    painter.setPen(QPen(theme.colour("on_bar"), 2))
    painter.setBrush(theme.colour("bar"))
    painter.drawEllipse(middle, KNOB, KNOB)
    box = QRectF(0, 0, _ICON, _ICON)
    box.moveCenter(middle)
    painter.save()
    painter.translate(middle)
    painter.rotate(90 - line.angle() - 180)
    painter.translate(-middle)
    icons.paint(painter, "wipe", "on_bar", box)
    painter.restore()


def _paint_words(
    painter: QPainter, hand: Hand, item: QGraphicsItem, share: float, line: QLineF
) -> None:
    """Before and after beside the upper end of the line, as far as each has room on its side."""
    font = theme.readout_font(11)
    metrics = QFontMetrics(font)
    length = max(line.length(), 1e-6)
    down = QPointF(line.dx(), line.dy()) / length
    across = QPointF(down.y(), -down.x())
    wide = QLineF(place(hand, item, 0.0).p1(), place(hand, item, 1.0).p1()).length()
    painter.setFont(font)
    for words, side, room in (
        (_("Before"), -1, share * wide),
        (_("After"), 1, (1 - share) * wide),
    ):
        width = metrics.horizontalAdvance(words) + 12
        if room < width + 2 * _APART or length < 4 * _TALL:
            continue
        middle = line.p1() + down * (_APART + _TALL / 2)
        middle += across * (side * (_APART + width / 2))
        badge = QRectF(0, 0, width, _TALL)
        badge.moveCenter(middle)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("bar", 0.85))
        painter.drawRoundedRect(badge, 4, 4)
        painter.setPen(theme.colour("on_bar"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
