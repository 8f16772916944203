"""Sheets to draw on: a stroke on an empty place brings one, and strokes that leave it make it grow.

What is drawn ends on one square sheet with everything on it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QRectF

from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.tiles import TILE, Place, places_in
from aigc_studio.ui.canvas.painting import picture_edits
from aigc_studio.ui.canvas.painting.blend import Stroke

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Image
    from aigc_studio.project.commands import Command
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.painting.drawing import Drawing
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene

SIDE = 256
"""Pixels of a sheet, square, at least: room for a digit as well as for a sketch."""
LARGEST_SIDE = 8192
PAPER = 255
MARGIN = 0.2
"""Empty room on each side of a drawing, as a part of its longer side."""


def can_grow(scene: BoardScene, item: object) -> bool:
    """Whether it is a sheet on which nobody but a brush has worked, upright and not stretched."""
    from aigc_studio.ui.canvas.items.picture import ImageItem

    if not isinstance(item, ImageItem) or item.id not in scene.sheets:
        return False
    size, held = item.pixel_size, item.item
    even = math.isclose(size.width() * held.height, size.height() * held.width, rel_tol=1e-6)
    return held.provenance is None and held.rotation == 0 and even


def paper_under(drawing: Drawing) -> QRect:
    """The sheet that a free stroke needs, in the pixels of what it is drawn on.

    Empty when it needs none: it stays on its sheet, or went so far that no sheet is to follow.
    """
    size, covered = drawing.item.pixel_size, drawing.covered
    former = QRect(0, 0, size.width(), size.height())
    if not drawing.live.line.free or covered.isEmpty() or former.contains(covered):
        return QRect()
    longer = max(covered.width(), covered.height())
    if former.isEmpty():
        whole, side = covered, math.ceil(longer * (1 + 2 * MARGIN))
    else:
        room = math.ceil(max(former.width(), former.height()) * MARGIN / (1 + 2 * MARGIN))
        whole = former.united(covered.adjusted(-room, -room, room, room))
        side = max(whole.width(), whole.height())
    side = max(side, SIDE)
    left = whole.x() - (side - whole.width()) // 2
    top = whole.y() - (side - whole.height()) // 2
    return QRect(left, top, side, side) if side <= LARGEST_SIDE else QRect()


def command_of(scene: BoardScene, drawing: Drawing, stroke: Stroke, id: str) -> Command:
    """One command that brings or grows the sheet `id` and puts the stroke on it.

    Raises `StudioError` when it cannot be stored.
    """
    from aigc_studio.project.commands import add_items, change_items
    from aigc_studio.project.items import Item

    paper = paper_under(drawing)
    former = scene.board.get(id)
    place = drawing.item.mapRectToScene(drawing.item.from_pixels(QRectF(paper)))
    box = (place.x(), place.y(), place.width(), place.height())
    moved = replace(stroke, tiles=_moved(stroke.tiles, paper))
    paint = picture_edits.paint(moved)
    store = scene.project.store
    if former is None:
        number = 1 + sum(item.name.startswith(_("Drawing")) for item in scene.board.items)
        name = _("Drawing {number}").format(number=number)
        item = Item(id, name, store.put(blank(paper.width())), *box)
        # A stroke, though it brings its paper: who waits for strokes hears of the first one too.
        return add_items(scene.board, [paint(store, item)], kind="paint")
    grown = paint(store, _grown(scene, former, paper, box))
    return change_items(scene.board, {id: grown}, "paint")


def blank(side: int) -> Image:
    """White paper, so many pixels square."""
    import numpy as np

    from aigc_studio.api.artifacts import Image

    return Image(np.full((side, side), PAPER, np.uint8))


def _grown(
    scene: BoardScene, item: Item, paper: QRect, box: tuple[float, float, float, float]
) -> Item:
    """The item on larger paper; every pixel that was there stays where it was, and its mask."""
    import numpy as np

    from aigc_studio.api.artifacts import Image

    store = scene.project.store

    def laid(content: Any, ground: int) -> Any:
        pixels = store.get(content).pixels  # type: ignore[union-attr]
        whole = np.full((paper.height(), paper.width(), *pixels.shape[2:]), ground, np.uint8)
        x, y = -paper.x(), -paper.y()
        whole[y : y + pixels.shape[0], x : x + pixels.shape[1]] = pixels
        return store.put(Image(whole))

    mask = laid(item.mask, 0) if item.mask is not None else None
    x, y, width, height = box
    content = laid(item.content, PAPER)
    return replace(
        item, content=content, mask=mask, latent="", x=x, y=y, width=width, height=height
    )


def _moved(tiles: Any, paper: QRect) -> dict[Place, Any]:
    """Tiles of coverage as they lie on `paper`, which holds them all."""
    import numpy as np

    moved: dict[Place, Any] = {}
    for place, values in tiles.items():
        x, y = place[0] * TILE - paper.x(), place[1] * TILE - paper.y()
        for target in places_in(QRect(x, y, TILE, TILE)):
            part = QRect(x, y, TILE, TILE) & QRect(target[0] * TILE, target[1] * TILE, TILE, TILE)
            source = values[
                part.y() - y : part.y() - y + part.height(),
                part.x() - x : part.x() - x + part.width(),
            ]
            if not source.any():
                continue
            tile = moved.setdefault(target, np.zeros((TILE, TILE), np.uint8))
            left, top = part.x() - target[0] * TILE, part.y() - target[1] * TILE
            tile[top : top + part.height(), left : left + part.width()] = source
    return moved
