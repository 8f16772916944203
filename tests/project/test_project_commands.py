import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Never

import pytest
from calls import calls
from handwork import change_content
from kinds import there

from aigc_studio.api import Image, Melody, Text
from aigc_studio.project import (
    Board,
    Change,
    Command,
    Content,
    ContentStore,
    Item,
    Provenance,
    commands,
)
from aigc_studio.project.history import History
from aigc_studio.project.order import Order
from aigc_studio.project.titles import KINDS


@pytest.fixture
def contents(tmp_path: Path, noise: Callable[..., Image], tune: Melody) -> list[Content]:
    store = ContentStore(tmp_path / "store", durable=False)
    return [store.put(each) for each in (noise(8, 8), Text("t"), tune, noise(9, 7, "L"))]


@pytest.fixture
def board(contents: list[Content]) -> Board:
    board = Board()
    items = [
        Item(id, f"n{id}", contents[0], x=20.0 * number, width=10.0 + number, height=10.0)
        for number, id in enumerate(board.new_ids(4))
    ]
    commands.add_items(board, items).apply(board)
    return board


def order(board: Board) -> list[str]:
    return [item.id for item in board.items]


def random_command(
    board: Board, contents: list[Content], dice: random.Random, provenance: Provenance
) -> Command:
    """Any command that fits the board."""
    ids = [item.id for item in board.items]
    some = dice.sample(ids, dice.randint(1, len(ids))) if ids else []
    kind = dice.choice(["add", "remove", "change", "order", "duplicate", "align", "group", "paint"])
    if not ids or kind == "add":
        new = [
            Item(id, "新", dice.choice(contents), x=dice.uniform(-9, 9), provenance=provenance)
            for id in board.new_ids(dice.randint(1, 3))
        ]
        return commands.add_items(board, new, above=dice.choice([*ids, None]))
    if kind == "remove":
        return commands.remove_items(board, some)
    if kind == "order":
        return commands.reorder(board, some, dice.choice(["front", "forward", "backward", "back"]))
    if kind == "duplicate":
        return commands.duplicate(board, some)
    if kind == "align":
        return commands.align(board, some, dice.choice(["left", "center", "right", "middle"]))
    if kind == "paint":
        return change_content(board, {id: dice.choice(contents) for id in some})
    if kind == "group":
        return commands.together(
            board,
            [
                lambda draft: commands.duplicate(draft, some),
                lambda draft: commands.remove_items(draft, some),
                lambda draft: commands.reorder(draft, [draft.items[0].id], "front"),
            ],
        )
    turned = {
        id: replace(board.item(id), rotation=dice.uniform(-180, 180), opacity=dice.random())
        for id in some
    }
    return commands.change_items(board, turned, "rotate")


@pytest.mark.parametrize("seed", range(25))
def test_undo_and_redo_are_exact_and_json_keeps_all(
    contents: list[Content], provenance: Provenance, seed: int
) -> None:
    dice = random.Random(seed)
    board, states, done = Board(), [], []
    for _step in range(40):
        states.append(board.items)
        command = random_command(board, contents, dice, provenance)
        command.apply(board)
        done.append(command)
        states.append(board.items)
    read = [Command.from_json(json.loads(json.dumps(command.to_json()))) for command in done]
    assert read == done
    for command, before, after in zip(
        reversed(read), states[-2::-2], states[::-1][::2], strict=True
    ):
        assert board.items == after
        command.inverse.apply(board)
        assert board.items == before
    assert board.items == ()
    for command, after in zip(read, states[1::2], strict=True):
        command.apply(board)
        assert board.items == after


@pytest.mark.parametrize("seed", range(10))
def test_a_group_is_its_parts(contents: list[Content], provenance: Provenance, seed: int) -> None:
    dice = random.Random(seed)
    board = Board()
    random_command(board, contents, dice, provenance).apply(board)
    start, made = board.items, []
    for _step in range(8):
        made.append(random_command(board, contents, dice, provenance))
        made[-1].apply(board)
    whole = commands.grouped(made)
    other = Board(start)
    whole.apply(other)
    assert other.items == board.items
    whole.inverse.apply(other)
    assert other.items == start


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("front", ["i1", "i3", "i2", "i4"]),
        ("back", ["i2", "i4", "i1", "i3"]),
        ("forward", ["i1", "i3", "i2", "i4"]),
        ("backward", ["i2", "i1", "i4", "i3"]),
    ],
)
def test_reorder(
    board: Board, place: Literal["front", "forward", "backward", "back"], expected: list[str]
) -> None:
    commands.reorder(board, ["i4", "i2"], place).apply(board)
    assert order(board) == expected


def test_one_step_at_a_time_and_never_past_the_end(board: Board) -> None:
    commands.reorder(board, ["i1"], "forward").apply(board)
    assert order(board) == ["i2", "i1", "i3", "i4"]
    commands.reorder(board, ["i3", "i4"], "forward").apply(board)
    assert order(board) == ["i2", "i1", "i3", "i4"]


def test_a_new_item_goes_on_top_or_right_above_another(
    board: Board, contents: list[Content]
) -> None:
    (first, second) = board.new_ids(2)
    commands.add_items(board, [Item(first, "", contents[1])]).apply(board)
    commands.add_items(board, [Item(second, "", contents[2])], above="i2").apply(board)
    assert order(board) == ["i1", "i2", second, "i3", "i4", first]


def test_align_uses_what_is_seen_of_a_turned_item(board: Board) -> None:
    turned = replace(board.item("i1"), width=30.0, height=10.0, rotation=90.0)
    commands.change_items(board, {"i1": turned}).apply(board)
    commands.align(board, ["i1", "i2"], "top").apply(board)
    tops = [board.item(id).bounds[1] for id in ("i1", "i2")]
    assert tops[0] == pytest.approx(tops[1])
    commands.align(board, ["i1", "i2", "i3"], "right").apply(board)
    rights = [board.item(id).bounds[2] for id in ("i1", "i2", "i3")]
    assert rights == pytest.approx([rights[0]] * 3)


def test_a_hand_at_work_forgets_the_latent_and_is_remembered(
    board: Board, contents: list[Content], provenance: Provenance
) -> None:
    made = replace(board.item("i1"), provenance=provenance, latent="ab" * 32)
    commands.change_items(board, {"i1": made}).apply(board)
    change_content(board, {"i1": contents[3]}).apply(board)
    item = board.item("i1")
    assert item.content == contents[3]
    assert item.latent == ""
    assert there(item.provenance).edited
    assert not provenance.edited


def test_a_mask_is_as_large_as_its_picture(board: Board, contents: list[Content]) -> None:
    mask = contents[3]  # L, 9×7
    with pytest.raises(ValueError, match="mask"):
        replace(board.item("i1"), mask=mask)
    with pytest.raises(ValueError, match="mask"):
        replace(board.item("i1"), content=contents[1], mask=mask)
    masked = replace(board.item("i1"), content=mask, mask=mask)
    commands.change_items(board, {"i1": masked}).apply(board)
    change_content(board, {"i1": contents[0]}).apply(board)
    assert board.item("i1").mask is None


def test_a_command_that_does_not_fit_changes_nothing(board: Board) -> None:
    command = commands.remove_items(board, ["i2"])
    moved = replace(board.item("i2"), x=5.0)
    commands.change_items(board, {"i2": moved}, "move").apply(board)
    before = board.items
    with pytest.raises(ValueError, match="fit"):
        command.apply(board)
    assert board.items == before


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        Order(),
        Order(((0, "i4"),)),
        Order(((3, "i4"), (4, "i5"))),
        Order(((2, "i3"), (3, "i4"))),
        Order(((3, "i4"),), ((0, "i9"),)),
        Order(((3, "i4"),), ((3, "i4"),)),
        Order(((3, "i4"),), ((9, "i4"),)),
    ],
)
def test_a_wrong_order_changes_nothing(board: Board, wrong: Order | None) -> None:
    before = board.items
    command = replace(commands.remove_items(board, ["i4"]), order=wrong)
    with pytest.raises(ValueError, match="order"):
        command.apply(board)
    assert board.items == before


def test_ids_are_never_given_out_twice(board: Board, contents: list[Content]) -> None:
    commands.remove_items(board, ["i4"]).apply(board)
    assert board.new_ids(2) == ("i5", "i6")
    copy = board.draft()
    commands.duplicate(copy, ["i1"]).apply(copy)
    assert copy.items[-1].id == "i7"


def test_listeners_hear_what_happened_and_a_bad_one_keeps_nobody_from_hearing(
    board: Board, contents: list[Content]
) -> None:
    heard = []

    def fail(change: Change) -> Never:
        raise RuntimeError("a bad listener")

    board.listeners += [fail, lambda change: heard.append((change.kind, change.ids))]
    (new,) = board.new_ids(1)
    commands.add_items(board, [Item(new, "", contents[0])]).apply(board)
    moved = replace(board.item("i1"), x=99.0)
    commands.change_items(board, {"i1": moved}, "move").apply(board)
    commands.reorder(board, [new], "back").apply(board)
    commands.remove_items(board, ["i2"]).apply(board)
    assert heard == [
        ("items_inserted", (new,)),
        ("items_changed", ("i1",)),
        ("items_reordered", (new, "i1", "i2", "i3", "i4")),
        ("items_removed", ("i2",)),
    ]


def test_every_kind_has_a_title_that_names_the_item(board: Board) -> None:
    for kind in KINDS:
        one = commands.change_items(board, {"i1": board.item("i1")}, kind)
        many = commands.change_items(board, {id: board.item(id) for id in ("i1", "i2")}, kind)
        assert "ni1" in one.title
        assert "2 items" in many.title
    assert len({replace(one, kind=kind).title for kind in KINDS}) >= len(KINDS) - 1


def test_a_title_costs_its_own_words_and_not_those_of_all_kinds(board: Board) -> None:
    """A history of 10,000 steps asks for as many titles before its window is there."""
    item = board.items[0]
    one = commands.change_items(board, {item.id: replace(item, x=9.0)}, "move")
    assert calls(lambda: one.title) < 20


def test_a_title_may_come_from_a_plugin_in_two_languages(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = {"en": "Clean up", "zh": "清理"}
    command = commands.change_items(board, {"i1": board.item("i1")}, label=label)
    assert "Clean up" in command.title
    monkeypatch.setattr("aigc_studio.translation._language", "zh_CN")
    assert "清理" in Command.from_json(command.to_json()).title


def _broken(value: Any, *path: Any, to: Any) -> Any:
    value = json.loads(json.dumps(value))
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return value


def test_malformed_commands_are_refused(board: Board) -> None:
    good = commands.remove_items(board, ["i1"]).to_json()
    broken: tuple[Any, ...] = (
        None,
        [],
        {},
        _broken(good, "kind", to=3),
        _broken(good, "after", to={}),
        _broken(good, "before", to=[1]),
        _broken(good, "before", "i1", "x", to="left"),
        _broken(good, "before", "i1", "x", to=1e300),
        _broken(good, "before", "i1", "id", to="i2"),
        _broken(good, "before", "i1", "width", to=0),
        _broken(good, "before", "i1", "opacity", to=True),
        _broken(good, "before", "i1", "content", "digest", to="../../x"),
        _broken(good, "before", "i1", "content", "medium", to="film"),
        _broken(good, "before", "i1", "content", "info", "width", to=10**9),
        _broken(good, "order", to="i1"),
        _broken(good, "order", "out", to=[["0", "i1"]]),
        _broken(good, "order", "out", to=[[0, "i1"], [0, "i2"]]),
        _broken(good, "order", "into", to=[[0, "i1"], [1, "i1"]]),
        _broken(good, "order", "into", to=[[-1, "i1"]]),
        _broken(good, "order_before", to="i1"),
        _broken(good, "label", to={"en": 1}),
        _broken(good, "kind", to="k" * 1_000_000),
        _broken(good, "candidates", to=["c" * 1_000_000]),
    )
    for bad in broken:
        with pytest.raises(ValueError, match=r".+"):
            Command.from_json(bad)


def test_steps_of_one_drag_can_be_merged_and_others_not(board: Board) -> None:
    history = History()
    moves = []
    for x in (1.0, 2.0, 3.0):
        moved = {"i1": replace(board.item("i1"), x=x)}
        moves.append(commands.change_items(board, moved, "move"))
        assert history.can_merge(moves[-1]) == (x > 1)
        history.note_done(moves[-1], merge=x > 1)
        moves[-1].apply(board)
    assert len(history.commands) == 1
    there(history.latest).inverse.apply(board)
    assert board.item("i1").x == 0.0
    other = {"i2": replace(board.item("i2"), x=3.0)}
    assert not history.can_merge(commands.change_items(board, other, "move"))
    assert not history.can_merge(replace(moves[0], kind="rotate"))
