"""The menu of an item, and of the empty board: which of the window's commands it offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QAction

    from aigc_studio.ui.target import Target

VERBS = tuple(f"verb_{n}" for n in range(1, 8))
"""What else generators can do with the selection, beside the likely `edit_selection`: the window
keeps these actions true, and those that there are none for unseen."""
EXPLAINS = tuple(f"explain_{n}" for n in range(1, 5))
"""What generators can say of the selected item, kept true by the window as well."""
TRANSPOSES = ("semitone_up", "semitone_down", "octave_up", "octave_down")
"""What moves a tune, or bars of it, up and down."""
INSERTS = ("insert_sheet", "insert_text", "insert_melody", "insert_picture")
_BOARD = (*INSERTS, None, "paste", "select_all", "show_all", None, "fit", "actual_size")
_PICTURE = ("mask", None, "crop", "turn_left", "turn_right", "flip_h", "flip_v", None)
_EDITING = ("cut", "copy", "copy_files", "paste", "duplicate", "delete", None)
_MEDIA: Mapping[str, tuple[str | None, ...]] = {
    "image": _PICTURE,
    "text": ("write", "clear_mask", None),
    "melody": ("play", "edit_notes", "add_bars", "clear_mask", None),
}
"""What there is for one medium alone."""
_UNSEEN = ("show", "rename", "order", "duplicate", "delete", None, "show_all")
"""What there is for items that are hidden: no hand and no eye is needed for it."""


def open_at(place: QPoint, made: QMenu) -> None:
    """Show a menu at a place of the screen until something is chosen; it is gone then."""
    made.exec(place)
    made.deleteLater()


def board_menu(
    parent: QWidget, target: Target, offered: Mapping[str, QAction], *, unseen: int = 0
) -> QMenu:
    """What can be done with the selection, or with the board when nothing is selected.

    The actions are those that the view was offered, so that words, keys and what is grey are the
    same as in the menu bar. `unseen`: so many hidden items were chosen as well.
    """
    menu = QMenu(parent)
    wanted = [*_UNSEEN] if unseen and not target.number else _wanted(target)
    if unseen and target.number:
        wanted.insert(wanted.index("hide") + 1, "show")
    for number, name in enumerate(wanted):
        if name is None:
            if number + 1 < len(wanted):
                menu.addSeparator()
        elif name in offered and _is_there(offered[name]):
            menu.addAction(offered[name])
    return menu


def fill(menu: QMenu, target: Target, offered: Mapping[str, QAction]) -> None:
    """Put into a menu of somebody else's what `board_menu` has."""
    # Not `clear`: PySide then takes actions of somebody else for deleted.
    for action in menu.actions():
        menu.removeAction(action)
    made = board_menu(menu, target, offered)
    for action in made.actions():
        if action.isSeparator():
            menu.addSeparator()
        else:
            menu.addAction(action)
    made.deleteLater()


def _is_there(action: QAction) -> bool:
    """Whether it is of use now: verbs that no generator has are not, and say so by their data."""
    return action.isVisible() and action.data() is not False


def _wanted(target: Target) -> list[str | None]:
    """Names of commands, None for a line."""
    if not target.number:
        return list(_BOARD)
    alone = target.number == 1
    own = _MEDIA.get(target.medium, ()) if alone or target.medium == "image" else ()
    parts: list[str | None] = ["edit_selection", *VERBS, *EXPLAINS, "made_with"]
    parts += ["compare" if alone and target.medium == "image" else None, None]
    parts += own
    parts += [*_EDITING, "rename" if alone else None, "hide", "order"]
    parts += [] if alone else ["align"]
    return [*parts, None, "fit_selection", "export_items", "learn_from"]
