"""An item in its place on the board: where it is, how large, how far turned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem

from aigc_studio.project.items import within

if TYPE_CHECKING:
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.scene.loader import TileLoader

SMALLEST_SIDE = 4.0
"""Board units; an item cannot be scaled below it."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in board units."""


_FLAGS = QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption


class PlacedItem(QGraphicsItem):
    """Where an item of the board is shown. Its own coordinates are board units.

    `item` is the committed state; `placed` is where it is shown: x, y, width, height and rotation.
    `preview` shows another place without changing the former.

    There may be thousands of them: what Qt is told of is only what has changed, and what can be
    known without asking Qt is kept here.
    """

    _box: Box | None = None

    def __init__(self, item: Item, loader: TileLoader) -> None:
        super().__init__()
        self.item = item
        self.loader = loader
        self._size = QRectF(0, 0, item.width, item.height)
        self.placed = (0.0, 0.0, item.width, item.height, 0.0)
        self.setFlags(_FLAGS)
        self._lay(item.x, item.y, item.width, item.height, item.rotation)
        if item.opacity != 1.0:
            self.setOpacity(item.opacity)
        if not item.visible:
            self.setVisible(False)

    @property
    def id(self) -> str:
        """The item's id on the board."""
        return self.item.id

    @property
    def medium(self) -> str:
        """`image`, `text` or `melody`."""
        return self.item.content.medium

    def preview(self, place: QRectF, rotation: float) -> None:
        """Show the item at `place` (board units, before turning) turned by `rotation` degrees."""
        self._lay(place.x(), place.y(), place.width(), place.height(), rotation)

    def shift(self, dx: float, dy: float) -> None:
        """Show the item so many board units from its committed place, as large and as turned."""
        item = self.item
        self._lay(item.x + dx, item.y + dy, item.width, item.height, item.rotation)

    def settle(self) -> None:
        """Back from a preview to the committed place."""
        self.shift(0.0, 0.0)

    def as_shown(self) -> Item | None:
        """The item with the place that a preview shows; None when that is the committed one."""
        if self.is_home:
            return None
        item = self.item
        x, y, width, height, rotation = self.placed
        values = {"x": within(x), "y": within(y)}
        if (width, height, rotation) != (item.width, item.height, item.rotation):
            values |= {"width": width, "height": height, "rotation": rotation}
        return item.changed(values)

    @property
    def place(self) -> QRectF:
        """Where it is shown now, before turning, in board units."""
        return QRectF(*self.placed[:4])

    @property
    def box(self) -> Box:
        """The upright rectangle around the item as it is turned and shown now."""
        if self._box is None:
            x, y, width, height, rotation = self.placed
            self._box = (x, y, x + width, y + height)
            if rotation:
                self._box = box_of(self.sceneBoundingRect())
        return self._box

    @property
    def is_home(self) -> bool:
        """Whether it is shown at its committed place."""
        item = self.item
        return self.placed == (item.x, item.y, item.width, item.height, item.rotation)

    @property
    def is_turned(self) -> bool:
        """Whether it is shown turned by any angle."""
        return self.placed[4] != 0

    def boundingRect(self) -> QRectF:
        """The item's rectangle in its own coordinates."""
        return self._size

    def is_near(self, point: QPointF, reach: float) -> bool:
        """Whether a place on the board lies in it, or so many board units beside it."""
        near = self.boundingRect().adjusted(-reach, -reach, reach, reach)
        return self.isVisible() and near.contains(self.mapFromScene(point))

    def size_changed(self) -> None:
        """The shown size is another one: lay out anew."""

    def note_scale(self) -> None:
        """The view shows it larger or smaller (`loader.scale`)."""

    def _lay(self, x: float, y: float, width: float, height: float, rotation: float) -> None:
        """Tell Qt what of place and turn is another than what is shown."""
        was, now = self.placed, (x, y, width, height, rotation)
        if was == now:
            return
        self.placed, self._box = now, None
        self.loader.laid += 1
        resized = was[2] != width or was[3] != height
        if resized:
            self.prepareGeometryChange()
            self._size = QRectF(0, 0, width, height)
            self.size_changed()
            self.note_scale()
        if rotation and (resized or not was[4]):
            self.setTransformOriginPoint(width / 2, height / 2)
        if was[0] != x or was[1] != y:
            self.setPos(x, y)
        if was[4] != rotation:
            self.setRotation(rotation)


def box_of(rect: QRectF) -> Box:
    """A rectangle as left, top, right and bottom."""
    return rect.left(), rect.top(), rect.x() + rect.width(), rect.y() + rect.height()
