"""Journals that were damaged, cut or written by the studio before: what can be read comes back."""

import errno
import json
import os
import random
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from crashed import crash
from families import posix
from kinds import there

from aigc_studio.api import StudioError, Text
from aigc_studio.project import CandidateRecord, Item, Project, Provenance, commands, journal
from aigc_studio.project import sessions as sessions_module
from aigc_studio.project.replay import Replay

JOURNAL = "journal.jsonl"


@pytest.fixture
def session(project: Project, place: Callable[..., Item], tmp_path: Path) -> Project:
    """A session in which something was saved, and fifteen steps done since."""
    for number in range(5):
        place(project, Text(f"text {number}"))
    project.save(tmp_path / "a.aigc")
    for number in range(10):
        move(project, f"i{number % 5 + 1}", 10.0 + number)
    for number in range(5):
        place(project, Text(f"later {number}"))
    return project


def move(project: Project, id: str, x: float) -> None:
    moved = {id: replace(project.board.item(id), x=x)}
    project.do(commands.change_items(project.board, moved, "move"))


def lines_of(folder: Path) -> list[bytes]:
    return (folder / JOURNAL).read_bytes().splitlines(keepends=True)


def flip(line: bytes) -> bytes:
    """One damaged bit, so that the line is JSON no more, or other JSON."""
    middle = len(line) // 2
    return line[:middle] + bytes([line[middle] ^ 1]) + line[middle + 1 :]


def zeros(line: bytes) -> bytes:
    return bytes(len(line))


def forged(line: bytes, **values: Any) -> bytes:
    """The line with other values and a checksum that fits."""
    entry = json.loads(line)
    entry.pop("sum", None)
    text = json.dumps(entry | values, separators=(",", ":"), sort_keys=True).encode()
    return text[:-1] + b',"sum":"%08x"}\n' % zlib.crc32(text)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit": flip,
    "zeros": zeros,
    "zeros and an end": lambda line: bytes(len(line) - 1) + b"\n",
    "nonsense": lambda line: b"nonsense\n",
    "no object": lambda line: b"[1]\n",
    "nothing": lambda line: b"{}\n",
    "deep": lambda line: b'{"op":' + b"[" * 100_000 + b"\n",
    "a huge number": lambda line: b'{"op":"do","on":1' + b"0" * 5000 + b"}\n",
    "infinity": lambda line: b'{"op":"do","on":Infinity,"to":NaN,"step":{}}\n',
    "no end in sight": lambda line: b"x" * (20 << 20) + b"\n",
    "half of pieces": lambda line: b"+" + line,
    "an end of pieces": lambda line: b"=" + line[3:],
    "wrong types": lambda line: b'{"op":"do","on":"1","to":[],"step":3}\n',
    "no such step": lambda line: b'{"op":"undo","on":77777,"to":88888}\n',
    "an odd op": lambda line: b'{"op":["do"]}\n',
}


@pytest.mark.parametrize("way", list(DAMAGES))
@pytest.mark.parametrize("place_", ["first", "begun", "after the save", "middle", "last but one"])
def test_a_damaged_line_costs_at_most_its_own_step(
    session: Project, home: Path, way: str, place_: str
) -> None:
    items = session.board.items
    folder = crash(session)
    lines = lines_of(folder)
    saved = next(n for n, line in enumerate(lines) if b'"op":"saved"' in line)
    number = {"first": 0, "begun": 1, "after the save": saved + 1, "middle": saved + 4}.get(
        place_, len(lines) - 2
    )
    lines[number] = DAMAGES[way](lines[number])
    damaged = b"".join(lines)
    (folder / JOURNAL).write_bytes(damaged)
    assert Project.interrupted() == [folder]
    recovered = Project.recover(folder)
    recovery = there(recovered.recovery)
    assert recovery.lost
    assert there(recovery.damaged).read_bytes() == damaged
    assert str(there(recovery.damaged)).startswith(str(home))
    assert recovery.steps >= (16 if way == "zeros" else 17)
    # Zeros without an end run into the next line, and take it along.
    missing = len({item.id for item in items} - {item.id for item in recovered.board.items})
    other = sum(recovered.board.get(item.id) not in (None, item) for item in items)
    assert missing + other <= (2 if way == "zeros" else 1)
    while recovered.position:
        recovered.undo()
    while recovered.position < len(recovered.history):
        recovered.redo()
    again = Project.recover(crash(recovered))
    assert again.board.items == recovered.board.items
    assert there(again.recovery).lost == 0
    again.save(folder.parent / "b.aigc")
    again.close()
    assert there(recovery.damaged).read_bytes() == damaged


def test_steps_that_cannot_be_read_are_offered_and_one_session_hides_no_other(
    session: Project, place: Callable[..., Item]
) -> None:
    other = Project.new()
    place(other, Text("fine"))
    folders = [crash(session), crash(other)]
    lines = lines_of(folders[0])
    saved = next(n for n, line in enumerate(lines) if b'"op":"saved"' in line)
    lines[saved] = forged(lines[saved]).replace(b'"steps":5', b'"steps":1e2')
    (folders[0] / JOURNAL).write_bytes(b"".join(lines))
    assert sorted(Project.interrupted()) == sorted(folders)
    lines[saved] = forged(lines_of(folders[0])[saved], steps=1e2)
    (folders[0] / JOURNAL).write_bytes(b"".join(lines[: saved + 1]))
    assert sorted(Project.interrupted()) == sorted(folders)
    for folder in folders:
        Project.recover(folder).close()


@pytest.mark.parametrize("steps", [1e2, "5", None, -1, [], True, 10**40])
def test_a_save_that_says_odd_things_hides_nothing(session: Project, steps: Any) -> None:
    folder = crash(session)
    lines = lines_of(folder)
    saved = next(n for n, line in enumerate(lines) if b'"op":"saved"' in line)
    lines[saved] = forged(lines[saved], steps=steps)
    (folder / JOURNAL).write_bytes(b"".join(lines))
    assert Project.interrupted() == [folder]
    recovered = Project.recover(folder)
    assert len(recovered.board) == 10
    recovered.close()


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"x" * 100, b"\xff\n" * 9, b"{}\n{}\n"])
def test_a_journal_of_which_nothing_is_left_stays_until_the_person_throws_it_away(
    session: Project, content: bytes
) -> None:
    folder = crash(session)
    (folder / JOURNAL).write_bytes(content)
    assert Project.interrupted() == [folder]
    with pytest.raises(StudioError, match="cannot be opened"):
        Project.recover(folder)
    assert (folder / JOURNAL).read_bytes() == content


def test_a_journal_cut_off_within_its_beginning_is_offered(
    session: Project, tmp_path: Path
) -> None:
    session.close()
    opened = Project.open(tmp_path / "a.aigc")
    move(opened, "i1", 99.0)
    folder = crash(opened)
    lines = lines_of(folder)
    begun = next(n for n, line in enumerate(lines) if b'"op":"begun"' in line)
    for count in range(begun + 1):
        (folder / JOURNAL).write_bytes(b"".join(lines[:count]))
        assert Project.interrupted() == [folder], count
    recovered = Project.recover(folder)
    assert len(recovered.board) == 5
    recovered.close()


@pytest.mark.parametrize("place_", ["start", "begun", "both"])
def test_a_session_of_a_newer_studio_is_left_as_it_is(session: Project, place_: str) -> None:
    folder = crash(session)
    lines = [
        forged(line, version=3, unsaved=False)
        if b'"op":"start"' in line or b'"op":"begun"' in line
        else line
        for line in lines_of(folder)
    ]
    former = lines_of(folder)
    if place_ != "both":
        other = {"start": b'"op":"begun"', "begun": b'"op":"start"'}[place_]
        lines = [old if other in old else new for old, new in zip(former, lines, strict=True)]
    for count in (len(lines), 2):
        (folder / JOURNAL).write_bytes(b"".join(lines[:count]))
        assert Project.interrupted() == [folder]
        with pytest.raises(StudioError, match="newer AIGC Studio"):
            Project.recover(folder)
        assert lines_of(folder) == lines[:count]


@pytest.mark.parametrize("seed", range(6))
def test_what_came_back_of_lines_out_of_turn_comes_back_once_more(
    session: Project, seed: int
) -> None:
    for number in range(3):
        offered = session.store.put(Text(f"offered {number}"))
        session.candidates.add(CandidateRecord(session.candidates.new_id(), offered))
        session.do(session.candidates.accept(f"c{number + 1}"))
    folder = crash(session)
    lines = lines_of(folder)
    random.Random(seed).shuffle(lines)
    (folder / JOURNAL).write_bytes(b"".join(lines if seed else lines_of(folder)[::-1]))
    first = Project.recover(folder)
    again = Project.recover(crash(first))
    assert there(again.recovery).lost == 0
    assert again.board.items == first.board.items
    assert again.candidates.list() == first.candidates.list()
    assert (again.history, again.position) == (first.history, first.position)
    assert again.modified == first.modified
    again.close()


def test_an_undo_that_is_missing_is_made_up_for(
    project: Project, place: Callable[..., Item]
) -> None:
    for number in range(3):
        place(project, Text(str(number)))
    for x in (1.0, 2.0):
        move(project, "i1", x)
    project.undo()
    move(project, "i2", 5.0)
    project.undo()
    project.redo()
    items, history = project.board.items, project.history
    folder = crash(project)
    lines = lines_of(folder)
    (undo, *_more) = [n for n, line in enumerate(lines) if b'"op":"undo"' in line]
    (folder / JOURNAL).write_bytes(b"".join([*lines[:undo], b"x\n", *lines[undo + 1 :]]))
    recovered = Project.recover(folder)
    assert recovered.board.items == items
    assert recovered.history == history
    recovered.close()


def test_a_lost_making_is_not_taken_for_a_persons_own(
    project: Project, provenance: Provenance
) -> None:
    item = Item("i1", "p", project.store.put_blank(3, 3), provenance=provenance)
    project.do(commands.add_items(project.board, [item]))
    folder = crash(project)
    lines = lines_of(folder)
    (made,) = [n for n, line in enumerate(lines) if b'"op":"made"' in line]
    (folder / JOURNAL).write_bytes(b"".join([*lines[:made], b"x\n", *lines[made + 1 :]]))
    recovered = Project.recover(folder)
    found = there(recovered.board.item("i1").provenance)
    assert (found.generator, found.seed) == ("unknown", provenance.seed)
    recovered.close()


def test_a_step_of_any_length_is_written_in_pieces_and_read(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "PIECE", 100)
    content = project.store.put(Text("+=+=+"))
    items = [Item(f"i{n}", f"+=\n{n}", content, x=float(n)) for n in range(1, 40)]
    project.do(commands.add_items(project.board, items))
    folder = crash(project)
    lines = lines_of(folder)
    assert max(map(len, lines[2:])) <= 102
    recovered = Project.recover(folder)
    assert recovered.board.items == tuple(items)
    assert there(recovered.recovery).lost == 0
    crash(recovered)
    (folder / JOURNAL).write_bytes(b"".join(lines[:-1]))  # torn off in the middle of the pieces
    recovered = Project.recover(folder)
    assert recovered.board.items == ()
    recovered.do(commands.add_items(recovered.board, items))
    recovered = Project.recover(crash(recovered))
    assert recovered.board.items == tuple(items)
    recovered.close()


def test_what_is_no_json_is_never_written(project: Project, place: Callable[..., Item]) -> None:
    place(project, Text("x"))
    before = (project.folder / JOURNAL).read_bytes()
    deep: Any = []
    for _level in range(10_000):
        deep = [deep]
    for odd in (float("nan"), {1, 2}, deep, b"x"):
        with pytest.raises(ValueError, match=r".+"):
            there(project.journal.file).append({"op": "do", "odd": odd})
    assert (project.folder / JOURNAL).read_bytes() == before
    move(project, "i1", 3.0)


@pytest.mark.parametrize(
    "title", [{"en": "made", "zh": None}, {"en": 5}, 5, ["a"], None, "t" * 10**6]
)
def test_a_title_that_is_no_text_loses_no_session_and_no_file(
    project: Project, tmp_path: Path, title: Any
) -> None:
    content = project.store.put(Text("made"))
    project.candidates.add(CandidateRecord("c1", content, title=title, action=title))
    project.do(project.candidates.accept("c1"))
    move(project, "i1", 5.0)
    project.save(tmp_path / "a.aigc")
    items = project.board.items
    recovered = Project.recover(crash(project))
    assert recovered.board.items == items
    assert there(recovered.recovery).lost == 0
    recovered.close()
    opened = Project.open(tmp_path / "a.aigc")
    assert (opened.board.items, opened.damage) == (items, ())
    assert len(opened.history) == 2
    opened.close()


# Beginning anew


def wait_until_renewed(project: Project) -> None:
    there(there(project.journal.file)._renewing).join(30)


def test_a_journal_begins_anew_and_nothing_is_lost(
    session: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.candidates.add(CandidateRecord("c1", session.store.put(Text("waits"))))
    monkeypatch.setattr(journal, "GROWTH", 2000)
    sizes = []
    for number in range(300):
        move(session, f"i{number % 5 + 1}", float(number))
        session.undo()
        sizes.append((session.folder / JOURNAL).stat().st_size)
        if number % 50 == 0 and there(session.journal.file)._renewing:
            wait_until_renewed(session)
    wait_until_renewed(session)
    assert min(sizes[-100:]) < max(sizes)
    assert max(sizes) < 200_000
    before = (session.board.items, session.history, session.position, session.modified)
    waiting = session.candidates.list()
    recovered = Project.recover(crash(session))
    after = (recovered.board.items, recovered.history, recovered.position, recovered.modified)
    assert after == before
    assert recovered.candidates.list() == waiting
    assert [each.id for each in recovered.unsaved_candidates] == ["c1"]
    assert there(recovered.recovery).lost == 0
    recovered.save()
    folder = crash(recovered)
    assert Project.interrupted() == []
    assert not folder.exists()


def test_steps_that_come_while_it_begins_anew_are_in_the_new_one(
    session: Project, provenance: Provenance, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = Item("i90", "p", session.store.put_blank(3, 3), provenance=provenance)
    session.do(commands.add_items(session.board, [item]))
    free, began = threading.Event(), threading.Event()
    line = journal.line

    def slow(entry: dict[str, Any]) -> bytes:
        if threading.current_thread().name == "journal anew":
            began.set()
            free.wait(30)
        return line(entry)

    monkeypatch.setattr(journal, "line", slow)
    session.journal.renew()
    began.wait(30)
    session.do(commands.duplicate(session.board, ["i90"]))
    session.undo()
    session.redo()
    free.set()
    wait_until_renewed(session)
    move(session, "i1", 99.0)
    before = (session.board.items, session.history, session.position)
    recovered = Project.recover(crash(session))
    assert (recovered.board.items, recovered.history, recovered.position) == before
    assert recovered.board.items[-1].provenance == provenance
    recovered.close()


def test_a_disk_without_room_for_the_new_journal_leaves_the_old_one(
    session: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aigc_studio.project.journal.os.replace", refuse)
    session.journal.renew()
    wait_until_renewed(session)
    monkeypatch.undo()
    assert not list(session.folder.glob("*.new"))
    move(session, "i1", 99.0)
    items = session.board.items
    recovered = Project.recover(crash(session))
    assert recovered.board.items == items
    recovered.close()


@pytest.mark.parametrize("replaced", [True, False])
def test_a_journal_that_cannot_be_opened_anew_is_opened_by_the_next_step(
    session: Project, monkeypatch: pytest.MonkeyPatch, replaced: bool
) -> None:
    opened = Path.open

    def refuse(path: Path, mode: str = "r", *more: Any, **told: Any) -> Any:
        if mode == "a+b":
            raise OSError(errno.EMFILE, "Too many open files")
        return opened(path, mode, *more, **told)

    def keep(*_paths: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", refuse)
    if not replaced:
        monkeypatch.setattr("aigc_studio.project.journal.os.replace", keep)
    session.journal.renew()
    wait_until_renewed(session)
    before = session.board.items
    with pytest.raises(StudioError, match="Too many open files"):
        move(session, "i1", 98.0)
    assert session.board.items == before
    monkeypatch.undo()
    for number in range(3):
        move(session, "i1", 99.0 + number)
    assert there(session.journal.file)._thread.is_alive()
    items = session.board.items
    recovered = Project.recover(crash(session))
    assert recovered.board.items == items
    assert there(recovered.recovery).lost == 0
    recovered.close()


# Other programs


@posix
@pytest.mark.parametrize("kind", ["gone", "moved", "replaced", "cut", "empty", "added to", "pipe"])
def test_a_journal_that_another_program_has_changed_is_written_anew(
    session: Project, place: Callable[..., Item], kind: str
) -> None:
    path = session.folder / JOURNAL
    match kind:
        case "gone":
            path.unlink()
        case "moved":
            path.rename(path.with_name("elsewhere"))
        case "replaced":
            path.unlink()
            path.write_bytes(b"{}\n" * 1000)
        case "cut":
            os.truncate(path, path.stat().st_size // 2)
        case "empty":
            os.truncate(path, 0)
        case "added to":
            with path.open("ab") as file:
                file.write(b"garbage\n" * 9)
        case _:
            path.unlink()
            os.mkfifo(path)
    for number in range(3):
        move(session, "i1", 98.0 + number)
        place(session, Text(f"after it {number}"))
    session.undo()
    wait_until_renewed(session)
    state = session.board.items, session.history, session.position
    recovered = Project.recover(crash(session))
    assert (recovered.board.items, recovered.history, recovered.position) == state
    assert there(recovered.recovery).lost == 0
    recovered.close()


def test_a_changed_journal_is_tried_again_when_writing_it_anew_has_failed(
    session: Project, place: Callable[..., Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a crash would lose all, for what is there has no beginning."""
    os.truncate(session.folder / JOURNAL, 0)

    def refuse(*_paths: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("aigc_studio.project.journal.os.replace", refuse)
        move(session, "i1", 98.0)
        wait_until_renewed(session)
    for number in range(12):
        move(session, "i1", 99.0 + number)
        place(session, Text(f"after it {number}"))
        wait_until_renewed(session)
    state = session.board.items, session.history, session.position
    recovered = Project.recover(crash(session))
    assert (recovered.board.items, recovered.history, recovered.position) == state
    recovered.close()


@posix
@pytest.mark.parametrize("kind", ["cut", "empty", "added to"])
@pytest.mark.parametrize("fault", ["no room", "no place"])
def test_a_journal_that_could_not_be_written_anew_is_tried_again(
    session: Project, monkeypatch: pytest.MonkeyPatch, kind: str, fault: str
) -> None:
    def refuse(*_any: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = session.folder / JOURNAL
    kept = there(session.journal.file)
    match kind:
        case "cut":
            os.truncate(path, path.stat().st_size // 2)
        case "empty":
            os.truncate(path, 0)
        case _:
            with path.open("ab") as file:
                file.write(b"garbage\n" * 9)
    if fault == "no room":
        monkeypatch.setattr(journal.Journal, "_copied", refuse)
    else:
        monkeypatch.setattr("aigc_studio.project.journal.os.replace", refuse)
    move(session, "i1", 97.0)
    wait_until_renewed(session)
    monkeypatch.undo()
    assert not kept.is_due  # not at every step
    for number in range(kept._written + 1):
        move(session, "i1", 98.0 + number)
        wait_until_renewed(session)
    assert not kept._is_lost()
    items = session.board.items
    recovered = Project.recover(crash(session))
    assert recovered.board.items == items
    assert there(recovered.recovery).lost == 0
    recovered.close()


@posix
def test_a_folder_in_the_place_of_the_journal_keeps_nobody_from_working_and_saving(
    session: Project, tmp_path: Path
) -> None:
    path = session.folder / JOURNAL
    path.unlink()
    (path / "x").mkdir(parents=True)
    for number in range(4):
        move(session, "i1", 98.0 + number)
        wait_until_renewed(session)
    session.save()
    again = Project.open(there(session.path))
    assert again.board.item("i1").x == 101.0
    again.close()
    there(session.journal.file).close()


@posix
def test_a_change_that_comes_while_it_is_written_anew_is_seen(
    session: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = session.folder / JOURNAL, there(session.journal.file)
    os.truncate(path, 0)
    free, began = threading.Event(), threading.Event()
    line = journal.line

    def slow(entry: dict[str, Any]) -> bytes:
        if threading.current_thread().name == "journal anew":
            began.set()
            free.wait(30)
        return line(entry)

    monkeypatch.setattr(journal, "line", slow)
    move(session, "i1", 98.0)
    assert began.wait(30)
    with path.open("ab") as file:
        file.write(b"garbage\n" * 9)
    move(session, "i1", 99.0)
    free.set()
    wait_until_renewed(session)
    assert kept.is_due
    for number in range(2):
        move(session, "i1", 100.0 + number)
        wait_until_renewed(session)
    assert b"garbage" not in path.read_bytes()
    items = session.board.items
    recovered = Project.recover(crash(session))
    assert recovered.board.items == items
    assert there(recovered.recovery).lost == 0
    recovered.close()


@posix
def test_with_a_folder_in_its_place_not_all_is_written_at_every_step(
    session: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "GROWTH", 1000)
    path, kept = session.folder / JOURNAL, there(session.journal.file)
    path.unlink()
    path.mkdir()
    tries = set()
    for number in range(60):
        move(session, "i1", 98.0 + number)
        wait_until_renewed(session)
        tries.add(kept._renewing)
    assert kept._size > 10 * journal.GROWTH
    assert 1 < len(tries) < 15
    kept.close()


@posix
def test_a_session_folder_that_is_taken_away_is_told_at_the_next_step(
    session: Project, tmp_path: Path
) -> None:
    """Not after hours, when it is to be saved."""
    before = session.board.items
    session.folder.rename(tmp_path / "away")
    with pytest.raises(StudioError, match="cannot be kept"):
        move(session, "i1", 98.0)
    assert session.board.items == before
    (tmp_path / "away").rename(session.folder)
    move(session, "i1", 99.0)
    items = session.board.items
    recovered = Project.recover(crash(session))
    assert recovered.board.items == items
    recovered.close()


# Content that is gone


def test_content_that_is_gone_is_told_and_the_rest_can_be_saved(
    session: Project, tmp_path: Path
) -> None:
    content = session.board.item("i2").content
    session.store.path("text", content.digest).unlink()
    recovered = Project.recover(crash(session))
    assert len(recovered.damage) == 1
    assert "the text is damaged" in recovered.damage[0]
    assert len(recovered.board) == 10
    recovered.save(tmp_path / "b.aigc")
    recovered.close()
    opened = Project.open(tmp_path / "b.aigc")
    assert opened.damage == ()
    opened.close()


def test_a_session_folder_that_is_no_folder_hides_nothing(session: Project, home: Path) -> None:
    odd = sessions_module.new_folder()
    (odd / JOURNAL).mkdir(parents=True)
    folder = crash(session)
    assert Project.interrupted() == [folder]
    Project.recover(folder).close()


def test_a_step_back_looks_through_no_history(project: Project, place: Callable[..., Item]) -> None:
    looked: list[str] = []

    class States(list[int]):
        """Tells when it is gone through from its beginning on."""

        def __iter__(self) -> Iterator[int]:
            looked.append("all")
            return super().__iter__()

        def index(self, *given: Any) -> int:
            looked.append("index")
            return super().index(*given)

        def __contains__(self, value: object) -> bool:
            looked.append("in")
            return super().__contains__(value)

    place(project, Text("x"))
    for number in range(30):
        move(project, "i1", 10.0 + number)
        if number % 3 == 2:
            project.undo()
            project.redo()
            project.undo()
    expected = (project.board.items, project.position)
    entries = journal.read(crash(project) / JOURNAL).entries
    again = Replay(entries)
    begin = again.start()
    again.history.states = States(again.history.states)
    project.board, project.timeline = again.board, again.history
    again.take_all(project, begin)
    assert (again.board.items, again.history.position, again.lost) == (*expected, 0)
    assert looked == []
