"""The keys of the candidate that is looked at, while no field has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QWidget

from aigc_studio.ui.canvas.staging.bars import BEFORE_KEY

if TYPE_CHECKING:
    from aigc_studio.ui.candidates.strip import CandidateStrip
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.window.making.staging import Staging

_Key = Qt.Key
_STEPS = {_Key.Key_Left: -1, _Key.Key_Up: -1, _Key.Key_Right: 1, _Key.Key_Down: 1}
_PRESSES = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


class StageKeys(QObject):
    """Arrows step, digits pick, Enter keeps, Escape drops, O held shows what was before.

    They work on the canvas and on buttons; in the strip, which has its own, Escape and O do. It
    listens to what has the keyboard and to nothing else.
    """

    def __init__(self, staging: Staging, view: BoardView, strip: CandidateStrip) -> None:
        super().__init__(staging)
        self._staging = staging
        self._view = view
        self._strip = strip
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, former: QWidget | None, now: QWidget | None) -> None:
        if former is not None:
            former.removeEventFilter(self)
            self._staging.show_before(False)
        if now is not None and now.window() is self._view.window() and self._is_ours(now):
            now.installEventFilter(self)

    def _is_ours(self, widget: QWidget) -> bool:
        if widget is self._view or widget is self._strip.list:
            return True
        # Arrows go from one radio button to the next.
        return isinstance(widget, QAbstractButton) and not isinstance(widget, QRadioButton)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the key was one of these."""
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            if event.key() == BEFORE_KEY and not event.isAutoRepeat():
                self._staging.show_before(False)
            return False
        if event.type() not in _PRESSES or not self._staging.can_decide:
            return False
        action = self._action(watched, event)
        if action is None:
            return False
        # Claimed before it becomes a shortcut of the window or of the canvas.
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            action()
        return True

    def _action(self, watched: QObject, event: QKeyEvent) -> Callable[[], object] | None:
        key, staging = Qt.Key(event.key()), self._staging
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return None
        if key == _Key.Key_Escape:
            return staging.drop
        if key == BEFORE_KEY:
            return lambda: staging.show_before(True)
        if watched is self._strip.list or _is_in(self._strip, watched):
            return None
        if key in _STEPS:
            return lambda: staging.step(_STEPS[key])
        if _Key.Key_1 <= key <= _Key.Key_9:
            return lambda: staging.pick(key - _Key.Key_0)
        return staging.keep if key in (_Key.Key_Return, _Key.Key_Enter) else None


def _is_in(parent: QWidget, watched: QObject) -> bool:
    return isinstance(watched, QWidget) and parent.isAncestorOf(watched)
