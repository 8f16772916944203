"""Where a new item goes on the board, and how large it is there."""

from __future__ import annotations

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


def _overlap(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]
