"""The list of datasets, each of which takes files that are dropped on it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QListWidgetItem, QWidget

from aigc_studio.ui import theme
from aigc_studio.ui.library.entries import EntryList
from aigc_studio.ui.local_paths import paths_of


class DatasetList(EntryList):
    """`dropped` carries files, and the name of the dataset that they were dropped on; empty for
    none."""

    dropped = Signal(list, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setAcceptDrops(True)
        self._reached = ""
        """Its name: the list may be filled anew meanwhile."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped."""
        self._reach(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """They join the dataset that they are over."""
        self._reach(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They were carried away again."""
        self._mark(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Say which files, and on what they were dropped."""
        item = self.itemAt(event.position().toPoint())
        self._mark(None)
        paths: list[Path] = paths_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths, self.name_of(item))

    def _reach(self, event: QDragMoveEvent) -> None:
        if paths_of(event.mimeData()):
            event.acceptProposedAction()
            self._mark(self.itemAt(event.position().toPoint()))
        else:
            event.ignore()

    def _mark(self, item: QListWidgetItem | None) -> None:
        self._reached = self.name_of(item)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The entries, and a line around the one that something hangs over."""
        super().paintEvent(event)
        items = [self.item(row) for row in range(self.count())] if self._reached else []
        reached = next((each for each in items if self.name_of(each) == self._reached), None)
        if reached is None:
            return
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2))
            place = QRectF(self.visualItemRect(reached)).adjusted(2, 2, -2, -2)
            painter.drawRoundedRect(place, theme.RADIUS, theme.RADIUS)
