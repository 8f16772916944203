"""What a hand does to a whole picture: crop, turn, flip. New content, and the mask with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.api.artifacts import Image
from aigc_studio.api.errors import StudioError
from aigc_studio.project.content import Content, ContentStore
from aigc_studio.project.items import Item
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def crop(store: ContentStore, item: Item, box: tuple[int, int, int, int]) -> Item:
    """The item with only the pixels inside `box` (left, top, right, bottom), where they were.

    What of the box lies outside the picture does not count. Raises `StudioError` when nothing is
    left, or the item is no picture.
    """
    width, height = _size(item)
    left, top = max(0, box[0]), max(0, box[1])
    right, bottom = min(width, box[2]), min(height, box[3])
    if left >= right or top >= bottom:
        raise StudioError(_("Nothing of the picture is inside the crop: draw it over the picture."))
    across, down = item.width / width, item.height / height
    new_width, new_height = (right - left) * across, (bottom - top) * down
    x, y = _stays_put(item, left * across, top * down, new_width, new_height)
    cut = _each(store, item, lambda pixels: pixels[top:bottom, left:right])
    return replace(cut, x=x, y=y, width=new_width, height=new_height)


def turn(store: ContentStore, item: Item, quarters: int = 1) -> Item:
    """The item turned by quarters clockwise (negative: the other way) around its middle.

    No pixel is lost. Raises `StudioError` when the item is no picture.
    """
    import numpy as np

    _size(item)
    turned = _each(store, item, lambda pixels: np.rot90(pixels, -quarters, axes=(0, 1)))
    if quarters % 2 == 0:
        return turned
    x = item.x + (item.width - item.height) / 2
    y = item.y + (item.height - item.width) / 2
    return replace(turned, x=x, y=y, width=item.height, height=item.width)


def flip(
    store: ContentStore, item: Item, direction: Literal["horizontal", "vertical"] = "horizontal"
) -> Item:
    """The item mirrored: left to right for `horizontal`, upside down for `vertical`.

    Raises `StudioError` when the item is no picture.
    """
    _size(item)
    if direction == "horizontal":
        return _each(store, item, lambda pixels: pixels[:, ::-1])
    return _each(store, item, lambda pixels: pixels[::-1])


def _each(store: ContentStore, item: Item, change: Callable[[Pixels], Pixels]) -> Item:
    mask = _changed(store, item.mask, change) if item.mask is not None else None
    return item.changed_by_hand(_changed(store, item.content, change), mask=mask)


def _changed(store: ContentStore, content: Content, change: Callable[[Pixels], Pixels]) -> Content:
    artifact = store.get(content)
    assert isinstance(artifact, Image)
    return store.put(Image(change(artifact.pixels)))


def _size(item: Item) -> tuple[int, int]:
    if item.medium != "image":
        raise StudioError(_("Only pictures can be cropped, turned and flipped."))
    return item.content.info["width"], item.content.info["height"]


def _stays_put(
    item: Item, left: float, top: float, width: float, height: float
) -> tuple[float, float]:
    """Where the corner of a part goes so that no pixel of it moves, in a turned item too."""
    import math

    angle = math.radians(item.rotation)
    cosine, sine = math.cos(angle), math.sin(angle)
    across = left + width / 2 - item.width / 2
    down = top + height / 2 - item.height / 2
    middle_x = item.x + item.width / 2 + across * cosine - down * sine
    middle_y = item.y + item.height / 2 + across * sine + down * cosine
    return middle_x - width / 2, middle_y - height / 2
