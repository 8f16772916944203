"""Portraits: an artifact or a starter's piece drawn to be liked, at any size, on any ground.

Small drawings, light on dark as models make them, are shown as ink, smooth, without the faint
speckle around them; a text is set in large type; a tune is a roll.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

from aigc_studio.api import Image, Melody, Piece, Text
from aigc_studio.ui import artifact_pictures, theme

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

BLANK = 32
"""Values under this (of 255) around a drawing are taken as blank."""
_DARK = 40
"""A picture whose edge is darker than this, on the whole, is a drawing in light on dark."""
_SMALL = 256
"""Pixels up to which a picture along its longer side can be such a drawing."""
_PEN = 0.055
"""How broad the ink of strokes is, as a part of their sheet."""
_LINES = 6
_BETWEEN = 8
"""Pixels between pieces that are side by side."""


def shape_of(artifact: Artifact) -> float:
    """How wide a portrait is for its height."""
    if isinstance(artifact, Image):
        return min(max(artifact.width / artifact.height, 0.4), 8.0)
    return 3.6


def paint(
    painter: QPainter, artifact: Artifact, room: QRectF, *, marked: Sequence[int] = ()
) -> None:
    """Draw an artifact as large as fits into `room`, with what is `marked` of it (`api.Piece`)."""
    painter.save()
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    if isinstance(artifact, Image):
        _paint_image(painter, artifact, room, marked)
    elif isinstance(artifact, Text):
        _paint_text(painter, artifact.value, room, marked)
    else:
        _paint_melody(painter, artifact, room, marked)
    painter.restore()


def paint_piece(painter: QPainter, piece: Piece, room: QRectF) -> None:
    """Draw a piece of a starter: its artifact, or its strokes in ink."""
    artifact = piece.read()
    if artifact is not None:
        paint(painter, artifact, room, marked=piece.marked)
        return
    side = min(room.width(), room.height())
    sheet = QRectF(0, 0, side, side)
    sheet.moveCenter(room.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_strokes(painter, piece.strokes, sheet, _ink_pen(side))
    painter.restore()


def paint_pieces(painter: QPainter, pieces: Sequence[Piece], room: QRectF) -> None:
    """Draw pieces of a starter side by side, each in a column of its own."""
    wide = (room.width() - _BETWEEN * (len(pieces) - 1)) / max(len(pieces), 1)
    for number, piece in enumerate(pieces):
        left = room.left() + number * (wide + _BETWEEN)
        paint_piece(painter, piece, QRectF(left, room.top(), wide, room.height()))


def draw_strokes(
    painter: QPainter, strokes: Sequence[Sequence[tuple[float, float]]], sheet: QRectF, pen: QPen
) -> None:
    """Smooth lines through the places of strokes, each in 0 to 1 of the sheet."""
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in strokes:
        spots = [
            QPointF(sheet.x() + x * sheet.width(), sheet.y() + y * sheet.height())
            for x, y in stroke
        ]
        if not spots:
            continue
        path = QPainterPath(spots[0])
        # As a hand's stroke is: through the middles, with the places as control points.
        for spot, following in itertools.pairwise(spots[1:]):
            path.quadTo(spot, (spot + following) / 2)
        path.lineTo(spots[-1])
        painter.drawPath(path)


def sheet_of(piece: Piece, side: int) -> QImage:
    """A white sheet of `side` pixels with the piece's strokes in black ink; on any thread."""
    sheet = QImage(side, side, QImage.Format.Format_Grayscale8)
    sheet.fill(Qt.GlobalColor.white)
    with QPainter(sheet) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = _ink_pen(side)
        pen.setColor(Qt.GlobalColor.black)
        draw_strokes(painter, piece.strokes, QRectF(0, 0, side, side), pen)
    return sheet


def _ink_pen(side: float) -> QPen:
    round_ = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(theme.colour("text"), side * _PEN, Qt.PenStyle.SolidLine, *round_)


# Pictures


def is_drawing(image: Image) -> bool:
    """Whether it is a small drawing, light on dark, that can be shown as ink."""
    import numpy as np

    if image.mode != "L" or max(image.width, image.height) > 8 * _SMALL:
        return False
    pixels = image.pixels
    if min(pixels.shape) > _SMALL:
        return False
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return float(edge.mean()) < _DARK and bool((pixels >= BLANK).any())


def ink(image: Image, width: int, height: int) -> QImage:
    """A drawing of light on dark as ink on nothing, `width` × `height` pixels, smooth."""
    import numpy as np
    from PIL import Image as Pillow

    # From blank on upwards, so that what is left of the speckle is faint.
    raised = np.maximum(image.pixels.astype(np.int32) - BLANK, 0) * 255 // (255 - BLANK)
    pixels = raised.astype(np.uint8)
    drawn = Pillow.fromarray(pixels).resize(
        (max(1, width), max(1, height)), Pillow.Resampling.BICUBIC
    )
    alpha = np.asarray(drawn, np.uint16)
    colour = theme.colour("text")
    layers = np.empty((*alpha.shape, 4), np.uint8)
    # Premultiplied, in the order of QImage.Format_RGBA8888_Premultiplied.
    for place, value in enumerate((colour.red(), colour.green(), colour.blue(), 255)):
        layers[..., place] = alpha * value // 255
    form = QImage.Format.Format_RGBA8888_Premultiplied
    size = alpha.shape[1], alpha.shape[0]
    return QImage(layers.tobytes(), *size, 4 * size[0], form).copy()


def _paint_image(painter: QPainter, image: Image, room: QRectF, marked: Sequence[int]) -> None:
    factor = min(room.width() / image.width, room.height() / image.height)
    place = QRectF(0, 0, image.width * factor, image.height * factor)
    place.moveCenter(room.center())
    ratio = painter.device().devicePixelRatioF()
    if is_drawing(image):
        size = place.size() * ratio
        painter.drawImage(place, ink(image, round(size.width()), round(size.height())))
    else:
        longest = round(max(place.width(), place.height()) * ratio)
        clip = QPainterPath()
        clip.addRoundedRect(place, theme.GRID, theme.GRID)
        painter.save()
        painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
        painter.drawImage(place, artifact_pictures.qimage(image, longest))
        painter.restore()
    if marked:
        left, top, right, bottom = (each * factor for each in marked)
        spot = QRectF(place.x() + left, place.y() + top, right - left, bottom - top)
        painter.setPen(QPen(theme.colour("mask"), 1))
        painter.setBrush(theme.colour("mask", 0.16))
        painter.drawRoundedRect(spot.adjusted(0.5, -3.5, -0.5, 3.5), 4, 4)


# Texts and tunes


def _serif(height: float) -> QFont:
    font = theme.body_font()
    font.setStyleHint(QFont.StyleHint.Serif)
    font.setFamilies(["Noto Serif", "DejaVu Serif", "Georgia", "serif", font.family()])
    font.setPixelSize(max(12, min(18, round(height / 4.2))))
    return font


def _paint_text(painter: QPainter, text: str, room: QRectF, marked: Sequence[int]) -> None:
    font = _serif(room.height())
    plain = " ".join(text[:600].split()) if not marked else text[:600]
    lines = QTextLayout(plain.replace("\n", "\u2028"), font)  # a layout breaks lines at no other
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    lines.setTextOption(option)
    lines.beginLayout()
    y, tall = 0.0, QFontMetricsF(font).lineSpacing() * 1.2
    for _number in range(_LINES):
        # Asked first: a line that was made and has no place lies over the first one.
        if y + tall > room.height() + 2 or not (line := lines.createLine()).isValid():
            break
        line.setLineWidth(room.width())
        line.setPosition(QPointF(0, y))
        y += tall
    lines.endLayout()
    painter.setPen(theme.colour("text"))
    marks = []
    if marked:
        span = QTextLayout.FormatRange()
        span.start, span.length = marked[0], max(marked[1] - marked[0], 0)
        span.format.setBackground(theme.colour("mask", 0.3))
        marks = [span]
    painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
    lines.draw(painter, QPointF(room.left(), room.top() + max(0.0, (room.height() - y) / 2)), marks)


def _paint_melody(painter: QPainter, melody: Melody, room: QRectF, marked: Sequence[int]) -> None:
    if marked and melody.length:
        bars = melody.bars
        scale = room.width() / melody.length
        left, right = bars[marked[0] - 1][0] * scale, bars[marked[1] - 1][1] * scale
        spot = QRectF(room.left() + left, room.top(), right - left, room.height())
        painter.fillRect(spot, theme.colour("mask", 0.22))
    artifact_pictures.draw_melody(painter, melody, room)
