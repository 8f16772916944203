"""Which class shows which medium."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.ui.canvas.board_item import BoardItem
from aigc_studio.ui.canvas.image_item import ImageItem
from aigc_studio.ui.canvas.melody_item import MelodyItem
from aigc_studio.ui.canvas.text_item import TextItem

if TYPE_CHECKING:
    from aigc_studio.project.board import Item

ITEM_CLASSES: dict[str, type[BoardItem]] = {
    "image": ImageItem,
    "text": TextItem,
    "melody": MelodyItem,
}


def type_of(item: Item) -> type[BoardItem]:
    """The class that shows an item."""
    return ITEM_CLASSES[item.medium]
