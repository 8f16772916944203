"""No part of the studio is a window for a blink."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.ui.library.facts import Facts


class Windows(QObject):
    """Notes what is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def test_facts_that_were_shown_do_not_come_back_as_windows(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    facts = Facts()
    window.setCentralWidget(facts)
    window.show()
    windows, app = Windows(), QApplication.instance()
    assert app is not None
    app.installEventFilter(windows)
    for size in ("1 kB", "2 kB", "3 kB"):  # Qt shows what is new in a layout a turn later
        facts.show_facts([("Size", size), ("Colours", "grey")])
    QApplication.processEvents()
    app.removeEventFilter(windows)
    assert windows.shown == []
    assert facts.text() == "Size: 3 kB\nColours: grey"
    assert sum(each.isVisible() for each in facts.findChildren(QWidget)) == 4


def test_a_part_without_a_place_is_told(qtbot: QtBot) -> None:
    window, part = QMainWindow(), QWidget()
    qtbot.addWidget(window)
    qtbot.addWidget(part)
    product = {"__name__": "aigc_studio.ui.example", "part": part}
    exec("part.setVisible(False)", product)
    window.show()
    with pytest.raises(AssertionError, match="QWidget has no place yet"):
        exec("part.setVisible(True)", product)
    assert not part.isVisible()
    part.setParent(window)
    exec("part.setVisible(True)", product)
    assert part.isVisible()
