"""Which places of a board are taken: one item more costs the same however many there are."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in board units."""

Point = tuple[float, float]
Size = tuple[float, float]

_Cell = tuple[int, int]


class Room:
    """Boxes that are taken. To touch is not to overlap.

    Boxes lie in the cells of grids, one grid for each doubling of their longer side, so that a box
    is in four cells at most and a cell holds few boxes that do not overlap each other.
    """

    def __init__(self, boxes: Iterable[Box] = ()) -> None:
        self.boxes: list[Box] = []
        self._grids: dict[int, dict[_Cell, list[Box]]] = {}
        for box in boxes:
            self.take(box)

    def take(self, box: Box) -> None:
        """This box is taken from now on."""
        self.boxes.append(box)
        level = math.frexp(max(box[2] - box[0], box[3] - box[1], 1.0))[1]
        grid = self._grids.setdefault(level, {})
        for cell in _cells(box, level):
            grid.setdefault(cell, []).append(box)

    def is_free(self, box: Box) -> bool:
        """Whether it overlaps nothing that is taken."""
        for level, grid in self._grids.items():
            left, top, right, bottom = _reach(box, level)
            if (right - left + 1) * (bottom - top + 1) > len(grid):
                near = [
                    cell for cell in grid if left <= cell[0] <= right and top <= cell[1] <= bottom
                ]
            else:
                near = [cell for cell in _cells(box, level) if cell in grid]
            if any(overlap(box, other) for cell in near for other in grid[cell]):
                return False
        return True

    def first_gap(self, size: Size, gap: float, widest: float) -> Point:
        """The first place in reading order, right of a box or below one, in which `size` fits.

        `gap` is left between them; nothing goes farther than `widest` from the leftmost box. With
        no such place it is below all of them. Takes n log n steps for n boxes.
        """
        if not self.boxes:
            return 0.0, 0.0
        start = min(box[0] for box in self.boxes)
        places = {(box[2] + gap, box[1]) for box in self.boxes}
        places |= {(start, box[3] + gap) for box in self.boxes}
        fitting = [place for place in places if place[0] + size[0] <= start + widest]
        found = _first_free(sorted(fitting, key=lambda place: place[::-1]), self.boxes, size)
        return found or (start, max(box[3] for box in self.boxes) + gap)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have some room in common."""
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def _first_free(places: Sequence[Point], boxes: Sequence[Box], size: Size) -> Point | None:
    """The first of `places` (in reading order) at which `size` overlaps no box.

    A line sweeps down over the places. The boxes that a thing at its height may hit are counted
    over the lefts at which it would hit them.
    """
    lefts = sorted({place[0] for place in places})
    hits = _Counts(len(lefts))
    coming = sorted(boxes, key=lambda box: box[1])
    going = sorted(boxes, key=lambda box: box[3])
    come = gone = 0
    for x, y in places:
        while come < len(coming) and coming[come][1] < y + size[1]:
            hits.add(*_hit(lefts, coming[come], size), 1)
            come += 1
        while gone < len(going) and going[gone][3] <= y:
            # One that lies above all that was looked at has come by now: its top is higher still.
            hits.add(*_hit(lefts, going[gone], size), -1)
            gone += 1
        if not hits.at(bisect_left(lefts, x)):
            return x, y
    return None


def _hit(lefts: Sequence[float], box: Box, size: Size) -> tuple[int, int]:
    """From which to which (not included) of the lefts a thing of this size would hit the box."""
    # By the sum, as `overlap` has it: by the difference it would round to the other side.
    first = bisect_right(lefts, box[0], key=lambda left: left + size[0])
    return first, max(first, bisect_left(lefts, box[2]))


class _Counts:
    """Numbers in a row: a stretch grows, one is asked for (a Fenwick tree)."""

    def __init__(self, count: int) -> None:
        self._sums = [0] * (count + 2)

    def add(self, first: int, end: int, by: int) -> None:
        for place, change in ((first, by), (end, -by)):
            at = place + 1
            while at < len(self._sums):
                self._sums[at] += change
                at += at & -at

    def at(self, place: int) -> int:
        at, found = place + 1, 0
        while at:
            found += self._sums[at]
            at -= at & -at
        return found


def _reach(box: Box, level: int) -> tuple[int, int, int, int]:
    """Which cells of a grid a box lies in: the first and the last column and row."""
    left, top, right, bottom = (math.floor(math.ldexp(side, -level)) for side in box)
    return left, top, right, bottom


def _cells(box: Box, level: int) -> list[_Cell]:
    left, top, right, bottom = _reach(box, level)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
