"""The real window beside another process on the same home and the same project."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crashed import crash
from kinds import there
from neighbour import Neighbour, neighbours
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text
from aigc_studio.project import Item, Project, commands, sessions
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]


@pytest.fixture
def other() -> Iterator[Neighbour]:
    with neighbours() as (one,):
        yield one


def add(project: Project, words: str) -> None:
    content = project.store.put(Text(words))
    (id,) = project.board.new_ids(1)
    project.do(commands.add_items(project.board, [Item(id, words, content, 0, 0, 100, 50)]))


def put(studio: Studio, words: str) -> None:
    content = studio.project.store.put(Text(words))
    (id,) = studio.project.board.new_ids(1)
    item = Item(id, words, content, 0, 0, 100, 50)
    assert studio.do(commands.add_items(studio.project.board, [item]))


def click(window: StudioWindow, words: str) -> None:
    buttons = [each for each, _call in window.board_area.bar._calls]
    next(each for each in buttons if words in each.text()).click()


def answer(window: StudioWindow, words: str) -> None:
    question = there(window.documents.question)
    button = next(each for each in question.buttons() if words in each.text())
    button.click()


def lost(words: str = "lost") -> Path:
    project = Project.new()
    add(project, words)
    return crash(project)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    project = Project.new()
    add(project, "saved")
    path = tmp_path / "one.aigc"
    project.save(path)
    project.close()
    return path


def test_discard_leaves_the_session_that_another_window_works_in(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, other: Neighbour
) -> None:
    taken, free = lost("taken"), lost("free")
    window = make_window()
    bar = window.board_area.bar
    wait(lambda: "2 projects have unsaved work" in bar.text)
    other.does(f"project = Project.recover(Path({str(taken)!r}))")
    other.does("add(project, 'went on')")
    click(window, "Discard")
    answer(window, "Discard")
    wait(lambda: "1 project was not discarded: it is open in another window" in bar.text)
    wait(lambda: window.studio.errands.under_way == 0)
    assert not free.exists()
    other.does("add(project, 'and on')")
    assert other.does("[item.name for item in project.board.items]") == [
        "taken", "went on", "and on",
    ]  # fmt: skip
    assert (taken / sessions.JOURNAL).exists()


def test_bringing_back_what_another_window_brought_back_is_a_sentence(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, other: Neighbour
) -> None:
    folder = lost()
    window = make_window()
    bar = window.board_area.bar
    wait(lambda: "ended before all was saved" in bar.text)
    other.does(f"project = Project.recover(Path({str(folder)!r}))")
    click(window, "Bring back")
    wait(lambda: "already open in another window" in bar.text)
    assert not window.studio.project.board.items


def test_what_changed_since_it_was_offered_is_offered_again(
    qtbot: QtBot, make_window: Callable[..., StudioWindow], wait: Wait, other: Neighbour
) -> None:
    folder = lost()
    window = make_window()
    bar = window.board_area.bar
    wait(lambda: "ended before all was saved" in bar.text)
    other.does(f"project = Project.recover(Path({str(folder)!r}))")
    other.does("add(project, 'went on')")
    other.kill()
    click(window, "Discard")
    answer(window, "Discard")
    wait(lambda: "ended before all was saved" in bar.text and window.studio.errands.under_way == 0)
    assert folder.exists()
    click(window, "Discard")
    answer(window, "Discard")
    wait(lambda: not folder.exists())


def test_a_project_that_is_open_in_another_window_is_a_copy_here(
    qtbot: QtBot, window: StudioWindow, wait: Wait, other: Neighbour, path: Path
) -> None:
    other.does(f"project = Project.open(Path({str(path)!r}))")
    bar = window.board_area.bar
    window.documents.open(path)
    wait(lambda: "one.aigc is open in another window. This is a copy" in bar.text)
    assert [item.name for item in window.studio.project.board.items] == ["saved"]
    assert window.documents.name == "one (copy)"
    before = path.read_bytes()
    put(window.studio, "mine")
    window.documents.save()
    dialog = window.findChildren(QFileDialog)[-1]
    assert Path(dialog.directory().absolutePath()) == path.parent
    dialog.reject()
    window.documents.save_to(path)
    wait(lambda: "The project one.aigc is open in another window: save under" in bar.text)
    assert path.read_bytes() == before
    assert not window.documents.saving
    click(window, "Save as another file")
    window.findChildren(QFileDialog)[-1].reject()
    window.documents.save_to(path.with_name("two.aigc"))
    wait(lambda: window.documents.name == "two")
    other.does("add(project, 'theirs')")
    other.does("project.save()")


@pytest.mark.parametrize("chosen", ["Replace", "another file", "Cancel"])
def test_a_file_that_somebody_changed_is_asked_about_before_it_is_replaced(
    qtbot: QtBot, window: StudioWindow, wait: Wait, path: Path, tmp_path: Path, chosen: str
) -> None:
    theirs = tmp_path / "theirs.aigc"
    project = Project.new()
    add(project, "theirs")
    project.save(theirs)
    project.close()
    window.documents.open(path)
    wait(lambda: window.documents.name == "one")
    put(window.studio, "mine")
    shutil.copyfile(theirs, path)
    before = path.read_bytes()
    window.documents.save()
    wait(lambda: window.documents.question is not None)
    question = there(window.documents.question)
    assert question.defaultButton().text() == "Save as another file"
    assert "changed by another window or program" in question.text()
    assert question.textFormat() is Qt.TextFormat.PlainText
    assert path.read_bytes() == before
    answer(window, chosen)
    if chosen == "Replace":
        wait(lambda: not window.documents.unsaved)
        assert path.with_name("one.aigc~").read_bytes() == before
        put(window.studio, "more")
        window.documents.save()
        wait(lambda: not window.documents.unsaved)
    else:
        assert path.read_bytes() == before
        assert window.documents.unsaved
        if chosen == "another file":
            window.findChildren(QFileDialog)[-1].reject()
    assert window.documents.question is None


def test_the_question_before_closing_does_not_replace_it_either(
    qtbot: QtBot, window: StudioWindow, wait: Wait, path: Path
) -> None:
    window.documents.open(path)
    wait(lambda: window.documents.name == "one")
    put(window.studio, "mine")
    path.write_bytes(b"somebody's")
    left: list[bool] = []
    stayed: list[bool] = []
    window.documents.when_settled(lambda: left.append(True), lambda: stayed.append(True))
    there(window.documents.question).button(QMessageBox.StandardButton.Save).click()
    wait(lambda: "changed by" in (window.documents.question or QMessageBox()).text())
    answer(window, "Cancel")
    assert path.read_bytes() == b"somebody's"
    assert not left
    assert stayed == [True]
    window.documents.when_settled(lambda: left.append(True))
    there(window.documents.question).button(QMessageBox.StandardButton.Save).click()
    wait(lambda: "changed by" in (window.documents.question or QMessageBox()).text())
    answer(window, "Replace")
    wait(lambda: bool(left))
