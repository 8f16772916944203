"""A pad, opened as a person opens it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.library import DatasetStore
from aigc_studio.ui.drawing.dialog import DrawDialog


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Callable[..., DrawDialog]]:
    made: list[DrawDialog] = []

    def begin(*kinds: str) -> DrawDialog:
        pad = DrawDialog(DatasetStore(), kinds)
        made.append(pad)
        pad.show()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is pad)
        qtbot.waitUntil(pad.page.next.isEnabled)
        return pad

    yield begin
    for pad in made:
        closed(qtbot, pad)


def closed(qtbot: QtBot, pad: DrawDialog) -> None:
    """Close it, once all that it writes is written."""
    import shiboken6

    if shiboken6.isValid(pad):
        pad.reject()
        qtbot.waitUntil(lambda: not shiboken6.isValid(pad))
