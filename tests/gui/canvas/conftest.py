"""A board on a canvas, and long texts on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gui.canvas_board import CanvasBoard
from kinds import known
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.writing.long_editor import LongWriting


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot) -> Iterator[CanvasBoard]:
    """A board without a window around it, which is closed in the end."""
    board = CanvasBoard(tmp_path / "session", qtbot)
    yield board
    board.close()


@pytest.fixture
def write(canvas: CanvasBoard) -> Callable[..., LongWriting]:
    """Open the editor of a card with a text, as Enter does."""

    def begin(value: str) -> LongWriting:
        id = canvas.put(Text(value), -300, -300, 420, 500)
        canvas.view.setFocus()
        canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
        canvas.view.select([id])
        canvas.key(Qt.Key.Key_Return)
        card = known(TextItem, canvas.scene.item(id))
        return known(LongWriting, card.writing)

    return begin
