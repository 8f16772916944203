"""All of the board in view, or what is selected, or what has just come."""

from __future__ import annotations

from PySide6.QtCore import Slot

from aigc_studio.ui.canvas.exchange.exchange import Exchange
from aigc_studio.ui.canvas.scene.places import bounds


class Overview(Exchange):
    """A view that finds its items."""

    @Slot()
    def fit(self) -> None:
        """Show everything, as large as fits and at most at 800 %; an empty board at 100 %."""
        if self.board_scene.bounds().isEmpty():
            self.actual_size()
        self.show_rect(self.board_scene.bounds(), 8.0)

    @Slot()
    def fit_selection(self) -> None:
        """Show what is selected, as large as fits and at most at 800 %."""
        chosen = self.board_scene.chosen()
        if chosen:
            self.show_rect(self.board_scene.bounds(chosen), 8.0)

    def reveal_items(self, ids: list[str]) -> None:
        """Bring items into view."""
        found = (self.board_scene.board.get(id) for id in ids)
        rect = bounds(item for item in found if item is not None and item.visible)
        if not rect.isEmpty():
            self.reveal(rect)
