"""The one table of keys: what each does, where it works, and under which heading it is listed.

Menus, tool tips, the list of shortcuts and the canvas all read it. A key stands here and nowhere
else.
"""

from __future__ import annotations

import functools
import sys
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

Place = Literal["window", "canvas", "candidate", "chips", "tap"]
"""Where a key works: anywhere in the window, while the canvas has the keyboard, while a candidate
is on stage and no field has the keyboard, while there are pieces to pick at the caret, or on the
canvas when it is let go at once: held, it does something else."""
Group = Literal[
    "file", "edit", "insert", "make", "candidates", "tools", "brush", "items", "listen", "view",
    "help",
]  # fmt: skip

MOVED = "moved by arrows"
"""A property of a widget whose keys are arrows alone: all others are the candidate's."""


@dataclass(frozen=True)
class Binding:
    """The keys of one action. `keys` are shown, the first of them in menus and tips.

    `also` work as well and are not worth a word: the same sign on another part of the keyboard.
    """

    name: str
    group: Group
    keys: tuple[str, ...]
    also: tuple[str, ...] = ()
    place: Place = "window"


def _canvas(name: str, group: Group, *keys: str, also: tuple[str, ...] = ()) -> Binding:
    return Binding(name, group, keys, also, "canvas")


def _candidate(name: str, *keys: str, also: tuple[str, ...] = ()) -> Binding:
    return Binding(name, "candidates", keys, also, "candidate")


_PICK = "Meta" if sys.platform == "darwin" else "Alt"
"""With a digit. Option and a digit write a sign on a Mac, where Meta is the Control key."""


BINDINGS: tuple[Binding, ...] = (
    Binding("new", "file", ("Ctrl+N",)),
    Binding("open", "file", ("Ctrl+O",)),
    Binding("save", "file", ("Ctrl+S",)),
    Binding("save_as", "file", ("Ctrl+Shift+S",)),
    Binding("import", "file", ("Ctrl+I",)),
    Binding("export_items", "file", ("Ctrl+E",)),
    Binding("export_board", "file", ("Ctrl+Shift+E",)),
    Binding("settings", "file", ("Ctrl+,",)),
    Binding("quit", "file", ("Ctrl+Q",)),
    Binding("find", "edit", ("Ctrl+F",)),
    Binding("replace", "edit", ("Ctrl+Shift+F",)),
    Binding("undo", "edit", ("Ctrl+Z",)),
    Binding("redo", "edit", ("Ctrl+Y", "Ctrl+Shift+Z")),
    _canvas("cut", "edit", "Ctrl+X"),
    _canvas("copy", "edit", "Ctrl+C"),
    _canvas("paste", "edit", "Ctrl+V"),
    _canvas("duplicate", "edit", "Ctrl+D"),
    _canvas("delete", "edit", "Del", also=("Backspace",)),
    _canvas("select_all", "edit", "Ctrl+A"),
    _canvas("deselect", "edit", "Ctrl+Shift+A"),
    _canvas("escape", "edit", "Esc"),
    Binding("insert_text", "insert", ("T",)),
    Binding("insert_melody", "insert", ("N",)),
    Binding("insert_sheet", "insert", ("Shift+N",)),
    Binding("generate", "make", ("Ctrl+Return",), ("Ctrl+Enter",)),
    Binding("edit_selection", "make", ("Ctrl+Shift+Return",), ("Ctrl+Shift+Enter",)),
    Binding("accept", "make", ("Alt+Return",), ("Alt+Enter",)),
    Binding("cancel", "make", ("Esc",)),
    Binding("focus_prompt", "make", ("Ctrl+L",)),
    Binding("focus_verbs", "make", ("Ctrl+.",)),
    Binding("pick", "make", tuple(f"{_PICK}+{n}" for n in range(1, 6)), (), "chips"),
    Binding("train", "make", ("Ctrl+T",)),
    Binding("monitor", "make", ("Ctrl+Shift+T",)),
    Binding("candidates", "make", ("Ctrl+Shift+C",)),
    Binding("library", "make", ("Ctrl+Shift+L",)),
    _candidate("keep", "Return", also=("Enter",)),
    _candidate("drop", "Esc"),
    _candidate("step_back", "Left", also=("Up",)),
    _candidate("step_forth", "Right", also=("Down",)),
    _candidate("before", "O"),
    _candidate("wipe", "Shift+O"),
    _candidate("hear", "P"),
    _candidate("hear_before", "Shift+P"),
    Binding("tool_move", "tools", ("V",)),
    Binding("tool_brush", "tools", ("B",)),
    Binding("tool_eraser", "tools", ("E",)),
    Binding("tool_mask", "tools", ("M",)),
    Binding("tool_mask_eraser", "tools", ("Shift+M",)),
    Binding("tool_rectangle", "tools", ("R",)),
    Binding("tool_lasso", "tools", ("L",)),
    Binding("tool_wand", "tools", ("W",)),
    Binding("tool_crop", "tools", ("C",)),
    Binding("tool_frame", "tools", ("F",)),
    Binding("tool_eyedropper", "tools", ("I",)),
    Binding("tool_hand", "tools", ("H",)),
    _canvas("hold_hand", "tools", "Space"),
    _canvas("smaller", "brush", "["),
    _canvas("larger", "brush", "]"),
    _canvas("softer", "brush", "Shift+[", also=("{",)),
    _canvas("harder", "brush", "Shift+]", also=("}",)),
    _canvas("invert_mask", "brush", "Ctrl+Shift+I"),
    _canvas("clear_mask", "brush", "Ctrl+Del", also=("Ctrl+Backspace",)),
    _canvas("grow_mask", "brush", "Alt+]"),
    _canvas("shrink_mask", "brush", "Alt+["),
    _canvas("feather_mask", "brush", "Shift+F6"),
    _canvas("write", "items", "Return", also=("Enter",)),
    _canvas("rename", "items", "F2"),
    _canvas("compare", "items", "Shift+O"),
    _canvas("forward", "items", "Ctrl+]"),
    _canvas("backward", "items", "Ctrl+["),
    _canvas("front", "items", "Ctrl+Shift+]"),
    _canvas("back", "items", "Ctrl+Shift+["),
    _canvas("page_down", "items", "PgDown"),
    _canvas("page_up", "items", "PgUp"),
    Binding("play", "listen", ("Space",), (), "tap"),
    Binding("play_start", "listen", ("Shift+Space",), (), "tap"),
    _canvas("loop", "listen", "Shift+L"),
    _canvas("metronome", "listen", "Shift+K"),
    Binding("fit", "view", ("Ctrl+0",)),
    Binding("fit_selection", "view", ("Ctrl+2",)),
    Binding("actual_size", "view", ("Ctrl+1",)),
    Binding("zoom_in", "view", ("Ctrl++",), ("Ctrl+=",)),
    Binding("zoom_out", "view", ("Ctrl+-",)),
    Binding("full_screen", "view", ("F11",)),
    _canvas("staff", "view", "Shift+S"),
    Binding("layers", "view", ("F7",)),
    Binding("history", "view", ("Ctrl+H",)),
    Binding("jobs", "view", ("Ctrl+J",)),
    Binding("message", "view", ("F6",)),
    Binding("shortcuts", "help", ("F1",)),
)

_PLAIN = {
    Qt.Key.Key_BraceLeft: Qt.Key.Key_BracketLeft,
    Qt.Key.Key_BraceRight: Qt.Key.Key_BracketRight,
    Qt.Key.Key_Plus: Qt.Key.Key_Equal,
    Qt.Key.Key_Less: Qt.Key.Key_Comma,
    Qt.Key.Key_Underscore: Qt.Key.Key_Minus,
}
"""Signs that Shift brings on many keyboards, and what they are there without it."""
_shift, _keypad = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier


@functools.cache
def bindings() -> dict[str, Binding]:
    """All of them by name."""
    return {binding.name: binding for binding in BINDINGS}


def is_of_canvas(name: str) -> bool:
    """Whether its keys work only while the canvas has the keyboard."""
    binding = bindings().get(name)
    return binding is not None and binding.place == "canvas"


def is_tap(name: str) -> bool:
    """Whether its keys work on the canvas alone, which takes them itself."""
    binding = bindings().get(name)
    return binding is not None and binding.place == "tap"


def sequences(name: str) -> list[QKeySequence]:
    """The keys of an action, as Qt takes them; the first is the one that is shown."""
    binding = bindings().get(name)
    return [QKeySequence(key) for key in (*binding.keys, *binding.also)] if binding else []


def shown(name: str) -> str:
    """The first key of an action as a person reads it; empty when it has none."""
    binding = bindings().get(name)
    return in_words(binding.keys[0]) if binding else ""


@functools.cache
def in_words(key: str) -> str:
    """A key as this system writes it: `Return` is called by the word on it."""
    return (
        QKeySequence(key)
        .toString(QKeySequence.SequenceFormat.NativeText)
        .replace("Return", "Enter")
    )


def with_key(words: str, name: str) -> str:
    """Words of a button with the key of what it does behind them."""
    key = shown(name)
    return f"{words} ({key})" if key else words


def name_of(event: QKeyEvent, *, on_canvas: bool = False) -> str:
    """The action that a key is bound to, or empty. Those of the canvas only `on_canvas`."""
    table = _table()
    for combination in _readings(event):
        for place in ("canvas", "window") if on_canvas else ("window",):
            name = table.get((place, combination))
            if name:
                return name
    return ""


def name_for_candidate(event: QKeyEvent) -> str:
    """What a key does with the candidate on stage, or empty."""
    table = _table()
    return next(filter(None, (table.get(("candidate", each)) for each in _readings(event))), "")


def picked(event: QKeyEvent) -> int:
    """The number of the piece at the caret that a key picks, from 1 on; 0 for other keys."""
    here = [QKeySequence(each) for each in _readings(event)]
    found = (n for n, keys in enumerate(sequences("pick"), 1) if keys in here)
    return next(found, 0)


@functools.cache
def _table() -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for binding in BINDINGS:
        for sequence in sequences(binding.name):
            combination: QKeyCombination = sequence[0]  # type: ignore[index]  # the stubs miss it
            found[binding.place, combination.toCombined()] = binding.name
    return found


def _readings(event: QKeyEvent) -> list[int]:
    """What a key may be called in the table: with Shift, `}` is also `Shift+]`, and `+` is `+`."""
    key, modifiers = Qt.Key(event.key()), event.modifiers() & ~_keypad
    readings = [(modifiers, key)]
    if modifiers & _shift and key in _PLAIN:
        readings += [(modifiers, _PLAIN[key]), (modifiers & ~_shift, key)]
    return [QKeyCombination(held, each).toCombined() for held, each in readings]
