"""The board, or a part of it, as a picture: for export, previews and the clipboard."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.items.kinds import type_of

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene

SIDE_LIMIT = 16_384
BAND = 64
"""Rows of a sheet that are cleared at a time."""
SLICE = 0.008
"""Seconds of a turn of the event loop that a drawing may take."""


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
    image, scale = _sheet(area, scale)
    image.fill(0)
    painter = QPainter(image)
    for item in shown:
        if item.sceneBoundingRect().intersects(area):
            _paint(painter, item, area, scale)
    painter.end()
    return image


class Drawing(QObject):
    """Draws all of a board as it is when this is made, some items at a time, then calls `then`.

    What happens to the board meanwhile is not in it. `then` gets what `render` would have given.
    """

    def __init__(
        self,
        scene: BoardScene,
        then: Callable[[QImage], None],
        scale: float = 1.0,
        smooth: bool | None = None,
    ) -> None:
        super().__init__(scene)
        self._then = then
        self._loader = scene.loader
        self._items = deque(item for item in scene.board.items if item.visible)
        self._area = scene.bounds()
        self._image, self._scale = QImage(), scale
        self._cleared = 0
        self._smooth = smooth
        if self._area.isEmpty():
            self._items.clear()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    @Slot()
    def _go_on(self) -> None:
        self._draw(SLICE)
        if not self._items:
            self.finish()

    def finish(self) -> None:
        """Draw all that is left now: the board is about to go."""
        if self._timer.isActive():
            self._timer.stop()
            self._draw(math.inf)
            self._then(self._image)
            self.deleteLater()

    def _draw(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        if not self._items:
            return
        if self._image.isNull():
            self._image, self._scale = _sheet(self._area, self._scale)
        painter = QPainter(self._image)
        while self._items and self._is_clear(painter, end):
            item = self._items.popleft()
            # One of its own, that goes again: thousands of them, with all their pixels, are much.
            shown = type_of(item)(item, self._loader)
            shown.smooth = self._smooth
            _paint(painter, shown, self._area, self._scale)
            if time.perf_counter() >= end:
                break
        painter.end()

    def _is_clear(self, painter: QPainter, end: float) -> bool:
        """Clear the sheet until `end`, a band at least: that of a large board has 100 MB."""
        modes = QPainter.CompositionMode
        while self._cleared < self._image.height():
            painter.setCompositionMode(modes.CompositionMode_Source)
            band = QRect(0, self._cleared, self._image.width(), BAND)
            painter.fillRect(band, Qt.GlobalColor.transparent)
            painter.setCompositionMode(modes.CompositionMode_SourceOver)
            self._cleared += BAND
            if time.perf_counter() >= end:
                return False
        return True


def _sheet(area: QRectF, scale: float) -> tuple[QImage, float]:
    """A picture of an area that is not cleared yet, and the scale that it really has."""
    scale = min(scale, SIDE_LIMIT / area.width(), SIDE_LIMIT / area.height())
    width, height = math.ceil(area.width() * scale - 1e-6), math.ceil(area.height() * scale - 1e-6)
    image = QImage(max(width, 1), max(height, 1), QImage.Format.Format_ARGB32_Premultiplied)
    return image, scale


def _paint(painter: QPainter, item: BoardItem, area: QRectF, scale: float) -> None:
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
