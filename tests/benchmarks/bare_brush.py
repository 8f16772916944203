"""A reference for the brush: the least that Qt needs to paint a stroke on a picture of 4096².

A graphics view with one item that draws its image; every mouse move fills an ellipse on the image
and repaints what changed. No tiles, no undo, no soft edge, no other items.
"""

from __future__ import annotations

import math
import time
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsView, QWidget

SIDE = 4096
SIZE = 64.0


class Picture(QGraphicsItem):
    """An item with one image."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32_Premultiplied)
        self.image.fill(QColor(235, 235, 235))

    def boundingRect(self) -> QRectF:
        """All of the image."""
        return QRectF(0, 0, SIDE, SIDE)

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """What is exposed of it."""
        painter.drawImage(option.exposedRect, self.image, option.exposedRect)


class Canvas(QGraphicsView):
    """Paints where the mouse moves."""

    def __init__(self, zoom: float) -> None:
        self.kept = QGraphicsScene(0, 0, SIDE, SIDE)
        super().__init__(self.kept)
        self.picture = Picture()
        self.picture.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.scene().addItem(self.picture)
        self.resize(1000, 600)
        self.show()
        if zoom:
            self.centerOn(600, 400)
        else:
            self.fitInView(self.picture, Qt.AspectRatioMode.KeepAspectRatio)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """One dab."""
        spot = self.mapToScene(event.position().toPoint())
        area = QRectF(spot.x() - SIZE / 2, spot.y() - SIZE / 2, SIZE, SIZE)
        painter = QPainter(self.picture.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 20, 20))
        painter.drawEllipse(area)
        painter.end()
        self.picture.update(area.adjusted(-2, -2, 2, 2))


def moves(zoom: float, count: int = 200) -> list[float]:
    """Milliseconds of each of `count` mouse moves, at 100 % or (zoom 0) with all in view."""
    import studio_window as studio

    canvas = Canvas(zoom)
    studio.turn(0.3)
    middle = canvas.viewport().rect().center()
    took = []
    for n in range(count):
        spot = QPointF(middle.x() - 200 + 4 * (n % 100), middle.y() + 40 * math.sin(n / 9))
        place = QPointF(canvas.viewport().mapToGlobal(spot))
        event = QMouseEvent(
            QEvent.Type.MouseMove, spot, place, Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        began = time.perf_counter()
        QCoreApplication.sendEvent(canvas.viewport(), event)
        QCoreApplication.sendPostedEvents()
        took.append((time.perf_counter() - began) * 1000)
        studio.turn(0.008)
    canvas.deleteLater()
    return took
