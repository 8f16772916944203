"""What will be written, pixel by pixel, on a checkerboard."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme

SIDE = 360
"""Logical pixels of the preview, across and down."""
_SQUARE = 8


class ExportPreview(QWidget):
    """A picture no larger than it will be: what is larger than the preview is shown whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Preview of what will be written"))
        self.setMinimumSize(240, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.image = QImage()
        self._size = QSize()
        self._clear = False

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(SIDE, SIDE)

    def show_picture(self, image: QImage, size: QSize) -> None:
        """Show a picture that will be written at this size; it may have fewer pixels itself."""
        self.image, self._size = image, size
        self._clear = image.hasAlphaChannel()
        self.update()

    def place(self) -> QRect:
        """Where the picture is drawn, in logical pixels."""
        ratio = self.devicePixelRatioF()
        room = self.rect().adjusted(theme.GAP, theme.GAP, -theme.GAP, -theme.GAP)
        shown = self._size / ratio
        if shown.width() > room.width() or shown.height() > room.height():
            shown = shown.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, max(shown.width(), 1), max(shown.height(), 1))
        place.moveCenter(room.center())
        return place

    def paintEvent(self, event: QPaintEvent) -> None:
        """The checkerboard, and the picture in the middle of it."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("surface"))
            painter.fillRect(self.rect(), QBrush(_squares()))
            if self.image.isNull():
                return
            place = self.place()
            whole = self._size / self.devicePixelRatioF()
            smaller = place.width() < whole.width() or self.image.size() != self._size
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
            painter.drawImage(place, self.image)


def _squares() -> QPixmap:
    """Two by two squares on which both black and white ink is seen."""
    tile = QPixmap(2 * _SQUARE, 2 * _SQUARE)
    ground = "outline" if theme.is_dark() else "border"
    tile.fill(theme.mixed(ground, "surface", 0.8 if theme.is_dark() else 0.35))
    with QPainter(tile) as painter:
        dark = theme.mixed(ground, "surface", 1.0 if theme.is_dark() else 0.75)
        painter.fillRect(0, 0, _SQUARE, _SQUARE, dark)
        painter.fillRect(_SQUARE, _SQUARE, _SQUARE, _SQUARE, dark)
    return tile
