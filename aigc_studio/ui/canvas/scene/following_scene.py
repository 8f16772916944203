"""What is shown of a board: it follows the board at once, or, where much changed, in slices."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QGraphicsScene

from aigc_studio.ui.canvas.items.kinds import type_of

if TYPE_CHECKING:
    from aigc_studio.project.board import Board
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.scene.loader import TileLoader

REACH = 500_000.0
"""The scene's half side in board units."""

AT_ONCE = 300
"""So many items are shown at once as they are now; more, a few at a time between other events."""
SLICE = 0.008
"""Seconds of a turn of the event loop that they may take."""
KEPT, SWEPT = 6000, 100
"""Items off the board that are kept for an undo; how many go at a time: each takes its time."""
MANY = 50
"""From so many changed items on, all of the view is painted anew: so many parts take longer."""

News = Literal["came", "choice", "part"]
"""Items came; what is selected is another; what is selected looks another or has another part."""


class FollowingScene(QGraphicsScene):
    """Shows the items of a board, thousands of them if need be, as the board has them.

    The board has all that happens from the beginning, and so have commands; only to be seen takes
    its time. Of many items that came, went or changed, a few at a time are brought up to it between
    other events. `contents_changed` comes after some were, `part_changed` after what is marked or
    shown of the selected ones is another. What left the board is kept for a while, because an undo
    brings it back.
    """

    contents_changed = Signal()
    part_changed = Signal()

    def __init__(self, board: Board, parent: QObject | None = None) -> None:
        super().__init__(-REACH, -REACH, 2 * REACH, 2 * REACH, parent)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.board = board
        self.loader: TileLoader
        self._shown: dict[str, BoardItem] = {}
        self._bottom_up: list[BoardItem] | None = None
        self._due: dict[str, None] = {}
        self._news: set[News] = set()
        self._heights: dict[str, int] = {}
        self._gone: dict[str, BoardItem] = {}
        self._arriving = QTimer(self, singleShot=True, interval=0)
        self._arriving.timeout.connect(self._arrive)
        self._sweeping = QTimer(self, singleShot=True, interval=20)
        self._sweeping.timeout.connect(self._sweep)

    def item(self, id: str) -> BoardItem | None:
        """The item with this id, shown as the board has it now."""
        if id in self._due:
            self._bring((id,))
        return self._shown.get(id)

    @property
    def is_whole(self) -> bool:
        """Whether everything is shown as the board has it."""
        return not self._due and not self._arriving.isActive()

    def have_all(self) -> None:
        """Show now what is still to be shown: before hands are laid on what is selected."""
        if not self.is_whole:
            self._arriving.stop()
            self._bring(tuple(self._due))
            self._note_arrived()

    def shown(self) -> list[BoardItem]:
        """All items that are there by now (`have_all`), bottom first. The list is the scene's own,
        not to be changed.
        """
        if self._bottom_up is None:
            shown = self._shown
            self._bottom_up = [shown[item.id] for item in self.board.items if item.id in shown]
        return self._bottom_up

    def expect(self, count: int) -> None:
        """So many items are about to change: of many, Qt need not note every single rectangle."""
        if count >= MANY:
            self.update()

    # Following the board

    def _follow(self, ids: Iterable[str]) -> None:
        """Show items as the board has them: at once when that is quick, else a few at a time."""
        ids = tuple(ids)
        self._due.update(dict.fromkeys(ids))
        if len(self._due) <= AT_ONCE:
            self.expect(len(ids))
            self.have_all()
        elif len(ids) <= AT_ONCE and all(id in self._shown for id in ids):
            self._bring(ids)  # however many others are still to come
            self._tell_news()
        else:
            if not all(id in self._shown for id in ids):
                self._heights = {item.id: n for n, item in enumerate(self.board.items, 1)}
            self._arriving.start()

    @Slot()
    def _arrive(self) -> None:
        if not self._due:
            # In a turn of its own: to choose and measure thousands takes as long as a frame.
            self._note_arrived()
            return
        end = time.perf_counter() + SLICE
        self.update()
        due = iter(tuple(self._due))
        blocked = self.blockSignals(True)
        for id in due:
            self._show_now(id)
            if time.perf_counter() >= end:
                break
        self.blockSignals(blocked)
        self._arriving.start()
        self.contents_changed.emit()

    def _forget_who(self) -> None:
        """Others are on the board than were."""
        self._bottom_up = None

    def _part_with(self, ids: Iterable[str]) -> None:
        """These went and come again before that was to be seen: as if it had been seen."""
        blocked = self.blockSignals(True)
        for id in ids:
            if id in self._shown:
                self._let_go(id, self._shown[id])
        self.blockSignals(blocked)

    def _bring(self, ids: Iterable[str]) -> None:
        # Qt takes what is hidden or goes out of the selection, and would tell of each.
        blocked = self.blockSignals(True)
        for id in ids:
            self._show_now(id)
        self.blockSignals(blocked)

    def _show_now(self, id: str) -> None:
        self._due.pop(id, None)
        item, shown = self.board.get(id), self._shown.get(id)
        if item is None:
            if shown is not None:
                self._let_go(id, shown)
        elif shown is None:
            self._insert(item)
        elif shown.medium == item.medium:
            self._reflect(shown, item)

    def _note_arrived(self) -> None:
        self._heights = {}
        self._tell_news()

    def _tell_news(self) -> None:
        """Put what came in order, and tell once what many changes have come to."""
        news, self._news = self._news, set()
        if "came" in news:
            self._order()
        if "choice" in news:
            self.selectionChanged.emit()
        elif "part" in news:
            self.part_changed.emit()
        self.contents_changed.emit()

    def _insert(self, item: Item) -> None:
        shown = self._gone.pop(item.id, None)
        if shown is not None and shown.medium == item.medium:
            shown.reflect(item)
        else:
            shown = type_of(item)(item, self.loader)
        shown.note_scale()
        height = self._heights.get(item.id)
        if height is not None:
            shown.height = height
            shown.setZValue(height)
        self._shown[item.id] = shown
        self.addItem(shown)
        self._forget_who()
        self._news.add("came")

    def _reflect(self, shown: BoardItem, item: Item) -> None:
        """Show the committed state `item`."""
        shown.reflect(item)

    def _let_go(self, id: str, item: BoardItem) -> None:
        """Show an item no more; it is kept for an undo."""
        del self._shown[id]
        self.loader.forget(item)
        item.leave()
        item.chosen = False
        self.removeItem(item)
        self._gone[id] = item
        self._forget_who()
        self._news.add("choice")
        self._sweeping.start()

    @Slot()
    def _sweep(self) -> None:
        """Let go of items that are gone: a few at a time, and not of those an undo may soon ask."""
        for id in list(self._gone)[: max(len(self._gone) - KEPT, 0)][:SWEPT]:
            del self._gone[id]
        if len(self._gone) > KEPT:
            self._sweeping.start()

    def _order(self) -> None:
        self._forget_who()
        for height, item in enumerate(self.shown(), 1):
            if item.height != height:
                item.height = height
                item.setZValue(height)

    def _forget_all(self) -> None:
        """The board goes, and all items with it."""
        self._arriving.stop()
        self._sweeping.stop()
        self._due.clear()
        self._shown.clear()
        self._gone.clear()
        self._forget_who()
