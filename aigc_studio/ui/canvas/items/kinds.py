"""Which class shows which medium."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.late import Late

if TYPE_CHECKING:
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.items.item import BoardItem

_items = "aigc_studio.ui.canvas.items"

ITEM_CLASSES: Late[str, type[BoardItem]] = Late(
    {
        "image": f"{_items}.picture:ImageItem",
        "text": f"{_items}.text_card:TextItem",
        "melody": f"{_items}.melody_card:MelodyItem",
    }
)


def type_of(item: Item) -> type[BoardItem]:
    """The class that shows an item."""
    return ITEM_CLASSES[item.medium]
