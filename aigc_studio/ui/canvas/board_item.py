"""What all items on the canvas share, whatever their medium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from aigc_studio.api.selections import Bars, Span
from aigc_studio.ui import theme

if TYPE_CHECKING:
    from aigc_studio.project.board import Item
    from aigc_studio.ui.canvas.loader import TileLoader

SMALLEST_SIDE = 4.0
"""Board units; an item cannot be scaled below it."""


class BoardItem(QGraphicsItem):
    """An item of the board as the scene shows it. Its own coordinates are board units.

    `item` is the committed state. `preview` shows another place without changing it. `problem` is
    a sentence when the content cannot be read: it is shown in place of the content.
    """

    keeps_shape = True
    """Whether scaling by a corner keeps the ratio of width to height."""

    def __init__(self, item: Item, loader: TileLoader) -> None:
        super().__init__()
        self.item = item
        self.loader = loader
        self.problem = ""
        self._size = QRectF(0, 0, item.width, item.height)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)

    @property
    def id(self) -> str:
        """The item's id on the board."""
        return self.item.id

    @property
    def medium(self) -> str:
        """`image`, `text` or `melody`."""
        return self.item.medium

    def reflect(self, item: Item) -> None:
        """Show the committed state `item`."""
        former, self.item = self.item, item
        self.preview(QRectF(item.x, item.y, item.width, item.height), item.rotation)
        self.setOpacity(item.opacity)
        self.setVisible(item.visible)
        if former.content != item.content or former.mask != item.mask:
            self.content_changed()
        self.setToolTip("")

    def preview(self, place: QRectF, rotation: float) -> None:
        """Show the item at `place` (board units, before turning) turned by `rotation` degrees."""
        size = QRectF(0, 0, place.width(), place.height())
        if size != self._size:
            self.prepareGeometryChange()
            self._size = size
            self.size_changed()
        self.setTransformOriginPoint(size.center())
        self.setPos(place.topLeft())
        self.setRotation(rotation)

    def settle(self) -> None:
        """Back from a preview to the committed place."""
        item = self.item
        self.preview(QRectF(item.x, item.y, item.width, item.height), item.rotation)

    @property
    def place(self) -> QRectF:
        """Where it is shown now, before turning, in board units."""
        return self._size.translated(self.pos())

    def boundingRect(self) -> QRectF:
        """The item's rectangle in its own coordinates."""
        return self._size

    def content_changed(self) -> None:
        """The committed content or mask is another one: show it."""
        self.update()

    def size_changed(self) -> None:
        """The shown size is another one: lay out anew."""

    def load_all(self) -> None:
        """Have everything here that is needed to paint the whole item, now."""

    def wish_all(self) -> None:
        """Have all of that brought soon, beside the window."""

    def select_to(self, start: QPointF, end: QPointF) -> Span | Bars | None:
        """The part between two points (own coordinates) for media whose parts lie in a row."""
        return None

    def show_part(self, part: Any) -> None:
        """Mark a part (`Span`, `Bars` or None) as selected."""

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the item."""
        raise NotImplementedError

    def paint_problem(self, painter: QPainter) -> None:
        """Say in the item's place why its content is not there."""
        rect = self.boundingRect()
        painter.setPen(QPen(theme.colour("danger"), 0, Qt.PenStyle.DashLine))
        painter.setBrush(theme.colour("surface"))
        painter.drawRect(rect)
        painter.setFont(theme.secondary_font())
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(rect.adjusted(8, 8, -8, -8), flags, self.problem)
