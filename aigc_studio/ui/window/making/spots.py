"""Where something new lies while it is not on the board yet: one place, from preview to keeping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

from aigc_studio.ui.canvas.staging.free_places import free_place

if TYPE_CHECKING:
    from aigc_studio.project import Item
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.studio import Studio

Size = tuple[float, float]


class Spots:
    """Finds a place for what is new, and stays with it as long as nothing else comes to lie there.

    It is where accepting would put it if that is in view; else the nearest free place in view; else
    where accepting would put it, out of sight.
    """

    def __init__(self, studio: Studio, view: BoardView) -> None:
        self._studio = studio
        self._view = view
        self._spot: QRectF | None = None

    def find(self, size: Size, beside: Item | None = None) -> QRectF:
        """The place for something of this size, made from `beside`, if from any item."""
        spot = self._spot
        if spot is not None:
            same, seen = QRectF(spot.topLeft(), QSizeF(*size)), self._view.seen()
            if self._is_free(same) and (seen.contains(same) or not seen.contains(spot)):
                self._spot = same
                return same
        self._spot = self.guess(size, beside)
        return self._spot

    def begin_at(self, corner: Size, size: Size) -> QRectF:
        """The place for the first of several that are laid out from this corner, if it is in view,
        or the view will go there as nothing else is on the board; else one that is."""
        place = QRectF(QPointF(*corner), QSizeF(*size))
        alone = not len(self._studio.project.board)
        return place if alone or self._view.seen().contains(place) else self.find(size)

    def grow(self, size: Size, beside: Item | None = None) -> QRectF:
        """The place for what grows: where it was, whatever it grows over."""
        if self._spot is None:
            return self.find(size, beside)
        self._spot = QRectF(self._spot.topLeft(), QSizeF(*size))
        return self._spot

    def begin(self, place: QRectF) -> None:
        """What comes next comes here: its place is shown already."""
        self._spot = QRectF(place)

    def guess(self, size: Size, beside: Item | None = None) -> QRectF:
        """Where something of this size would go; nothing is remembered."""
        from aigc_studio.project import placing

        (corner,) = placing.rows(self._studio.project.board, [size], beside)
        place = QRectF(QPointF(*corner), QSizeF(*size))
        if self._view.seen().contains(place):
            return place
        return free_place(self._view, place) or place

    def leave(self) -> None:
        """What comes next need not come there: nothing is shown, and it is out of sight."""
        if self._spot is not None and not self._view.seen().contains(self._spot):
            self._spot = None

    def forget(self) -> None:
        """What comes next has a place of its own."""
        self._spot = None

    @property
    def current(self) -> QRectF | None:
        """The place that is in use, if one is."""
        return self._spot

    def _is_free(self, place: QRectF) -> bool:
        return not self._view.board_scene.items_in(place)
