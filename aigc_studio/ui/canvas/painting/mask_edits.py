"""What hands do to masks, as functions from an item to the item it becomes.

They run beside the window and use no Qt. Only tiles that change are written, and a mask that masks
nothing any more is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aigc_studio.api.errors import StudioError
from aigc_studio.project import masking
from aigc_studio.project.alike import alike
from aigc_studio.project.masking import Box, How
from aigc_studio.translation import _
from aigc_studio.ui.canvas.painting.blend import TILE, Stroke, on_tiles

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.api.artifacts import Image
    from aigc_studio.project.content import Content, ContentStore
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.painting.progress import Progress

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

Make = Callable[["ContentStore", "Item"], "Item"]
Points = Sequence[tuple[float, float]]


def mask_stroke(stroke: Stroke) -> Make:
    """Put a stroke of the mask brush or of the mask eraser on the mask."""

    def make(store: ContentStore, item: Item) -> Item:
        return replace(item, mask=_or_none(store, on_tiles(store, _mask(store, item), stroke)))

    return make


def mask_rectangle(box: Box, how: How) -> Make:
    """Mask a rectangle, add it to the mask, or take it away."""

    def make(store: ContentStore, item: Item) -> Item:
        import numpy as np

        width, height = _size(item)
        left, top = min(max(box[0], 0), width), min(max(box[1], 0), height)
        right, bottom = min(max(box[2], left), width), min(max(box[3], top), height)
        values = np.full((bottom - top, right - left), 255, np.uint8)
        return _drawn(store, item, (left, top, right, bottom), values, how)

    return make


def mask_polygon(points: Mapping[str, Points], how: How) -> Make:
    """Mask what lies within a closed line, by the ids of items: points in the pixels of each.

    Refused where no pixel's middle is inside; of several items those stay as they are.
    """

    def make(store: ContentStore, item: Item) -> Item:
        box, values = masking.polygon(points[item.id], *_size(item))
        if not values.size and len(points) > 1:
            return item
        if not values.size:
            raise StudioError(
                _("The line goes around no pixel of the picture: draw it larger, or over it.")
            )
        return _drawn(store, item, box, values, how)

    return make


def mask_alike(place: tuple[int, int], tolerance: int, how: How, *, joined: bool) -> Make:
    """Mask what has about the colour of a pixel; `joined`: as far as it hangs together with it."""

    def make(store: ContentStore, item: Item) -> Item:
        picture = store.get(item.content)
        values = alike(picture.pixels, place, tolerance, joined=joined)  # type: ignore[union-attr]
        return _drawn(store, item, (0, 0, *_size(item)), values, how)

    return make


def set_mask(values: Pixels) -> Make:
    """Make these values (height, width) the mask. Refused when the picture has another size."""

    def make(store: ContentStore, item: Item) -> Item:
        width, height = _size(item)
        if values.shape != (height, width):
            raise StudioError(_("The picture has another size by now: read its mask again."))
        return replace(item, mask=_or_none(store, store.put(_picture(values))))

    return make


def mask_opaque() -> Make:
    """Mask what is opaque of a picture, as far as it is."""

    def make(store: ContentStore, item: Item) -> Item:
        import numpy as np

        tiles = store.tiles(item.content)
        known: dict[str, Pixels] = {}
        changes: dict[tuple[int, int], bytes] = {}
        for place in _places(_size(item)):
            digest = tiles.get(place, "")
            if digest not in known:
                known[digest] = np.zeros((TILE, TILE), np.uint8)
                if digest:
                    known[digest] = _rgba(store.tile(digest))[..., 3]
            changes[place] = _grey(known[digest])
        blank = _blank_mask(store, item)
        return replace(item, mask=_or_none(store, store.put_tiles(blank, changes)))

    return make


def mask_shape(shape: Content, places: Mapping[str, masking.Place]) -> Make:
    """Mask what lies under what is opaque of another picture, by the ids of items: where each
    pixel of theirs is in it. Refused where nothing does.
    """

    def make(store: ContentStore, item: Item) -> Item:
        import numpy as np

        picture = store.get(shape).pixels  # type: ignore[union-attr]
        clear = picture.ndim == 3 and picture.shape[2] == 4
        alpha = picture[..., 3] if clear else np.full(picture.shape[:2], 255, np.uint8)
        values = masking.laid_over(np.ascontiguousarray(alpha), places[item.id], _size(item))
        if not values.any() and len(places) > 1:
            return item
        if not values.any():
            raise StudioError(
                _("The upper picture does not lie over the lower one: move it there.")
            )
        return _drawn(store, item, (0, 0, *_size(item)), values, "set")

    return make


def grow_mask(pixels: int, progress: Progress) -> Make:
    """Make the mask larger by so many pixels on every side, or smaller by a negative number."""
    return _reworked(
        lambda values: masking.grown(values, pixels, progress.tell), max(pixels, 0), abs(pixels)
    )


def feather_mask(pixels: int, progress: Progress) -> Make:
    """Let the mask fade over so many pixels on both sides of its edge."""
    return _reworked(
        lambda values: masking.feathered(values, pixels, progress.tell), pixels, pixels
    )


def invert_mask() -> Make:
    """Mask what is not masked, and the other way round."""

    def make(store: ContentStore, item: Item) -> Item:
        import numpy as np

        mask = _mask(store, item)
        known: dict[str, bytes] = {}
        changes = {}
        for place, digest in store.tiles(mask).items():
            if digest not in known:
                known[digest] = _grey(np.bitwise_not(_values(store.tile(digest))))
            changes[place] = known[digest]
        return replace(item, mask=_or_none(store, store.put_tiles(mask, changes)))

    return make


def clear_mask() -> Make:
    """Take the mask away."""
    return lambda store, item: replace(item, mask=None)


def masked_box(store: ContentStore, mask: Content) -> Box | None:
    """The smallest box around what is masked: tile by tile, equal ones looked at once."""
    import numpy as np

    boxes: dict[str, Box | None] = {}
    found: list[Box] = []
    for (column, row), digest in store.tiles(mask).items():
        if digest not in boxes:
            seen = _values(store.tile(digest)) > 0
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


# Within


def _reworked(change: Callable[[Pixels], Pixels], wider: int, around: int) -> Make:
    """Change the mask where it is and `wider` pixels around it, knowing what is `around` it."""

    def make(store: ContentStore, item: Item) -> Item:
        box = masked_box(store, item.mask) if item.mask is not None else None
        if item.mask is None or box is None:
            return item
        far = max(wider, around)
        width, height = _size(item)
        known = (
            max(box[0] - far, 0),
            max(box[1] - far, 0),
            min(box[2] + far, width),
            min(box[3] + far, height),
        )
        values = change(_read(store, item.mask, known))
        return replace(item, mask=_or_none(store, _written(store, item.mask, known, values)))

    return make


def _drawn(store: ContentStore, item: Item, box: Box, values: Pixels, how: How) -> Item:
    """The item after a shape was drawn on its mask; `values` are what is in `box`."""
    if how == "set":
        mask = _written(store, _blank_mask(store, item), box, values)
    else:
        former = _mask(store, item)
        both = masking.combined(_read(store, former, box), values, how)
        mask = _written(store, former, box, both)
    return replace(item, mask=_or_none(store, mask))


def _read(store: ContentStore, mask: Content, box: Box) -> Pixels:
    """The values in a box that lies within the mask."""
    import numpy as np

    left, top, right, bottom = box
    found = np.zeros((bottom - top, right - left), np.uint8)
    for place, digest in store.tiles(mask).items():
        there, here = _overlap(place, box)
        if there is not None and here is not None:
            found[there] = _values(store.tile(digest))[here]
    return found


def _written(store: ContentStore, mask: Content, box: Box, values: Pixels) -> Content:
    """The mask with other values in a box; tiles that stay as they are are not written."""
    changes = {}
    for place, digest in store.tiles(mask).items():
        there, here = _overlap(place, box)
        if there is None or here is None:
            continue
        former = _values(store.tile(digest))
        if (former[here] != values[there]).any():
            changed = former.copy()
            changed[here] = values[there]
            changes[place] = _grey(changed)
    return store.put_tiles(mask, changes) if changes else mask


Part = tuple[slice, slice]


def _overlap(place: tuple[int, int], box: Box) -> tuple[Part | None, Part | None]:
    """The rows and columns that a tile and a box share: in the box, and in the tile."""
    x, y = place[0] * TILE, place[1] * TILE
    left, top = max(x, box[0]), max(y, box[1])
    right, bottom = min(x + TILE, box[2]), min(y + TILE, box[3])
    if left >= right or top >= bottom:
        return None, None
    there = slice(top - box[1], bottom - box[1]), slice(left - box[0], right - box[0])
    return there, (slice(top - y, bottom - y), slice(left - x, right - x))


def _rgba(data: bytes) -> Pixels:
    import numpy as np

    return np.frombuffer(data, np.uint8).reshape(TILE, TILE, 4)


def _values(data: bytes) -> Pixels:
    return _rgba(data)[..., 0]


def _grey(values: Pixels) -> bytes:
    """A tile of a mask as it is stored."""
    import numpy as np

    tile = np.full((TILE, TILE, 4), 255, np.uint8)
    tile[..., :3] = values[..., None]
    return tile.tobytes()


def _places(size: tuple[int, int]) -> list[tuple[int, int]]:
    columns, rows = (-(-side // TILE) for side in size)
    return [(column, row) for row in range(rows) for column in range(columns)]


def _size(item: Item) -> tuple[int, int]:
    return int(item.content.info["width"]), int(item.content.info["height"])


def _mask(store: ContentStore, item: Item) -> Content:
    return item.mask if item.mask is not None else _blank_mask(store, item)


def _blank_mask(store: ContentStore, item: Item) -> Content:
    import numpy as np

    width, height = _size(item)
    return store.put(_picture(np.zeros((height, width), np.uint8)))


def _picture(pixels: Pixels) -> Image:
    from aigc_studio.api.artifacts import Image

    return Image(pixels)


def _or_none(store: ContentStore, mask: Content) -> Content | None:
    """No mask rather than one that masks nothing."""
    for digest in set(store.tiles(mask).values()):
        if _values(store.tile(digest)).any():
            return mask
    return None
