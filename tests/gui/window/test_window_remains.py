"""What is true no longer is said no longer, and what is not there cannot be pressed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image, Text
from aigc_studio.project import CandidateRecord, Item, commands
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.settings import Settings
from aigc_studio.ui.window import layout
from aigc_studio.ui.window.board.bottom import BottomPlace
from aigc_studio.ui.window.window import StudioWindow


def put(window: StudioWindow, artifact: Any) -> Item:
    board = window.studio.project.board
    (id,) = board.new_ids(1)
    item = Item(id, "Item", window.studio.project.store.put(artifact), 0, 0, 60, 40)
    assert window.studio.do(commands.add_items(board, [item]))
    return item


def candidate(window: StudioWindow) -> str:
    project = window.studio.project
    record = CandidateRecord(project.candidates.new_id(), project.store.put(Text("words")))
    window.session.artifacts[record.id] = Text("words")
    project.candidates.add(record)
    return record.id


def test_a_mask_can_be_inverted_where_there_is_one(window: StudioWindow) -> None:
    item = put(window, Image(np.full((40, 60), 90, np.uint8)))
    window.board_area.view.select([item.id])
    invert = window.actions_by_name["invert_mask"]
    assert not invert.isEnabled()
    window.board_area.view.commands.invert_mask()
    window.board_area.finish_edits()
    assert invert.isEnabled()


@pytest.mark.parametrize("what", ["do", "undo", "ask"])
def test_what_was_discarded_is_offered_until_something_else_is_done(
    window: StudioWindow, what: str
) -> None:
    put(window, Text("one"))
    bar, id = window.board_area.bar, candidate(window)
    window.board_area.tray._discard([id])
    assert "dropped" in bar.text
    does: dict[str, Callable[[], object]] = {
        "do": lambda: put(window, Text("two")),
        "undo": window.studio.history.stack.undo,
        "ask": lambda: window.session.ask(
            Prompt(generator="echo", operation="echo", verb="generate", prompt="x", seed=1, count=1)
        ),
    }
    does[what]()
    assert "dropped" not in bar.text


@pytest.mark.parametrize("remembered", [False, True])
def test_a_window_fits_its_screen_with_its_frame(
    qtbot: QtBot, tmp_path: Path, remembered: bool
) -> None:
    settings = Settings(tmp_path / "settings.ini")
    if remembered:
        large = QMainWindow()
        qtbot.addWidget(large)
        large.resize(4000, 3000)
        layout.remember(large, BottomPlace(large), settings)
    window = QMainWindow()
    qtbot.addWidget(window)
    layout.restore(window, BottomPlace(window), settings)
    room = window.screen().availableGeometry().size() - QSize(2, 30)
    assert window.size().boundedTo(room) == window.size()
