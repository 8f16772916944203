"""Places on the board: where a cut picture stays, items lined up and spread, boxes around items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, QRectF

from aigc_studio.project.items import within

if TYPE_CHECKING:
    from aigc_studio.project.board import Board
    from aigc_studio.project.commands import Command
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.scene.item_scene import ItemScene

_GAP = 16.0
"""Board units that stay free around what is put where there is room."""
_TRIES = 16
"""How many places are tried across and down."""


def bounds(items: Iterable[Item]) -> QRectF:
    """The upright rectangle around items as they are turned; empty when there are none."""
    boxes = [item.bounds for item in items]
    if not boxes:
        return QRectF()
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = min(lefts), min(tops)
    return QRectF(left, top, max(rights) - left, max(bottoms) - top)


def moved(items: Iterable[Item], dx: float, dy: float) -> Mapping[str, Item]:
    """Items moved by board units, by id; none of them off the board."""
    return {
        item.id: item.changed({"x": within(item.x + dx), "y": within(item.y + dy)})
        for item in items
    }


def free_near(scene: ItemScene, place: QRectF, view: QRectF, taken: QRectF) -> QRectF | None:
    """A place as large as `place`, as near to it as one in `view` is that covers no item and
    nothing of what is `taken`.

    None where there is none.
    """
    steps = range(_TRIES + 1)
    across = (view.width() - place.width() - 2 * _GAP) / _TRIES
    down = (view.height() - place.height() - 2 * _GAP) / _TRIES
    corner = view.topLeft() + QPointF(_GAP, _GAP)
    corners = [corner + QPointF(x * across, y * down) for x in steps for y in steps]
    corners.sort(key=lambda each: (each - place.topLeft()).manhattanLength())
    tried = (QRectF(each, place.size()) for each in [place.topLeft(), *corners])
    return next((each for each in tried if is_free(scene, each, view, taken)), None)


def is_free(scene: ItemScene, place: QRectF, view: QRectF, taken: QRectF) -> bool:
    """Whether a place lies in `view` and covers no item and nothing of what is `taken`."""
    around = place.adjusted(-_GAP, -_GAP, _GAP, _GAP)
    return view.contains(place) and not taken.intersects(around) and not scene.items_in(around)


def distributed(
    board: Board, ids: Iterable[str], direction: Literal["horizontal", "vertical"]
) -> Command | None:
    """Spread three or more items so that the gaps between them are the same; the ends stay."""
    from aigc_studio.project.commands import change_items

    axis = 0 if direction == "horizontal" else 1
    name = ("x", "y")[axis]
    boxes = [(item.bounds, item) for item in map(board.item, ids)]
    if len(boxes) < 3:
        return None
    boxes.sort(key=lambda each: each[0][axis])
    sizes = [box[axis + 2] - box[axis] for box, _item in boxes]
    start, stop = boxes[0][0][axis], max(box[axis + 2] for box, _item in boxes)
    gap = (stop - start - sum(sizes)) / (len(boxes) - 1)
    after, place = {}, start
    for (box, item), size in zip(boxes, sizes, strict=True):
        after[item.id] = item.changed({name: within(getattr(item, name) + place - box[axis])})
        place += size + gap
    return change_items(board, after, "align")
