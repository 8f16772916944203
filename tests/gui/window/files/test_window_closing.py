"""Leaving a board: at the first press, and never without a question about what would be lost."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text
from aigc_studio.project import CandidateRecord, Item, Project, commands
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]
CONTROL = Qt.KeyboardModifier.ControlModifier


def add_candidates(window: StudioWindow, count: int = 1) -> list[str]:
    """Candidates that wait, as a generation leaves them."""
    project = window.studio.project
    records = [
        CandidateRecord(project.candidates.new_id(), project.store.put(Text(f"waits {number}")))
        for number in range(count)
    ]
    project.candidates.add(*records)
    return [record.id for record in records]


def question_of(window: StudioWindow) -> QMessageBox:
    question = window.documents.question
    assert question is not None
    return question


def answer(window: StudioWindow, button: QMessageBox.StandardButton) -> None:
    question_of(window).button(button).click()


@pytest.mark.parametrize("focus", ["canvas", "prompt", "status bar"])
def test_ctrl_q_quits_at_the_first_press(qtbot: QtBot, window: StudioWindow, focus: str) -> None:
    widgets: dict[str, QWidget] = {
        "canvas": window.board_area.view,
        "prompt": window.panel.middle.page().prompt,
        "status bar": window.status.zoom,
    }
    widgets[focus].setFocus()
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Q, CONTROL)
    assert not window.isVisible()


def test_the_title_bar_closes_at_the_first_press(qtbot: QtBot, window: StudioWindow) -> None:
    window.windowHandle().close()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_no_two_shortcuts_share_a_key_where_both_can_be_pressed(window: StudioWindow) -> None:
    anywhere = (Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut)
    found: dict[str, list[tuple[Qt.ShortcutContext, list[QWidget]]]] = {}
    for action in window.findChildren(QAction):
        owners = [each for each in action.associatedObjects() if isinstance(each, QWidget)]
        for key in action.shortcuts():
            found.setdefault(key.toString(), []).append((action.shortcutContext(), owners))
    for shortcut in window.findChildren(QShortcut):
        parent = shortcut.parent()
        assert isinstance(parent, QWidget)
        found.setdefault(shortcut.key().toString(), []).append((shortcut.context(), [parent]))
    assert "Ctrl+Q" in found
    for keys, all_of_it in found.items():
        for number, (context, owners) in enumerate(all_of_it):
            for other, others in all_of_it[number + 1 :]:
                assert context not in anywhere, keys
                assert other not in anywhere, keys
                pairs = [(one, two) for one in owners for two in others]
                assert not any(one is two or one.isAncestorOf(two) for one, two in pairs), keys
                assert not any(two.isAncestorOf(one) for one, two in pairs), keys


@pytest.mark.parametrize("way", ["new", "open", "quit", "close"])
def test_candidates_of_an_unsaved_board_are_asked_about(
    qtbot: QtBot, window: StudioWindow, tmp_path: Path, way: str
) -> None:
    add_candidates(window, 3)
    assert not window.studio.project.modified
    project = window.studio.project
    ways: dict[str, Callable[[], object]] = {
        "new": window.documents.new,
        "open": lambda: window.documents.open(tmp_path / "other.aigc"),
        "quit": window.actions_by_name["quit"].trigger,
        "close": window.close,
    }
    ways[way]()
    assert window.isVisible()
    question = question_of(window)
    assert "3 candidates wait" in question.text()
    assert "Untitled" in question.text()
    assert "they are lost" in question.informativeText()
    answer(window, QMessageBox.StandardButton.Cancel)
    assert window.studio.project is project
    assert len(project.candidates.list()) == 3
    assert window.isVisible()


def test_one_candidate_is_lost_only_when_the_person_says_so(
    qtbot: QtBot, window: StudioWindow, wait: Wait
) -> None:
    add_candidates(window)
    window.documents.new()
    question = question_of(window)
    assert "1 candidate waits" in question.text()
    assert question.button(QMessageBox.StandardButton.Discard).text() == "Don't save"
    answer(window, QMessageBox.StandardButton.Discard)
    wait(lambda: window.studio.project.candidates.list() == ())
    window.documents.new()
    assert window.documents.question is None


def test_changes_and_candidates_are_asked_about_together(window: StudioWindow) -> None:
    project = window.studio.project
    content = project.store.put(Text("here"))
    item = Item(project.board.new_ids(1)[0], "T", content, 0, 0, 320, 180)
    window.studio.do(commands.add_items(project.board, [item]))
    add_candidates(window, 2)
    window.documents.new()
    assert "changes" in question_of(window).text()
    assert "2 candidates that wait" in question_of(window).informativeText()
    answer(window, QMessageBox.StandardButton.Cancel)


def test_candidates_are_in_the_file_and_only_later_ones_are_asked_about(
    qtbot: QtBot, window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "板.aigc"
    add_candidates(window, 2)
    assert window.isWindowModified()
    window.documents.save_to(path)
    wait(lambda: not window.documents.saving)
    assert not window.isWindowModified()
    window.documents.new()
    assert window.documents.question is None  # all of them are in the file
    wait(lambda: window.studio.project.path is None)
    window.documents.open(path)
    wait(lambda: window.studio.project.path == path)
    assert len(window.studio.project.candidates.list()) == 2
    assert not window.documents.unsaved
    add_candidates(window)
    window.close()
    assert "1 candidate waits that came after “板” was saved" in question_of(window).text()
    answer(window, QMessageBox.StandardButton.Save)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=40_000)
    again = Project.open(path)
    assert len(again.candidates.list()) == 3
    again.close()


def test_what_comes_while_it_is_saved_is_asked_about_too(
    qtbot: QtBot,
    window: StudioWindow,
    wait: Wait,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from aigc_studio.project import archive

    path = tmp_path / "slow.aigc"
    window.studio.project.save(path)
    add_candidates(window)
    write = archive.write

    def slow(*values: object, **named: object) -> None:
        # On the line that the end of the writing takes, so that it comes before it.
        window.studio.errands._mailbox.post(add_candidates, window, 1)
        write(*values, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(archive, "write", slow)
    window.documents.new()
    answer(window, QMessageBox.StandardButton.Save)
    wait(lambda: window.documents.question is not None)
    assert "1 candidate waits that came after" in question_of(window).text()
    answer(window, QMessageBox.StandardButton.Cancel)
    assert len(window.studio.project.candidates.list()) == 2


def test_a_candidate_thrown_away_or_accepted_is_not_asked_about(window: StudioWindow) -> None:
    (id,) = add_candidates(window)
    window.session.discard([id])
    unsaved = [window.documents.unsaved]
    window.session.restore([id])
    assert [*unsaved, window.documents.unsaved] == [False, True]
    window.session.accept([id])
    window.documents.new()
    assert question_of(window).informativeText() == "Otherwise they are lost."
    answer(window, QMessageBox.StandardButton.Cancel)


def put(window: StudioWindow, words: str) -> Item:
    project = window.studio.project
    content = project.store.put(Text(words))
    item = Item(project.board.new_ids(1)[0], "T", content, 0, 0, 320, 180)
    window.studio.do(commands.add_items(project.board, [item]))
    return item


@pytest.mark.parametrize("way", ["leave", "save"])
def test_what_is_being_written_counts_before_a_board_is_left_or_saved(
    window: StudioWindow, wait: Wait, tmp_path: Path, way: str
) -> None:
    item, path = put(window, "one"), tmp_path / "board.aigc"
    window.studio.project.save(path)
    view = window.board_area.view
    view.setFocus()
    view.write(item.id)
    QTest.keyClicks(view.viewport(), "!")
    if way == "leave":
        window.documents.new()
        assert "changes" in question_of(window).text()
        answer(window, QMessageBox.StandardButton.Cancel)
    else:
        window.documents.save()
        wait(lambda: not window.documents.saving)
        again = Project.open(path)
        (saved,) = again.board.items
        assert again.store.get(saved.content) == Text("one!")
        again.close()
    (shown,) = window.studio.project.board.items
    assert window.studio.project.store.get(shown.content) == Text("one!")


def test_a_step_that_came_while_it_was_saved_is_not_marked_as_saved(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.project import archive

    put(window, "one")
    write, free = archive.write, threading.Event()

    def slow(*values: Any, **named: Any) -> None:
        write(*values, **named)
        free.wait(30)

    monkeypatch.setattr(archive, "write", slow)
    window.documents.save_to(tmp_path / "board.aigc")
    put(window, "two")
    free.set()
    wait(lambda: not window.documents.saving)
    assert window.documents.unsaved
    assert not window.studio.history.stack.isClean()


def saved_board(path: Path) -> Path:
    project = Project.new()
    board = project.board
    item = Item(board.new_ids(1)[0], "a", project.store.put(Text(path.stem)), 0, 0, 90, 40)
    project.do(commands.add_items(board, [item]))
    project.save(path)
    project.close()
    return path


def test_a_project_that_arrives_under_a_question_waits_for_the_answer(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    path = saved_board(tmp_path / "second.aigc")
    add_candidates(window)
    window.documents.new()
    first = question_of(window)
    window.documents.open(path)  # by another instance, say
    assert question_of(window) is first
    answer(window, QMessageBox.StandardButton.Discard)
    wait(lambda: window.studio.project.path == path)
    assert window.documents.question is None  # what was there had been let go of


def test_who_stays_is_asked_about_the_project_that_arrived(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    one, two = saved_board(tmp_path / "one.aigc"), saved_board(tmp_path / "two.aigc")
    add_candidates(window)
    window.documents.new()
    first = question_of(window)
    window.documents.open(one)
    window.documents.open(two)
    answer(window, QMessageBox.StandardButton.Cancel)
    wait(lambda: window.documents.question not in (None, first))
    answer(window, QMessageBox.StandardButton.Discard)
    wait(lambda: window.studio.project.path == two)  # the last counts
    assert window.documents.question is None


def test_a_project_that_arrives_waits_until_the_board_is_saved(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, path = tmp_path / "kept.aigc", saved_board(tmp_path / "second.aigc")
    add_candidates(window)
    project = window.studio.project
    window.documents.new()
    window.documents.open(path)
    answer(window, QMessageBox.StandardButton.Save)
    dialog = window.findChildren(QFileDialog)[-1]
    QApplication.processEvents()
    assert window.studio.project is project  # a name is being asked for
    assert window.documents.question is None
    dialog.selectFile(str(kept))
    dialog.accept()
    wait(lambda: window.studio.project.path == path)
    assert kept.exists()


def test_who_leaves_opens_nothing_that_waited(window: StudioWindow, tmp_path: Path) -> None:
    path = saved_board(tmp_path / "second.aigc")
    add_candidates(window)
    window.actions_by_name["quit"].trigger()
    window.documents.open(path)
    answer(window, QMessageBox.StandardButton.Discard)
    QApplication.processEvents()
    assert not window.isVisible()
    assert window.studio.project.path is None


@pytest.mark.parametrize("way", ["close", "new"])
def test_who_asks_twice_is_asked_once(window: StudioWindow, way: str) -> None:
    add_candidates(window)
    ask: Callable[[], object] = window.close if way == "close" else window.documents.new
    ask()
    first = question_of(window)
    ask()
    assert question_of(window) is first
    answer(window, QMessageBox.StandardButton.Cancel)
    QApplication.processEvents()
    assert window.documents.question is None
    ask()  # later it is another matter
    assert question_of(window) is not first


def test_a_disk_that_is_full_keeps_the_window_open_and_says_so(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, project = tmp_path / "board.aigc", window.studio.project
    project.save(path)
    before = path.read_bytes()
    add_candidates(window)

    def full(*_values: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as now:
        now.setattr(os, "fsync", full)  # where a disk may tell it only
        window.close()
        answer(window, QMessageBox.StandardButton.Save)
        bar = window.board_area.bar
        wait(lambda: "No space left" in bar.text)
    assert window.isVisible()
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".*"))  # nothing half written is left
    window.close()
    answer(window, QMessageBox.StandardButton.Save)
    wait(lambda: not window.isVisible())
    again = Project.open(path)
    assert len(again.candidates.list()) == 1
    again.close()
