"""The list itself under mouse and keyboard: chosen, dragged to another place, shown and hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QListView,
    QToolTip,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import keys, theme
from aigc_studio.ui.layers.layer_list import ROW, LayerList
from aigc_studio.ui.layers.painter import LayerPainter
from aigc_studio.ui.layers.pictures import RowPictures
from aigc_studio.ui.window.letters import TOOLS_HERE

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent

_Key = Qt.Key
_plain = Qt.KeyboardModifier.NoModifier
_alt = Qt.KeyboardModifier.AltModifier
_EDGE = ROW // 2
"""Pixels from the edge where a drag scrolls the list."""
_SCROLL_MS = 60
_OWN = ("rename", "select_all", "escape", "page_up", "page_down", "write", "hold_hand")
"""What the list does by itself, or not at all, of what the canvas has keys for."""


class LayerView(QListView):
    """Shows a `LayerList`. It changes nothing by itself.

    `eye_clicked` carries a row, `dropped` the row above which what is chosen is to lie (as many as
    there are rows: at the bottom). `opened`: the person wants to see this row on the board.
    `asked` carries the name of one of the canvas's actions whose key was pressed, `menu_wanted`
    where on the screen.
    """

    eye_clicked = Signal(int)
    dropped = Signal(int)
    opened = Signal(int)
    asked = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, layers: LayerList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = layers
        self.pictures = RowPictures(self._repaint)
        self.painter = LayerPainter(self.pictures, self)
        self.setModel(layers)
        self.setItemDelegate(self.painter)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        theme.set_kind(self, "bare")
        # Letters choose tools here too: there is a field to find a layer by its name.
        self.setProperty(TOOLS_HERE, True)
        self.setAccessibleName(_("Layers"))
        self.setAccessibleDescription(
            _("Space shows and hides, F2 renames, Alt with the arrow keys changes the order")
        )
        self._pressed: QPoint | None = None
        self._pointer = QPoint()
        self._choose_on_release = False
        self.drop_row = -1
        """Above which row what is dragged would lie now; -1 while nothing is dragged."""
        self._scrolling = QTimer(self, interval=_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll)

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()

    # What is chosen

    def chosen_rows(self) -> list[int]:
        """The chosen rows, the topmost first."""
        chosen = self.selectionModel().selection()
        parts = [chosen.at(number) for number in range(chosen.count())]
        return sorted(row for part in parts for row in range(part.top(), part.bottom() + 1))

    def choose_rows(self, parts: list[tuple[int, int]]) -> None:
        """Choose exactly these stretches of rows."""
        chosen, model = QItemSelection(), self._layers
        for first, last in parts:
            chosen.select(model.index(first, 0), model.index(last, 0))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().select(chosen, flags)

    def stand_at(self, row: int) -> None:
        """Have the keyboard at this row, whatever is chosen."""
        none = QItemSelectionModel.SelectionFlag.NoUpdate
        self.selectionModel().setCurrentIndex(self._layers.index(row, 0), none)

    def rename_row(self, row: int) -> None:
        """Have the name of a row typed anew, in its place."""
        index = self._layers.index(row, 0)
        if index.isValid():
            self.scrollTo(index)
            self.stand_at(row)
            self.edit(index)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The eye; else choose. What is chosen already may be dragged."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and self._eye_at(index, place):
            self.eye_clicked.emit(index.row())
            event.accept()
            return
        self._pressed = place if left and index.isValid() else None
        bare = event.modifiers() == _plain
        self._choose_on_release = left and bare and self.selectionModel().isSelected(index)
        if event.button() == Qt.MouseButton.RightButton and self.selectionModel().isSelected(index):
            event.accept()
        elif self._choose_on_release:
            self.setFocus()
            self.stand_at(index.row())
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, or begin one."""
        place = event.position().toPoint()
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        far = (place - self._pressed).manhattanLength()
        if self.drop_row < 0 and far < QApplication.startDragDistance():
            return
        if self.drop_row < 0:
            self._choose_on_release = False
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._scrolling.start()
        self._pointer = place
        self._show_drop(self._row_near(place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: what was dragged comes to lie there."""
        row, pressed, chooses = self.drop_row, self._pressed, self._choose_on_release
        self._end_drag()
        if row >= 0:
            self.dropped.emit(row)
        elif chooses and pressed is not None:
            at = self.indexAt(pressed).row()
            self.choose_rows([(at, at)])
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The name: another one. The picture: have it in sight on the board."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            super().mouseDoubleClickEvent(event)
            return
        row = self.visualRect(index)
        self._pressed = None
        if self._eye_at(index, place):
            self.eye_clicked.emit(index.row())
        elif self.painter.picture_place(row).contains(place):
            self.opened.emit(index.row())
        else:
            self.rename_row(index.row())

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what the eye does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self._words_for_eye(event.pos())
            if words:
                QToolTip.showText(event.globalPos(), words, self.viewport())
                return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of what is chosen."""
        place = event.globalPos()
        if event.reason() == event.Reason.Keyboard:
            row = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(self.painter.name_place(row).bottomLeft())
        elif not self.indexAt(event.pos()).isValid():
            self.clearSelection()
        self.menu_wanted.emit(place)

    def _eye_at(self, index: QModelIndex, place: QPoint) -> bool:
        return self.painter.eye_place(self.visualRect(index)).contains(place)

    def _words_for_eye(self, place: QPoint) -> str:
        index = self.indexAt(place)
        over = index.isValid() and self._eye_at(index, place)
        item = self._layers.item_at(index.row()) if over else None
        if item is None:
            return ""
        return _("Hide this layer (Space)") if item.visible else _("Show this layer (Space)")

    # Dragging

    def _row_near(self, place: QPoint) -> int:
        """The row above which a thing that is let go there would lie."""
        index = self.indexAt(QPoint(self.width() // 2, place.y()))
        if not index.isValid():
            return 0 if place.y() < 0 else len(self._layers.ids)
        middle = self.visualRect(index).center().y()
        return index.row() if place.y() <= middle else index.row() + 1

    def _show_drop(self, row: int) -> None:
        if row != self.drop_row:
            self.drop_row = row
            self.viewport().update()

    def _end_drag(self) -> None:
        self._pressed, self._choose_on_release = None, False
        self._scrolling.stop()
        self.unsetCursor()
        self._show_drop(-1)

    @Slot()
    def _scroll(self) -> None:
        """Go on scrolling while the pointer is at an edge."""
        place, bar, height = self._pointer, self.verticalScrollBar(), self.viewport().height()
        if place.y() < _EDGE:
            bar.setValue(bar.value() - ROW)
        elif place.y() > height - _EDGE:
            bar.setValue(bar.value() + ROW)
        else:
            return
        self._show_drop(self._row_near(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and where what is dragged would lie."""
        super().paintEvent(event)
        if self.drop_row < 0:
            return
        last = len(self._layers.ids) - 1
        row = self.visualRect(self._layers.index(min(self.drop_row, last), 0))
        y = row.top() if self.drop_row <= last else row.bottom() + 1
        y = min(max(y, 2), self.viewport().height() - 2)
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(theme.colour("surface"))
            painter.drawLine(10, y, self.viewport().width() - 4, y)
            painter.drawEllipse(QPoint(6, y), 3, 3)

    # Keyboard

    def keyboardSearch(self, search: str) -> None:
        """Nothing: there is a field for it, and letters choose tools."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, F2, Enter, Alt with arrows; what the canvas has keys for; the rest is Qt's."""
        action = self._action(event)
        if action is None:
            super().keyPressEvent(event)
            return
        action()
        event.accept()

    def _action(self, event: QKeyEvent) -> Callable[[], object] | None:
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        row = self.currentIndex().row()
        if key == _Key.Key_Escape and self.drop_row >= 0:
            return self._end_drag
        if key == _Key.Key_Space and held == _plain:
            return lambda: self.eye_clicked.emit(row)
        if key in (_Key.Key_Return, _Key.Key_Enter) and held == _plain:
            return lambda: self.opened.emit(row)
        if key in (_Key.Key_Up, _Key.Key_Down) and held == _alt:
            return lambda: self.asked.emit("forward" if key == _Key.Key_Up else "backward")
        name = keys.name_of(event, on_canvas=True)
        if name == "rename":
            return lambda: self.rename_row(row)
        if name in _OWN or not keys.is_of_canvas(name):
            return None
        return lambda: self.asked.emit(name)
