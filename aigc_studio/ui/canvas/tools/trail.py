"""A stroke where no picture shows it: beside its sheet, or before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from aigc_studio.ui.canvas.items.layers import ink_image
from aigc_studio.ui.canvas.items.tiles import TILE
from aigc_studio.ui.canvas.painting import sheets

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.painting.drawing import Drawing
    from aigc_studio.ui.canvas.tools.hand import Hand


def rect_of(hand: Hand) -> QRectF:
    """The pixels of the viewport that it takes with its paper; empty when there is none."""
    drawing = hand.marks.trail
    paper = sheets.paper_under(drawing) if drawing is not None else QRect()
    if drawing is None or paper.isEmpty():
        return QRectF()
    return _place(hand, drawing, paper).adjusted(-2, -2, 2, 2)


def paint(painter: QPainter, hand: Hand, exposed: QRectF) -> None:
    """Paint what of it lies in `exposed`, on the paper that it will have."""
    drawing = hand.marks.trail
    paper = sheets.paper_under(drawing) if drawing is not None else QRect()
    if drawing is None or paper.isEmpty():
        return
    size, live = drawing.item.pixel_size, drawing.live
    room = QPainterPath()
    room.addRect(_place(hand, drawing, paper))
    shown = QPainterPath()
    shown.addRect(_place(hand, drawing, QRect(0, 0, size.width(), size.height())))
    painter.save()
    painter.setClipPath(room.subtracted(shown), Qt.ClipOperation.IntersectClip)
    painter.fillPath(room, QColor(sheets.PAPER, sheets.PAPER, sheets.PAPER))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(live.opacity)
    for place, values in live.line.tiles.items():
        area = _place(hand, drawing, QRect(place[0] * TILE, place[1] * TILE, TILE, TILE))
        if area.intersects(exposed):
            painter.drawImage(area, ink_image(values, live.colour))
    painter.restore()


def _place(hand: Hand, drawing: Drawing, pixels: QRect) -> QRectF:
    ground = drawing.item
    return hand.to_view_rect(ground.mapRectToScene(ground.from_pixels(QRectF(pixels))))
