"""ABC text that is pasted into the window is a tune, and the bar has the way back to the text."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]
JIG = "X:1\nT:The Jig\nM:6/8\nL:1/8\nK:G\nGAB DED|G3 G3|]\n"


def media(window: StudioWindow) -> list[str]:
    return [each.medium for each in window.studio.project.board.items]


def test_the_bar_says_what_came_and_puts_the_text_in_instead(
    window: StudioWindow, wait: Wait
) -> None:
    view, bar = window.board_area.view, window.board_area.bar
    QGuiApplication.clipboard().setText(JIG)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: media(window) == ["melody"])
    assert "tune in ABC" in bar.text
    (button,) = (each for each, _call in bar._calls)
    assert button.text() == "Put in the text instead"
    button.click()
    wait(lambda: media(window) == ["text"])
    assert "tune in ABC" not in bar.text  # it holds no longer
    stack = window.studio.history.stack
    stack.undo()
    assert media(window) == ["melody"]  # both at once
    stack.redo()
    assert media(window) == ["text"]
    assert stack.undoText() == "Change 2 items"
    stack.undo()
    stack.undo()
    assert media(window) == []
