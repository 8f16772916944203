"""A small picture of any artifact, for the candidate strip and for lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from aigc_studio.ui import theme

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Image, Melody

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
    elif artifact.medium == "text":
        picture = _card(pixels, artifact.value, ratio)
    else:
        picture = _roll(pixels, artifact)
    picture.setDevicePixelRatio(ratio)
    return picture


def _fit(image: QImage, side: int) -> QImage:
    longest = max(image.width(), image.height())
    if longest <= side:
        factor = max(1, side // longest)
        return image.scaled(image.width() * factor, image.height() * factor)
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)


def _blank(width: int, height: int) -> QPixmap:
    picture = QPixmap(width, height)
    picture.fill(theme.colour("surface"))
    return picture


def _card(side: int, text: str, ratio: float) -> QPixmap:
    picture = _blank(side * 3 // 2, side)
    painter = QPainter(picture)
    font = theme.body_font()
    font.setPixelSize(round(12 * ratio))
    painter.setFont(font)
    painter.setPen(theme.colour("text"))
    edge = 8 * ratio
    place = QRectF(picture.rect()).adjusted(edge, edge, -edge, -edge)
    painter.drawText(place, Qt.TextFlag.TextWrapAnywhere | Qt.TextFlag.TextWordWrap, text[:400])
    painter.end()
    return picture


def _roll(side: int, melody: Melody) -> QPixmap:
    picture = _blank(side * 3 // 2, side)
    pitches: list[Any] = [note.pitch for note in melody.notes] or [60]
    low, rows = min(pitches) - 1, max(12, max(pitches) - min(pitches) + 3)
    painter = QPainter(picture)
    width, height = picture.width(), picture.height()
    painter.setPen(theme.colour("border"))
    for start, _stop in melody.bars:
        x = start * width / max(1, melody.length)
        painter.drawLine(int(x), 0, int(x), height)
    for note in melody.notes:
        x = note.start * width / melody.length
        y = (rows - 1 - (note.pitch - low)) * height / rows
        wide = max(2.0, note.duration * width / melody.length - 1)
        colour = theme.colour("badge_melody")
        painter.fillRect(QRectF(x, y, wide, max(2.0, height / rows - 1)), colour)
    painter.end()
    return picture
