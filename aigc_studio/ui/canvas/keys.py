"""The keyboard on the canvas: what a key does there now, by the one table of keys.

Its keys work only while it has the focus, so that prompts can be typed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from aigc_studio.ui import keys
from aigc_studio.ui.canvas import actions
from aigc_studio.ui.canvas.actions import Action, Worked

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aigc_studio.ui.canvas.scene.nudging import Nudging
    from aigc_studio.ui.canvas.writing.writer import Writer

Key = Qt.Key
_none = Qt.KeyboardModifier.NoModifier
_shift = Qt.KeyboardModifier.ShiftModifier
_ctrl = Qt.KeyboardModifier.ControlModifier
_alt = Qt.KeyboardModifier.AltModifier
_keypad = Qt.KeyboardModifier.KeypadModifier

ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
TABS = (Key.Key_Tab, Key.Key_Backtab)


class Typed(Worked, Protocol):
    """A view as its keys know it. `actions_by_name` has what can be done on it."""

    nudging: Nudging
    writer: Writer
    actions_by_name: dict[str, Action]

    def tap_space(self, shift: bool) -> None:
        """Space was pressed and let go, and nothing was done while it was down."""
        ...

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Give the keyboard to the next widget, or to the one before."""
        ...


class Keyboard(QObject):
    """Takes the keys of a view; while a text is written in, all of them but Escape are its."""

    def __init__(self, view: Typed, widget: QWidget) -> None:
        super().__init__(widget)
        self._view = view
        self._tapped = False
        """Whether Space went down and nothing has come of it yet."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the event has been dealt with."""
        kind = event.type()
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride:
                return self._claim(event)
            if kind == QEvent.Type.KeyPress:
                return self._press(event)
            self._release(event)
        elif kind == QEvent.Type.FocusOut:
            # What keys are let go from now on, somebody else hears.
            self._view.nudging.end()
            self._view.pointer.hold_space(False)
            self._tapped = False
        return False

    def _claim(self, event: QKeyEvent) -> bool:
        """Keep a key from the window's shortcuts."""
        if self._is_ours(event):
            event.accept()
        return event.isAccepted()

    def _press(self, event: QKeyEvent) -> bool:
        if self._view.writer.card is not None:
            if not _ends_writing(event):
                return False
            self._view.writer.end()
            event.accept()
            return True
        if event.key() == Key.Key_Space:
            # One that repeats itself is held, for the hand.
            self._tapped = not event.isAutoRepeat()
            self._view.pointer.hold_space(True)
            event.accept()
            return True
        action = action_of(self._view, event)
        if action is None:
            event.ignore()
            # Qt's own view would scroll by the arrows, and so on; Tab is for who is next.
            return event.key() not in TABS or self._leave_by(event)
        if event.key() not in ARROWS:
            self._view.nudging.end()
        action()
        event.accept()
        return True

    def _release(self, event: QKeyEvent) -> None:
        """A key goes up; one that repeats itself is held."""
        if event.isAutoRepeat():
            return
        if event.key() == Key.Key_Space:
            tapped = self._tapped and not self._view.pointer.used_space
            self._tapped = False
            self._view.pointer.hold_space(False)
            if tapped:
                self._view.tap_space(bool(event.modifiers() & _shift))
        elif event.key() in ARROWS:
            self._view.nudging.release(Key(event.key()))

    def _leave_by(self, event: QKeyEvent) -> bool:
        """Past the last item Tab goes on to the next panel; where there is none, round again."""
        forward, view = event.key() == Key.Key_Tab, self._view
        event.setAccepted(view.focusNextPrevChild(forward) or view.commands.select_round(forward))
        return event.isAccepted()

    def _is_ours(self, event: QKeyEvent) -> bool:
        if self._view.writer.card is not None:
            return _belongs_to_text(event)
        return event.key() == Key.Key_Space or action_of(self._view, event) is not None


def action_of(view: Typed, event: QKeyEvent) -> Action | None:
    """What a key does on the canvas now, or None when it is not one of its keys."""
    key = Qt.Key(event.key())
    modifiers = event.modifiers() & ~_keypad
    pending = view.toolbox.pending()
    meant = pending.key(event) if pending is not None else None
    if meant is not None:
        return meant
    if key in ARROWS and not modifiers & ~_shift and view.board_scene.chosen():
        return _arrow(view, key, bool(modifiers & _shift))
    if key in TABS:
        step = 1 if key == Key.Key_Tab else -1
        # Past the last item it leaves the canvas, as Tab does everywhere.
        commands = view.commands
        return partial(commands.select_next, step) if commands.next_item(step) else None
    name = keys.name_of(event, on_canvas=True)
    if name == "escape" and not actions.can_escape(view):
        return None
    if name in ("page_down", "page_up") and not actions.can_scroll(view):
        return None
    return view.actions_by_name.get(name)


def _arrow(view: Typed, key: Qt.Key, wide: bool) -> Action:
    dx, dy = ARROWS[key]
    if view.board_scene.target().part == "bars" and dy == 0:
        return partial(view.commands.step_bars, dx, extend=wide)
    far = 10 if wide else 1
    return partial(view.nudging.press, key, dx * far, dy * far)


_writing_keys = frozenset(
    {
        *(Key.Key_A, Key.Key_C, Key.Key_V, Key.Key_X, Key.Key_Y, Key.Key_Z),
        *(Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End),
        *(Key.Key_Backspace, Key.Key_Delete),
    }
)


def _ends_writing(event: QKeyEvent) -> bool:
    """Whether a key leaves the text, whether or not its editor has the keyboard."""
    return event.key() == Key.Key_Escape and event.modifiers() & ~_keypad == _none


def _belongs_to_text(event: QKeyEvent) -> bool:
    """Whether a key is the text's while it is written in; Ctrl+S, say, is the window's."""
    if not event.modifiers() & (_ctrl | _alt):
        return not Key.Key_F1 <= event.key() <= Key.Key_F35
    return Qt.Key(event.key()) in _writing_keys
