"""Going far in the history at once: as step by step for board and tray, one line in the journal."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from calls import calls

from aigc_studio.api import StudioError, Text
from aigc_studio.project import Item, Project, commands
from aigc_studio.project.board import Change
from aigc_studio.project.candidates import CandidateRecord


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.new(tmp_path / "session")
    made.store.durable = False
    return made


def work(project: Project, dice: random.Random, count: int) -> None:
    """Steps of all kinds that change who is there, where, and in which order."""
    content = project.store.put(Text("words"))
    board = project.board
    for number in range(count):
        ids = dice.sample(board.ids, min(len(board), dice.randint(1, 3)))
        kind = dice.choice(("add", "move", "remove", "reorder", "accept")) if ids else "add"
        if kind == "add":
            new = [Item(id, id, content, 0.0, 0.0, 9.0, 9.0) for id in board.new_ids(2)]
            step = commands.add_items(board, new, above=dice.choice(board.ids) if ids else None)
        elif kind == "move":
            items = {id: replace(board.item(id), x=float(number)) for id in ids}
            step = commands.change_items(board, items, "move")
        elif kind == "remove":
            step = commands.remove_items(board, ids)
        elif kind == "reorder":
            step = commands.reorder(board, ids, dice.choice(("front", "back", "forward")))
        else:
            id = project.candidates.new_id()
            project.candidates.add(CandidateRecord(id, content))
            step = project.candidates.accept(id)
        project.do(step)


def seen(project: Project) -> tuple[object, ...]:
    waiting = tuple(record.id for record in project.candidates.list())
    return project.board.items, project.position, project.history, waiting


@pytest.mark.parametrize("seed", range(4))
def test_far_is_as_step_by_step(project: Project, seed: int) -> None:
    dice = random.Random(seed)
    work(project, dice, 60)
    states = {}
    while project.position:
        states[project.position] = seen(project)
        project.undo()
    states[0] = seen(project)
    for position in [60, 0, *(dice.randint(0, 60) for _ in range(12)), 60]:
        project.go(position)
        assert seen(project) == states[position]
    project.close()


def test_a_killed_session_is_where_it_went(project: Project) -> None:
    work(project, random.Random(9), 50)
    project.go(7)
    project.go(31)
    project.go(12)
    project.redo()
    before = seen(project)
    journal = project.journal.file
    assert journal is not None
    journal.close()
    project._lock.release()
    recovered = Project.recover(project.folder)
    assert seen(recovered) == before
    assert recovered.recovery is not None
    assert not recovered.recovery.lost
    recovered.close()


def test_it_is_told_once_and_one_line_of_the_journal(project: Project) -> None:
    work(project, random.Random(3), 80)
    told: list[Change] = []
    project.listeners.append(told.append)
    project.board.listeners.append(told.append)
    path = project.folder / "journal.jsonl"
    lines = path.read_bytes().count(b"\n")
    project.go(2)
    assert path.read_bytes().count(b"\n") == lines + 1
    kinds = [each.kind for each in told]
    assert len(kinds) == len(set(kinds))
    assert "history" in kinds
    project.go(2)
    assert len(told) == len(kinds)
    project.close()


def test_where_there_is_no_state_nobody_goes(project: Project) -> None:
    work(project, random.Random(3), 5)
    before = seen(project)
    for position in (-1, 6):
        with pytest.raises(ValueError, match="not in the history"):
            project.go(position)
    assert seen(project) == before
    project.close()


def test_what_cannot_be_written_is_not_gone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.project.journal import Journal

    work(project, random.Random(3), 20)
    before = seen(project)

    def full(*_args: object, **_more: object) -> None:
        raise StudioError("full")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", full)
        with pytest.raises(StudioError, match="full"):
            project.go(3)
    assert seen(project) == before
    project.go(3)
    assert project.position == 3
    project.close()


def test_a_step_of_the_way_costs_little(project: Project) -> None:
    """2,000 steps back by one click took four seconds, in which the window stood still."""
    work(project, random.Random(5), 40)

    def moves(count: int) -> Callable[[], None]:
        id = project.board.ids[0]
        for number in range(count):
            moved = {id: replace(project.board.item(id), y=float(number))}
            project.do(commands.change_items(project.board, moved, "move"))
        return lambda: project.go(project.position - count)

    few, many = calls(moves(100)), calls(moves(400))
    assert (many - few) / 300 < 12
    project.close()
