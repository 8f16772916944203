"""Places on the board: where a cut picture stays, items lined up and spread, boxes around items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from aigc_studio.project.board import Board, Item
    from aigc_studio.project.commands import Command


def bounds(items: Iterable[Item]) -> QRectF:
    """The upright rectangle around items as they are turned; empty when there are none."""
    whole = QRectF()
    for item in items:
        left, top, right, bottom = item.bounds
        whole = whole.united(QRectF(left, top, right - left, bottom - top))
    return whole


def moved(items: Iterable[Item], dx: float, dy: float) -> Mapping[str, Item]:
    """Items moved by board units, by id."""
    from aigc_studio.project.board import within

    # Nothing leaves the board: what is pushed against its edge stays there.
    return {
        item.id: item.changed({"x": within(item.x + dx), "y": within(item.y + dy)})
        for item in items
    }


def distributed(
    board: Board, ids: Iterable[str], direction: Literal["horizontal", "vertical"]
) -> Command | None:
    """Spread three or more items so that the gaps between them are the same; the ends stay."""
    from aigc_studio.project.commands import change_items

    axis = 0 if direction == "horizontal" else 1
    items = sorted((board.item(id) for id in ids), key=lambda item: item.bounds[axis])
    if len(items) < 3:
        return None
    sizes = [item.bounds[axis + 2] - item.bounds[axis] for item in items]
    start, stop = items[0].bounds[axis], max(item.bounds[axis + 2] for item in items)
    gap = (stop - start - sum(sizes)) / (len(items) - 1)
    after, place = {}, start
    for item, size in zip(items, sizes, strict=True):
        shift = place - item.bounds[axis]
        after[item.id] = replace(
            item, x=item.x + (shift if axis == 0 else 0), y=item.y + (shift if axis else 0)
        )
        place += size + gap
    return change_items(board, after, "align")
