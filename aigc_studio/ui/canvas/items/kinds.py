"""Which class shows which medium."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.items.text_card import TextItem

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
