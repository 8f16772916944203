"""Which actions have something to act on now: the others are grey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from aigc_studio.ui.canvas.menu import TRANSPOSES

if TYPE_CHECKING:
    from aigc_studio.ui.window.window import StudioWindow

_one = ("rename",)
_some = (
    *("cut", "copy", "duplicate", "delete", "deselect", "hide", "export_items", "copy_files"),
    "fit_selection",
)
_unseen = ("duplicate", "delete", "deselect")
"""What can be done with items that are hidden."""
_orders = ("front", "forward", "backward", "back")
_several = tuple(f"align_{edge}" for edge in ("left", "center", "right", "top", "middle", "bottom"))
_many = ("distribute_h", "distribute_v")
_pictures = ("turn_left", "turn_right", "flip_h", "flip_v", "crop")
_masks = ("invert_mask", "grow_mask", "shrink_mask", "feather_mask")
_candidates = ("accept", "discard", "accept_all", "discard_all")


class Availability(QObject):
    """Follows the selection and the candidates of a window."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self.refresh)
        area, session = window.board_area, window.session
        # At once what comes, because its key may be pressed at once; later what has still to go.
        area.target_changed.connect(self.refresh)
        session.candidates_added.connect(self.refresh)
        session.growing.changed.connect(self.refresh)
        session.candidates_gone.connect(self._wake)
        session.candidates_reset.connect(self._wake)
        window.studio.history.stack.indexChanged.connect(self._wake)
        # At the last moment, so that a menu never shows what was true before.
        for menu in window.actions_by_name.menus.values():
            menu.aboutToShow.connect(self.refresh_all)
        area.view.menu_asked.connect(self.refresh_all)
        self.refresh()

    @Slot()
    def _wake(self) -> None:
        self._timer.start()

    @Slot()
    def refresh_all(self) -> None:
        """Ask the clipboard as well, which may take its time: only when a menu opens."""
        self.refresh()
        view = self._window.board_area.view
        self._window.actions_by_name.enable(["paste"], view.exchange.can_paste())

    @Slot()
    def refresh(self) -> None:
        """Switch each action on or off."""
        window, enable = self._window, self._window.actions_by_name.enable
        items = window.board_area.chosen_items()
        target = window.board_area.view.board_scene.target()
        pictures = [item for item in items if item.content.medium == "image"]
        unseen = len(window.board_area.view.board_scene.unseen)
        enable([*_one], len(items) + unseen == 1)
        enable([*_some], bool(items))
        enable([*_unseen], bool(items) or bool(unseen))
        enable(["show"], bool(unseen))
        enable([*_several], len(items) > 1)
        enable([*_many], len(items) > 2)
        enable([*_pictures], bool(pictures))
        masked = any(item.mask is not None for item in items)
        enable([*_masks], masked or target.part == "mask")
        clear = any(item.content.info.get("mode") == "RGBA" for item in pictures)
        enable(["mask_opaque"], clear)
        enable(["mask_shape"], len(pictures) > 1)
        enable(["export_mask"], masked)
        enable(["clear_mask"], masked or bool(target.part) or target.has_frame)
        enable(["made_with"], any(item.provenance is not None for item in items))
        board = window.studio.project.board
        enable(["select_all", "export_board", "fit"], bool(board.items))
        enable([*_orders], (bool(items) or bool(unseen)) and len(board) > 1)
        alone = items[0].medium if len(items) == 1 else ""
        enable(["import_mask"], alone == "image")
        enable(["write", "find", "replace"], alone == "text")
        enable(["compare"], alone == "image")
        enable(["edit_notes", "add_bars", "insert_bar", *TRANSPOSES], alone == "melody")
        enable(["delete_bars"], target.part == "bars")
        sounds = any(item.content.medium == "melody" for item in board.items)
        sounds = sounds or window.board_area.staging.sounds
        enable(["play", "play_start", "loop", "metronome", "staff"], sounds)
        enable(["show_all"], any(not item.visible for item in board.items))
        enable([*_candidates], window.session.any_waiting)
        enable(["learn_from"], bool(items) or window.session.any_waiting)
        if window.session.growing.can_keep:
            enable(["accept"], True)
