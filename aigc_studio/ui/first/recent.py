"""Boards that were worked on lately, as thumbnails."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from aigc_studio.ui import theme
from aigc_studio.ui.first.cards import CORNER, Plate
from aigc_studio.ui.labels import tip

SIZE = QSize(152, 108)
_CAPTION = 26


class RecentBoard(Plate):
    """One board: the picture in its file, and its name."""

    def __init__(self, path: Path, picture: QImage, parent: QWidget) -> None:
        super().__init__(parent)
        self.path = path
        self._picture = picture
        self.setAccessibleName(path.stem)
        self.setToolTip(tip(str(path)))
        self.setFixedSize(SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The board's picture, as large as fits, over its name."""
        with QPainter(self) as painter:
            place = self.paint_plate(painter)
            room = place.adjusted(8, 8, -8, -_CAPTION - 2)
            if not self._picture.isNull():
                size = self._picture.size().scaled(
                    room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
                )
                spot = QRectF(0, 0, size.width(), size.height())
                spot.moveCenter(room.center())
                clip = QPainterPath()
                clip.addRoundedRect(spot, CORNER / 3, CORNER / 3)
                painter.save()
                painter.setClipPath(clip)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(spot, self._picture)
                painter.restore()
            self._paint_name(painter)

    def _paint_name(self, painter: QPainter) -> None:
        font = theme.secondary_font()
        metrics = QFontMetrics(font)
        name = metrics.elidedText(
            self.path.stem, Qt.TextElideMode.ElideMiddle, self.width() - 2 * theme.PADDING
        )
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        down = self.height() - _CAPTION + (_CAPTION + metrics.ascent() - metrics.descent()) // 2 - 3
        painter.drawText(QPoint(theme.PADDING, down), name)


def thumbnail(data: bytes, most: int = 2 * SIZE.width()) -> QImage:
    """A picture from the bytes of a PNG, no larger than it is shown; null for anything else.

    On any thread. A picture that says it is enormous is not read.
    """
    from PySide6.QtCore import QBuffer, QByteArray
    from PySide6.QtGui import QImageReader

    held = QByteArray(data)
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"png"))
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > 4096 * 4096:
        return QImage()
    image = reader.read()
    if max(size.width(), size.height()) > most:
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(most, most, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    return image
