"""What is painted on a text card besides its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.text_layout import MARGIN
from aigc_studio.ui.canvas.items.text_type import TYPE_SIZE

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.long_page import LongPage


def paint_caret(painter: QPainter, line: QLineF) -> None:
    """A place in the colour of a selection: as wide on screen at any zoom, with a foot and a head.

    The serifs tell it from a letter, and from the caret of the editor.
    """
    pen = QPen(theme.colour("mask"), 2)
    pen.setCosmetic(True)
    painter.setPen(pen)
    top, bottom = line.p1() - QPointF(0, 1), line.p2() + QPointF(0, 1)
    arm = QPointF(2.5, 0)
    painter.drawLine(QLineF(top, bottom))
    for end in (top, bottom):
        painter.drawLine(QLineF(end - arm, end + arm))


def paint_hint(painter: QPainter, rect: QRectF) -> None:
    """Say how an empty card is filled."""
    font = theme.body_font()
    font.setPixelSize(TYPE_SIZE)
    painter.setFont(font)
    painter.setPen(theme.colour("muted"))
    place = rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(place, flags, _("Double-click to write"))


def fade(painter: QPainter, rect: QRectF, *, upper: bool = False) -> None:
    """Say that the text goes on below the card's edge, or above it."""
    band = QRectF(rect.left(), rect.top() if upper else rect.bottom() - 40, rect.width(), 40)
    clear = QColor(theme.colour("surface"))
    clear.setAlpha(0)
    ends = (band.bottomLeft(), band.topLeft()) if upper else (band.topLeft(), band.bottomLeft())
    shade = QLinearGradient(*ends)
    shade.setColorAt(0, clear)
    shade.setColorAt(0.8, theme.colour("surface"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.drawRect(band)
    painter.setPen(theme.colour("muted"))
    side = Qt.AlignmentFlag.AlignTop if upper else Qt.AlignmentFlag.AlignBottom
    painter.drawText(band.adjusted(0, 0, 0, -4), Qt.AlignmentFlag.AlignHCenter | side, "…")


def paint_bar(painter: QPainter, rect: QRectF, page: LongPage) -> None:
    """How much of a long text is seen, and where it lies: a bar at the right edge."""
    track = QRectF(rect.right() - 8, rect.top() + 10, 4, max(rect.height() - 20, 8))
    seen = sum(len(each.laid.text) for each in page.shown()) / max(len(page), 1)
    length = min(max(track.height() * seen, 24.0), track.height())
    first = page.top / max(len(page) * (1 - seen), 1)
    top = track.top() + (track.height() - length) * (1.0 if page.ends() else min(first, 1.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.mixed("text", "surface", 0.08))
    painter.drawRoundedRect(track, 2, 2)
    painter.setBrush(theme.mixed("text", "surface", 0.45))
    painter.drawRoundedRect(QRectF(track.left(), top, track.width(), length), 2, 2)
