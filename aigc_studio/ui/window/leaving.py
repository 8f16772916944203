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
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.window.making.staging import Staging

_fields = (QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)
_keys = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


class Leaving(QObject):
    """Sees what comes to a window because nothing in it took it.

    Escape ends a preview first, wherever the keyboard is; a job that can be cancelled has claimed
    the key before a field is left. A click that no widget took leaves a field as well.
    """

    def __init__(self, window: QMainWindow, view: BoardView, staging: Staging) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._staging = staging
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
        return pressed and self._leave()

    def _leave(self) -> bool:
        """Give the canvas the keyboard if a field has it."""
        is_field = isinstance(self._window.focusWidget(), _fields)
        if is_field:
            self._view.setFocus()
        return is_field
