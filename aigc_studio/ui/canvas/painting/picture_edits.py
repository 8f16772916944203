"""What hands do to pictures and masks, as functions from an item to the item it becomes.

They run beside the window and use no Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.api.errors import StudioError
from aigc_studio.project import editing
from aigc_studio.translation import _
from aigc_studio.ui.canvas.painting.blend import Stroke, selected, stroked

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.api.artifacts import Image
    from aigc_studio.project.board import Item
    from aigc_studio.project.content import Content, ContentStore

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

TILE = 256
Make = Callable[["ContentStore", "Item"], "Item"]
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, right and bottom not included."""


def paint(stroke: Stroke) -> Make:
    """Put a stroke of brush or eraser on the picture. Only the tiles it covers are written."""

    def make(store: ContentStore, item: Item) -> Item:
        return replace(item, content=_on_tiles(store, item.content, stroke))

    return make


def mask_stroke(stroke: Stroke) -> Make:
    """Put a stroke of the mask brush or of the mask eraser on the mask."""

    def make(store: ContentStore, item: Item) -> Item:
        mask = item.mask if item.mask is not None else _blank_mask(store, item)
        return replace(item, mask=_or_none(store, _on_tiles(store, mask, stroke)))

    return make


def mask_rectangle(box: Box, how: Literal["set", "add", "take"]) -> Make:
    """Mask a rectangle, add it to the mask, or take it away."""

    def change(mask: Pixels) -> Pixels:
        left, top, right, bottom = box
        if how == "set":
            mask[:] = 0
        mask[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = (
            0 if how == "take" else 255
        )
        return mask

    return _change_mask(change)


def invert_mask() -> Make:
    """Mask what is not masked, and the other way round."""
    return _change_mask(lambda mask: 255 - mask)


def clear_mask() -> Make:
    """Take the mask away."""
    return lambda store, item: replace(item, mask=None)


def crop(box: Box) -> Make:
    """Cut the picture and its mask to `box`; what is left stays where it was on the board."""
    return lambda store, item: editing.crop(store, item, box)


def crop_to_mask() -> Make:
    """Cut the picture to what is masked of it. Refused where nothing is."""

    def make(store: ContentStore, item: Item) -> Item:
        box = _masked_box(store, item.mask) if item.mask is not None else None
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


def _on_tiles(store: ContentStore, content: Content, stroke: Stroke) -> Content:
    import numpy as np

    tiles = store.tiles(content)
    width, height = content.info["width"], content.info["height"]
    changes = {}
    for place, coverage in stroke.tiles.items():
        wide, high = min(TILE, width - place[0] * TILE), min(TILE, height - place[1] * TILE)
        # The picture may be smaller than the one that was painted on: its growth was undone since.
        if min(wide, high) <= 0 or not coverage.any():
            continue
        data = store.tile(tiles[place]) if place in tiles else bytes(TILE * TILE * 4)
        pixels = np.frombuffer(data, np.uint8).reshape(TILE, TILE, 4)
        inside, covered = pixels[:high, :wide], coverage[:high, :wide]
        changed = pixels.copy()
        if stroke.kind in ("select", "deselect"):
            changed[:high, :wide, :3] = selected(inside[..., 0], covered, stroke)[..., None]
            changed[:high, :wide, 3] = 255
        else:
            changed[:high, :wide] = stroked(inside, covered, stroke)
        changes[place] = changed.tobytes()
    return store.put_tiles(content, changes) if changes else content


def _masked_box(store: ContentStore, mask: Content) -> Box | None:
    """The smallest box around what is masked: tile by tile, equal ones looked at once."""
    import numpy as np

    boxes: dict[str, Box | None] = {}
    found: list[Box] = []
    for (column, row), digest in store.tiles(mask).items():
        if digest not in boxes:
            seen = np.frombuffer(store.tile(digest), np.uint8).reshape(TILE, TILE, 4)[..., 0] > 0
            rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
            boxes[digest] = None
            if len(rows):
                first, last = (int(columns[0]), int(rows[0])), (int(columns[-1]), int(rows[-1]))
                boxes[digest] = (*first, last[0] + 1, last[1] + 1)
        box, x, y = boxes[digest], column * TILE, row * TILE
        if box is not None:
            found.append((box[0] + x, box[1] + y, box[2] + x, box[3] + y))
    if not found:
        return None
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _change_mask(change: Callable[[Pixels], Pixels]) -> Make:
    def make(store: ContentStore, item: Item) -> Item:
        import numpy as np

        if item.mask is not None:
            mask = _pixels(store, item.mask).copy()
        else:
            info = item.content.info
            mask = np.zeros((info["height"], info["width"]), np.uint8)
        values = change(mask)
        return replace(item, mask=store.put(_picture(values)) if values.any() else None)

    return make


def _pixels(store: ContentStore, content: Content) -> Any:
    return store.get(content).pixels  # type: ignore[union-attr]


def _picture(pixels: Any) -> Image:
    import numpy as np

    from aigc_studio.api.artifacts import Image

    return Image(np.ascontiguousarray(pixels))


def _blank_mask(store: ContentStore, item: Item) -> Content:
    import numpy as np

    info = item.content.info
    return store.put(_picture(np.zeros((info["height"], info["width"]), np.uint8)))


def _or_none(store: ContentStore, mask: Content) -> Content | None:
    """No mask rather than one that masks nothing."""
    import numpy as np

    for digest in set(store.tiles(mask).values()):
        if np.frombuffer(store.tile(digest), np.uint8).reshape(-1, 4)[:, 0].any():
            return mask
    return None
