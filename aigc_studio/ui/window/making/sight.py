"""Bringing what is on stage into sight: the view moves as little as it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from aigc_studio.ui.canvas.view import BoardView


class Sight(QObject):
    """Moves the view for what is shown on its stage."""

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view = view
        self.is_asked_for = False
        """Somebody wants to see what is shown next: it comes into view wherever it lies."""
        self.widens = False
        """What is shown next was watched while it grew."""
        self.chooses = False
        """What is shown next waits on a board that has just been opened, and whose view was chosen
        without it."""

    def bring(self, part: QRectF | None, *, moves: bool) -> None:
        """Something is on stage; `part` (board units) is what is new in it, None for all of it.

        `moves`: the view may, if it is the first thing of all.
        """
        if moves:
            self.fit_first()
        widens, self.widens = self.widens and not moves, False
        if widens:
            self._widen()
        if self._take_choice():
            return
        place, asked, self.is_asked_for = part or self._view.stage.place, self.is_asked_for, False
        if asked and place is not None and not self._view.seen().intersects(place):
            self._view.reveal(place)

    def _take_choice(self) -> bool:
        """Choose the view of a board that was opened: all of it, and whole what is decided on."""
        chooses, self.chooses = self.chooses, False
        place = self._view.stage.place
        if not chooses or place is None:
            return False
        if not self._view.seen().contains(place):
            everything = self._view.board_scene.bounds().united(place)
            self._view.show_rect(everything, self._view.zoom)
        return True

    @Slot()
    def fit_first(self) -> None:
        """The first thing of all is shown whole: on an empty board there is nothing to move."""
        place = self._view.stage.place
        if place is None or self._view.board_scene.board.items:
            return
        if not self._view.seen().contains(place):
            self._view.show_rect(place, min(self._view.zoom, 1.0))

    def _widen(self) -> None:
        """It is larger now that it is there: show it whole, unless the view would have to be
        zoomed out far."""
        place, seen = self._view.stage.place, self._view.seen()
        if place is None or seen.contains(place):
            return
        if seen.width() >= place.width() / 2 and seen.height() >= place.height() / 2:
            self._view.reveal(place)
