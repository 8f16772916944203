"""The row of candidates itself: keys, dragging out, and the menu of one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QDrag, QGuiApplication, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.candidates.cell_list import CellList, stretches
from aigc_studio.ui.candidates.cells import PICTURE_HEIGHT, Cell, CellPainter

_GAP = 2
"""Pixels around each cell."""
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_PAGES: dict[int, int] = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class CandidateList(QListView):
    """Cells side by side. Enter accepts, Delete discards, Space plays.

    Digits select by number; what is dragged comes from `mime`.
    """

    accept_pressed = Signal()
    discard_pressed = Signal()
    play_pressed = Signal()
    learn_pressed = Signal()
    number_chosen = Signal()
    """The cell of a number was asked for, be it the one that is chosen already."""
    seed_chosen = Signal(object)
    chosen_changed = Signal()
    """Others are selected."""
    current_changed = Signal()

    def __init__(self, mime: Callable[[], QMimeData], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mime = mime
        self.shown = CellList(self)
        self.painter = CellPainter(self)
        self.setModel(self.shown)
        self.setItemDelegate(self.painter)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        # All of one size, in a grid: a view that asks each cell for its own, or the model about
        # each row when it lays out, takes longer with each cell.
        self.setUniformItemSizes(True)
        self._set_width(PICTURE_HEIGHT)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Candidates"))
        theme.set_kind(self, "bare")
        self.doubleClicked.connect(self.accept_pressed)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.selectionModel().currentChanged.connect(self.current_changed)
        self.shown.rowsInserted.connect(self._widen)

    @property
    def cells(self) -> list[Cell]:
        """All of them, in their order."""
        return self.shown.cells

    @property
    def current(self) -> Cell | None:
        """The cell that the keyboard is at."""
        return self.shown.cell(self.currentIndex())

    def chosen_rows(self) -> list[int]:
        """The rows that are selected, in ascending order."""
        ranges = self.selectionModel().selection().toList()
        rows = {row for each in ranges for row in range(each.top(), each.bottom() + 1)}
        return sorted(rows)

    def choose_rows(self, rows: list[int]) -> None:
        """Select these and no others; the first becomes current."""
        selection = QItemSelection()
        for first, last in stretches(rows):
            selection.select(self.shown.at(first), self.shown.at(last))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect)
        if rows:
            self.selectionModel().setCurrentIndex(self.shown.at(rows[0]), flags.NoUpdate)

    def rect_of(self, row: int) -> QRect:
        """Where a cell is in the viewport."""
        return self.visualRect(self.shown.at(row))

    def picture_of(self, id: str) -> QPixmap | None:
        """The picture of a candidate as it is drawn now; None while it is not there."""
        cell = self.shown.cell_of(id)
        return self.painter.pictures.of(cell.frame, self.devicePixelRatioF()) if cell else None

    def forget_pictures(self) -> None:
        """Draw all anew when they are seen again, none wider than need be."""
        self.painter.pictures.clear()
        self._set_width(PICTURE_HEIGHT)

    @Slot(QModelIndex, int, int)
    def _widen(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.make_room(max(cell.width for cell in self.cells[first : last + 1]))

    def make_room(self, width: int) -> None:
        """Let the pictures be at least so wide."""
        if width > self.painter.width:
            self._set_width(width)

    def _set_width(self, width: int) -> None:
        self.painter.width = width
        size = self.painter.size
        self.setGridSize(QSize(size.width() + 2 * _GAP, size.height() + 2 * _GAP))

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
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() & ~_KEYPAD:
            self.step(-1 if key == Qt.Key.Key_Up else 1)
        elif key in _PAGES and not event.modifiers() & ~_KEYPAD:
            self.step(_PAGES[key] * max(1, self.viewport().width() // self.gridSize().width()))
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and not event.modifiers():
            self.choose_number(key - Qt.Key.Key_0)
        else:
            super().keyPressEvent(event)

    def step(self, by: int) -> None:
        """Select the cell so many after (or before) the current one; the ends stay."""
        row = min(max(self.currentIndex().row() + by, 0), len(self.cells) - 1)
        if row >= 0:
            self._select_only(row)

    def choose_number(self, number: int) -> None:
        """Select the cell of this number and no other, if it is there."""
        row = self.shown.row_of_number(number)
        if row >= 0:
            self._select_only(row)
            self.number_chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the play button plays; any other selects."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        cell = self.shown.cell(index)
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            button = self.painter.play_place(self.visualRect(index))
            if cell.can_play and button.contains(place):
                self._select_only(index.row())
                self.play_pressed.emit()
                return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the cell under the pointer, or of the current one."""
        cell = self.shown.cell(self.indexAt(event.pos())) or self.current
        if cell is not None:
            menu = self.menu_of(cell)
            menu.exec(event.globalPos())
            menu.deleteLater()

    def menu_of(self, cell: Cell) -> QMenu:
        """What can be done with one candidate."""
        menu = QMenu(self)
        menu.addAction(icons.icon("check"), _("Keep"), self.accept_pressed.emit)
        menu.addAction(icons.icon("trash"), _("Drop"), self.discard_pressed.emit)
        if cell.can_play:
            heard = cell.frame.sounds and cell.frame.id == self.painter.heard
            name = "stop" if heard else "pause" if cell.playing else "play"
            title = {"stop": _("Stop"), "pause": _("Pause"), "play": _("Play")}[name]
            menu.addAction(icons.icon(name), title, self.play_pressed.emit)
        menu.addSeparator()
        learn = _("Learn from These…")
        menu.addAction(icons.icon("learn"), learn, self.learn_pressed.emit)
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
        cell = self.current
        if cell is None or not data.formats():
            return
        drag = QDrag(self)
        drag.setMimeData(data)
        drawn = self.painter.pictures.of(cell.frame, self.devicePixelRatioF())
        if drawn is not None:
            drag.setPixmap(drawn)
            size: QSize = drawn.deviceIndependentSize().toSize()
            drag.setHotSpot(QPoint(size.width() // 2, size.height() // 2))
        drag.exec(Qt.DropAction.CopyAction)

    def _select_only(self, row: int) -> None:
        # Without a command Qt adds to the selection where several may be selected.
        index, flags = self.shown.at(row), QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)
        self.scrollTo(index)
