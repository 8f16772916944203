"""Many items as one table in JSON: read back equal, and no less safe than item by item."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from crashed import crash

from aigc_studio.api import Melody, Note, Text
from aigc_studio.files import canonical_json
from aigc_studio.project import Item, Project, commands, journal
from aigc_studio.project.deltas import BROKEN, MANY, Makings, Naming
from aigc_studio.project.provenance import Provenance
from aigc_studio.project.tables import rows

MADE = Provenance(medium="text", generator="anything", prompt="p")


def many(project: Project, count: int = MANY + 3) -> list[Item]:
    """Items of two media, some made by seeds of their own, some masked by none."""
    items = []
    for number, id in enumerate(project.board.new_ids(count)):
        artifact = Text(f"t{number}") if number % 3 else Melody((Note(0, 240, 60 + number % 60),))
        made = replace(MADE, seed=number) if number % 2 else None
        content = project.store.put(artifact)
        items.append(Item(id, f"n{number % 4}", content, number, 2.0, 8, 9, provenance=made))
    return items


def through_json(value: Any) -> Any:
    return json.loads(canonical_json(value))


def makings(naming: Naming) -> Makings:
    found = Makings()
    for each in naming.news():
        found.add(through_json(each))
    return found


@pytest.mark.parametrize("count", [1, MANY - 1, MANY, MANY + 3])
@pytest.mark.parametrize("backward", [False, True])
def test_who_comes_and_goes_is_read_back_equal(
    project: Project, count: int, backward: bool
) -> None:
    items = many(project, count)
    add = commands.add_items(project.board, items)
    command = add.inverse if backward else add
    naming = Naming()
    value = through_json(naming.step(command, backward=backward))
    assert isinstance(value["gone" if backward else "new"], dict) is (count >= MANY)
    read = makings(naming).step(value, project.board.draft(), backward=backward)
    assert (read.before, read.after, read.order) == (command.before, command.after, command.order)


def test_what_all_have_in_common_is_there_once(project: Project) -> None:
    table = Naming().step(commands.add_items(project.board, many(project)))["new"]
    assert table["same"]["y"] == 2.0
    assert table["same"]["mask"] is None
    assert set(table["columns"]) == {"id", "name", "x", "provenance"}
    assert [medium for medium, _info in table["content"]["kinds"]][:2] == ["melody", "text"]


def test_a_session_of_many_is_brought_back(project: Project, place: Callable[..., Item]) -> None:
    for number in range(MANY):
        place(project, Text(f"{number}"))
    project.do(commands.duplicate(project.board, project.board.ids))
    project.do(commands.remove_items(project.board, project.board.ids[::2]))
    project.undo()
    before, history = project.board.items, project.history
    again = Project.recover(crash(project))
    assert again.board.items == before
    assert again.history == history
    again.undo()
    assert len(again.board) == MANY
    again.close()


def test_a_file_of_many_opens_with_all_that_can_be_undone(
    project: Project, place: Callable[..., Item], tmp_path: Path
) -> None:
    for number in range(MANY):
        place(project, Text(f"{number}"))
    project.do(commands.duplicate(project.board, project.board.ids))
    project.do(commands.remove_items(project.board, project.board.ids))
    project.save(tmp_path / "many.aigc")
    other = Project.open(tmp_path / "many.aigc", tmp_path / "session")
    assert (other.damage, len(other.board)) == ((), 0)
    other.undo()
    assert len(other.board) == 2 * MANY
    other.undo()
    assert [other.store.get(item.content) for item in other.board.items] == [
        Text(f"{number}") for number in range(MANY)
    ]
    other.close()


def test_a_table_takes_half_of_the_room(project: Project) -> None:
    items = many(project, 400)
    naming = Naming()
    table = naming.step(commands.add_items(project.board, items))["new"]
    assert 2 * len(canonical_json(table)) < len(canonical_json([naming.item(i) for i in items]))


@pytest.mark.parametrize(
    "damage",
    [
        lambda table: table.pop("same"),
        lambda table: table.pop("content"),
        lambda table: table.update(columns=[]),
        lambda table: table.update(same=3),
        lambda table: table["columns"].update(x=[1.0]),
        lambda table: table["columns"].update(x=7),
        lambda table: table["columns"]["id"].__setitem__(0, 3),
        lambda table: table["content"]["of"].pop(),
        lambda table: table["content"]["of"].__setitem__(0, -1),
        lambda table: table["content"]["of"].__setitem__(0, []),
        lambda table: table["content"]["digests"].__setitem__(1, "../x"),
        lambda table: table["content"]["kinds"].__setitem__(0, None),
        lambda table: table["content"].update(kinds={"a": 1}),
        lambda table: table["content"].update(more=1),
    ],
)
def test_a_damaged_table_is_no_step(project: Project, damage: Callable[[Any], Any]) -> None:
    naming = Naming()
    value = through_json(naming.step(commands.add_items(project.board, many(project))))
    damage(value["new"])
    with pytest.raises(BROKEN):
        makings(naming).step(value, project.board.draft())


def test_rows_of_nothing_are_none() -> None:
    empty: dict[str, Any] = {
        "same": {},
        "columns": {},
        "content": {"kinds": [], "of": [], "digests": []},
    }
    assert list(rows(empty)) == []


def test_a_line_of_five_thousand_is_a_few_pieces(project: Project) -> None:
    content = project.store.put(Text("one"))
    ids = project.board.new_ids(5000)
    add = commands.add_items(project.board, [Item(id, "x", content, 1, 1, 8, 8) for id in ids])
    assert len(journal.line({"op": "do", "step": Naming().step(add)})) < journal.PIECE
