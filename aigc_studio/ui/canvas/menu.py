"""The menu of an item, and of the empty board: which of the window's commands it offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from aigc_studio.ui.canvas.scene.target import Target

INSERTS = ("insert_sheet", "insert_text", "insert_melody", "insert_picture")
_BOARD = (*INSERTS, None, "paste", "select_all", "show_all", None, "fit", "actual_size")
_MASKS = ("invert_mask", "clear_mask", None)
_PICTURE = (*_MASKS, "crop", "turn_left", "turn_right", "flip_h", "flip_v", None)
_EDITING = ("cut", "copy", "copy_files", "paste", "duplicate", "delete", None)
_MEDIA: Mapping[str, tuple[str | None, ...]] = {
    "image": _PICTURE,
    "text": ("write", "clear_mask", None),
    "melody": ("edit_notes", "add_bars", "clear_mask", None),
}
"""What there is for one medium alone."""


def board_menu(parent: QWidget, target: Target, offered: Mapping[str, QAction]) -> QMenu:
    """What can be done with the selection, or with the board when nothing is selected.

    The actions are those that the view was offered, so that words, keys and what is grey are the
    same as in the menu bar.
    """
    menu = QMenu(parent)
    wanted = _wanted(target)
    for number, name in enumerate(wanted):
        if name is None:
            if number + 1 < len(wanted):
                menu.addSeparator()
        elif name in offered:
            menu.addAction(offered[name])
    return menu


def _wanted(target: Target) -> list[str | None]:
    """Names of commands, None for a line."""
    if not target.number:
        return list(_BOARD)
    alone = target.number == 1
    own = _MEDIA.get(target.medium, ()) if alone or target.medium == "image" else ()
    parts: list[str | None] = ["edit_selection", "made_with", None, *own]
    parts += [*_EDITING, "rename" if alone else None, "hide", "order"]
    parts += [] if alone else ["align"]
    return [*parts, None, "fit_selection", "export_items"]
