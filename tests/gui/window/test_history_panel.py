"""The History tab beside thousands of steps: each costs as much as the first."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from calls import calls
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.project import Item, Project, commands
from aigc_studio.project.content import Content
from aigc_studio.ui import theme
from aigc_studio.ui.history import History
from aigc_studio.ui.history_panel import HistoryPanel

CONTENT = Content("text", "ab" * 32, {"length": 3})


@pytest.fixture
def make_panel(qtbot: QtBot, qapp: QApplication) -> Callable[[int], HistoryPanel]:
    theme.apply(qapp, "light")

    def make(count: int) -> HistoryPanel:
        stack = QUndoStack(qapp)
        panel = HistoryPanel(stack, stack.setIndex)
        qtbot.addWidget(panel)
        panel.resize(200, 300)
        panel.show()
        push(panel, *(f"step {n}" for n in range(1, count + 1)))
        return panel

    return make


def push(panel: HistoryPanel, *names: str) -> None:
    for name in names:
        panel._stack.push(QUndoCommand(name))


def shown(panel: HistoryPanel) -> list[str]:
    model = panel.view.model()
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def test_every_state_has_a_row_and_the_current_one_is_marked(
    make_panel: Callable[[int], HistoryPanel],
) -> None:
    panel = make_panel(3)
    assert shown(panel) == ["As it was opened", "step 1", "step 2", "step 3"]
    assert panel.view.currentIndex().row() == 3
    panel._stack.setIndex(1)
    assert panel.view.currentIndex().row() == 1
    push(panel, "another")
    assert shown(panel) == ["As it was opened", "step 1", "another"]
    assert panel.view.currentIndex().row() == 2
    panel._stack.clear()
    assert shown(panel) == ["As it was opened"]


def test_keys_go_to_states_and_what_was_saved_is_marked(
    make_panel: Callable[[int], HistoryPanel], qtbot: QtBot
) -> None:
    panel = make_panel(5)
    panel._stack.setClean()
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Up)
    assert panel._stack.index() == 4
    qtbot.keyClick(panel.view, Qt.Key.Key_Home)
    assert panel._stack.index() == 0
    model = panel.view.model()
    marks = [model.data(model.index(n, 0), Qt.ItemDataRole.DecorationRole) for n in range(6)]
    assert [isinstance(mark, QIcon) for mark in marks] == [False] * 5 + [True]
    # What bears no mark leaves room for one: all words begin at one edge.
    assert {mark.width() for mark in marks[:5]} == {panel.view.iconSize().width()}


def test_a_step_costs_the_same_after_thousands(
    make_panel: Callable[[int], HistoryPanel],
) -> None:
    took = []
    for count in (50, 3000):
        panel = make_panel(count)

        def act(panel: HistoryPanel = panel) -> None:
            push(panel, "one more")
            QApplication.processEvents()
            panel._stack.undo()
            QApplication.processEvents()

        act()
        took.append(calls(act))
    assert took[1] <= 1.3 * took[0] + 20


@pytest.fixture
def project() -> Iterator[Project]:
    made = Project.new()
    yield made
    made.close()


def test_a_long_history_is_told_once_when_it_is_shown(
    project: Project, make_panel: Callable[[int], HistoryPanel], qtbot: QtBot
) -> None:
    for number in range(60):
        item = Item(f"i{number}", "", CONTENT, 0, 0, 9, 9)
        project.do(commands.add_items(project.board, [item]))
    project.undo()
    history = History()
    panel = HistoryPanel(history.stack, history.go)
    qtbot.addWidget(panel)
    told: list[Any] = []
    history.stack.indexChanged.connect(told.append)
    history.show(project)
    assert len(told) <= 3
    assert (history.stack.count(), history.stack.index()) == (60, 59)
    assert history.stack.canUndo()
    assert history.stack.canRedo()
    assert len(shown(panel)) == 61
    assert panel.view.currentIndex().row() == 59
    history.close()


def test_a_click_far_away_is_one_way_and_not_thousands_of_steps(
    project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.api import StudioError
    from aigc_studio.project.journal import Journal

    history = History()
    history.show(project)
    panel = HistoryPanel(history.stack, history.go)
    qtbot.addWidget(panel)
    panel.resize(200, 300)
    panel.show()
    for number in range(60):
        item = Item(f"i{number}", "", CONTENT, 0, 0, 9, 9)
        assert history.do(commands.add_items(project.board, [item]))
    told: list[Any] = []
    project.board.listeners.append(told.append)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Home)
    assert (project.position, history.stack.index(), len(project.board)) == (0, 0, 0)
    assert len(told) == 1
    qtbot.keyClick(panel.view, Qt.Key.Key_End)
    assert (project.position, history.stack.index(), len(project.board)) == (60, 60, 60)
    said: list[str] = []
    history.failed.connect(said.append)

    def full(*_args: object, **_more: object) -> None:
        raise StudioError("full")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", full)
        qtbot.keyClick(panel.view, Qt.Key.Key_Home)
    assert said == ["full"]
    assert (project.position, history.stack.index()) == (60, 60)
    assert panel.view.currentIndex().row() == 60
    history.stack.undo()
    assert project.position == 59
    history.close()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OSError(28, "No space left on device", "/a/journal.jsonl"),
            "The change could not be written to disk, so it was not made: No space left on device",
        ),
        (
            ValueError("the command does not fit the board"),
            "The change does not fit the board, so it was not made.",
        ),
    ],
)
def test_why_a_step_was_not_made_is_said_without_words_of_the_program(
    project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def breaks(*_all: object, **_more: object) -> None:
        raise error

    history = History()
    history.show(project)
    said: list[str] = []
    history.failed.connect(said.append)
    monkeypatch.setattr(Project, "do", breaks)
    assert not history.do(commands.add_items(project.board, [Item("i", "", CONTENT, 0, 0, 9, 9)]))
    assert said == [sentence]
    history.close()


def test_where_it_stands_is_in_sight_when_it_is_opened(qtbot: QtBot, qapp: QApplication) -> None:
    stack = QUndoStack(qapp)
    for number in range(40):
        stack.push(QUndoCommand(f"step {number}"))
    panel = HistoryPanel(stack, stack.setIndex)
    qtbot.addWidget(panel)
    view = panel.view

    def in_sight() -> bool:
        return view.viewport().rect().contains(view.visualRect(view.currentIndex()))

    for height in (300, 120):  # it comes up, and what lies beside it takes its room
        panel.resize(200, height)
        panel.show()
        qtbot.waitUntil(in_sight)
