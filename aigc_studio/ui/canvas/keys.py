"""The keys of the canvas. They work only while it has the focus, so that prompts can be typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.view import BoardView

Key = Qt.Key
_none = Qt.KeyboardModifier.NoModifier
_shift = Qt.KeyboardModifier.ShiftModifier
_ctrl = Qt.KeyboardModifier.ControlModifier
_alt = Qt.KeyboardModifier.AltModifier
_keypad = Qt.KeyboardModifier.KeypadModifier

Combination = tuple[Qt.Key, Qt.KeyboardModifier]

TOOLS: dict[Combination, Tool] = {
    (Key.Key_V, _none): Tool.MOVE,
    (Key.Key_B, _none): Tool.BRUSH,
    (Key.Key_E, _none): Tool.ERASER,
    (Key.Key_M, _none): Tool.MASK,
    (Key.Key_M, _shift): Tool.MASK_ERASER,
    (Key.Key_R, _none): Tool.RECTANGLE,
    (Key.Key_F, _none): Tool.FRAME,
    (Key.Key_I, _none): Tool.EYEDROPPER,
    (Key.Key_H, _none): Tool.HAND,
}
ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}


def _simple(view: BoardView) -> dict[Combination, Callable[[], object]]:
    do = view.commands
    return {
        (Key.Key_Delete, _none): do.delete,
        (Key.Key_Backspace, _none): do.delete,
        (Key.Key_D, _ctrl): do.duplicate,
        (Key.Key_A, _ctrl): do.select_all,
        (Key.Key_A, _ctrl | _shift): do.deselect,
        (Key.Key_C, _ctrl): view.copy,
        (Key.Key_X, _ctrl): view.cut,
        (Key.Key_V, _ctrl): view.paste,
        (Key.Key_0, _ctrl): view.fit,
        (Key.Key_2, _ctrl): view.fit_selection,
        (Key.Key_1, _ctrl): view.actual_size,
        (Key.Key_Plus, _ctrl): view.zoom_in,
        (Key.Key_Equal, _ctrl): view.zoom_in,
        (Key.Key_Plus, _ctrl | _shift): view.zoom_in,
        (Key.Key_Minus, _ctrl): view.zoom_out,
        (Key.Key_I, _ctrl | _shift): do.invert_mask,
        (Key.Key_BracketLeft, _none): lambda: view.change_size(-1),
        (Key.Key_BracketRight, _none): lambda: view.change_size(1),
        (Key.Key_BraceLeft, _shift): lambda: view.change_hardness(-0.1),
        (Key.Key_BraceRight, _shift): lambda: view.change_hardness(0.1),
        (Key.Key_BracketRight, _ctrl): lambda: do.reorder("forward"),
        (Key.Key_BracketLeft, _ctrl): lambda: do.reorder("backward"),
        (Key.Key_BraceRight, _ctrl | _shift): lambda: do.reorder("front"),
        (Key.Key_BraceLeft, _ctrl | _shift): lambda: do.reorder("back"),
        (Key.Key_Return, _none): view.enter,
        (Key.Key_Enter, _none): view.enter,
        (Key.Key_F2, _none): view.ask_rename,
        (Key.Key_Escape, _none): view.escape,
        (Key.Key_PageDown, _none): lambda: view.scroll_text(1),
        (Key.Key_PageUp, _none): lambda: view.scroll_text(-1),
    }


def action_of(view: BoardView, event: QKeyEvent) -> Callable[[], object] | None:
    """What a key does on the canvas now, or None when it is not one of its keys."""
    key = Qt.Key(event.key())
    modifiers = event.modifiers() & ~_keypad
    do = view.commands
    if key == Key.Key_Escape and not view.can_escape():
        return None
    if key in (Key.Key_PageDown, Key.Key_PageUp) and not view.can_scroll_text():
        return None
    if key in ARROWS and not modifiers & ~_shift and view.board_scene.chosen():
        dx, dy = ARROWS[key]
        if view.can_step_bars() and dy == 0:
            return lambda: do.step_bars(dx, extend=bool(modifiers & _shift))
        far = 10 if modifiers & _shift else 1
        return lambda: view.nudging.press(key, dx * far, dy * far)
    if key in (Key.Key_Tab, Key.Key_Backtab):
        step = 1 if key == Key.Key_Tab else -1
        # Past the last item it leaves the canvas, as Tab does everywhere.
        return partial(do.select_next, step) if do.next_item(step) else None
    tool = TOOLS.get((key, modifiers))
    if tool is not None:
        return lambda: view.set_tool(tool)
    return _simple(view).get((key, modifiers))


_writing_keys = frozenset(
    {
        *(Key.Key_A, Key.Key_C, Key.Key_V, Key.Key_X, Key.Key_Y, Key.Key_Z),
        *(Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End),
        *(Key.Key_Backspace, Key.Key_Delete),
    }
)


def ends_writing(event: QKeyEvent) -> bool:
    """Whether a key leaves the text, whether or not its editor has the keyboard."""
    return event.key() == Key.Key_Escape and event.modifiers() & ~_keypad == _none


def belongs_to_text(event: QKeyEvent) -> bool:
    """Whether a key is the text's while it is written in; Ctrl+S, say, is the window's."""
    if not event.modifiers() & (_ctrl | _alt):
        return not Key.Key_F1 <= event.key() <= Key.Key_F35
    return Qt.Key(event.key()) in _writing_keys
