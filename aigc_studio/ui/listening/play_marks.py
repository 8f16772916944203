"""The round button that is painted on small pictures of tunes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPen

from aigc_studio.ui import icons, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

SIDE = 24
"""Pixels of the button where there is room for it."""


def place_in(room: QRect, side: int = SIDE) -> QRect:
    """The lower right corner of a picture; smaller where the picture is."""
    side = min(side, room.height() - 4)
    return QRect(room.bottomRight() - QPoint(side + 3, side + 3), QSize(side, side))


def paint(painter: QPainter, place: QRect, heard: bool, *, quiet: bool = False) -> None:
    """What a press does: plays, or where it is `heard` already, stops.

    Where there are very many of them they are `quiet`, but for the one that is heard.
    """
    quiet = quiet and not heard
    painter.save()
    painter.setRenderHint(painter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("border" if quiet else "surface"), 1 if quiet else 1.5))
    painter.setBrush(theme.colour("surface" if quiet else "accent", 0.92 if quiet else 1.0))
    painter.drawEllipse(QRectF(place))
    painter.setPen(Qt.PenStyle.NoPen)
    inset = place.width() // 4
    # The tip of a triangle weighs nothing: its middle looks right a little farther to the right.
    shift = 0 if heard else 1
    mark = place.adjusted(inset + shift, inset, -inset + shift, -inset)
    role = "accent" if quiet else "on_accent"
    icons.paint(painter, "stop" if heard else "play", role, mark)
    painter.restore()
