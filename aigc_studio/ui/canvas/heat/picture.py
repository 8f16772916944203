"""Heat over a picture: its masks as a veil, and what was said of a few of them beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.heat.layer import paint_current
from aigc_studio.ui.canvas.heat.parts import Area, PictureParts, Row
from aigc_studio.ui.canvas.items.layers import ink_image

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

OPACITY = 0.62
"""Of the strongest: what is below is still seen."""
LABELLED = 48
"""Up to so many areas have their words written on them, where there is room."""


class _Card(Protocol):
    """The item of the picture, as far as heat needs it."""

    @property
    def pixel_size(self) -> QSize:
        """Width and height of the picture in its own pixels."""

    def to_pixels(self, point: QPointF) -> QPointF:
        """A place of the item in pixels of the picture."""

    def from_pixels(self, rect: QRectF) -> QRectF:
        """A rectangle of the picture's pixels on the item."""

    def boundingRect(self) -> QRectF:
        """Where it is painted, in its own coordinates."""


class PictureHeat:
    """Heat over a picture (`HeatLayer`)."""

    role = "heat_veil"

    def __init__(self, item: _Card) -> None:
        self._item = item
        self._parts = PictureParts(*item.pixel_size.toTuple())
        self._veil: tuple[tuple[int, int], QImage] | None = None
        self.current = -1

    @property
    def step(self) -> int:
        """So many pixels of the picture along a side are one here."""
        return self._parts.step

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, marks: Iterable[Area]) -> bool:
        """Some more was said."""
        self._parts.add(marks)
        return True

    def at(self, point: QPointF) -> str:
        """What was said of the pixel under a point."""
        pixel = self._item.to_pixels(point)
        return self._parts.at(int(pixel.x() // 1), int(pixel.y() // 1))

    def words(self, number: int) -> str:
        """The value and the words of a part."""
        return self._parts.words(number)

    def boxes(self, number: int) -> list[QRectF]:
        """The box around the area."""
        left, top, right, bottom = self._parts.part(number)
        box = QRectF(left, top, right - left, bottom - top)
        return [self._item.from_pixels(box) & self._item.boundingRect()]

    def reveal(self, number: int) -> None:
        """A picture is seen whole."""

    def table(self) -> list[Row]:
        """Of each area its box in pixels, the value and the words."""
        boxes = (self._parts.part(n) for n in range(len(self)))
        return [
            (f"{left},{top} {right - left}×{bottom - top}", area.value, area.words)
            for (left, top, right, bottom), area in zip(boxes, self._parts.areas, strict=True)
        ]

    def paint(self, painter: QPainter) -> None:
        """Lay the veil over the picture; the painter is in the item's own coordinates."""
        if not len(self):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.step > 1)
        size = QRectF(0, 0, self._parts.width * self.step, self._parts.height * self.step)
        painter.drawImage(self._item.from_pixels(size), self._image())
        if len(self) <= LABELLED:
            for number, area in enumerate(self._parts.areas):
                _paint_label(painter, self.boxes(number)[0], area.words)
        paint_current(painter, self)
        painter.restore()

    def _image(self) -> QImage:
        key = (len(self), theme.colour(self.role).rgb())
        if self._veil is None or self._veil[0] != key:
            veil = ink_image(self._parts.values, theme.colour(self.role), round(255 * OPACITY))
            self._veil = key, veil
        return self._veil[1]


def _paint_label(painter: QPainter, box: QRectF, words: str) -> None:
    """Words in the upper left corner of an area, as large on screen at any zoom, if they fit."""
    transform = painter.worldTransform()
    scale = (transform.m11() ** 2 + transform.m12() ** 2) ** 0.5
    font = theme.secondary_font()
    font.setPixelSize(max(round(11 / scale), 1))
    if not words or 11 / scale < 1:
        return
    painter.setFont(font)
    metrics = painter.fontMetrics()
    pad = 4 / scale
    width, height = metrics.horizontalAdvance(words) + 2 * pad, metrics.height() + pad
    if width + 3 * pad > box.width() or height > box.height() / 2:
        return
    # Beside the handles of what is selected.
    place = QRectF(box.left() + 1.5 * pad, box.top() + 1.5 * pad, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("surface", 0.88))
    painter.drawRect(place)
    painter.setPen(QPen(QColor(theme.colour("text"))))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
