"""What hands do to pictures, as functions from an item to the item it becomes.

They run beside the window and use no Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from aigc_studio.api.errors import StudioError
from aigc_studio.project import editing
from aigc_studio.translation import _
from aigc_studio.ui.canvas.painting.blend import Stroke, on_tiles

if TYPE_CHECKING:
    from aigc_studio.project.content import ContentStore
    from aigc_studio.project.items import Item

Make = Callable[["ContentStore", "Item"], "Item"]
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, right and bottom not included."""


def paint(stroke: Stroke) -> Make:
    """Put a stroke of brush or eraser on the picture. Only the tiles it covers are written."""

    def make(store: ContentStore, item: Item) -> Item:
        return replace(item, content=on_tiles(store, item.content, stroke))

    return make


def crop(box: Box) -> Make:
    """Cut the picture and its mask to `box`; what is left stays where it was on the board."""
    return lambda store, item: editing.crop(store, item, box)


def crop_to_mask() -> Make:
    """Cut the picture to what is masked of it. Refused where nothing is."""

    def make(store: ContentStore, item: Item) -> Item:
        from aigc_studio.ui.canvas.painting import mask_edits

        box = mask_edits.masked_box(store, item.mask) if item.mask is not None else None
        if box is None:
            raise StudioError(_("Select a rectangle of the picture first: that part will be kept."))
        return editing.crop(store, item, box)

    return make


def turn(quarters: int) -> Make:
    """Turn the picture by quarters, clockwise, around its middle."""
    return lambda store, item: editing.turn(store, item, quarters)


def flip(direction: Literal["horizontal", "vertical"]) -> Make:
    """Mirror the picture from left to right (horizontal) or from top to bottom."""
    return lambda store, item: editing.flip(store, item, direction)
