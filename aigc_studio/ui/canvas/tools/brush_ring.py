"""The brush's outline at the pointer: kept as a picture, as it is painted at every mouse move."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from aigc_studio.ui import theme

LARGEST = 300.0
"""Pixels; a larger outline is drawn anew each time, and only what of it is painted anew."""


class BrushRing:
    """Paints the outline; a brush as large as the last one costs no more than a copy."""

    def __init__(self) -> None:
        self._picture_of: object = None
        self._picture = QImage()

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint it in the square `rect`, two pixels of which are left free around it."""
        if rect.width() > LARGEST:
            _paint_rings(painter, rect)
        else:
            ratio = painter.device().devicePixelRatio()
            painter.drawImage(rect.topLeft(), self._picture_for(rect.width(), ratio))

    def _picture_for(self, width: float, ratio: float) -> QImage:
        asked = (width, ratio, theme.is_dark())
        if asked != self._picture_of:
            side = math.ceil(width * ratio)
            picture = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
            picture.setDevicePixelRatio(ratio)
            picture.fill(0)
            with QPainter(picture) as rings:
                rings.setRenderHint(QPainter.RenderHint.Antialiasing)
                _paint_rings(rings, QRectF(0, 0, width, width))
            self._picture_of, self._picture = asked, picture
        return self._picture


def _paint_rings(painter: QPainter, rect: QRectF) -> None:
    """Two rings, so that one of them is seen on any ground."""
    circle = rect.adjusted(2, 2, -2, -2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("surface", 0.9), 1))
    painter.drawEllipse(circle.adjusted(1, 1, -1, -1))
    painter.setPen(QPen(theme.colour("text", 0.9), 1))
    painter.drawEllipse(circle)
