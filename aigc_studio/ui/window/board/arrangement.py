"""What lies over the board, and where: messages and the place at its lower edge.

The viewport has one size for a given window. It is smaller only where the person pinned the place
beside it; what comes and goes by itself never moves the board.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QChildEvent, QEvent, QObject, QRect, QRectF, SignalInstance, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QGraphicsView, QVBoxLayout, QWidget

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.canvas.scene.places import bounds
from aigc_studio.ui.window.board.bottom import SMALLEST, BottomPlace
from aigc_studio.ui.window.board.handle import HANDLE

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.window.message_bar import MessageBar

_ENOUGH = 0.5
"""The share of a thing that is in sight when nothing needs to be moved for it."""
_MOVED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
_MANY = 200
"""Of more selected items nobody looks at a single one, and among so many there is no free place."""


class Arrangement(QObject):
    """Lays `place` and `messages` over the `view` of an `area`; `column` is the area's layout.

    The place gives way, not the board: where less than half of what is staged or selected would be
    in sight, it becomes as low as it takes, or only its handle is left, until something else is
    looked at. It never does so under the pointer or the keyboard, nor where it is pinned.
    """

    def __init__(
        self,
        area: QWidget,
        column: QVBoxLayout,
        view: BoardView,
        place: BottomPlace,
        messages: MessageBar,
    ) -> None:
        super().__init__(area)
        self._area, self._column = area, column
        self._view, self._place, self._messages = view, place, messages
        self._staged: QRectF | None = None
        self._spared: Callable[[], list[QRect]] = list
        self._lower = 0
        """The height that the place gives way to; 0 when it need not."""
        place.changed.connect(self._note_wish)
        messages.shown.connect(self._keep_messages_clear)
        view.selection_changed.connect(self.give_way)
        self._covered = 0
        area.installEventFilter(self)
        view.installEventFilter(self)  # some bars are made when they are first needed
        for bar in view.findChildren(FloatingBar):
            self._receive(bar)

    def keep_in_sight(self, staged: QRectF | None) -> None:
        """What is looked at on the board besides what is selected, in board units; None: nothing.

        Nothing of the board moves for it; a place that takes all of the room no longer does."""
        self._staged = None if staged is None else QRectF(staged)
        if staged is not None and self._place.large:
            self._place.set_large(False)
        self.give_way()
        self._keep_messages_clear()

    def spare(self, places: Callable[[], list[QRect]], moved: Iterable[SignalInstance]) -> None:
        """Keep messages clear of other places, in pixels of the view, that change when told."""
        self._spared = places
        for each in moved:
            each.connect(self._keep_messages_clear)

    def in_sight(self, rect: QRectF) -> float:
        """How much of a place on the board is in view with nothing over it, in 0 to 1."""
        return _share(rect, self._view.seen())

    @Slot()
    def give_way(self) -> None:
        """Make room for what is looked at, or take it back when there is no need any more."""
        if self._place.isHidden() or self._place.pinned or self._is_used():
            return
        lower = self._needed()
        if lower != self._lower:
            self._lower = lower
            self.lay()

    def lay(self) -> None:
        """Put everything in its place."""
        room = self._area.rect().adjusted(0, self._view.y(), 0, 0)
        height = self._place.wanted(room.height())
        pinned = self._place.pinned
        if self._lower and not pinned:
            height = min(height, self._lower)
        self._place.fold(0 < height < SMALLEST and bool(self._lower) and not pinned)
        self._set_beside(height if pinned else 0)
        below = QRect(room.left(), room.bottom() + 1 - height, room.width(), height)
        self._place.setGeometry(below)
        self._place.raise_()
        self._covered = covered = 0 if pinned else height
        self._view.set_covered(covered)
        for bar in self._view.findChildren(FloatingBar):
            bar.keep_above(covered)
        above = room.adjusted(0, 0, 0, -height)
        # Where the place takes all of it, messages lie over the place.
        self._messages.stay_in(above if above.height() >= SMALLEST else room)
        self._keep_messages_clear()
        self._messages.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The area has another size, or a bar is new or floats somewhere else."""
        kind = event.type()
        if kind == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            bar = event.child()
            if isinstance(bar, FloatingBar):
                self._receive(bar)
                bar.keep_above(self._covered)
        if watched is self._area and kind in (QEvent.Type.Resize, QEvent.Type.Show):
            self._column.activate()
            self.lay()
        elif kind in _MOVED and isinstance(watched, FloatingBar):
            self._keep_messages_clear()
        return False

    @Slot()
    def _keep_messages_clear(self) -> None:
        """What is said lies over no bar; not over what is staged, but over the place then; not over
        what is selected where that can be helped; and of other things over as little as can be."""
        if self._messages.isHidden():
            return  # once there is one, it is looked at again
        view, corner = self._view, self._view.pos()
        bars = [bar.geometry() for bar in view.findChildren(FloatingBar) if bar.isVisible()]
        looked_at = self._looked_at()
        ranks = (
            bars,
            self._spared() if looked_at.isEmpty() else [self._pixels(looked_at)],
            self._items(),
        )
        taken = ([each.translated(corner) for each in rank] for rank in ranks)
        self._messages.keep_clear_of(*taken, refuge=self._refuge())

    def _refuge(self) -> QRect | None:
        """Where what is said lies over the place rather than over what is staged: its lower end,
        where there are the fewest candidates, and nothing to press."""
        place = self._place
        if self._staged is None or place.isHidden() or place.height() < SMALLEST:
            return None
        return place.geometry().adjusted(theme.GAP, theme.GAP, -theme.GAP, -theme.GAP)

    def _items(self) -> list[QRect]:
        """The pixels of the view that the things on the board take, with the name of what is
        selected; nothing where something is staged in their place, and nothing of very many."""
        view, scene = self._view, self._view.board_scene
        if len(scene.board) > _MANY:
            return []
        seen = [item for item in scene.items_in(view.seen()) if not item.covered]
        places = [self._pixels(item.sceneBoundingRect()) for item in seen]
        named = any(item.chosen for item in seen)
        return [*places, view.overlay.taken()] if named else places

    def _receive(self, bar: FloatingBar) -> None:
        """A bar is there from now on; those of what is staged make a choice of sides, and all
        others leave it in sight."""
        bar.installEventFilter(self)
        if bar.dark:
            bar.shuns = self._items
        else:
            bar.clear_of = self._staged_pixels

    def _staged_pixels(self) -> QRect:
        return QRect() if self._staged is None else self._pixels(self._staged)

    def _pixels(self, rect: QRectF) -> QRect:
        """What is seen of a place on the board, in pixels of the view."""
        viewport = self._view.viewport()
        return self._view.to_view_rect(rect).toAlignedRect() & viewport.rect()

    @Slot()
    def _note_wish(self) -> None:
        """The person wants another page or height: that holds until something else is looked at."""
        self._lower = 0
        self.lay()
        if self._place.opened_by_itself:
            self.give_way()

    def _set_beside(self, pixels: int) -> None:
        """Leave room for the pinned place under the board, whose upper edge stays where it is."""
        if self._column.contentsMargins().bottom() == pixels:
            return
        former = self._view.resizeAnchor()
        self._view.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self._column.setContentsMargins(0, 0, 0, pixels)
        self._column.activate()
        self._view.setResizeAnchor(former)

    def _is_used(self) -> bool:
        place = self._place
        under = place.isVisible() and place.rect().contains(place.mapFromGlobal(QCursor.pos()))
        return under or place.has_keyboard()

    def _needed(self) -> int:
        """How low the place must be for what is looked at; 0 when it may be as it likes."""
        looked_at = self._looked_at()
        view = self._view
        rect = view.viewport().rect()
        whole = QRectF(view.to_scene(rect.topLeft().toPointF()), rect.size().toSizeF() / view.zoom)
        shown = looked_at.intersected(whole)
        if shown.isEmpty() or self._place.large:
            return 0
        free = QRectF(whole)
        height = self._place.wanted(rect.height())
        free.setBottom(whole.bottom() - height / view.zoom)
        if _share(shown, free) >= _ENOUGH:
            return 0
        lower_edge = view.to_view(shown.bottomLeft()).y() + theme.PADDING
        left = round(rect.height() - lower_edge)
        return left if left >= SMALLEST else HANDLE

    def _looked_at(self) -> QRectF:
        """Around what is staged, or what is selected."""
        if self._staged is not None:
            return self._staged
        scene = self._view.board_scene
        ids = scene.target().item_ids
        if not ids or len(ids) > _MANY:
            return QRectF()
        found = (scene.board.get(id) for id in ids)
        return bounds(item for item in found if item is not None and item.visible)


def _share(rect: QRectF, room: QRectF) -> float:
    """How much of a rectangle lies in another, in 0 to 1."""
    if rect.isEmpty():
        return 1.0
    common = rect.intersected(room)
    return common.width() * common.height() / (rect.width() * rect.height())
