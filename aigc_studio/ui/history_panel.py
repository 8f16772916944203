"""The History tab: every step of the undo stack; a click goes there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QPixmap, QResizeEvent, QStandardItemModel, QUndoStack
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import tip

_ROW = 24
_MARK = 14


class StepList(QStandardItemModel):
    """The states of a stack: as it was opened, and after each step.

    Qt's own model of a stack begins anew at each step, so that a step costs more with each that was
    done. Here rows come and go at the end, and what they say is asked for when it is seen. The rows
    are those of a model of Qt's: a view that lays out asks for the index of each.
    """

    def __init__(self, stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(1, 1, parent)
        self._stack = stack
        self._no_mark = QPixmap(_MARK, _MARK)
        self._no_mark.fill(Qt.GlobalColor.transparent)  # so that all words begin at one edge

    def follow(self) -> None:
        """As many rows as there are states."""
        more = self._stack.count() + 1 - self.rowCount()
        if more > 0:
            self.insertRows(self.rowCount(), more)
        elif more < 0:
            self.removeRows(self.rowCount() + more, -more)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """What led to a state, and a mark at the one that was saved."""
        row = index.row()
        words = self._stack.text(row - 1) if row else _("As it was opened")
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(words)
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, _ROW)
        if role == Qt.ItemDataRole.DecorationRole:
            return icons.icon("save", "muted") if row == self._stack.cleanIndex() else self._no_mark
        return None


class _Steps(QListView):
    """The list: where it is first seen, or gets another size, the state it is in is in sight."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())


class HistoryPanel(QWidget):
    """Shows a QUndoStack, the state it is in marked. `go` leads to a state of it that is chosen."""

    def __init__(
        self,
        stack: QUndoStack,
        go: Callable[[int], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._stack = stack
        self._go_to = go
        self._steps = StepList(stack, self)
        self._following = False
        self.view = _Steps()
        self.view.setModel(self._steps)
        self.view.setUniformItemSizes(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setStyleSheet("QListView { border: none; background: transparent; }")
        self.view.setIconSize(QSize(_MARK, _MARK))
        self.view.setAccessibleName(_("History"))
        self.view.setToolTip(_("Click a step to go back or forward to it"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GAP, theme.GRID, theme.GAP, theme.GRID)
        layout.addWidget(self.view)
        stack.indexChanged.connect(self._follow)
        stack.cleanChanged.connect(self.view.viewport().update)
        self.view.selectionModel().currentChanged.connect(self._go)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Show the state that the stack is in."""
        self._following = True
        try:
            self._steps.follow()
            self.view.setCurrentIndex(self._steps.index(self._stack.index(), 0))
        finally:
            self._following = False
        # A step may have taken the place of one that was undone.
        self.view.viewport().update()

    @Slot(QModelIndex)
    def _go(self, current: QModelIndex) -> None:
        """Go to the state that the person chose."""
        if not self._following and current.isValid():
            self._go_to(current.row())
