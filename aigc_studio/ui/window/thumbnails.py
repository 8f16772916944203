"""A small picture of any artifact, for the candidate strip and for lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from aigc_studio.ui import theme

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Image, Melody, Text

SIDE = 128


def image_of(artifact: Image) -> QImage:
    """A picture as a QImage of its own size and pixels."""
    formats = {
        "L": QImage.Format.Format_Grayscale8,
        "RGB": QImage.Format.Format_RGB888,
        "RGBA": QImage.Format.Format_RGBA8888,
    }
    width, height = artifact.width, artifact.height
    row = artifact.pixels.strides[0]
    data = artifact.pixels.tobytes()
    # The copy lets go of `data`, which Qt would not keep alive.
    return QImage(data, width, height, row, formats[artifact.mode]).copy()


def thumbnail(artifact: Artifact, side: int = SIDE, ratio: float = 1.0) -> QPixmap:
    """The artifact within `side` × `side` logical pixels: small pictures in whole steps, sharp."""
    pixels = round(side * ratio)
    if artifact.medium == "image":
        picture = QPixmap.fromImage(_fit(image_of(artifact), pixels))
    else:
        picture = _painted(artifact, QSize(pixels * 3 // 2, pixels), ratio)
    picture.setDevicePixelRatio(ratio)
    return picture


def picture_of(artifact: Artifact, size: QSizeF) -> QPixmap:
    """The artifact as it would look on the board at `size` board units; a picture as it is."""
    if artifact.medium == "image":
        return QPixmap.fromImage(image_of(artifact))
    return _painted(artifact, size.toSize(), 1.0)


def _fit(image: QImage, side: int) -> QImage:
    longest = max(image.width(), image.height())
    if longest <= side:
        factor = max(1, side // longest)
        return image.scaled(image.width() * factor, image.height() * factor)
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)


def _painted(artifact: Text | Melody, size: QSize, ratio: float) -> QPixmap:
    picture = QPixmap(size)
    picture.fill(theme.colour("surface"))
    painter = QPainter(picture)
    if artifact.medium == "text":
        _write(painter, QRectF(picture.rect()), artifact.value, ratio)
    else:
        _roll(painter, picture.width(), picture.height(), artifact)
    painter.end()
    return picture


def _write(painter: QPainter, room: QRectF, text: str, ratio: float) -> None:
    font = theme.body_font()
    font.setPixelSize(round(13 * ratio))
    painter.setFont(font)
    painter.setPen(theme.colour("text"))
    edge = 10 * ratio
    room.adjust(edge, edge, -edge, -edge)
    painter.drawText(room, Qt.TextFlag.TextWordWrap, text[:2000])


def _roll(painter: QPainter, width: int, height: int, melody: Melody) -> None:
    pitches = [note.pitch for note in melody.notes] or [60]
    low, rows = min(pitches) - 1, max(12, max(pitches) - min(pitches) + 3)
    painter.setPen(theme.colour("border"))
    for start, _stop in melody.bars:
        x = start * width / max(1, melody.length)
        painter.drawLine(int(x), 0, int(x), height)
    for note in melody.notes:
        x = note.start * width / melody.length
        y = (rows - 1 - (note.pitch - low)) * height / rows
        wide = max(2.0, note.duration * width / melody.length - 1)
        place = QRectF(x, y, wide, max(2.0, height / rows - 1))
        painter.fillRect(place, theme.colour("badge_melody"))
