"""Strokes put into straight-alpha pixels, exactly: what is not covered stays bit-equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.project.content import Content, ContentStore

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

TILE = 256
Place = tuple[int, int]


@dataclass(frozen=True)
class Stroke:
    """A finished stroke that can be put on any content of the same size, and again after an undo.

    `tiles` hold its coverage (256 x 256, uint8). `paint` lays `colour` over the pixels, `erase`
    takes them away, `select` and `deselect` work on a mask.
    """

    kind: Literal["paint", "erase", "select", "deselect"]
    tiles: Mapping[Place, Pixels]
    colour: tuple[int, int, int] = (0, 0, 0)
    opacity: float = 1.0


def stroked(pixels: Pixels, coverage: Pixels, stroke: Stroke) -> Pixels:
    """RGBA pixels (height, width, 4) with `coverage` (height, width) of `stroke` put on them.

    Source-over and destination-out of Porter and Duff 1984 on straight alpha.
    """
    import numpy as np

    result = pixels.copy()
    rows, columns = np.nonzero(coverage)
    if not len(rows):
        return result
    under = result[rows, columns].astype(np.float32)
    share = coverage[rows, columns].astype(np.float32) * np.float32(stroke.opacity / 255)
    kept = under[:, 3] / 255 * (1 - share)
    if stroke.kind == "erase":
        result[rows, columns, 3] = np.rint(kept * 255).astype(np.uint8)
        return result
    alpha = share + kept
    colour = np.asarray(stroke.colour, np.float32)
    mixed = (share[:, None] * colour + kept[:, None] * under[:, :3]) / np.maximum(
        alpha, np.float32(1e-6)
    )[:, None]
    result[rows, columns, :3] = np.rint(mixed).astype(np.uint8)
    result[rows, columns, 3] = np.rint(alpha * 255).astype(np.uint8)
    return result


def selected(mask: Pixels, coverage: Pixels, stroke: Stroke) -> Pixels:
    """Mask values (height, width) after a stroke of the mask brush or of the mask eraser."""
    import numpy as np

    if stroke.kind == "select":
        return np.maximum(mask, coverage)
    return np.minimum(mask, 255 - coverage)


def on_tiles(store: ContentStore, content: Content, stroke: Stroke) -> Content:
    """A stored picture or mask with a stroke on it. Only the tiles it covers are written."""
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
