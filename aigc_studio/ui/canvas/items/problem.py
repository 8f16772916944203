"""What stands in an item's place when its content cannot be read."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from aigc_studio.ui import theme


def paint_problem(painter: QPainter, rect: QRectF, sentence: str) -> None:
    """Say why the content is not there."""
    painter.setPen(QPen(theme.colour("danger"), 0, Qt.PenStyle.DashLine))
    painter.setBrush(theme.colour("surface"))
    painter.drawRect(rect)
    painter.setFont(theme.secondary_font())
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(rect.adjusted(8, 8, -8, -8), flags, sentence)
