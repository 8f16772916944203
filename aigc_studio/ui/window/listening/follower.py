"""The line that moves through a tune, and a view that goes gently along with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QPointF, Slot

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.playhead import Playhead

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.melody_card import MelodyItem
    from aigc_studio.ui.canvas.view import BoardView

AHEAD, BACK = 0.88, 0.2
"""Of the view's width: from where on it goes along, and where the line comes to by that."""
_EASE = 0.16
"""Of what is left of the way, the share that one frame takes."""


class Follower(QObject):
    """Shows the line, and moves the view with it until the person moves the view."""

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view = view
        self._playhead: Playhead | None = None
        self._card: MelodyItem | None = None
        self._pans = False
        self._left = 0.0
        """Pixels that the view has still to go."""
        self.follows = False
        self._span: tuple[float, float] | None = None
        """The stretch that was in sight of a tune that is seen from near."""
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self._note_move)

    @property
    def playhead(self) -> Playhead | None:
        """The line, while there is one."""
        there = self._playhead is not None and shiboken6.isValid(self._playhead)
        return self._playhead if there else None

    def begin(self) -> None:
        """Somebody wants to hear it: go along."""
        self.follows, self._left, self._span = True, 0.0, None

    def show(self, card: MelodyItem, tick: float) -> None:
        """The line is at a tick of this card."""
        if self.playhead is None or self._card is not card:
            self.leave()
            self._card, self._playhead = card, Playhead(card)
        assert self._playhead is not None
        if self.follows:
            self._turn_page(card, tick)
        self._playhead.show_at(tick, self._view.zoom)
        if self.follows and self._playhead.isVisible():
            self._go_along(self._playhead)

    def _turn_page(self, card: MelodyItem, tick: float) -> None:
        """Of a tune that is seen from near in its card the next stretch comes, all at once: were it
        scrolled bit by bit, all of it would be painted with each frame."""
        camera = card.camera
        if camera.span is None or self._span not in (None, camera.span):
            # The person scrolled it, or zoomed: stay there.
            self.follows = self.follows and camera.span is None
            return
        first, last = card.roll.ends
        if not first <= tick <= first + AHEAD * (last - first):
            camera.scroll_to(tick - BACK * (last - first))
        self._span = camera.span

    def leave(self) -> None:
        """No line any more."""
        playhead, self._playhead, self._card = self.playhead, None, None
        if playhead is not None:
            playhead.leave()

    def _go_along(self, playhead: Playhead) -> None:
        width = self._view.viewport().width()
        x = self._view.to_view(playhead.scenePos()).x()
        if not 0 <= x <= AHEAD * width:
            card = self._view.to_view_rect(playhead.parentItem().sceneBoundingRect())
            # No farther than the tune goes: behind its end there is nothing to be seen.
            most = card.right() - AHEAD * width if x > 0 else 0.0
            way = x - BACK * width
            self._left = min(way, max(most, 0.0)) if x > 0 else way
        if abs(self._left) >= 1:
            step = self._left * _EASE if theme.motion() else self._left
            step = min(max(step, 1.0), self._left) if self._left > 0 else step
            self._left -= step
            self._pans = True
            self._view.pan(QPointF(-step, 0))
            self._pans = False

    @Slot()
    def _note_move(self) -> None:
        """The person looks elsewhere, or the view was resized: stay there."""
        if not self._pans:
            self.follows = False
