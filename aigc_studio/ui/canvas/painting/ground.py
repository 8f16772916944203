"""The empty board as something to draw on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.layers import LiveStroke


class Ground:
    """The empty board as something to draw on, in the pixels of the sheet that is to come.

    A sheet has as many pixels as it takes on screen, so that it can be drawn on at any zoom.
    """

    id = ""

    def __init__(self, zoom: float) -> None:
        self._density = min(zoom, 8.0)
        self.pixel_size = QSize(0, 0)

    def mapFromScene(self, point: QPointF) -> QPointF:
        """Board units stay what they are."""
        return point

    def mapRectToScene(self, rect: QRectF) -> QRectF:
        """Board units stay what they are."""
        return rect

    def to_pixels(self, point: QPointF) -> QPointF:
        """From board units to pixels."""
        return point * self._density

    def from_pixels(self, rect: QRectF) -> QRectF:
        """From pixels to board units."""
        d = self._density
        return QRectF(rect.x() / d, rect.y() / d, rect.width() / d, rect.height() / d)

    def pixels_per_unit(self) -> float:
        """How many pixels lie on a board unit."""
        return self._density

    def show_stroke(self, stroke: LiveStroke, rects: list[QRect]) -> None:
        """Nothing is here that could show it: the overlay does."""

    def drop_stroke(self, stroke: LiveStroke) -> None:
        """Nothing was shown."""
