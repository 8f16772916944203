"""The row of candidates itself: keys, dragging out, and the menu of one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QMimeData, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDrag, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QMenu, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.candidates.cells import CELL_ROLE, Cell, CellPainter

_COMPARE_KEY = Qt.Key.Key_C
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class CandidateList(QListWidget):
    """Cells side by side. Enter accepts, Delete discards, Space plays, holding C compares.

    Digits select by number; what is dragged comes from `mime`.
    """

    accept_pressed = Signal()
    discard_pressed = Signal()
    play_pressed = Signal()
    compare_held = Signal(bool)
    seed_chosen = Signal(object)

    def __init__(self, mime: Callable[[], QMimeData], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mime = mime
        self._painter = CellPainter(self)
        self.setItemDelegate(self._painter)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(2)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Candidates"))
        theme.set_kind(self, "bare")
        self.itemDoubleClicked.connect(self.accept_pressed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the strip; the others move the selection."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self.accept_pressed.emit() if plain else event.ignore()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.discard_pressed.emit()
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.play_pressed.emit()
        elif key == _COMPARE_KEY and not event.modifiers():
            if not event.isAutoRepeat():
                self.compare_held.emit(True)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() & ~_KEYPAD:
            self.step(-1 if key == Qt.Key.Key_Up else 1)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and not event.modifiers():
            self._select_number(key - Qt.Key.Key_0)
        else:
            super().keyPressEvent(event)

    def step(self, by: int) -> None:
        """Select the cell after (1) or before (-1) the current one; the ends stay."""
        row = min(max(self.currentRow() + by, 0), self.count() - 1)
        if row >= 0:
            self._select_only(row)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go of the compare key."""
        if event.key() == _COMPARE_KEY and not event.isAutoRepeat():
            self.compare_held.emit(False)
        super().keyReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the play button plays; any other selects."""
        item = self.itemAt(event.position().toPoint())
        if item is not None and event.button() == Qt.MouseButton.LeftButton:
            cell: Cell = item.data(CELL_ROLE)
            place = self._painter.play_place(self.visualItemRect(item))
            if len(cell.frames) > 1 and place.contains(event.position().toPoint()):
                self.setCurrentItem(item)
                self.play_pressed.emit()
                return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the cell under the pointer, or of the current one."""
        item = self.itemAt(event.pos()) or self.currentItem()
        if item is not None:
            menu = self.menu_of(item.data(CELL_ROLE))
            menu.exec(event.globalPos())

    def menu_of(self, cell: Cell) -> QMenu:
        """What can be done with one candidate."""
        menu = QMenu(self)
        menu.addAction(icons.icon("check"), _("Accept"), self.accept_pressed.emit)
        menu.addAction(icons.icon("trash"), _("Discard"), self.discard_pressed.emit)
        if len(cell.frames) > 1:
            title = _("Pause") if cell.playing else _("Play")
            name = "pause" if cell.playing else "play"
            menu.addAction(icons.icon(name), title, self.play_pressed.emit)
        seed = cell.frame.seed
        if seed is not None:
            menu.addSeparator()
            use = _("Use seed {n}").format(n=seed)
            menu.addAction(icons.icon("lock"), use, lambda: self.seed_chosen.emit(seed))
            clipboard = QGuiApplication.clipboard()
            menu.addAction(
                icons.icon("copy"), _("Copy the seed"), lambda: clipboard.setText(str(seed))
            )
        return menu

    def startDrag(self, supported: Qt.DropAction) -> None:
        """Carry the selected ones out."""
        data = self._mime()
        item = self.currentItem()
        if item is None or not data.formats():
            return
        drag = QDrag(self)
        drag.setMimeData(data)
        drawn = item.data(CELL_ROLE).picture(self.devicePixelRatioF())
        drag.setPixmap(drawn)
        size: QSize = drawn.deviceIndependentSize().toSize()
        drag.setHotSpot(QPoint(size.width() // 2, size.height() // 2))
        drag.exec(Qt.DropAction.CopyAction)

    def _select_number(self, number: int) -> None:
        for row in range(self.count()):
            if self.item(row).data(CELL_ROLE).number == number:
                self._select_only(row)

    def _select_only(self, row: int) -> None:
        # Without a command Qt adds to the selection where several may be selected.
        self.setCurrentRow(row, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollToItem(self.item(row))
