"""A person at the window: reads what can be read, and acts with a mouse and a keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton


class Person:
    """`actions` are those so far: a click, a drag, a key that is a command, one typing of a text.

    What is done goes to what can be seen, found by its words, and to nothing else of the window.
    """

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.actions: list[str] = []
        self._clicked: QWidget | None = None

    # What it sees

    def buttons(self, words: str) -> list[QAbstractButton]:
        """What can be pressed now and is called this."""
        top = QApplication.activeModalWidget()
        found = []
        # Asked again and again: Qt finds the buttons among all that there is a window at a time.
        for window in [top] if top is not None else QApplication.topLevelWidgets():
            for each in window.findChildren(QAbstractButton) if window.isVisible() else ():
                if each.window() is not window:
                    continue  # a dialog below it has its own turn
                if each.isVisible() and each.isEnabled() and words in _words(each):
                    found.append(each)
        # What does it goes before what only chooses it.
        return sorted(found, key=lambda button: button.isCheckable())

    def look_for(self, condition: Callable[[], object]) -> None:
        """Look on until something is there; that is no action."""
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=150_000)

    # What it does

    def click(self, words: str) -> None:
        """Press the button that is called this, as soon as it is there."""
        self.look_for(lambda: self.buttons(words))
        # What has just come is shown before it has its place.
        self._qtbot.waitUntil(lambda: self._can_press(words), timeout=20_000)
        button = self.buttons(words)[0]
        self._note(f"click {words}")
        self._clicked = button.window()
        place = QPoint(12, button.height() // 2) if button.isCheckable() else button.rect().center()
        self._qtbot.mouseClick(button, LEFT, pos=place)

    def click_at(self, place: QWidget, at: QPoint) -> None:
        """Click a place of the picture."""
        self._note("click the board")
        self._qtbot.mouseClick(place, LEFT, pos=at)

    def drag(self, place: QWidget, points: Sequence[QPoint]) -> None:
        """Draw one line with the button held."""
        self._note("drag")
        self._qtbot.mousePress(place, LEFT, pos=points[0])
        for point in points[1:]:
            self._qtbot.mouseMove(place, point)
        self._qtbot.mouseRelease(place, LEFT, pos=points[-1])

    def key(self, keys: str) -> None:
        """Press a key that is a command."""
        self._note(f"key {keys}")
        # A window manager brings the window forward when a dialog of its has gone; here is none.
        if QApplication.activeWindow() is None and self._clicked is not None:
            self._clicked.activateWindow()
            self.look_for(QApplication.activeWindow)
        keyboard = QApplication.focusWidget() or QApplication.activeWindow()
        assert keyboard is not None
        QTest.keySequence(keyboard, QKeySequence(keys))

    def type(self, text: str) -> None:
        """Type a text where the keyboard is."""
        self._note(f"type {text}")
        self._qtbot.keyClicks(QApplication.focusWidget(), text)

    def _can_press(self, words: str) -> None:
        found = self.buttons(words)
        assert found, f"“{words}” is gone"
        assert is_in_reach(found[0]), f"“{words}” is out of sight"

    def _note(self, what: str) -> None:
        QApplication.processEvents()
        self.actions.append(what)


def _words(button: QAbstractButton) -> tuple[str, ...]:
    text = button.text().replace("&&", "\0").replace("&", "").replace("\0", "&").strip()
    return (text, text.split(" (")[0], button.accessibleName())


def is_in_reach(button: QWidget) -> bool:
    """Whether the pointer gets to it: nothing lies over it, and it is not scrolled away."""
    at = button.mapTo(button.window(), QPoint(min(12, button.width() // 2), button.height() // 2))
    below = button.window().childAt(at)
    return below is button or (below is not None and button.isAncestorOf(below))
