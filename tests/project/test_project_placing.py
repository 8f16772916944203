"""Where new items go: as the plain definition says, in steps that grow no faster than the items."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from aigc_studio.project import Item, placing, room
from aigc_studio.project.board import Board
from aigc_studio.project.content import Content
from aigc_studio.project.placing import GAP, ROW, Size
from aigc_studio.project.room import Box, Room, overlap

CONTENT = Content("text", "ab" * 32)


def board_of(boxes: Sequence[Box], turned: int = 0) -> Board:
    items = [
        Item(f"i{n}", "", CONTENT, box[0], box[1], box[2] - box[0], box[3] - box[1], turned * n)
        for n, box in enumerate(boxes)
    ]
    return Board(items)


def plain_place(board: Board, size: Size, beside: Item | None = None) -> tuple[float, float]:
    """What `free_place` says, tried out box by box: the definition."""
    boxes = [item.bounds for item in board.items if item.visible]
    if not boxes:
        return 0.0, 0.0
    near: list[tuple[float, float]] = []
    if beside is not None:
        left, top, right, bottom = beside.bounds
        near = [(right + GAP, top), (left, bottom + GAP)]
    start = min(box[0] for box in boxes)
    places = [(box[2] + GAP, box[1]) for box in boxes] + [(start, box[3] + GAP) for box in boxes]
    in_row = [place for place in places if place[0] + size[0] <= start + ROW]
    for x, y in near + sorted(in_row, key=lambda place: (place[1], place[0])):
        if not any(overlap((x, y, x + size[0], y + size[1]), box) for box in boxes):
            return x, y
    return start, max(box[3] for box in boxes) + GAP


def random_boxes(chance: random.Random, count: int) -> list[Box]:
    """On a coarse grid, so that edges meet; now and then very small or very large."""
    found = []
    for _n in range(count):
        x, y = (chance.randrange(-40, 80) * 16.0 for _side in "xy")
        large = chance.choice((1, 1, 1, 8, 0.125))
        width, height = (chance.randrange(1, 24) * 16.0 * large for _side in "xy")
        found.append((x, y, x + width, y + height))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_the_place_is_what_the_plain_definition_says(seed: int) -> None:
    chance = random.Random(seed)
    board = board_of(random_boxes(chance, chance.choice((0, 1, 2, 5, 20, 60))), seed % 3 * 7)
    for _n in range(8):
        size = (chance.choice((16.0, 100.5, 320.0, 1500.0)), chance.choice((16.0, 180.25, 640.0)))
        beside = chance.choice(board.items) if board.items and chance.random() < 0.5 else None
        assert placing.free_place(board, size, beside) == plain_place(board, size, beside)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_free_is_what_overlaps_no_box(seed: int) -> None:
    chance = random.Random(seed)
    boxes = random_boxes(chance, 50)
    taken = Room(boxes)
    for box in random_boxes(chance, 200):
        assert taken.is_free(box) == (not any(overlap(box, other) for other in boxes))


def test_groups_stand_beside_what_they_were_made_from_and_the_rest_in_one_block() -> None:
    board = board_of([(0, 0, 100, 100), (116, 0, 216, 100), (0, 116, 100, 216)])
    first, second, _third = board.items
    size = (100.0, 100.0)
    # Right of the first one and below it there is no room; right of the second there is.
    found = placing.groups(board, [(first, [size]), (second, [size]), (None, [size, size])])
    assert found[1] == [(232.0, 0.0)]
    assert found[0] + found[2] == [(348.0, 0.0), (464.0, 0.0), (580.0, 0.0)]


def test_places_that_are_taken_are_left_alone() -> None:
    board = board_of([(0, 0, 100, 100)])
    size = (100.0, 100.0)
    assert placing.rows(board, [size]) == [(116.0, 0.0)]
    assert placing.rows(board, [size], taken=[(116.0, 0.0, 100.0, 100.0)]) == [(232.0, 0.0)]


def test_nothing_new_takes_no_place() -> None:
    assert placing.rows(board_of([(0, 0, 9, 9)]), []) == []
    assert placing.groups(Board(), []) == []


class Counted:
    """Counts comparisons of boxes and steps in the sums."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        for owner, name in ((room, "overlap"), (room._Counts, "add"), (room._Counts, "at")):
            monkeypatch.setattr(owner, name, self._counting(getattr(owner, name)))

    def _counting(self, function: Any) -> Any:
        def counting(*values: Any) -> Any:
            self.number += 1
            return function(*values)

        return counting


def sheet(count: int) -> list[Box]:
    """As many pictures in a block as wide as a row may be, with no gap."""
    return [
        (n % 5 * 272.0, n // 5 * 272.0, n % 5 * 272 + 256, n // 5 * 272 + 256) for n in range(count)
    ]


def test_a_place_costs_no_more_than_there_are_items(monkeypatch: pytest.MonkeyPatch) -> None:
    took = []
    for count in (300, 3000):
        board, counted = board_of(sheet(count)), Counted(monkeypatch)
        placing.free_place(board, (256.0, 256.0))
        took.append(counted.number)
        monkeypatch.undo()
    assert took[1] <= 11 * took[0]
    assert took[1] <= 10 * 3000


def test_many_groups_cost_no_more_than_there_are_items(monkeypatch: pytest.MonkeyPatch) -> None:
    took = []
    for count in (100, 1000):
        board = board_of(sheet(count))
        wanted: list[tuple[Item | None, list[Size]]]
        wanted = [(item, [(256.0, 256.0)]) for item in board.items]
        counted = Counted(monkeypatch)
        found = [each for block in placing.groups(board, wanted) for each in block]
        took.append(counted.number)
        monkeypatch.undo()
        assert len(set(found)) == count
    assert took[1] <= 12 * took[0]


def test_far_and_thin_things_need_no_more_cells_than_there_are_boxes() -> None:
    taken = Room([(-1e7, 0, 1e7, 1), (0, 10, 1, 11)])
    assert not taken.is_free((-9e6, -5e6, 9e6, 5e6))
    assert taken.is_free((-1e7, 2.0, 1e7, 9.0))


def test_a_tune_is_as_wide_as_it_is_long_as_far_as_a_window_is() -> None:
    def size(**info: Any) -> Size:
        return placing.natural_size(Content("melody", "0" * 64, info))

    assert size(notes=3, length=480 * 8, quarters=8) == (480.0, 200.0)
    assert size(notes=3, length=480 * 48, quarters=48) == (864.0, 200.0)
    assert size(notes=3, length=480 * 4_000, quarters=4_000) == (960.0, 200.0)
    assert size(notes=3, length=480 * 48) == (480.0, 200.0)  # saved by a former version
    assert size(notes=3, quarters="many") == (480.0, 200.0)
