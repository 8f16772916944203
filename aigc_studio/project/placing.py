"""Where a new item goes on the board, and how large it is there."""

from __future__ import annotations

import math
from collections.abc import Sequence

from aigc_studio.project.board import Board, Item
from aigc_studio.project.content import Content

GAP = 16.0
"""Board units between items that the studio places."""

ROW = 1600.0
"""How wide a row of placed items may become, in board units."""

SMALLEST, LARGEST = 256, 1024
"""Between what the sides of a placed picture lie, in board units, where its shape allows it."""

Box = tuple[float, float, float, float]


def natural_size(content: Content) -> tuple[float, float]:
    """Width and height in board units: pictures by a whole factor, or down to 1024."""
    if content.medium == "image":
        width, height = content.info["width"], content.info["height"]
        longest, shortest = max(width, height), min(width, height)
        if longest > LARGEST:
            scale = LARGEST / longest
            return max(1.0, width * scale), max(1.0, height * scale)
        # By the shorter side: `2024` is a strip of four digits, each as large as a single one.
        factor = max(1, min(-(-SMALLEST // shortest), LARGEST // longest))
        return float(width * factor), float(height * factor)
    return (320.0, 180.0) if content.medium == "text" else (480.0, 180.0)


def free_place(
    board: Board, size: tuple[float, float], beside: Item | None = None
) -> tuple[float, float]:
    """Left and top of a place where an item of this size covers no other.

    Right of `beside` or below it when there is room; else the first gap in reading order.
    """
    boxes = [item.bounds for item in board.items if item.visible]
    if not boxes:
        return 0.0, 0.0
    near: list[tuple[float, float]] = []
    if beside is not None:
        left, top, right, bottom = beside.bounds
        near = [(right + GAP, top), (left, bottom + GAP)]
    start = min(box[0] for box in boxes)
    corners = [(box[2] + GAP, box[1]) for box in boxes]
    below = [(start, box[3] + GAP) for box in boxes]
    in_row = [place for place in corners + below if place[0] + size[0] <= start + ROW]
    for x, y in near + sorted(in_row, key=lambda place: (place[1], place[0])):
        if not any(_overlap((x, y, x + size[0], y + size[1]), box) for box in boxes):
            return x, y
    return start, max(box[3] for box in boxes) + GAP


def rows(
    board: Board, sizes: Sequence[tuple[float, float]], beside: Item | None = None
) -> list[tuple[float, float]]:
    """Left and top of several new items of these sizes: one block of rows, in reading order.

    They stand in one row where that is not too long, else in about as many rows as columns. The
    block goes where `free_place` says; the first thing of all stands in the middle of the board.
    """
    if not sizes:
        return []
    corners = _block(sizes)
    across = max(left + size[0] for (left, _top), size in zip(corners, sizes, strict=True))
    down = max(top + size[1] for (_left, top), size in zip(corners, sizes, strict=True))
    if board.items:
        x, y = free_place(board, (across, down), beside)
    else:
        x, y = -sizes[0][0] // 2, -sizes[0][1] // 2
    return [(x + left, y + top) for left, top in corners]


def with_boxes(board: Board, boxes: Sequence[tuple[float, float, float, float]]) -> Board:
    """The board with these places (left, top, width, height) taken as well."""
    blank = Content("text", "0" * 64)
    taken = [Item(f"taken{n}", "", blank, *box) for n, box in enumerate(boxes, len(board))]
    return Board((*board.items, *taken))


def _block(sizes: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    if sum(width + GAP for width, _height in sizes) - GAP <= ROW:
        columns = len(sizes)
    else:
        columns = math.ceil(math.sqrt(len(sizes)))
    corners: list[tuple[float, float]] = []
    left = top = lowest = 0.0
    for number, (width, height) in enumerate(sizes):
        if number and number % columns == 0:
            left, top, lowest = 0.0, lowest + GAP, lowest + GAP
        corners.append((left, top))
        left += width + GAP
        lowest = max(lowest, top + height)
    return corners


def _overlap(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]
