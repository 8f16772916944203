"""The way out of a field: Escape, or a click on an empty place, gives the canvas the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTextEdit,
)

if TYPE_CHECKING:
    from aigc_studio.ui.window.board.area import BoardArea

_fields = (QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)
_keys = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


class Leaving(QObject):
    """Sees what comes to a window because nothing in it took it.

    Escape ends a preview first, wherever the keyboard is, and where no field has it an explanation
    next; a job that can be cancelled has claimed the key before a field is left. A click that no
    widget took leaves a field as well.
    """

    def __init__(self, window: QMainWindow, area: BoardArea) -> None:
        super().__init__(window)
        self._window = window
        self._view = area.view
        self._staging = area.staging
        self._gate = area.gate
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the event has been dealt with."""
        if event.type() in _keys and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            return event.key() == Qt.Key.Key_Escape and plain and self._escape(event)
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self._leave()
        return False

    def _escape(self, event: QKeyEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        if self._staging.shows_preview:
            # Claimed first, so that the shortcut that cancels a job does not get the key.
            event.accept()
            if pressed:
                self._staging.end_preview()
            return True
        if not self._in_field() and self._gate.end_heat(event):
            return True
        return pressed and self._leave()

    def _in_field(self) -> bool:
        return isinstance(self._window.focusWidget(), _fields)

    def _leave(self) -> bool:
        """Give the canvas the keyboard if a field has it."""
        is_field = self._in_field()
        if is_field:
            self._view.setFocus()
        return is_field
