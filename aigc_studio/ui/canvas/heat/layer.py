"""What is drawn over an item: one class for each medium, made by the item class of that medium."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from aigc_studio.ui import theme

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.heat.parts import Row


class HeatLayer(Protocol):
    """Heat over one item; points and boxes are in the item's own coordinates.

    Parts have numbers, in the order in which a person goes through them; `current` is the one that
    is outlined, -1 for none.
    """

    current: int
    role: str
    """The colour role of what is strong."""

    @property
    def step(self) -> int:
        """So many pixels of a picture along a side are one of the heat's (`parts.mark_of`)."""

    def __len__(self) -> int: ...

    def add(self, marks: Iterable[Any]) -> bool:
        """Some more was said: what `parts.mark_of` made of it. Whether any of it is in sight."""

    def at(self, point: QPointF) -> str:
        """What was said of what is under a point, in words; empty where nothing was."""

    def words(self, number: int) -> str:
        """The value and the words of a part."""

    def boxes(self, number: int) -> list[QRectF]:
        """Where a part is drawn, as far as it is in sight."""

    def reveal(self, number: int) -> None:
        """Scroll to a part where the item scrolls in its card."""

    def table(self) -> list[Row]:
        """Of each part the place in words, the value and the words."""


def paint_current(painter: QPainter, layer: HeatLayer) -> None:
    """Outline the part that a person has gone to: as strong on screen at any zoom."""
    if not 0 <= layer.current < len(layer):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for role, width in (("surface", 5), ("text", 2)):  # seen on whatever lies below
        pen = QPen(theme.colour(role), width)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for box in layer.boxes(layer.current):
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 2, 2)
