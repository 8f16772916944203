import errno
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Never

import pytest
from crashed import crash
from kinds import there

from aigc_studio.api import StudioError, Text
from aigc_studio.project import CandidateRecord, Change, Item, Project, archive, commands, journal
from aigc_studio.project import sessions as sessions_module

JOURNAL = "journal.jsonl"


def summary(project: Project) -> tuple[Any, ...]:
    tray = [record.id for record in project.candidates.list()]
    return project.board.items, list(project.history), project.position, tray, project.modified


def move(project: Project, id: str, x: float, **how: bool) -> None:
    moved = {id: replace(project.board.item(id), x=x)}
    project.do(commands.change_items(project.board, moved, "move"), **how)


def test_what_was_done_is_there_after_a_crash(full: Project) -> None:
    full.candidates.add(CandidateRecord("c1", full.store.put(Text("waits"))))
    before = summary(full)
    recovered = Project.recover(crash(full))
    assert summary(recovered) == before
    for item in recovered.board.items:
        recovered.store.verify(item.content)
    recovered.redo()
    assert [item.id for item in recovered.board.items] == ["i1", "i3"]
    recovered.close()


@pytest.mark.parametrize("seed", range(8))
def test_any_walk_through_history_is_replayed(
    project: Project, place: Callable[..., Item], seed: int
) -> None:
    dice = random.Random(seed)
    for _step in range(60):
        ids = [item.id for item in project.board.items]
        if not ids or dice.random() < 0.2:
            place(project, Text(f"t{dice.random()}"), x=dice.uniform(-5, 5))
        elif dice.random() < 0.3 and project.position:
            project.undo()
        elif dice.random() < 0.4 and project.position < len(project.history):
            project.redo()
        else:
            move(project, dice.choice(ids), dice.uniform(-9, 9), merge=dice.random() < 0.5)
    before = summary(project)
    recovered = Project.recover(crash(project))
    assert summary(recovered) == before
    while recovered.position:
        recovered.undo()
    assert recovered.board.items == ()
    recovered.close()


@pytest.mark.parametrize("torn", [b"", b"{", b'{"op":"do","comm', b'{"op":"undo"}', b"\xff\n"])
def test_a_torn_last_line_loses_only_itself(full: Project, torn: bytes) -> None:
    before = summary(full)
    folder = crash(full)
    with (folder / JOURNAL).open("ab") as file:
        file.write(torn)
    recovered = Project.recover(folder)
    assert summary(recovered) == before
    move(recovered, "i1", 77.0)
    again = Project.recover(crash(recovered))
    assert again.board.item("i1").x == 77.0
    again.close()


def test_the_journal_is_written_before_the_board_changes(
    project: Project, place: Callable[..., Item]
) -> None:
    heard = []

    def look(change: Change) -> None:
        lines = (project.folder / JOURNAL).read_text("utf-8").splitlines()
        heard.append((change.kind, json.loads(lines[-1])["op"]))

    project.board.listeners.append(look)
    place(project, Text("x"))
    project.undo()
    project.redo()
    assert heard == [
        ("items_inserted", "do"),
        ("items_removed", "undo"),
        ("items_inserted", "redo"),
    ]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_home_without_room_is_said_with_what_to_do(
    home: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_all: object) -> Never:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(journal, "begin", refuse)
    with pytest.raises(StudioError, match=r"sessions cannot be written to \(.*: free up space"):
        Project.new()
    assert list(sessions_module.sessions_folder().iterdir()) == []


def test_a_full_disk_leaves_board_history_and_journal_as_they_were(
    full: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, size = summary(full), (full.folder / JOURNAL).stat().st_size

    def refuse(_descriptor: int) -> Never:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aigc_studio.project.journal.os.fsync", refuse)
    with pytest.raises(StudioError, match="No space left"):
        move(full, "i1", 5.0)
    with pytest.raises(StudioError, match="No space left"):
        full.undo()
    with pytest.raises(StudioError, match="No space left"):
        full.candidates.add(CandidateRecord("c1", full.store.put_blank(3, 3)))
    monkeypatch.undo()
    assert summary(full) == before
    assert (full.folder / JOURNAL).stat().st_size == size
    move(full, "i1", 5.0)
    recovered = Project.recover(crash(full))
    assert recovered.board.item("i1").x == 5.0
    recovered.close()


def test_half_a_line_is_no_line(full: Project) -> None:
    before, size = summary(full), (full.folder / JOURNAL).stat().st_size
    journal = full.journal.file
    assert journal is not None
    whole = journal._file

    class Filling:
        """A disk with room for ten bytes more: it takes these, and is silent about the others."""

        def write(self, lines: bytes) -> int:
            return whole.write(lines[:10]) or 0

        def __getattr__(self, name: str) -> object:
            return getattr(whole, name)

    vars(journal)["_file"] = Filling()
    with pytest.raises(StudioError, match="the disk is full"):
        move(full, "i1", 5.0)
    vars(journal)["_file"] = whole
    assert summary(full) == before
    assert (full.folder / JOURNAL).stat().st_size == size
    move(full, "i1", 6.0)
    recovered = Project.recover(crash(full))
    assert recovered.board.item("i1").x == 6.0
    recovered.close()


def test_a_slow_disk_does_not_hold_up_the_window(
    full: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, began = threading.Event(), threading.Event()

    def crawl(_descriptor: int) -> None:
        began.set()
        free.wait(30)

    monkeypatch.setattr("aigc_studio.project.journal.os.fsync", crawl)
    before = full.position
    for x in range(3):
        move(full, "i1", float(x))  # would take 90 s, were it to wait
    assert began.is_set()
    assert not free.is_set()
    lines = (full.folder / JOURNAL).read_bytes().splitlines()
    assert [json.loads(line)["op"] for line in lines[-3:]] == ["do"] * 3
    assert full.position == before + 3
    free.set()


def test_a_sync_that_fails_late_is_told_with_the_next_step(
    full: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, failed = threading.Event(), threading.Event()

    def crawl(_descriptor: int) -> Never:
        free.wait(30)
        failed.set()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("aigc_studio.project.journal.os.fsync", crawl)
    move(full, "i1", 1.0)
    free.set()
    failed.wait(30)
    with pytest.raises(StudioError, match="Input/output"):
        move(full, "i1", 2.0)
    monkeypatch.undo()
    assert full.board.item("i1").x == 1.0


def test_a_command_that_does_not_fit_is_not_journaled(
    project: Project, place: Callable[..., Item]
) -> None:
    item = place(project, Text("x"))
    stale = commands.remove_items(project.board, [item.id])
    move(project, item.id, 9.0)
    before = (project.folder / JOURNAL).read_bytes()
    with pytest.raises(ValueError, match="fit"):
        project.do(stale)
    assert (project.folder / JOURNAL).read_bytes() == before


def test_undo_and_redo_take_only_the_command_whose_turn_it_is(full: Project) -> None:
    first, last = full.history[0], full.history[full.position - 1]
    with pytest.raises(ValueError, match="latest"):
        full.undo(first)
    full.undo(last)
    with pytest.raises(ValueError, match="next"):
        full.redo(first)
    full.redo(last)
    for _step in range(full.position):
        full.undo()
    with pytest.raises(ValueError, match="latest"):
        full.undo()


def test_modified_follows_history_and_not_the_number_of_steps(
    full: Project, tmp_path: Path
) -> None:
    said = [full.modified]
    full.save(tmp_path / "a.aigc")
    said.append(full.modified)
    full.undo()
    said.append(full.modified)
    full.redo()
    said.append(full.modified)
    assert said == [True, False, True, False]
    full.undo()
    move(full, "i1", 3.0)
    assert full.position == 3
    assert full.modified


def test_a_merge_never_changes_what_was_saved(full: Project, tmp_path: Path) -> None:
    move(full, "i1", 1.0)
    full.save(tmp_path / "a.aigc")
    move(full, "i1", 2.0, merge=True)
    full.undo()
    assert not full.modified
    assert full.board.item("i1").x == 1.0


def test_only_unsaved_sessions_count_as_interrupted(
    project: Project, place: Callable[..., Item], tmp_path: Path
) -> None:
    empty, saved, lost = Project.new(), Project.new(), Project.new()
    place(saved, Text("saved"))
    saved.save(tmp_path / "b.aigc")
    place(lost, Text("lost"))
    place(project, Text("still open"))
    assert Project.interrupted() == []
    folders = [crash(each) for each in (empty, saved, lost)]
    assert Project.interrupted() == [lost.folder]
    assert [folder.exists() for folder in folders] == [False, False, True]
    recovered = Project.recover(lost.folder)
    assert Project.interrupted() == []
    recovered.close()
    assert not lost.folder.exists()


def test_saved_and_changed_again_is_interrupted_and_knows_its_file(
    full: Project, tmp_path: Path
) -> None:
    path = tmp_path / "项目 é.aigc"
    full.save(path)
    move(full, "i1", 5.0)
    folder = crash(full)
    assert Project.interrupted() == [folder]
    recovered = Project.recover(folder)
    assert recovered.path == path
    modified = recovered.modified
    recovered.undo()
    assert (modified, recovered.modified) == (True, False)
    recovered.close()


def test_an_opened_project_recovers_with_its_history(full: Project, tmp_path: Path) -> None:
    full.save(tmp_path / "a.aigc")
    opened = Project.open(tmp_path / "a.aigc")
    move(opened, "i1", 5.0)
    opened.candidates.add(CandidateRecord(opened.candidates.new_id(), opened.store.put_blank(2, 2)))
    before = summary(opened)
    recovered = Project.recover(crash(opened))
    assert summary(recovered) == before
    assert len(recovered.history) == 4  # what had been undone is gone, as ever
    recovered.close()


def test_work_done_while_the_file_is_written_is_not_lost(full: Project, tmp_path: Path) -> None:
    snapshot = full.snapshot()
    move(full, "i1", 5.0)
    archive.write(snapshot, tmp_path / "a.aigc")
    full.note_saved(snapshot, tmp_path / "a.aigc")
    before = summary(full)
    folder = crash(full)
    assert Project.interrupted() == [folder]
    recovered = Project.recover(folder)
    assert summary(recovered) == before
    assert recovered.modified
    recovered.save()
    assert Project.interrupted() == []
    assert Project.interrupted() == []
    crash(recovered)
    assert Project.interrupted() == []
    assert not folder.exists()


@pytest.mark.parametrize("bad", [b'{"op":"do","step":3}\n', b'{"op":"what"}\n', b"\x00\n"])
def test_a_journal_damaged_in_the_middle_gives_all_that_can_be_read(
    full: Project, home: Path, bad: bytes
) -> None:
    before = summary(full)
    folder = crash(full)
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    damaged = b"".join([*lines[:3], bad, *lines[3:]])
    (folder / JOURNAL).write_bytes(damaged)
    recovered = Project.recover(folder)
    assert summary(recovered) == before
    recovery = there(recovered.recovery)
    assert (recovery.steps, recovery.lost) == (5, 1)
    assert there(recovery.damaged).read_bytes() == damaged
    move(recovered, "i1", 7.0)
    again = Project.recover(crash(recovered))
    assert again.board.item("i1").x == 7.0
    assert there(again.recovery).lost == 0
    assert again.history == recovered.history
    again.close()
    assert there(recovery.damaged).read_bytes() == damaged


def test_where_there_are_no_locks_work_goes_on_and_nothing_is_tidied_up(
    place: Callable[..., Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: object, _how: int) -> Never:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    project = Project.new()
    place(project, Text("x"))
    assert sessions_module.is_open(project.folder)
    assert Project.interrupted() == []
    assert project.folder.exists()
    project.close()


def test_a_disk_that_nobody_can_write_to_keeps_no_window_open(
    place: Callable[..., Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was mounted anew, for reading only, as happens after a fault."""

    def refuse(*_args: object, **_more: object) -> Never:
        raise OSError(errno.EROFS, "Read-only file system")

    project = Project.new()
    place(project, Text("x"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        project.close()
        patch.setattr(journal, "begin", refuse)
        with pytest.raises(StudioError, match="Read-only"):
            Project.new()
    assert project.folder in Project.interrupted()
    recovered = Project.recover(project.folder)
    assert len(recovered.board) == 1
    recovered.close()


def test_a_session_that_is_open_cannot_be_recovered(
    project: Project, place: Callable[..., Item]
) -> None:
    place(project, Text("x"))
    with pytest.raises(StudioError, match="already open"):
        Project.recover(project.folder)


@pytest.mark.parametrize("text", ["", "nonsense\n", '{"op":"start","version":99}\n', "[]\n"])
def test_a_folder_that_is_no_session_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / JOURNAL).write_text(text)
    with pytest.raises(StudioError, match="cannot be opened"):
        Project.recover(tmp_path)
    assert not sessions_module.is_open(tmp_path)


def test_an_opening_that_was_killed_leaves_nothing(home: Path) -> None:
    half = sessions_module.new_folder()
    (half / "content").mkdir(parents=True)
    assert Project.interrupted() == []
    assert not half.exists()


def test_a_closed_project_takes_no_changes(place: Callable[..., Item]) -> None:
    project = Project.new()
    project.close()
    project.close()
    with pytest.raises(ValueError, match="closed"):
        place(project, Text("x"))


VICTIM = """
import sys
from aigc_studio.api import Text
from aigc_studio.project import CandidateRecord, Change, Item, Project, archive, commands, journal
project = Project.new()
number = 0
while True:
    number += 1
    content = project.store.put(Text(f"text {number}"))
    (id,) = project.board.new_ids(1)
    item = Item(id=id, name=str(number), content=content)
    project.do(commands.add_items(project.board, [item]))
    record = CandidateRecord(project.candidates.new_id(), content)
    project.candidates.add(record)
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
@pytest.mark.parametrize("steps", [1, 20])
def test_kill_9_loses_nothing_that_was_said_to_be_done(home: Path, steps: int) -> None:
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert victim.stdout is not None
    for _step in range(steps):
        victim.stdout.readline()
    (folder,) = sessions_module.sessions_folder().iterdir()
    assert sessions_module.is_open(folder)
    victim.kill()
    said = [line for line in victim.stdout.read().split() if line.isdigit()]
    victim.wait()
    victim.stdout.close()
    accepted = int(said[-1]) if said else steps
    (folder,) = Project.interrupted()
    recovered = Project.recover(folder)
    count = len(recovered.board)
    assert count in (accepted, accepted + 1)
    assert len(recovered.candidates.list()) in (count, count - 1)
    for number, item in enumerate(recovered.board.items, 1):
        assert recovered.store.get(item.content) == Text(f"text {number}")
    recovered.close()


def test_an_item_may_be_added_after_recovery_with_a_new_id(full: Project) -> None:
    recovered = Project.recover(crash(full))
    (id,) = recovered.board.new_ids(1)
    assert id == "i4"
    item = Item(id, "", recovered.store.put(Text("more")))
    recovered.do(commands.add_items(recovered.board, [item]))
    recovered.close()


def test_candidates_that_are_in_no_file_are_known_even_after_a_crash(tmp_path: Path) -> None:
    def add(project: Project, words: str) -> str:
        record = CandidateRecord(project.candidates.new_id(), project.store.put(Text(words)))
        project.candidates.add(record)
        return record.id

    def unsaved(project: Project) -> list[str]:
        return [each.id for each in project.unsaved_candidates]

    project = Project.new()
    first, second = add(project, "1"), add(project, "2")
    assert unsaved(project) == [first, second]
    project.candidates.discard(second)
    snapshot = project.snapshot()
    third = add(project, "3")  # while the file is being written
    project.note_saved(snapshot, tmp_path / "a.aigc")
    assert unsaved(project) == [third]
    project.candidates.restore(second)
    assert unsaved(project) == [second, third]
    again = Project.recover(crash(project))
    assert unsaved(again) == [second, third]
    again.save(tmp_path / "a.aigc")
    assert unsaved(again) == []
    again.close()
    opened = Project.open(tmp_path / "a.aigc")
    assert len(opened.candidates.list()) == 3
    assert unsaved(opened) == []
    opened.close()


def odd_files() -> list[Any]:
    """What may have taken the place of a file, and would be read for ever."""
    made = [pytest.param(lambda path: path.symlink_to("/dev/zero"), id="zeros")]
    if hasattr(os, "mkfifo"):
        made.append(pytest.param(os.mkfifo, id="pipe"))
    return made if Path("/dev/zero").exists() else []


@pytest.mark.parametrize("become", odd_files())
def test_a_journal_that_is_no_file_holds_up_no_start(
    full: Project, become: Callable[[Path], None]
) -> None:
    """The window's start stood still for good, and so did that of each after it."""
    folder = crash(full)
    (folder / JOURNAL).unlink()
    become(folder / JOURNAL)
    assert Project.interrupted() == []
    assert folder.is_dir()
    with pytest.raises(StudioError, match="cannot be opened"):
        Project.recover(folder)


@pytest.mark.parametrize("become", odd_files())
@pytest.mark.parametrize("name", ["content", "opened.zip"])
def test_content_that_is_no_file_is_missing(
    full: Project, become: Callable[[Path], None], name: str
) -> None:
    item = full.board.items[0]
    path = full.store.path(item.medium, item.content.digest)
    before = [each.id for each in full.board.items]
    folder = crash(full)
    if name == "content":
        path.unlink()
        become(path)
    else:
        become(folder / "content" / name)
    recovered = Project.recover(folder)
    left = {each.id for each in recovered.board.items}
    assert left >= set(before) - {item.id}
    recovered.close()
