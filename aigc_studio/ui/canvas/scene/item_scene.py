"""A scene of board items: which are selected, where they are, and what lies where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Signal, Slot

from aigc_studio import late
from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.items.placed import box_of
from aigc_studio.ui.canvas.scene.following_scene import AT_ONCE, FollowingScene
from aigc_studio.ui.target import Target

if TYPE_CHECKING:
    from aigc_studio.project.board import Board
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.scene import outlines
    from aigc_studio.ui.canvas.scene.outlines import Moved, Outlines
else:
    outlines = late.module("aigc_studio.ui.canvas.scene.outlines")


class ItemScene(FollowingScene):
    """The items that are shown, and what is selected of them.

    `about_to_choose` comes before another selection is made.
    """

    about_to_choose = Signal()

    def __init__(self, board: Board, parent: QObject | None = None) -> None:
        super().__init__(board, parent)
        self._chosen: list[BoardItem] | None = None
        self._first = ""  # selected before the other one
        self.unseen: frozenset[str] = frozenset()
        """The hidden items that were chosen all the same (by id): no hand can take them, but
        commands are for them too."""
        self._target: Target | None = None
        self._outlines: Moved | None = None
        self._outlined = -1
        self._home: Outlines | None = None
        self._select_next: list[str] = []
        # Before anybody else hears of it and asks.
        self.selectionChanged.connect(self._forget_chosen)
        self.contents_changed.connect(self._forget_target)

    def chosen(self) -> list[BoardItem]:
        """The selected items, bottom first. The list is the scene's own, not to be changed."""
        if self._chosen is None:
            self._chosen = [item for item in self.shown() if item.chosen]
        return self._chosen

    def meant(self) -> list[BoardItem]:
        """What commands are for, bottom first: the selected items, and those that are `unseen`."""
        if not self.unseen:
            return self.chosen()
        return [item for item in self.shown() if item.chosen or item.id in self.unseen]

    def choose(self, ids: Iterable[str]) -> None:
        """Select exactly these items; those of them that are hidden are `unseen` then."""
        ids = list(ids)
        # Of what was to be selected when it is there, only what no command has brought yet.
        self._select_next = [id for id in self._select_next if id not in self.board]
        if any(id in self._due and id not in self._shown for id in ids):
            self._select_next = ids
        if self._due:
            self._bring(id for id in ids if id in self._due and id in self._shown)
            self._chosen = None
        shown = self._shown
        there = {id for id in ids if id in shown}
        wanted = {id for id in there if shown[id].item.visible}
        former = {item.item.id for item in self.chosen()}
        if former == wanted and self.unseen == there - wanted:
            return
        self._first = ids[0] if ids else ""
        self.about_to_choose.emit()
        self.unseen = frozenset(there - wanted)
        for id in former - wanted:
            shown[id].chosen = False
        for id in wanted - former:
            shown[id].chosen = True
        self.selectionChanged.emit()

    def shift(self, items: Sequence[BoardItem], dx: float, dy: float) -> None:
        """Show items so many board units from their committed places."""
        selected = items is self.chosen()
        if selected and self._home is None and all(item.is_home for item in items):
            self._home = outlines.Outlines(items)
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
            if len(self._shown) > AT_ONCE:
                # Copies of a former size are shown until their turn comes.
                self.loader.note_looks(self._shown.values())
                return
            for item in self._shown.values():
                item.note_scale()

    def choose_when_there(self, ids: list[str] | tuple[str, ...]) -> None:
        """Select items that a command is about to bring."""
        self._select_next = list(ids)

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
        if items is None and self._due:
            return outlines.around([item.bounds for item in self.board.items if item.visible])
        shown = self.shown() if items is None else items
        return outlines.around([item.box for item in shown if item.isVisible()])

    def outlines(self) -> Moved:
        """The outlines of what is selected, as it is shown now."""
        # While many follow the board, those of before stand: at the end all are measured once.
        moved = self._outlined != self.loader.laid and self.is_whole
        if self._outlines is None or moved:
            self._outlines = outlines.Outlines(self.chosen()).moved(QPointF())
            self._outlined = self.loader.laid
        return self._outlines

    # What is known of the selection

    def _forget_who(self) -> None:
        super()._forget_who()
        self._chosen = self._target = None

    def _order(self) -> None:
        super()._order()
        wanted = [id for id in self._select_next if id in self._shown]
        if wanted and not self._due:
            self._select_next = []
            self.choose(wanted)

    def _tell_news(self) -> None:
        if self.unseen:
            there = ((id, self.board.get(id)) for id in self.unseen)
            self.unseen = frozenset(id for id, item in there if item and not item.visible)
        super()._tell_news()

    def _reflect(self, shown: BoardItem, item: Item) -> None:
        chosen = shown.chosen
        if chosen and not item.visible:
            shown.chosen = False
            self._news.add("choice")
        elif chosen or shown.item.mask != item.mask:
            self._news.add("part")
        super()._reflect(shown, item)
        if item.visible and item.id in self.unseen:
            shown.chosen = True
            self._news.add("choice")

    @Slot()
    def _forget_chosen(self) -> None:
        self._chosen = self._target = None
        self._outlines = self._home = None

    @Slot()
    def _forget_target(self) -> None:
        self._target = None
