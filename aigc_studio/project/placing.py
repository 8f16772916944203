"""Where a new item goes on the board, and how large it is there."""

from __future__ import annotations

import math
from collections.abc import Sequence

from aigc_studio.project.board import Board
from aigc_studio.project.content import Content
from aigc_studio.project.items import Item
from aigc_studio.project.room import Room

GAP = 16.0
"""Board units between items that the studio places."""

ROW = 1600.0
"""How wide a row of placed items may become, in board units."""

SMALLEST, LARGEST = 256, 1024
"""Between what the sides of a placed picture lie, in board units, where its shape allows it."""

QUARTER, TUNE = 18.0, (480.0, 200.0)
"""Board units of a quarter note in a placed tune, and how small the whole is at least."""

Place = tuple[float, float, float, float]
"""Left, top, width and height in board units."""

Size = tuple[float, float]
"""Width and height in board units."""


def natural_size(content: Content) -> tuple[float, float]:
    """Width and height in board units: pictures by a whole factor, or down to 1024; tunes by how
    long they are, as far as they fit into a window."""
    if content.medium == "image":
        width, height = content.info["width"], content.info["height"]
        longest, shortest = max(width, height), min(width, height)
        if longest > LARGEST:
            scale = LARGEST / longest
            return max(1.0, width * scale), max(1.0, height * scale)
        # By the shorter side: `2024` is a strip of four digits, each as large as a single one.
        factor = max(1, min(-(-SMALLEST // shortest), LARGEST // longest))
        return float(width * factor), float(height * factor)
    if content.medium == "text":
        return 320.0, 180.0
    told = content.info.get("quarters")  # what was saved by former versions has none
    quarters = told if isinstance(told, int) else 0
    return min(max(QUARTER * quarters, TUNE[0]), LARGEST - 64.0), TUNE[1]


def free_place(board: Board, size: Size, beside: Item | None = None) -> tuple[float, float]:
    """Left and top of a place where an item of this size covers no other.

    Right of `beside` or below it when there is room; else the first gap in reading order.
    """
    room = _room_of(board)
    return _near(room, size, beside) or room.first_gap(size, GAP, ROW)


def rows(
    board: Board, sizes: Sequence[Size], beside: Item | None = None, taken: Sequence[Place] = ()
) -> list[tuple[float, float]]:
    """Left and top of several new items of these sizes: one block of rows, in reading order.

    They stand in one row where that is not too long, else in about as many rows as columns. The
    block goes where `free_place` says; the first thing of all stands in the middle of the board.
    The places that are `taken` are so besides those on the board.
    """
    return groups(board, [(beside, sizes)], taken)[0]


def groups(
    board: Board, wanted: Sequence[tuple[Item | None, Sequence[Size]]], taken: Sequence[Place] = ()
) -> list[list[tuple[float, float]]]:
    """As `rows`, for several groups of new items at once, each beside what it was made from.

    Groups that find no room there stand together in one block. Takes n log n steps for n items, on
    the board and new.
    """
    room = _room_of(board)
    for left, top, width, height in taken:
        room.take((left, top, left + width, top + height))
    blocks = [_block(sizes) for _beside, sizes in wanted]
    corners: dict[int, tuple[float, float]] = {}
    for number, (beside, sizes) in enumerate(wanted):
        extent = _extent(blocks[number], sizes)
        corner = _near(room, extent, beside)
        if corner is not None:
            corners[number] = corner
            room.take((*corner, corner[0] + extent[0], corner[1] + extent[1]))
    left_over = [
        size for n, (_beside, sizes) in enumerate(wanted) if n not in corners for size in sizes
    ]
    common = iter(_common_block(board, room, left_over, bool(taken)))
    return [
        [(corners[n][0] + left, corners[n][1] + top) for left, top in block]
        if n in corners
        else [next(common) for _corner in block]
        for n, block in enumerate(blocks)
    ]


def _common_block(
    board: Board, room: Room, sizes: Sequence[Size], any_taken: bool
) -> list[tuple[float, float]]:
    if not sizes:
        return []
    block = _block(sizes)
    if board.items or any_taken:
        x, y = room.first_gap(_extent(block, sizes), GAP, ROW)
    else:
        x, y = -sizes[0][0] // 2, -sizes[0][1] // 2
    return [(x + left, y + top) for left, top in block]


def _room_of(board: Board) -> Room:
    return Room(item.bounds for item in board.items if item.visible)


def _near(room: Room, size: Size, beside: Item | None) -> tuple[float, float] | None:
    """Right of an item or below it; None when there is no room, or no item."""
    if beside is None or not room.boxes or not all(size):
        return None
    left, top, right, bottom = beside.bounds
    for x, y in ((right + GAP, top), (left, bottom + GAP)):
        if room.is_free((x, y, x + size[0], y + size[1])):
            return x, y
    return None


def _extent(corners: Sequence[tuple[float, float]], sizes: Sequence[Size]) -> Size:
    """Width and height of a block."""
    across = [left + size[0] for (left, _top), size in zip(corners, sizes, strict=True)]
    down = [top + size[1] for (_left, top), size in zip(corners, sizes, strict=True)]
    return max(across, default=0.0), max(down, default=0.0)


def _block(sizes: Sequence[Size]) -> list[tuple[float, float]]:
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
