"""Long sessions: what is kept grows with what changed, and no number of steps is too many."""

import json
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from crashed import crash
from walks import walk

from aigc_studio.api import Image, Text
from aigc_studio.project import (
    Board,
    CandidateRecord,
    Content,
    Item,
    Project,
    Provenance,
    archive,
    budget,
    commands,
    history,
    journal,
    members,
    tiles,
)


@pytest.mark.parametrize("seed", range(3))
def test_any_session_opens_recovers_and_can_be_undone_to_its_start(
    home: Path, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "GROWTH", 20_000)
    found = walk(400, seed, tmp_path)
    assert found.file < 60_000
    assert found.journal < 600_000


def board_of(count: int) -> Board:
    content = Content("text", "ab" * 32, {"length": 1})
    return Board(Item(f"i{n}", f"item {n}", content, x=float(n)) for n in range(1, count + 1))


def filled(project: Project, count: int) -> None:
    content = project.store.put(Text("x"))
    items = [Item(id, id, content) for id in project.board.new_ids(count)]
    project.do(commands.add_items(project.board, items))


def bytes_of_step(kind: str, count: int) -> int:
    """How many bytes a step on one of so many items takes in the journal."""
    project = Project.new()
    filled(project, count)
    board, path = project.board, project.folder / "journal.jsonl"
    moved = {"i3": replace(board.item("i3"), x=7.0)}
    command = {
        "add": lambda: commands.add_items(
            board, [replace(board.item("i1"), id="i9000")], above="i4"
        ),
        "remove": lambda: commands.remove_items(board, ["i5"]),
        "move": lambda: commands.change_items(board, moved, "move"),
        "front": lambda: commands.reorder(board, ["i2"], "front"),
        "undo": lambda: commands.change_items(board, moved, "move"),
    }[kind]()
    before = path.stat().st_size
    project.do(command)
    if kind == "undo":
        before = path.stat().st_size
        project.undo()
    size = path.stat().st_size - before
    project.close()
    return size


@pytest.mark.parametrize("kind", ["add", "remove", "move", "front", "undo"])
def test_a_step_says_what_changed_however_many_items_there_are(home: Path, kind: str) -> None:
    few, many = bytes_of_step(kind, 10), bytes_of_step(kind, 1000)
    assert many < few + 20
    assert many < 700


def counted(run: Callable[[], object]) -> int:
    """How many calls of Python functions something takes: a clock would not say the same twice."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return calls


def cost(kind: str, count: int, path: Path) -> int:
    """How many calls something takes that is done to so many items."""
    project = Project.new()
    filled(project, count)
    board, ids = project.board, project.board.ids
    moved = {item.id: replace(item, x=item.x + 1) for item in board.items}
    new = [replace(board.items[0], id=f"i{n}") for n in range(5000, 5000 + count)]
    archive.write(project.snapshot(), path, preview=b"")
    doing: dict[str, Callable[[], object]] = {
        "move": lambda: project.do(commands.change_items(board, moved, "move")),
        "add": lambda: project.do(commands.add_items(board, new)),
        "remove": lambda: project.do(commands.remove_items(board, ids[::2])),
        "front": lambda: project.do(commands.reorder(board, ids[::2], "front")),
        "save": lambda: archive.write(project.snapshot(), path, preview=b""),
        "open": lambda: Project.open(path).close(),
        "recover": lambda: replayed(project).close(),
    }
    calls = counted(doing[kind])
    project.close()
    return calls


@pytest.mark.parametrize("kind", ["move", "add", "remove", "front", "save", "open", "recover"])
def test_nothing_costs_more_than_in_proportion(home: Path, tmp_path: Path, kind: str) -> None:
    few, many = (cost(kind, count, tmp_path / f"{count}.aigc") for count in (200, 2000))
    assert many < 13 * few


def cost_of_one(count: int) -> int:
    """How many calls it takes to move one of so many items, and to undo it."""
    project = Project.new()
    filled(project, count)
    moved = {"i3": replace(project.board.item("i3"), x=7.0)}
    command = commands.change_items(project.board, moved, "move")
    calls = counted(lambda: project.do(command)) + counted(project.undo)
    project.close()
    return calls


def test_a_step_on_one_of_many_costs_no_more_than_on_one_of_few(home: Path) -> None:
    assert cost_of_one(2000) < 1.5 * cost_of_one(10)


def test_the_oldest_steps_of_a_long_history_are_left_out_of_the_file(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(project, 10)
    for number in range(100):
        moved = {item.id: replace(item, x=float(number)) for item in project.board.items}
        project.do(commands.change_items(project.board, moved, "move"))
    monkeypatch.setattr(budget, "STEPS_BUDGET", 40 * project.history[-1].weight)
    project.save(tmp_path / "a.aigc")
    opened = Project.open(tmp_path / "a.aigc")
    assert opened.history == project.history[-40:]
    assert opened.damage == ()
    assert len(project.history) == 101
    while opened.position:
        opened.undo()
    assert opened.board.items[0].x == 59.0
    opened.close()


@pytest.mark.parametrize(("bound", "most"), [("MEMORY", 50_000), ("STEPS", 45)])
def test_a_history_forgets_its_oldest_steps_and_never_what_they_accepted(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    project.candidates.add(CandidateRecord("c1", project.store.put(Text("accepted"))))
    project.do(project.candidates.accept("c1"))
    monkeypatch.setattr(history, bound, most)
    for number in range(500):
        moved = {"i1": replace(project.board.item("i1"), x=float(number))}
        project.do(commands.change_items(project.board, moved, "move"))
        assert len(project.history) <= 50_000 // 1000
    assert project.candidates.list() == ()
    assert len(project.history) >= 30
    project.save(tmp_path / "a.aigc")
    assert not project.modified
    before = (project.board.items, project.history, project.position)
    recovered = replayed(project)
    assert (recovered.board.items, recovered.history, recovered.position) == before
    assert recovered.candidates.list() == ()
    while recovered.position:
        recovered.undo()
    assert recovered.modified
    recovered.close()


def replayed(project: Project) -> Project:
    return Project.recover(crash(project))


def test_a_prompt_is_kept_once_however_many_candidates_it_made(
    project: Project, tmp_path: Path
) -> None:
    made = Provenance(medium="text", generator="ngram", prompt="long " * 24_000)
    content = project.store.put(Text("made"))
    for number in range(600):
        record = CandidateRecord(f"c{number + 1}", content, replace(made, seed=number))
        project.candidates.add(record)
    assert (project.folder / "journal.jsonl").stat().st_size < 2_000_000
    project.save(tmp_path / "a.aigc")
    with zipfile.ZipFile(tmp_path / "a.aigc") as file:
        assert file.getinfo("project.json").file_size < 1_000_000
    opened = Project.open(tmp_path / "a.aigc")
    assert opened.candidates.list() == project.candidates.list()
    opened.close()


def test_documents_that_are_larger_than_any_usual_one_open(
    full: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if a megabyte were what 64 and 256 are: the parts are far larger, and packed as they are.
    for number in range(200):
        prompt = "a" * 1000 + str(number)
        made = Provenance(medium="text", generator="g", prompt=prompt)
        full.candidates.add(CandidateRecord(f"c{number}", full.store.put(Text("x")), made))
    for name in ("project.json", "history.jsonl"):
        monkeypatch.setitem(members.LIMITS, name, 1000)
    monkeypatch.setattr(members, "RATIO", 4)
    full.save(tmp_path / "a.aigc")
    opened = Project.open(tmp_path / "a.aigc")
    assert opened.damage == ()
    assert opened.candidates.list() == full.candidates.list()
    assert opened.history == full.history
    opened.close()


def test_content_that_packs_as_a_bomb_does_is_stored_and_opens(
    project: Project, place: Callable[..., Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        place(project, Text("a" * 100_000 + str(number)))
    monkeypatch.setattr("aigc_studio.project.archive.TOTAL", 100_000)
    monkeypatch.setattr("aigc_studio.project.opening.TOTAL", 100_000)
    project.save(tmp_path / "a.aigc")
    opened = Project.open(tmp_path / "a.aigc")
    assert opened.board.items == project.board.items
    opened.close()


def test_a_change_of_all_items_is_a_short_line(home: Path) -> None:
    board = board_of(5000)
    moved = {item.id: item.changed({"x": item.x + 1.0}) for item in board.items}
    project = Project.new()
    project.board._items, project.board._order = dict(board._items), list(board._order)
    before = (project.folder / "journal.jsonl").stat().st_size
    project.do(commands.change_items(project.board, moved, "move"))
    assert (project.folder / "journal.jsonl").stat().st_size - before < 150_000
    project.close()


def test_pictures_that_were_saved_are_not_decoded_when_they_are_opened(
    project: Project, place: Callable[..., Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        place(project, Image(np.full((5, 5), number, np.uint8)))
    project.save(tmp_path / "a.aigc")
    decoded: list[bytes] = []
    real = tiles.decode_png

    def count(data: bytes) -> bytes:
        decoded.append(data)
        return real(data)

    monkeypatch.setattr("aigc_studio.project.tiles.decode_png", count)
    opened = Project.open(tmp_path / "a.aigc")
    assert not decoded
    assert opened.board.items == project.board.items
    for item in opened.board.items:
        assert opened.store.get(item.content) == project.store.get(item.content)
    opened.close()
    with zipfile.ZipFile(tmp_path / "a.aigc") as file:
        assert json.loads(file.read("seal.json"))["unsure"] == []
