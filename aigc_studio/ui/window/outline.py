"""What a window shows while the rest of it is built: its menus by name, and where its parts go."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from aigc_studio.ui import theme
from aigc_studio.ui.window.actions.menus import menus

OPTIONS_HEIGHT = 36
"""Pixels of the bar over the board."""
_STATUS_HEIGHT = 28


def show_outline(window: QMainWindow) -> None:
    """Give a window its menu bar and the grounds of its parts; it imports nothing of those."""
    for entry in menus():
        window.menuBar().addMenu(entry.title).setObjectName(entry.name)
    window.setCentralWidget(_Outline())


class _Outline(QWidget):
    """The tools at the left, the options over the board, the prompt at the right."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The colours of what will be there."""
        height = self.height() - _STATUS_HEIGHT
        tools, panel = theme.TOOLS_WIDTH, self.width() - theme.PANEL_WIDTH - 1
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("window"))
            board = QRect(tools, OPTIONS_HEIGHT, panel - tools, height - OPTIONS_HEIGHT)
            painter.fillRect(board, theme.colour("canvas"))
            painter.fillRect(QRect(panel, 0, 1, height), theme.colour("border"))
