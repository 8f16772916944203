"""A scene of board items: which are there by now, which are selected, and where they are."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Signal, Slot
from PySide6.QtWidgets import QGraphicsScene

from aigc_studio.ui.canvas.items.item import BoardItem, box_of
from aigc_studio.ui.canvas.items.kinds import type_of
from aigc_studio.ui.canvas.scene.outlines import Moved, Outlines, around
from aigc_studio.ui.target import Target

if TYPE_CHECKING:
    from aigc_studio.project.board import Board, Item
    from aigc_studio.ui.canvas.scene.loader import TileLoader

REACH = 500_000.0
"""The scene's half side in board units."""

AT_ONCE = 300
"""So many new items are shown at once; more of them come a few at a time, between other events."""
SLICE = 0.008
"""Seconds of a turn of the event loop that they may take."""
KEPT, SWEPT = 6000, 100
"""Items off the board that are kept for an undo; how many go at a time: each takes its time."""
MANY = 50
"""From so many changed items on, all of the view is painted anew: so many parts take longer."""


class ItemScene(QGraphicsScene):
    """Shows the items of a board, thousands of them if need be.

    `about_to_choose` comes before another selection is made; `contents_changed` after items came,
    went or changed. New items are shown at once where that is quick; of many, a few at a time
    between other events. What left the board is kept for a while, because an undo brings it back.
    """

    contents_changed = Signal()
    about_to_choose = Signal()

    def __init__(self, board: Board, parent: QObject | None = None) -> None:
        super().__init__(-REACH, -REACH, 2 * REACH, 2 * REACH, parent)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.board = board
        self.loader: TileLoader
        self._shown: dict[str, BoardItem] = {}
        self._bottom_up: list[BoardItem] | None = None
        self._chosen: list[BoardItem] | None = None
        self._first = ""  # selected before the other one
        self.unseen: frozenset[str] = frozenset()
        """The hidden items that were chosen all the same (by id): no hand can take them, but
        commands are for them too."""
        self._target: Target | None = None
        self._outlines: Moved | None = None
        self._outlined = -1
        self._home: Outlines | None = None
        self._select_next: set[str] = set()
        self._coming: dict[str, None] = {}
        self._heights: dict[str, int] = {}
        self._gone: dict[str, BoardItem] = {}
        self._arriving = QTimer(self, singleShot=True, interval=0)
        self._arriving.timeout.connect(self._arrive)
        self._sweeping = QTimer(self, singleShot=True, interval=20)
        self._sweeping.timeout.connect(self._sweep)
        # Before anybody else hears of it and asks.
        self.selectionChanged.connect(self._forget_chosen)
        self.contents_changed.connect(self._forget_target)

    def item(self, id: str) -> BoardItem | None:
        """The item with this id; it is shown now, if it was still to come."""
        if id in self._coming:
            self._bring(id)
        return self._shown.get(id)

    @property
    def is_whole(self) -> bool:
        """Whether everything on the board is shown."""
        return not self._coming

    def have_all(self) -> None:
        """Show now what is still to come: before hands are laid on what is selected."""
        if self._coming:
            while self._coming:
                self._bring(next(iter(self._coming)))
            self._note_arrived()

    def shown(self) -> list[BoardItem]:
        """All items that are there by now (`have_all`), bottom first. The list is the scene's own,
        not to be changed.
        """
        if self._bottom_up is None:
            shown = self._shown
            self._bottom_up = [shown[item.id] for item in self.board.items if item.id in shown]
        return self._bottom_up

    def chosen(self) -> list[BoardItem]:
        """The selected items, bottom first. The list is the scene's own, not to be changed."""
        if self._chosen is None:
            self._chosen = [item for item in self.shown() if item.isSelected()]
        return self._chosen

    def meant(self) -> list[BoardItem]:
        """What commands are for, bottom first: the selected items, and those that are `unseen`."""
        if not self.unseen:
            return self.chosen()
        return [item for item in self.shown() if item.isSelected() or item.id in self.unseen]

    def choose(self, ids: Iterable[str]) -> None:
        """Select exactly these items; those of them that are hidden are `unseen` then."""
        ids = list(ids)
        self._select_next.difference_update(self._coming)
        if any(id in self._coming for id in ids):
            self._select_next = set(ids)
        there = {id for id in ids if id in self._shown}
        wanted = {id for id in there if self._shown[id].isVisible()}
        former = {item.id for item in self.chosen()}
        if former == wanted and self.unseen == there - wanted:
            return
        self._first = ids[0] if ids else ""
        self.about_to_choose.emit()
        self.unseen = frozenset(there - wanted)
        self.expect(len(former ^ wanted))
        blocked = self.blockSignals(True)
        for id in former ^ wanted:
            self._shown[id].setSelected(id in wanted)
        self.blockSignals(blocked)
        self.selectionChanged.emit()

    def expect(self, count: int) -> None:
        """So many items are about to change: of many, Qt need not note every single rectangle."""
        if count >= MANY:
            self.update()

    def shift(self, items: Sequence[BoardItem], dx: float, dy: float) -> None:
        """Show items so many board units from their committed places."""
        selected = items is self.chosen()
        if selected and self._home is None and all(item.is_home for item in items):
            self._home = Outlines(items)
        self.expect(len(items))
        for item in items:
            item.shift(dx, dy)
        if selected and self._home is not None:
            # Nothing is measured anew while they move together.
            self._outlines = self._home.moved(QPointF(dx, dy))
            self._outlined = self.loader.laid

    def look_from(self, scale: float) -> None:
        """A board unit takes so many pixels of the screen from now on."""
        if scale != self.loader.scale:
            self.loader.scale = scale
            self.expect(len(self._shown))
            # Few are seen right at once; of many, copies of a former size are shown until then.
            soon = self.loader.note_look if len(self._shown) > AT_ONCE else None
            for item in self._shown.values():
                item.look_from(scale, soon)

    def choose_when_there(self, ids: list[str] | tuple[str, ...]) -> None:
        """Select items that a command is about to bring."""
        self._select_next = set(ids)

    def item_at(self, point: QPointF) -> BoardItem | None:
        """The topmost visible item at a place on the board."""
        x, y = point.x(), point.y()
        for item in reversed(self.shown()):
            left, top, right, bottom = item.box
            if not (left <= x <= right and top <= y <= bottom and item.isVisible()):
                continue
            if not item.is_turned or item.contains(item.mapFromScene(point)):
                return item
        return None

    def items_in(self, rect: QRectF) -> list[BoardItem]:
        """The visible items of which a part is in `rect` (board units), bottom first."""
        x1, y1, x2, y2 = box_of(rect)
        found = []
        for item in self.shown():
            left, top, right, bottom = item.box
            if left < x2 and right > x1 and top < y2 and bottom > y1 and item.isVisible():
                found.append(item)
        return found

    def bounds(self, items: Sequence[BoardItem] | None = None) -> QRectF:
        """The rectangle around items (the visible ones by default) as they are shown now."""
        if items is None and self._coming:
            return around([item.bounds for item in self.board.items if item.visible])
        shown = self.shown() if items is None else items
        return around([item.box for item in shown if item.isVisible()])

    def outlines(self) -> Moved:
        """The outlines of what is selected, as it is shown now."""
        if self._outlines is None or self._outlined != self.loader.laid:
            self._outlines = Outlines(self.chosen()).moved(QPointF())
            self._outlined = self.loader.laid
        return self._outlines

    # Coming and going

    def _let_come(self, ids: Iterable[str]) -> None:
        """Show what has come: at once when that is quick, else a few at a time.

        The board has all of them from the beginning, and so have commands; only to be seen takes
        its time.
        """
        self._coming.update(dict.fromkeys(ids))
        if len(self._coming) <= AT_ONCE:
            self.have_all()
        else:
            self._heights = {item.id: n for n, item in enumerate(self.board.items, 1)}
            self._arriving.start()

    @Slot()
    def _arrive(self) -> None:
        end = time.perf_counter() + SLICE
        self.update()
        while self._coming:
            self._bring(next(iter(self._coming)))
            if time.perf_counter() >= end:
                break
        if self._coming:
            self._arriving.start()
        else:
            self._note_arrived()

    def _bring(self, id: str) -> None:
        del self._coming[id]
        item = self.board.get(id)
        if item is not None:
            self._insert(item)
            self._bottom_up = None

    def _note_arrived(self) -> None:
        self._heights = {}
        self._order()
        wanted = [id for id in self._select_next if id in self._shown]
        if wanted:
            self._select_next.clear()
            self.choose(wanted)
        self.contents_changed.emit()

    def _let_go(self, id: str) -> BoardItem | None:
        """Show an item no more; it is kept for an undo. Gives the one that was shown."""
        self._coming.pop(id, None)
        item = self._shown.pop(id, None)
        if item is not None:
            self.loader.forget(item)
            item.leave()
            item.setSelected(False)
            self.removeItem(item)
            self._gone[id] = item
            self._bottom_up = None
            self._sweeping.start()
        return item

    @Slot()
    def _sweep(self) -> None:
        """Let go of items that are gone: a few at a time, and not of those an undo may soon ask."""
        for id in list(self._gone)[: max(len(self._gone) - KEPT, 0)][:SWEPT]:
            del self._gone[id]
        if len(self._gone) > KEPT:
            self._sweeping.start()

    def _insert(self, item: Item) -> None:
        shown = self._gone.pop(item.id, None)
        if shown is not None and shown.medium == item.medium:
            shown.reflect(item)
        else:
            shown = type_of(item)(item, self.loader)
        shown.look_from(self.loader.scale)
        height = self._heights.get(item.id)
        if height is not None:
            shown.height = height
            shown.setZValue(height)
        self._shown[item.id] = shown
        self.addItem(shown)

    def _order(self) -> None:
        self._bottom_up = self._chosen = self._target = None
        for height, item in enumerate(self.shown(), 1):
            if item.height != height:
                item.height = height
                item.setZValue(height)

    @Slot()
    def _forget_chosen(self) -> None:
        self._chosen = self._target = None
        self._outlines = self._home = None

    @Slot()
    def _forget_target(self) -> None:
        self._target = None

    def _forget_all(self) -> None:
        """The board goes, and all items with it."""
        self._arriving.stop()
        self._sweeping.stop()
        self._coming.clear()
        self._shown.clear()
        self._gone.clear()
        self._bottom_up = self._chosen = None
