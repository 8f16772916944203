"""The History tab: every step of the undo stack; a click goes there."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFrame, QUndoView, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme


class HistoryPanel(QWidget):
    """Shows a QUndoStack, the state it is in marked."""

    def __init__(self, stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = QUndoView(stack, self)
        self.view.setEmptyLabel(_("As it was opened"))
        self.view.setCleanIcon(icons.icon("save", "muted"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setStyleSheet("QListView { border: none; background: transparent; }")
        self.view.setIconSize(QSize(14, 14))
        self.view.setAccessibleName(_("History"))
        self.view.setToolTip(_("Click a step to go back or forward to it"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.GRID, theme.GAP, theme.GRID)
        layout.addWidget(self.view)
