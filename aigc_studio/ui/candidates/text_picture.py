"""A small picture of a text: its beginning, or what stands around a part of it that is new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items import code_points, verse

if TYPE_CHECKING:
    from aigc_studio.api import Span

SIDE, ABOVE = 8.0, 6.0
"""Pixels that stay free beside the words, and above them."""
MOST = 1200
"""Characters that may be laid out."""
_PAUSE = re.compile("([，、；])(?=.)")
"""Where a line of verse has its pause."""
LINES_ABOVE = 1
"""Lines that are seen above the one on which the part begins, where not all have room."""


def draw_text(
    painter: QPainter, text: str, room: QRectF, new: Span | None = None, *, begun: bool = False
) -> None:
    """Draw a text with what is `new` in the colour of what is marked. `begun`: more is before."""
    start, stop = (new.start, new.stop) if new is not None else (0, 0)
    words = text[:MOST].replace("\r\n", "\n").replace("\n", "\u2028")
    if begun:
        words = f"…{words[1:]}"
    inside = room.adjusted(SIDE, ABOVE, -SIDE, -2)
    formats = [_stressed(words, start, stop)] if stop > start else []
    centred = not begun and verse.is_verse(text)
    if centred and not formats:
        words = _in_half_lines(words, inside.width())
    layout = _laid_out(words, inside.width(), formats, centred=centred)
    painter.setPen(theme.colour("text"))
    lift = _lift(layout, code_points.units_before(words, start), inside.height()) if stop else 0.0
    painter.save()
    painter.setClipRect(room.adjusted(0, ABOVE - 1, 0, 0), Qt.ClipOperation.IntersectClip)
    layout.draw(painter, inside.topLeft() - QPointF(0, lift))
    painter.restore()


def _in_half_lines(words: str, width: float) -> str:
    """Verse whose lines have no room, broken where each pauses rather than where the room ends."""
    metrics = QFontMetricsF(theme.secondary_font())
    lines = words.split("\u2028")
    if max(map(metrics.horizontalAdvance, lines)) <= width:
        return words
    return "\u2028".join(_PAUSE.sub("\\1\u2028", line) for line in lines)


def _laid_out(
    words: str, width: float, formats: list[QTextLayout.FormatRange], *, centred: bool
) -> QTextLayout:
    layout = QTextLayout(code_points.for_qt(words), theme.secondary_font())
    layout.setFormats(formats)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    if centred:
        option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    layout.setTextOption(option)
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top))
        top += line.height() + 1
    layout.endLayout()
    return layout


def _stressed(words: str, start: int, stop: int) -> QTextLayout.FormatRange:
    form = QTextCharFormat()
    form.setForeground(theme.colour("new"))
    form.setFontWeight(QFont.Weight.DemiBold)
    found = QTextLayout.FormatRange()
    found.start = code_points.units_before(words, start)
    found.length = code_points.units_before(words, stop) - found.start
    found.format = form
    return found


def _lift(layout: QTextLayout, place: int, height: float) -> float:
    """How far up the lines go so that the one with a place is seen, and one above it."""
    last = layout.lineAt(layout.lineCount() - 1)
    needed = last.y() + last.height()
    number = layout.lineForTextPosition(place).lineNumber()
    if needed <= height or number <= LINES_ABOVE:
        return 0.0
    return min(layout.lineAt(number - LINES_ABOVE).y(), max(needed - height, 0.0))
