"""The menu of an item, and of the empty board: which of the window's commands it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.view import BoardView

VERBS = tuple(f"verb_{n}" for n in range(1, 8))
"""What else generators can do with the selection, beside the likely `edit_selection`: the window
keeps these actions true, and those that there are none for unseen."""
_BOARD = ("paste", "select_all", "show_all", None, "fit", "actual_size")
_MASKS = ("invert_mask", "clear_mask", None)
_PICTURE = ("crop", "turn_left", "turn_right", "flip_h", "flip_v", None)
_EDITING = ("cut", "copy", "copy_files", "paste", "duplicate", "delete", None)


def board_menu(view: BoardView) -> QMenu:
    """What can be done with the selection, or with the board when nothing is selected.

    The actions are those that the view was offered, so that words, keys and what is grey are the
    same as in the menu bar.
    """
    menu = QMenu(view)
    wanted = _wanted(view)
    for number, name in enumerate(wanted):
        if name is None:
            if number + 1 < len(wanted):
                menu.addSeparator()
        elif name in view.offered and view.offered[name].isVisible():
            menu.addAction(view.offered[name])
    return menu


def fill(view: BoardView, empty: QMenu) -> None:
    """Put into a menu of somebody else's what can be done now."""
    view.menu_asked.emit()
    empty.clear()
    made = board_menu(view)
    for action in made.actions():
        if action.isSeparator():
            empty.addSeparator()
        else:
            empty.addAction(action)
    made.deleteLater()


def _wanted(view: BoardView) -> list[str | None]:
    """Names of commands, None for a line."""
    target = view.board_scene.target()
    if not target.number:
        return list(_BOARD)
    alone = target.number == 1
    verbs = ["edit_selection", *VERBS] if view.has_verbs else []
    parts: list[str | None] = [*verbs, "made_with", None]
    if alone and target.medium == "text":
        parts += ["write"]
    if target.medium == "image":
        parts += [*_MASKS, *_PICTURE]
    elif target.part:
        parts += ["clear_mask", None]
    parts += [*_EDITING, "rename" if alone else None, "hide", "order"]
    parts += [] if alone else ["align"]
    return [*parts, None, "fit_selection", "export_items"]
