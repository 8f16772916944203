"""The keys that pick a piece at the caret: the keyboard itself stays with the text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from aigc_studio.ui import keys

Key = Qt.Key
_keypad = Qt.KeyboardModifier.KeypadModifier
_shift = Qt.KeyboardModifier.ShiftModifier
_kinds = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
_steps = {Key.Key_Tab: 1, Key.Key_Right: 1, Key.Key_Backtab: -1, Key.Key_Left: -1}
_enters = (Key.Key_Return, Key.Key_Enter)
_writing = (Key.Key_Backspace, Key.Key_Delete, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End)


class Picked(Protocol):
    """What offers pieces, as its keys know it."""

    choosing: bool
    """Whether plain keys go to the chips: then digits pick, and letters are written as ever."""

    @property
    def count(self) -> int:
        """Chips that can be taken now."""

    def pick(self, number: int) -> None:
        """Put the piece of this number, from 0, at the caret."""

    def step(self, by: int) -> None:
        """Go to the next one, or the one before."""

    def pick_current(self) -> None:
        """Take the one that is gone to."""

    def choose(self, on: bool) -> None:
        """Plain keys go to the chips from now on, or to the text."""

    def write(self) -> None:
        """Have the text written in, if it is not."""

    def end(self) -> object:
        """Pick no more."""


class PickKeys(QObject):
    """Sees the keys of the canvas before anybody else, as long as there is something to pick."""

    def __init__(self, picking: Picked, watched: QWidget) -> None:
        super().__init__(watched)
        self._picking = picking
        self._watched = watched
        watched.installEventFilter(self)

    def leave(self) -> None:
        """See no more keys."""
        self._watched.removeEventFilter(self)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether a key has been dealt with."""
        if event.type() not in _kinds or not isinstance(event, QKeyEvent):
            return False
        pressed = event.type() == QEvent.Type.KeyPress
        deed = self._deed(event)
        if deed is not None:
            event.accept()
            if pressed:
                deed()
            return True
        if self._picking.choosing and _writes(event):
            if not pressed:
                event.accept()  # a letter is written, and is no key of the window
                return True
            self._picking.choose(False)
            self._picking.write()
        return False

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        picking, key = self._picking, Key(event.key())
        number = keys.picked(event)
        if number:
            return partial(picking.pick, number - 1)
        modifiers = event.modifiers() & ~_keypad
        if modifiers & ~_shift:
            return None
        if key == Key.Key_Escape and not modifiers:
            return picking.end
        if not picking.choosing:
            tabs = key == Key.Key_Tab and not modifiers and picking.count
            return partial(picking.choose, True) if tabs else None
        if not modifiers and Key.Key_1 <= key <= Key.Key_9:
            return partial(picking.pick, key - Key.Key_1)
        if key in _steps and (not modifiers or key == Key.Key_Backtab):
            return partial(picking.step, _steps[key])
        return picking.pick_current if key in _enters and not modifiers else None


def _writes(event: QKeyEvent) -> bool:
    """Whether a key means the text: a letter, or one that deletes or moves the caret."""
    if event.modifiers() & ~(_keypad | _shift):
        return False
    text = event.text()
    return event.key() in _writing or (bool(text) and text.isprintable())
