"""The board, or a part of it, as a picture: for export, previews and the clipboard."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from aigc_studio.ui.canvas.board_item import BoardItem

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.scene import BoardScene

SIDE_LIMIT = 16_384


def render(
    scene: BoardScene,
    rect: QRectF | None = None,
    scale: float = 1.0,
    items: list[BoardItem] | None = None,
) -> QImage:
    """A picture (ARGB, clear where nothing is) of `rect` (board units; all items by default).

    `scale` is pixels on a board unit; it is made smaller when a side would pass 16,384 pixels.
    Masks, selections and frames are not in it. A null image when there is nothing.
    """
    scene.have_all()
    shown = [each for each in (scene.shown() if items is None else items) if each.isVisible()]
    area = scene.bounds(shown) if rect is None else QRectF(rect)
    if area.isEmpty() or not shown:
        return QImage()
    scale = min(scale, SIDE_LIMIT / area.width(), SIDE_LIMIT / area.height())
    width, height = math.ceil(area.width() * scale - 1e-6), math.ceil(area.height() * scale - 1e-6)
    image = QImage(max(width, 1), max(height, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    for item in shown:
        if not item.sceneBoundingRect().intersects(area):
            continue
        item.load_all()
        painter.save()
        painter.scale(scale, scale)
        painter.translate(-area.topLeft())
        painter.setTransform(item.sceneTransform(), True)
        painter.setOpacity(item.opacity())
        option = QStyleOptionGraphicsItem()
        option.exposedRect = item.boundingRect()
        # Without a widget, items paint what they are and nothing of how they are worked on.
        item.paint(painter, option, None)
        painter.restore()
    painter.end()
    return image
