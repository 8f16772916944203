"""The menu of an item, and of the empty board."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from aigc_studio.translation import _
from aigc_studio.ui import icons

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.view import BoardView


def board_menu(view: BoardView) -> QMenu:
    """What can be done with the selection, or with the board when nothing is selected."""
    menu = QMenu(view)
    chosen = view.board_scene.chosen()
    if not chosen:
        _add(menu, _("Paste"), "paste", view.paste, "Ctrl+V", view.can_paste())
        _add(menu, _("Select all"), "", view.commands.select_all, "Ctrl+A")
        menu.addSeparator()
        _add(menu, _("Fit the board into the view"), "fit", view.fit, "Ctrl+0")
        _add(menu, _("Actual size"), "actual-size", view.actual_size, "Ctrl+1")
        return menu
    media = {item.medium for item in chosen}
    if len(chosen) == 1 and media == {"text"}:
        _add(menu, _("Write"), "edit", view.enter, "Enter")
    if media == {"image"}:
        _add_picture(menu, view)
    _add_editing(menu, view)
    menu.addSeparator()
    _add_order(menu, view)
    if len(chosen) > 1:
        _add_alignment(menu, view)
    menu.addSeparator()
    _add(menu, _("Export…"), "export", lambda: view.export_requested.emit(view.commands.ids))
    _add(menu, _("Copy as files"), "copy", view.copy_files)
    menu.addSeparator()
    _add(menu, _("Delete"), "trash", view.commands.delete, "Del")
    return menu


def _add_picture(menu: QMenu, view: BoardView) -> None:
    do = view.commands
    masked = any(view.selection_of(id) is not None for id in do.ids)
    framed = any(view.frame_of(id) is not None for id in do.ids)
    _add(menu, _("Invert mask"), "invert", do.invert_mask, "Ctrl+Shift+I")
    _add(menu, _("Clear mask and frame"), "clear", do.clear_mask, "", masked or framed)
    _add(menu, _("Crop"), "crop", do.crop, "", masked or framed)
    _add(menu, _("Turn left"), "rotate-left", lambda: do.turn(-1))
    _add(menu, _("Turn right"), "rotate", lambda: do.turn(1))
    _add(menu, _("Mirror left to right"), "flip-h", lambda: do.flip("horizontal"))
    _add(menu, _("Mirror top to bottom"), "flip-v", lambda: do.flip("vertical"))
    menu.addSeparator()


def _add_editing(menu: QMenu, view: BoardView) -> None:
    _add(menu, _("Cut"), "", view.cut, "Ctrl+X")
    _add(menu, _("Copy"), "copy", view.copy, "Ctrl+C")
    _add(menu, _("Paste"), "paste", view.paste, "Ctrl+V", view.can_paste())
    _add(menu, _("Duplicate"), "duplicate", view.commands.duplicate, "Ctrl+D")
    if len(view.commands.ids) == 1:
        _add(menu, _("Rename…"), "", view.ask_rename, "F2")
    _add(menu, _("Hide"), "eye-off", lambda: view.commands.set_visible(False))


def _add_order(menu: QMenu, view: BoardView) -> None:
    do = view.commands
    order = menu.addMenu(_("Order"))
    _add(order, _("Bring to front"), "to-front", lambda: do.reorder("front"), "Ctrl+Shift+]")
    _add(order, _("Bring forward"), "up", lambda: do.reorder("forward"), "Ctrl+]")
    _add(order, _("Send backward"), "down", lambda: do.reorder("backward"), "Ctrl+[")
    _add(order, _("Send to back"), "to-back", lambda: do.reorder("back"), "Ctrl+Shift+[")


def _add_alignment(menu: QMenu, view: BoardView) -> None:
    do = view.commands
    align = menu.addMenu(_("Align"))
    _add(align, _("Left edges"), "align-left", lambda: do.align("left"))
    _add(align, _("Horizontal centres"), "align-center", lambda: do.align("center"))
    _add(align, _("Right edges"), "align-right", lambda: do.align("right"))
    align.addSeparator()
    _add(align, _("Top edges"), "align-top", lambda: do.align("top"))
    _add(align, _("Vertical centres"), "align-middle", lambda: do.align("middle"))
    _add(align, _("Bottom edges"), "align-bottom", lambda: do.align("bottom"))
    if len(do.ids) > 2:
        align.addSeparator()
        across, down = _("Distribute horizontally"), _("Distribute vertically")
        _add(align, across, "distribute-h", lambda: do.distribute("horizontal"))
        _add(align, down, "distribute-v", lambda: do.distribute("vertical"))


def _add(
    menu: QMenu,
    text: str,
    icon: str,
    slot: Callable[[], object],
    keys: str = "",
    enabled: bool = True,
) -> None:
    action = menu.addAction(text)
    if icon:
        action.setIcon(icons.icon(icon))
    if keys:
        action.setShortcut(QKeySequence(keys))
    action.setEnabled(enabled)
    action.triggered.connect(lambda _checked=False: slot())
