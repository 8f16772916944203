"""What can be done on the canvas, by the names that the table of keys and the menus use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from aigc_studio.translation import _
from aigc_studio.ui.canvas.tools.hand import Hand
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.exchange.exchange import Exchange
    from aigc_studio.ui.canvas.insertion import Insertion
    from aigc_studio.ui.canvas.pointer import Pointer
    from aigc_studio.ui.canvas.scene.commands import BoardCommands
    from aigc_studio.ui.canvas.tools.toolbox import Toolbox

Action = Callable[[], object]
_COMMANDS: dict[str, tuple[str, Any]] = {
    "hide": ("set_visible", False),
    "show": ("set_visible", True),
    "turn_left": ("turn", -1),
    "turn_right": ("turn", 1),
    "flip_h": ("flip", "horizontal"),
    "flip_v": ("flip", "vertical"),
    "semitone_up": ("transpose", 1),
    "semitone_down": ("transpose", -1),
    "octave_up": ("transpose", 12),
    "octave_down": ("transpose", -12),
    "distribute_h": ("distribute", "horizontal"),
    "distribute_v": ("distribute", "vertical"),
    **{place: ("reorder", place) for place in ("front", "forward", "backward", "back")},
    **{
        f"align_{edge}": ("align", edge)
        for edge in ("left", "center", "right", "top", "middle", "bottom")
    },
}
"""Commands that take a value: what they are called, and the value."""
_PLAIN = (
    *("duplicate", "select_all", "deselect", "add_bars", "insert_bar", "delete_bars"),
    *("invert_mask", "clear_mask", "mask_opaque", "mask_shape"),
)


class Worked(Hand, Protocol):
    """A view as its actions know it."""

    commands: BoardCommands
    exchange: Exchange
    insertion: Insertion
    pointer: Pointer
    toolbox: Toolbox

    def window(self) -> QWidget:
        """The window around it."""
        ...

    def fit(self) -> None:
        """Show everything."""
        ...

    def fit_selection(self) -> None:
        """Show what is selected."""
        ...

    def actual_size(self) -> None:
        """Zoom to 100 %."""
        ...

    def zoom_in(self) -> None:
        """Zoom to the next larger step."""
        ...

    def zoom_out(self) -> None:
        """Zoom to the next smaller step."""
        ...


def actions_of(view: Worked) -> dict[str, Action]:
    """Every action by name."""
    exchange = view.exchange
    within: dict[str, Action] = {
        "delete": partial(_command, view, "delete"),
        "duplicate": partial(_command, view, "duplicate"),
        "select_all": partial(_command, view, "select_all"),
        "cut": exchange.cut,
        "copy": exchange.copy,
        "paste": exchange.paste,
    }
    return {
        **{name: partial(_command, view, name) for name in _PLAIN},
        **{name: partial(_command, view, *rest) for name, rest in _COMMANDS.items()},
        **{f"tool_{tool}": partial(view.set_tool, tool) for tool in Tool},
        **{name: partial(_first_ask, view, name, action) for name, action in within.items()},
        "copy_files": exchange.copy_files,
        "crop": partial(_crop, view),
        "fit": view.fit,
        "fit_selection": view.fit_selection,
        "actual_size": view.actual_size,
        "zoom_in": view.zoom_in,
        "zoom_out": view.zoom_out,
        "grow_mask": partial(_grow_mask, view, 1),
        "shrink_mask": partial(_grow_mask, view, -1),
        "feather_mask": partial(_feather_mask, view),
        "mask_pixels": partial(_ask_pixels, view),
        "smaller": partial(_resize, view, -1),
        "larger": partial(_resize, view, 1),
        "softer": partial(_harden, view, -0.1),
        "harder": partial(_harden, view, 0.1),
        "rename": partial(_ask_rename, view),
        "write": partial(enter, view),
        "edit_notes": partial(_edit_notes, view),
        "escape": partial(escape, view),
        "page_down": partial(_scroll, view, 1),
        "page_up": partial(_scroll, view, -1),
        "insert_text": partial(view.insertion.text, None),
        "insert_melody": partial(view.insertion.melody, None),
        "insert_sheet": partial(view.insertion.sheet, None),
    }


def can_escape(view: Worked) -> bool:
    """Whether Escape means something on the canvas; else the window may have it."""
    busy = view.pointer.is_busy or view.writing is not None
    busy = busy or view.board_scene.edits.under_way is not None
    return busy or view.toolbox.is_pending or view.board_scene.target().number > 0


def escape(view: Worked) -> None:
    """Give up a gesture; else what the tool has not done yet; else an edit that takes long; else
    the selected part; else select nothing."""
    if view.pointer.is_busy:
        view.pointer.cancel()
    elif view.toolbox.is_pending:
        view.toolbox.drop()
    elif view.board_scene.edits.under_way is not None:
        view.board_scene.edits.give_up()
    elif view.board_scene.target().part in ("span", "caret", "bars"):
        view.commands.clear_mask()
    else:
        view.commands.deselect()


def enter(view: Worked) -> None:
    """Do what the tool has ready; else open the selected item: write in a text, say."""
    chosen = view.board_scene.chosen()
    if view.toolbox.is_pending:
        view.toolbox.accept()
    elif len(chosen) == 1:
        view.toolbox.open(chosen[0])


def can_scroll(view: Worked) -> bool:
    """Whether the selected item scrolls in its card."""
    chosen = view.board_scene.chosen()
    return len(chosen) == 1 and chosen[0].scrolls


def _scroll(view: Worked, pages: int) -> None:
    for card in view.board_scene.chosen():
        card.turn_pages(pages)


def _first_ask(view: Worked, name: str, action: Action) -> None:
    """What is being edited within an item comes before the item."""
    grip = view.toolbox.pending()
    if grip is None or not grip.perform(name):
        action()


def _resize(view: Worked, steps: int) -> None:
    view.options.set_brush(replace(view.options.brush, size=view.options.brush.grown(steps)))


def _harden(view: Worked, by: float) -> None:
    hardness = min(max(round(view.options.brush.hardness + by, 2), 0.0), 1.0)
    view.options.set_brush(replace(view.options.brush, hardness=hardness))


def _grow_mask(view: Worked, sign: int) -> None:
    view.commands.grow_mask(sign * view.options.mask.pixels)


def _feather_mask(view: Worked) -> None:
    view.commands.feather_mask(view.options.mask.pixels)


def _ask_pixels(view: Worked) -> None:
    from aigc_studio.api import limits

    title, words = _("Edge of the Mask"), _("Pixels to grow, shrink or feather by")
    former = view.options.mask
    pixels, agreed = QInputDialog.getInt(
        view.window(), title, words, former.pixels, 1, limits.MASK_EDGE
    )
    if agreed:
        view.options.set_mask(replace(former, pixels=pixels))


def _ask_rename(view: Worked) -> None:
    items = view.commands.items
    if len(items) == 1:
        name, agreed = QInputDialog.getText(
            view.window(), _("Rename"), _("Name"), QLineEdit.EchoMode.Normal, items[0].name
        )
        if agreed:
            view.commands.rename(name)


def _crop(view: Worked) -> None:
    """Cut to what is marked already; where nothing is, take the tool that marks it."""
    scene = view.board_scene
    chosen = scene.chosen()
    if view.toolbox.is_pending and view.tool == Tool.CROP:
        view.toolbox.accept()
    elif any(item.has_mask or scene.frame_of(item.id) is not None for item in chosen):
        view.commands.crop()
    else:
        view.set_tool(Tool.CROP)


def _edit_notes(view: Worked) -> None:
    from aigc_studio.ui.canvas.tools.melodies import edit_notes

    chosen = view.board_scene.chosen()
    if len(chosen) == 1 and chosen[0].has_notes:
        edit_notes(view, chosen[0])


def _command(view: Worked, name: str, *values: Any) -> None:
    """By name and late: the commands belong to the scene, which changes with the project."""
    getattr(view.commands, name)(*values)
