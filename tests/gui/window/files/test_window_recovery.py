"""What was being worked on when the studio was cut off: named, asked about, and told."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from crashed import crash
from kinds import there
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text
from aigc_studio.project import CandidateRecord, Item, Project, commands, lost, sessions
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.message_bar import MessageBar

Wait = Callable[[Callable[[], object]], None]
BUTTONS = QMessageBox.StandardButton


def cut_off(file: Path | None = None, age: int = 0) -> Path:
    """The session of a project that was not closed, last changed so many days ago."""
    project = Project.new()
    if file is not None:
        project.save(file)
    content = project.store.put(Text("not lost"))
    project.do(commands.add_items(project.board, [Item("i1", "T", content, 0, 0, 320, 180)]))
    journal = crash(project) / sessions.JOURNAL
    then = journal.stat().st_mtime - 86_400 * age
    os.utime(journal, (then, then))
    return project.folder


def click(bar: MessageBar, words: str) -> None:
    next(each for each, _call in bar._calls if words in each.text()).click()


def test_the_offer_names_each_project_and_when_it_was_changed(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, tmp_path: Path
) -> None:
    cut_off(tmp_path / "tales.aigc", age=3)
    cut_off(age=2)
    bar = make_window().board_area.bar
    wait(lambda: "2 projects have unsaved work" in bar.text)
    names = bar.text.split("unsaved work: ")[1]
    new, saved = names.split("; ")
    assert new.startswith("not saved yet (last changed ")
    assert saved.startswith("“tales.aigc” (last changed ")
    assert new[13:] != saved[12:]


def test_of_many_projects_the_offer_names_a_few(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, tmp_path: Path
) -> None:
    for number in range(5):
        cut_off(tmp_path / f"{number}{'x' * 100}.aigc", age=number)
    window = make_window()
    bar = window.board_area.bar
    wait(lambda: "5 projects" in bar.text)
    assert bar.text.endswith("; and 2 more.")
    assert "x" * 60 not in bar.text
    click(bar, "Discard")
    question = there(window.documents.question)
    assert len(question.informativeText().splitlines()) == 5
    question.button(BUTTONS.Cancel).click()


def test_nothing_is_discarded_without_a_question(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, tmp_path: Path
) -> None:
    folders = [cut_off(tmp_path / "tales.aigc"), cut_off()]
    window = make_window()
    bar = window.board_area.bar
    wait(lambda: "2 projects" in bar.text)
    click(bar, "Discard")
    question = there(window.documents.question)
    assert question.text() == "Discard the unsaved work of 2 projects for good?"
    for words in ("“tales.aigc” (last changed ", "not saved yet (last changed "):
        assert words in question.informativeText()
    assert question.defaultButton() is question.button(BUTTONS.Cancel)
    question.reject()  # as Escape does
    assert window.documents.question is None
    assert "2 projects" in bar.text
    assert all(folder.exists() for folder in folders)
    click(bar, "Discard")
    there(window.documents.question).button(BUTTONS.Discard).click()
    wait(lambda: not any(folder.exists() for folder in folders))
    assert "ended before all was saved" not in bar.text


def test_what_is_back_is_said_with_the_next_offer(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    cut_off(), cut_off()
    window = make_window()
    bar = window.board_area.bar
    wait(lambda: "2 projects" in bar.text)
    click(bar, "Bring back")
    wait(lambda: "1 project has unsaved work" in bar.text)
    assert bar.text.startswith("Everything that you had kept is back. The studio ended")
    first = window.studio.project
    click(bar, "Bring back")  # the first is saved or left first
    there(window.documents.question).button(BUTTONS.Discard).click()
    wait(lambda: window.studio.project is not first)
    wait(lambda: bar.text == "Everything that you had kept is back.")


def test_a_candidate_of_a_lost_board_is_seen_whole(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    project = Project.new()
    content = project.store.put(Text("not lost"))
    items = [Item(f"i{n}", "T", content, 340.0 * n, 0, 320, 400) for n in range(3)]
    project.do(commands.add_items(project.board, items))
    for number in range(2):
        made = project.store.put(Text(f"waits {number}"))
        project.candidates.add(CandidateRecord(project.candidates.new_id(), made))
    crash(project)
    window = make_window()
    bar, view = window.board_area.bar, window.board_area.view
    wait(lambda: "1 project" in bar.text)
    click(bar, "Bring back")
    wait(lambda: view.stage.item is not None and bool(window.board_area.staging.shown))
    assert view.seen().contains(there(view.stage.place))
    zoom, seen = view.zoom, view.seen()
    window.board_area.staging.deciding.step(1)  # only the opening chooses a view
    wait(lambda: view.stage.item is not None)
    assert (view.zoom, view.seen()) == (zoom, seen)


def test_that_a_journal_was_damaged_is_said_with_the_next_offer(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait
) -> None:
    cut_off(age=1)
    path = cut_off() / sessions.JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(bytes(60) + b"".join(lines)[60:])
    bar = make_window().board_area.bar
    wait(lambda: "2 projects" in bar.text)
    click(bar, "Bring back")
    wait(lambda: "1 project has unsaved work" in bar.text)
    assert bar.text.startswith("The journal of the session is damaged: 1 step is back")


@pytest.mark.parametrize("saved", [False, True])
def test_a_lost_session_knows_its_file(home: Path, tmp_path: Path, saved: bool) -> None:
    file = tmp_path / "tales.aigc" if saved else None
    folder = cut_off(file)
    (seen,) = lost.find().values()
    assert seen.file == file
    assert seen.changed == pytest.approx((folder / sessions.JOURNAL).stat().st_mtime)
    Project.recover(folder).close()
