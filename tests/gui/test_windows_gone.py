"""What a test of the window leaves to be deleted is gone before the next one."""

import pytest
import shiboken6
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

_former: list[QWidget] = []


@pytest.mark.parametrize("turn", [1, 2])
def test_the_window_of_the_test_before_is_there_no_more(qtbot: QtBot, turn: int) -> None:
    assert [each for each in _former if shiboken6.isValid(each)] == []
    window = QWidget()
    qtbot.addWidget(window)
    _former.append(window)
