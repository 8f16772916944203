"""What the chosen model would see of a picture with a mask, if the person draws no frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem


class ModelFrame:
    """A card's `frame`, and the rectangles that follow from it, found once for each mask."""

    def __init__(self) -> None:
        self._card: Mapping[str, Any] = {}
        self._found: tuple[object, QRect | None] = (None, None)

    def show(self, card: Mapping[str, Any] | None) -> bool:
        """Take the frame of another model; None for one that takes pictures as they are. Says
        whether anything is different now."""
        card = card if isinstance(card, Mapping) else {}
        changed = card != self._card
        self._card = dict(card)
        if changed:
            self._found = (None, None)
        return changed

    @property
    def ratio(self) -> float:
        """Pixels across for one down; 0 where any shape will do."""
        width, height = self._card.get("width"), self._card.get("height")
        if self._card.get("repeat") == "horizontal":
            return 0.0
        if type(width) is not int or type(height) is not int or width < 1 or height < 1:
            return 0.0
        return width / height

    def around(self, item: BoardItem) -> QRect | None:
        """The frame around the mask of a picture, in its pixels; None without a mask or a model."""
        mask = item.item.mask
        if mask is None or not self._card:
            return None
        key = item.id, mask.digest, item.item.content.digest
        if self._found[0] != key:
            self._found = key, self._chosen(item)
        return self._found[1]

    def _chosen(self, item: BoardItem) -> QRect | None:
        from aigc_studio.api import Mask, StudioError
        from aigc_studio.project import frames

        mask = item.selected()
        if not isinstance(mask, Mask):
            return None
        height, width = mask.pixels.shape
        try:
            frame = frames.choose((width, height), mask, self._card)
        except StudioError:
            return None
        return QRect(frame.left, frame.top, frame.width, frame.height)
