"""Boards of many items in the real window: held keys, undo, saving, opening, exporting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.project import Project, commands
from aigc_studio.project.export import ExportOptions
from aigc_studio.project.items import Item
from aigc_studio.ui.canvas.scene import following_scene, nudging
from aigc_studio.ui.canvas.tools.tool import Tool
from aigc_studio.ui.window import StudioWindow

CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
COUNT = 120


def items_for(project: Project, count: int = COUNT) -> list[Item]:
    content = project.store.put(Image(np.full((8, 8), 90, np.uint8)))
    ids = project.board.new_ids(count)
    return [
        Item(id, f"Item {n}", content, n % 12 * 48.0, n // 12 * 48.0, 40.0, 40.0)
        for n, id in enumerate(ids)
    ]


def fill(window: StudioWindow, count: int = COUNT) -> list[str]:
    project = window.studio.project
    items = items_for(project, count)
    window.studio.do(commands.add_items(project.board, items))
    window.board_area.view.fit()
    window.board_area.view.setFocus()
    press(window, Qt.Key.Key_A, CTRL)
    return [item.id for item in items]


def press(window: StudioWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.board_area.view, key, modifiers)


def hold(window: StudioWindow, key: Qt.Key, times: int) -> None:
    for number in range(times):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NONE, "", number > 0)
        QApplication.sendEvent(window.board_area.view, event)


def release(window: StudioWindow, key: Qt.Key) -> None:
    QApplication.sendEvent(
        window.board_area.view, QKeyEvent(QEvent.Type.KeyRelease, key, NONE, "", False)
    )


def journal_lines(project: Project) -> int:
    return len((project.folder / "journal.jsonl").read_bytes().splitlines())


class TestArrowKeys:
    def test_a_held_key_is_one_step_of_history_and_one_line(self, window: StudioWindow) -> None:
        ids = fill(window)
        project, stack = window.studio.project, window.studio.history.stack
        steps, lines = stack.count(), journal_lines(project)
        hold(window, Qt.Key.Key_Right, 60)
        assert stack.count() == steps
        release(window, Qt.Key.Key_Right)
        assert stack.count() == steps + 1
        assert journal_lines(project) == lines + 1
        assert project.board.item(ids[5]).x == 5 * 48 + 60

    def test_undo_while_it_is_held_takes_all_of_it_back(self, window: StudioWindow) -> None:
        ids = fill(window)
        hold(window, Qt.Key.Key_Down, 9)
        window.actions_by_name["undo"].trigger()
        assert window.studio.project.board.item(ids[0]).y == 0
        view = window.board_area.view
        assert view.board_scene.shown()[0].place.y() == 0
        window.actions_by_name["redo"].trigger()
        assert window.studio.project.board.item(ids[0]).y == 9

    def test_presses_that_follow_soon_are_one_step(self, window: StudioWindow) -> None:
        ids = fill(window)
        stack = window.studio.history.stack
        steps = stack.count()
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
            press(window, key)
        assert stack.count() == steps + 1
        item = window.studio.project.board.item(ids[0])
        assert (item.x, item.y) == (1, 1)
        window.actions_by_name["undo"].trigger()
        item = window.studio.project.board.item(ids[0])
        assert (item.x, item.y) == (0, 0)
        press(window, Qt.Key.Key_Right)
        assert stack.count() == steps + 1

    def test_presses_after_a_pause_are_another(
        self, window: StudioWindow, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(window)
        steps = window.studio.history.stack.count()
        press(window, Qt.Key.Key_Right)
        monkeypatch.setattr(nudging, "PAUSE_MS", 0)
        press(window, Qt.Key.Key_Right)
        assert window.studio.history.stack.count() == steps + 2

    def test_what_was_saved_in_between_is_not_changed(
        self, window: StudioWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(nudging, "PAUSE_MS", 60_000)
        ids = fill(window)
        hold(window, Qt.Key.Key_Right, 3)
        window.documents.save_to(tmp_path / "held.aigc")
        qtbot.waitUntil(lambda: not window.documents.saving)
        unsaved = [window.documents.unsaved]
        press(window, Qt.Key.Key_Right)
        unsaved.append(window.documents.unsaved)
        window.actions_by_name["undo"].trigger()
        unsaved.append(window.documents.unsaved)
        assert unsaved == [False, True, False]
        saved = Project.open(tmp_path / "held.aigc", tmp_path / "session")
        assert saved.board.item(ids[0]).x == 3
        saved.close()

    def test_an_edit_works_on_what_is_seen(self, window: StudioWindow) -> None:
        ids = fill(window)
        hold(window, Qt.Key.Key_Right, 3)
        target = window.board_area.edit_target()
        assert {item.x for item in target.items if item.id == ids[0]} == {3.0}

    def test_a_menu_that_is_used_meanwhile_comes_after_it(self, window: StudioWindow) -> None:
        ids = fill(window)
        hold(window, Qt.Key.Key_Right, 3)
        window.actions_by_name["hide"].trigger()
        item = window.studio.project.board.item(ids[0])
        assert (item.x, item.visible) == (3, False)
        assert [command.kind for command in window.studio.project.history][-2:] == ["move", "hide"]


class TestTold:
    @pytest.mark.parametrize("name", ["hide", "delete", "duplicate", "align_left", "undo"])
    def test_the_panel_hears_of_a_command_on_many_a_few_times(
        self, window: StudioWindow, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        told = []
        for count in (20, 200):
            fill(window, count)
            heard: list[Any] = []
            window.board_area.target_changed.connect(lambda heard=heard: heard.append(1))
            window.actions_by_name[name].trigger()
            QApplication.processEvents()
            told.append(len(heard))
        assert told[1] <= max(told[0], 3)


def test_a_project_of_many_opens_whole_and_is_seen_whole(
    window: StudioWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_scene, "AT_ONCE", 20)
    project = Project.new(tmp_path / "session")
    project.do(commands.add_items(project.board, items_for(project)))
    project.save(tmp_path / "many.aigc")
    project.close()
    window.documents.open(tmp_path / "many.aigc")
    qtbot.waitUntil(lambda: len(window.studio.project.board) == COUNT, timeout=20_000)
    view = window.board_area.view
    press(window, Qt.Key.Key_A, CTRL)
    assert view.board_scene.target().number == COUNT
    press(window, Qt.Key.Key_Delete)
    assert len(window.studio.project.board) == 0
    window.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: view.board_scene.is_whole)
    assert len(view.board_scene.shown()) == COUNT
    view.set_tool(Tool.MOVE)


def test_the_board_is_exported_as_it_was_when_that_was_asked(
    window: StudioWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    fill(window)
    window.exporting.write_board(tmp_path / "board.png", ExportOptions())
    window.actions_by_name["delete"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "board.png").exists(), timeout=20_000)
    qtbot.waitUntil(lambda: window.studio.errands.under_way == 0, timeout=20_000)
    with Pillow.open(tmp_path / "board.png") as picture:
        assert picture.size == (11 * 48 + 40, 9 * 48 + 40)
