"""Where the selected items are, measured once and not at every frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.items.placed import Box


class Outlines:
    """The outlines of items, in board units, as they are shown when this is made.

    `upright` are those of items that are not turned, `turned` the others', `bounds` lies around
    those that are visible, and `widest` is the width of the widest of these.
    """

    def __init__(self, items: Sequence[BoardItem]) -> None:
        turned = [item for item in items if item.is_turned]
        straight = [item for item in items if not item.is_turned] if turned else items
        self.turned = [item.mapToScene(item.boundingRect()) for item in turned]
        self.upright = [QRectF(*item.placed[:4]) for item in straight]
        boxes = [item.box for item in items if item.item.visible]
        self.bounds = around(boxes)
        self.widest = max([right - left for left, _top, right, _bottom in boxes], default=0.0)

    def moved(self, by: QPointF) -> Moved:
        """The same, so many board units further on."""
        return Moved(self, by)


class Moved:
    """Outlines, and how far from there the items are shown now."""

    def __init__(self, outlines: Outlines, by: QPointF) -> None:
        self.upright, self.turned = outlines.upright, outlines.turned
        self.by = by
        self.bounds = outlines.bounds.translated(by)
        self.widest = outlines.widest


def around(boxes: Sequence[Box]) -> QRectF:
    """The rectangle around boxes; an empty one around none."""
    if not boxes:
        return QRectF()
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = min(lefts), min(tops)
    return QRectF(left, top, max(rights) - left, max(bottoms) - top)
