"""What is new on the board comes into sight, and what is in sight already stays where it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from aigc_studio.ui.canvas.scene.places import bounds

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.window.board.arrangement import Arrangement

SMALLEST_OVERVIEW = 0.6
"""The zoom below which a new item is shown alone rather than among all others."""
_ALL, _SOME = 0.995, 0.001
"""The share of it that is in sight where the board stays: of a new thing, and of one at hand."""


class Revealing(QObject):
    """Moves and scales the view no more than is needed to see new items."""

    def __init__(self, view: BoardView, arrangement: Arrangement) -> None:
        super().__init__(view)
        self._view, self._arrangement = view, arrangement
        self._ids: list[str] = []
        self._enough = _ALL

    def show(self, ids: Iterable[str], *, known: bool = False) -> None:
        """Bring items into sight soon; a bit of those that are `known`, as they were worked on."""
        self._ids, self._enough = list(ids), _SOME if known else _ALL
        # Once the candidates that were accepted have gone: then there is more room.
        QTimer.singleShot(0, self._reveal)

    @Slot()
    def _reveal(self) -> None:
        view, scene = self._view, self._view.board_scene
        found = (scene.board.get(id) for id in self._ids)
        new = bounds(item for item in found if item is not None and item.visible)
        if new.isEmpty():
            return
        if set(self._ids) >= set(scene.board.ids) and view.zoom < SMALLEST_OVERVIEW:
            # The zoom is left from what is gone: nothing on the board is so large any more.
            view.show_rect(new, 1.0)
        elif self._arrangement.in_sight(new) < self._enough:
            self._show_among_others()

    def _show_among_others(self) -> None:
        """Side by side with what was there before, as long as all of it stays large enough."""
        room, everything = self._view.clear_room(), self._view.board_scene.bounds()
        across = room.width() / max(everything.width(), 1)
        if min(across, room.height() / max(everything.height(), 1)) >= SMALLEST_OVERVIEW:
            self._view.show_rect(everything, self._view.zoom)
        else:
            self._view.reveal_items(self._ids)
