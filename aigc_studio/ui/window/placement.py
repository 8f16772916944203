"""Where a new thing goes on the board: beside the others, at a size that can be seen."""

from __future__ import annotations

import math
from collections.abc import Iterable

Rect = tuple[float, float, float, float]
"""x, y, width, height in board units."""

GAP = 24.0
SMALLEST_SHOWN = 256.0
LARGEST_SHOWN = 1024.0


def image_size(width: int, height: int) -> tuple[float, float]:
    """Board size of a picture: pixels shown whole-numbered, between 256 and 1024 units."""
    longest, shortest = max(width, height), min(width, height)
    if longest > LARGEST_SHOWN:
        scale = LARGEST_SHOWN / longest
        return max(1.0, width * scale), max(1.0, height * scale)
    # By the shorter side: `2024` is a wide strip of four digits, each as large as a single one.
    factor = min(math.ceil(SMALLEST_SHOWN / shortest), int(LARGEST_SHOWN / longest))
    return float(width * max(1, factor)), float(height * max(1, factor))


def place(taken: Iterable[Rect], sizes: list[tuple[float, float]], near: Rect) -> list[Rect]:
    """Places for things of these sizes: free of each other and of `taken`, starting at `near`.

    They go left to right in rows from the upper left of `near` (what the view shows), and on to
    below everything when there is no room.
    """
    full = list(taken)
    found: list[Rect] = []
    for width, height in sizes:
        spot = _free_spot(full, width, height, near)
        full.append(spot)
        found.append(spot)
    return found


def _free_spot(full: list[Rect], width: float, height: float, near: Rect) -> Rect:
    left, top, room, _height = near
    left, top = left + GAP, top + GAP
    right = left + max(room - 2 * GAP, width)
    # Only where something ends can a free place begin.
    columns = sorted({left, *(x + w + GAP for x, _y, w, _h in full)})
    rows = sorted({top, *(y + h + GAP for _x, y, _w, h in full), *(y for _x, y, _w, _h in full)})
    for y in (row for row in rows if row >= top):
        for x in columns:
            spot = (x, y, width, height)
            if left <= x and x + width <= right and not _any_overlap(spot, full):
                return spot
    bottom = max((y + h for _x, y, _w, h in full), default=top)
    return (left, max(top, bottom + GAP), width, height)


def _any_overlap(spot: Rect, full: list[Rect]) -> bool:
    x, y, width, height = spot
    gap = GAP - 0.5
    return any(
        x < other_x + other_w + gap
        and other_x < x + width + gap
        and y < other_y + other_h + gap
        and other_y < y + height + gap
        for other_x, other_y, other_w, other_h in full
    )
