"""What stands beside and over the notes of a roll: keyboard, scroll bar, and where one types."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.roll import KEYS, OCTAVE, RULER, Roll, is_black, pitch_name

BAR = 6.0
"""Device pixels that the thin scroll bar is thick."""


def paint_keys(painter: QPainter, roll: Roll, scale: float) -> None:
    """The keyboard at the left, with the names of its Cs."""
    strip = QRectF(0, RULER, KEYS, roll.height - RULER)
    ivory, ebony = key_colours()
    painter.fillRect(strip, ivory)
    painter.setFont(theme.readout_font(8))
    low, high = roll.pitches
    thin = QPen(theme.mixed("text", "surface", 0.22), 0)
    for pitch in range(low, high + 1):
        row = roll.row(pitch)
        if is_black(pitch):
            painter.fillRect(QRectF(0, row.top(), KEYS * 0.58, row.height()), ebony)
        elif pitch % OCTAVE in (0, 5) and roll.row_height * scale > 2:
            painter.setPen(thin)
            painter.drawLine(QLineF(0, row.bottom(), KEYS, row.bottom()))
        if is_black(pitch) and roll.row_height * scale > 4:
            painter.setPen(thin)
            middle = row.center().y()
            painter.drawLine(QLineF(KEYS * 0.58, middle, KEYS, middle))
        if pitch % OCTAVE == 0 and scale > 0.35:
            painter.setPen(ebony)
            place = QRectF(0, row.center().y() - 8, KEYS - 1.5, 16)
            if place.top() >= RULER and place.bottom() <= roll.height:
                flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(place, flags, pitch_name(pitch))
    painter.setPen(QPen(theme.colour("border"), 0))
    painter.drawLine(QLineF(KEYS, 0, KEYS, roll.height))


def key_colours() -> tuple[QColor, QColor]:
    """Of white keys and of black ones: white is white at night, too, and no lamp."""
    if theme.is_dark():
        return theme.mixed("text", "surface", 0.72), theme.colour("canvas")
    return theme.colour("surface"), theme.mixed("text", "surface", 0.86)


def paint_bar(painter: QPainter, roll: Roll, scale: float) -> None:
    """The thin bar that says what of the tune is in sight, where that is not all of it."""
    thumb = scroll_thumb(roll, scale)
    if thumb.isEmpty():
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("outline", 0.75))
    painter.drawRoundedRect(thumb, thumb.height() / 2, thumb.height() / 2)


def scroll_thumb(roll: Roll, scale: float) -> QRectF:
    """Where the part that is dragged lies in the bar; empty where all of the tune is in sight."""
    first, last = roll.ends
    if first <= 0 and last >= roll.score.length:
        return QRectF()
    whole, grid = max(float(roll.score.length), last), roll.grid
    thick, width = BAR / scale, max(grid.width() * (last - first) / whole, 24 / scale)
    left = grid.left() + (grid.width() - width) * (first / max(whole - (last - first), 1.0))
    return QRectF(left, grid.bottom() - thick - 2 / scale, width, thick)


def paint_cursor(painter: QPainter, roll: Roll, tick: int, scale: float) -> None:
    """Where the next note goes that is typed."""
    x = roll.x(tick)
    if not roll.grid.left() <= x <= roll.grid.right() + 1:
        return
    pen = QPen(theme.colour("accent"), 2)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLine(QLineF(x, RULER, x, roll.height))
    wing = 4 / scale
    for y in (RULER + 1 / scale, roll.height - 1 / scale):
        painter.drawLine(QLineF(x - wing, y, x + wing, y))
