"""How much is seen through what is selected: a slider and a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.window.board.value_box import ValueBox

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView

_WIDTH = 96
_PAGE = 10


class Opacity(QWidget):
    """Follows what the commands of a view are for. While it is dragged it is only shown; letting go
    is one step, and so are keys that go on with each other."""

    def __init__(self, board: BoardView) -> None:
        super().__init__()
        self._board = board
        self._shown = self._from = 100
        self._last: tuple[str, ...] = ()
        """What the last key was for; keys for the same go on with it."""
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(_PAGE)
        self.slider.setFixedWidth(_WIDTH)
        tip = _("How strong the selected layers are: 100 % covers, 0 % is not seen")
        self.slider.setAccessibleName(_("Opacity"))
        self.slider.setToolTip(tip)
        self.box = ValueBox(_("Opacity"), _("Opacity"), tip, 0, 100)
        self.box.box.setSuffix(_(" %"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.box)
        row.addWidget(self.slider)
        self._connect()

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self._slide)
        self.slider.sliderReleased.connect(self._let_go)
        self.slider.installEventFilter(self)
        self.box.changed.connect(self._type)
        self.box.drag_begun.connect(self._begin)
        self.box.dragged.connect(self._pull)
        self.box.drag_ended.connect(self._end)
        self.box.left.connect(self.slider.setFocus)
        self._board.command_made.connect(self._note_command)

    @Slot()
    def refresh(self) -> None:
        """Show that of the topmost layer that is selected."""
        if self.slider.isSliderDown():
            return
        items = self._board.board_scene.meant()
        self.setEnabled(bool(items))
        self._show(round(items[-1].item.opacity * 100) if items else 100)

    def _show(self, percent: int) -> None:
        self._shown = percent
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(percent)
        self.slider.blockSignals(blocked)
        self.box.show_value(percent)

    # The slider

    @Slot(int)
    def _slide(self, percent: int) -> None:
        if self.slider.isSliderDown():
            self._board.commands.show_opacity(percent / 100)
            self.box.show_value(percent)
        else:
            ids = tuple(self._board.commands.ids)
            self._send(percent, goes_on=ids == self._last)
            self._last = ids

    @Slot()
    def _let_go(self) -> None:
        self._send(self.slider.value(), goes_on=False)

    def _send(self, percent: int, *, goes_on: bool) -> None:
        self._shown = percent
        self._board.finish_edits()
        self._board.commands.set_opacity(percent / 100, goes_on=goes_on)
        self.box.show_value(percent)

    @Slot()
    def _note_command(self) -> None:
        """Something else was done: the next key is a step of its own."""
        if not self._board.commands.goes_on:
            self._last = ()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape gives a drag up; the wheel is for who has the keyboard."""
        if isinstance(event, QWheelEvent) and not self.slider.hasFocus():
            event.ignore()
            return True
        escapes = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escapes and event.type() == QEvent.Type.KeyPress and self.slider.isSliderDown():
            blocked = self.slider.blockSignals(True)
            self.slider.setSliderDown(False)
            self.slider.blockSignals(blocked)
            self._board.commands.show_opacity(None)
            self.refresh()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self._last = ()
        return False

    # The number

    def _type(self, percent: float, goes_on: bool) -> None:
        self._send(round(percent), goes_on=goes_on)
        self._show(round(percent))

    @Slot()
    def _begin(self) -> None:
        self._from = self._shown

    @Slot(float)
    def _pull(self, far: float) -> None:
        percent = min(max(round(self._from + far / 2), 0), 100)
        self._board.commands.show_opacity(percent / 100)
        self._show(percent)

    @Slot(bool)
    def _end(self, holds: bool) -> None:
        if holds:
            self._send(self._shown, goes_on=False)
        else:
            self._board.commands.show_opacity(None)
            self.refresh()
