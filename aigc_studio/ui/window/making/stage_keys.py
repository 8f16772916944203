"""The keys of the candidate that is looked at, while no field has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QRadioButton,
    QWidget,
)

from aigc_studio.ui import keys

if TYPE_CHECKING:
    from aigc_studio.ui.candidates.strip import CandidateStrip
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.window.making.staging import Staging

_Key = Qt.Key
_ARROWS = (_Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down)
_PRESSES = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


class StageKeys(QObject):
    """What the table of keys has for candidates, and digits that pick.

    They work on the canvas, on buttons, and on what arrows move (all but the arrows): whoever has
    just dragged a slider looks at what came of it. In the strip, which has its own, Escape and O
    do. It listens to what has the keyboard and to nothing else.
    """

    def __init__(self, staging: Staging, view: BoardView, strip: CandidateStrip) -> None:
        super().__init__(staging)
        self._staging = staging
        self._deciding = staging.deciding
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
        return isinstance(widget, QAbstractButton) or _is_moved(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the key was one of these."""
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            # Whatever else is held by now: it may be let go in any order.
            if keys.name_for_candidate(event) == "before" and not event.isAutoRepeat():
                self._staging.show_before(False)
            return False
        if event.type() not in _PRESSES or (event.key() in _ARROWS and _is_moved(watched)):
            return False
        action = self._action_of_line(watched, event)
        if action is None and self._deciding.is_possible:
            action = self._action(watched, event)
        if action is None:
            return False
        # Claimed before it becomes a shortcut of the window or of the canvas.
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            action()
        return True

    def _hearing(self, *, before: bool) -> Callable[[], object] | None:
        if not self._staging.sounds or (before and not self._view.stage.hides):
            return None
        return partial(self._deciding.hear_wanted.emit, before)

    def _action_of_line(self, watched: QObject, event: QKeyEvent) -> Callable[[], object] | None:
        """What moves the line between before and after; in the strip arrows choose, as always."""
        if self._view.is_busy() or not self._deciding.is_compared:
            return None
        escapes = event.key() == _Key.Key_Escape
        in_strip = watched is self._strip.list or _is_in(self._strip, watched)
        return self._deciding.comparing.action(event) if escapes or not in_strip else None

    def _action(self, watched: QObject, event: QKeyEvent) -> Callable[[], object] | None:
        name, deciding = keys.name_for_candidate(event), self._deciding
        if name in ("drop", "before"):
            return deciding.drop if name == "drop" else partial(self._staging.show_before, True)
        if name in ("hear", "hear_before"):
            return self._hearing(before=name == "hear_before")
        if name == "wipe":
            return partial(deciding.show_wipe, not deciding.is_compared)
        # The strip has the others, for what is selected in it.
        if watched is self._strip.list or _is_in(self._strip, watched):
            return None
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and _Key.Key_1 <= event.key() <= _Key.Key_9:
            return partial(deciding.pick, event.key() - _Key.Key_0)
        actions: dict[str, Callable[[], object]] = {
            "keep": deciding.keep,
            "step_back": partial(deciding.step, -1),
            "step_forth": partial(deciding.step, 1),
        }
        return actions.get(name)


def _is_moved(watched: QObject) -> bool:
    """Whether arrow keys go to what it shows: from one radio button to the next, say."""
    kinds = (QRadioButton, QAbstractSlider)
    return isinstance(watched, kinds) or bool(watched.property(keys.MOVED))


def _is_in(parent: QWidget, watched: QObject) -> bool:
    return isinstance(watched, QWidget) and parent.isAncestorOf(watched)
