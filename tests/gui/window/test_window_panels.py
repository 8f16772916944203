"""Jobs panel, undo of what is still on its way, and that every dialog opens."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image, Progress
from aigc_studio.jobs import Job, JobState
from aigc_studio.project import Item, commands
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.jobs_panel import JobRow, duration
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow


def test_every_dialog_opens(
    qtbot: QtBot, window: StudioWindow, wait: Callable[[Callable[[], Any]], None]
) -> None:
    def another_is_shown() -> bool:
        return any(w.isVisible() for w in QApplication.topLevelWidgets() if w is not window)

    for name in ("library", "settings", "log", "shortcuts", "about", "plugins"):
        assert not another_is_shown(), f"before {name}"
        window.actions_by_name[name].trigger()
        wait(another_is_shown)
        for dialog in window.findChildren(QDialog):
            dialog.close()
        wait(lambda: window.studio.errands.under_way == 0)


def test_a_stroke_that_is_still_on_its_way_is_what_undo_takes_back(
    qtbot: QtBot, window: StudioWindow
) -> None:
    board, store = window.studio.project.board, window.studio.project.store
    content = store.put(Image(np.full((300, 300), 255, np.uint8)))
    item = Item(board.new_ids(1)[0], "P", content, -150, -150, 300, 300)
    window.studio.do(commands.add_items(board, [item]))
    view = window.board_area.view
    view.set_tool(Tool.BRUSH)
    middle = view.viewport().rect().center()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(view.viewport(), left, pos=middle)
    QTest.mouseMove(view.viewport(), middle + QPoint(30, 5))
    QTest.mouseRelease(view.viewport(), left, pos=middle + QPoint(30, 5))
    window.actions_by_name["undo"].trigger()
    assert board.items == (item,)  # the stroke is gone, the picture is not
    assert window.actions_by_name["redo"].isEnabled()
    window.actions_by_name["redo"].trigger()
    assert board.items[0].content != content


def test_undo_says_what_it_takes_back(qtbot: QtBot, window: StudioWindow) -> None:
    undo = window.actions_by_name["undo"]
    assert not undo.isEnabled()
    board = window.studio.project.board
    content = window.studio.project.store.put(Image(np.zeros((8, 8), np.uint8)))
    item = Item(board.new_ids(1)[0], "A & B", content, 0, 0, 80, 80)
    window.studio.do(commands.add_items(board, [item]))
    assert undo.isEnabled()
    assert "A && B" in undo.text()
    undo.trigger()
    assert not undo.isEnabled()


def test_a_row_says_how_far_and_offers_a_way_out(qtbot: QtBot, studio: Studio) -> None:
    job = Job(studio.ready[0], "generate", "Make something", None)
    row = JobRow(job)
    qtbot.addWidget(row)
    row.show()
    assert "waiting" in row.state.text()
    job.begin()
    job.take_event(Progress(3, 4, "Drawing"), None)
    assert row.bar.value() == 3
    assert row.state.text() == "Drawing"
    assert row.cancel.isVisible()
    assert not row.remove.isVisible()
    job.cancel()
    qtbot.waitUntil(lambda: job.state is JobState.CANCELLED, timeout=5000)
    assert "cancelled" in row.state.text()
    assert row.remove.isVisible()
    assert not row.cancel.isVisible()


def test_a_row_that_nobody_sees_is_not_shown_anew(qtbot: QtBot, studio: Studio) -> None:
    job = Job(studio.ready[0], "generate", "Make something", None)
    row = JobRow(job)
    qtbot.addWidget(row)
    job.begin()
    for step in range(3):
        job.take_event(Progress(step, 4, "Drawing"), None)
    assert "waiting" in row.state.text()
    row.show()
    assert row.state.text() == "Drawing"
    assert row.bar.value() == 2


def test_jobs_that_ended_long_ago_are_let_go_though_nobody_looked(
    window: StudioWindow, studio: Studio
) -> None:
    jobs = [Job(studio.ready[0], "generate", "Make something", None) for _number in range(33)]
    for job in jobs:
        job.cancel()
        studio.jobs.jobs.append(job)
        studio.jobs.job_added.emit(job)
    assert studio.jobs.jobs == jobs[3:]
    studio.jobs.jobs.clear()


@pytest.mark.parametrize(("seconds", "shown"), [(7, "0:07"), (61.4, "1:01"), (3723, "1:02:03")])
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_no_dialog_is_larger_than_a_small_screen(
    window: StudioWindow,
    wait: Callable[[Callable[[], Any]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its buttons would be below the lower edge."""
    room = QRect(0, 0, 1024, 640)
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: room)
    for name in ("library", "settings", "log", "shortcuts", "about", "plugins"):
        window.actions_by_name[name].trigger()
    for dialog in window.findChildren(QDialog):
        assert dialog.width() <= room.width() - 16, dialog
        assert dialog.height() <= room.height() - 56, dialog
        assert dialog.minimumSizeHint().height() <= room.height() - 56, dialog
        dialog.close()
    wait(lambda: window.studio.errands.under_way == 0)
