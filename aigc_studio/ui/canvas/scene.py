"""The scene: items of the board as the canvas shows them, and what is selected in them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QGraphicsScene

from aigc_studio.api.selections import Bars, Span
from aigc_studio.jobs.errands import Errands
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.board_item import BoardItem, box_of
from aigc_studio.ui.canvas.edits import Edit, EditQueue
from aigc_studio.ui.canvas.fitting import fitted
from aigc_studio.ui.canvas.image_item import ImageItem
from aigc_studio.ui.canvas.item_types import type_of
from aigc_studio.ui.canvas.loader import TileLoader
from aigc_studio.ui.canvas.melody_item import MelodyItem
from aigc_studio.ui.canvas.outlines import Moved, Outlines, around
from aigc_studio.ui.canvas.target import Part, Target
from aigc_studio.ui.canvas.text_item import TextItem

if TYPE_CHECKING:
    from aigc_studio.api.selections import Mask, Selection
    from aigc_studio.project.board import Change, Item
    from aigc_studio.project.commands import Command
    from aigc_studio.project.project import Project

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


class BoardScene(QGraphicsScene):
    """Shows a project's board. It changes only because the board tells it to.

    `command_made` carries a command for the project; `part_changed` says that a mask, span, bars or
    frame is another one; `refused` carries a sentence. `about_to_choose` comes before another
    selection is made.
    """

    command_made = Signal(object)
    part_changed = Signal()
    contents_changed = Signal()
    about_to_choose = Signal()
    refused = Signal(str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(-REACH, -REACH, 2 * REACH, 2 * REACH, parent)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.project = project
        self.board = project.board
        project.candidates.fit = partial(fitted, store=project.store)
        self.errands = Errands(self)
        self.loader = TileLoader(project.store, self.errands, self)
        self.edits = EditQueue(self.board, self.loader, self.errands, self)
        self.edits.command_made.connect(self.command_made)
        self.edits.refused.connect(self.refused)
        self.edits.edit_ended.connect(self._end_edit)
        self._shown: dict[str, BoardItem] = {}
        self._bottom_up: list[BoardItem] | None = None
        self._chosen: list[BoardItem] | None = None
        self._target: Target | None = None
        self._outlines: Moved | None = None
        self._outlined = -1
        self._home: Outlines | None = None
        self._frames: dict[str, QRect] = {}
        self._select_next: set[str] = set()
        self._gone: dict[str, BoardItem] = {}
        self._sweeping = QTimer(self, singleShot=True, interval=20)
        self._sweeping.timeout.connect(self._sweep)
        self.sheets: set[str] = set()
        """Ids of the sheets that strokes brought: those may grow."""
        # Before anybody else hears of it and asks.
        self.selectionChanged.connect(self._forget_chosen)
        self.part_changed.connect(self._forget_target)
        self.contents_changed.connect(self._forget_target)
        self._coming: dict[str, None] = {}
        self._heights: dict[str, int] = {}
        self._arriving = QTimer(self, singleShot=True, interval=0)
        self._arriving.timeout.connect(self._arrive)
        self._hear_inserted(tuple(item.id for item in self.board.items))
        self.board.listeners.append(self._hear)
        self.selectionChanged.connect(self._drop_carets)
        theme.scheme_changed.connect(self._repaint)

    def close(self) -> None:
        """Let go of the project: finish what is on its way and listen no more."""
        if self._hear in self.board.listeners:
            self.edits.wait()
            self.board.listeners.remove(self._hear)
            self.errands.close()
            # Qt takes the items down one by one and tells of each; nobody is to ask them then.
            self.blockSignals(True)
            self._arriving.stop()
            self._coming.clear()
            self._shown.clear()
            self._gone.clear()
            self._bottom_up = self._chosen = None
            theme.scheme_changed.disconnect(self._repaint)

    # Items

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

    def choose(self, ids: Iterable[str]) -> None:
        """Select exactly these items."""
        ids = list(ids)
        self._select_next.difference_update(self._coming)
        self._select_next.update(id for id in ids if id in self._coming)
        wanted = {id for id in ids if id in self._shown}
        former = {item.id for item in self.chosen()}
        if former == wanted:
            return
        self.about_to_choose.emit()
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

    def make_of_shown(self, items: Sequence[BoardItem], kind: str) -> Command | None:
        """Send a command that makes real what a gesture shows of items; None when that is nothing.

        Where it cannot be done, they are shown where they are.
        """
        from aigc_studio.project.commands import change_items

        shown = ((item.id, item.as_shown()) for item in items)
        after = {id: item for id, item in shown if item is not None and id in self.board}
        if not after:
            return None
        command = change_items(self.board, after, kind)
        self.make(command)
        if not all(self._shown[id].is_home for id in list(after)[:1] if id in self._shown):
            for item in items:
                item.settle()
        return command

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

    def when_loaded(self, items: list[BoardItem], then: Callable[[], None]) -> None:
        """Call `then` once all of `items` is loaded: now, when it is."""
        for item in items:
            item.wish_all()
        if self.loader.idle:
            then()
        else:
            once = Qt.ConnectionType.SingleShotConnection
            self.loader.arrived.connect(lambda: self.when_loaded(items, then), once)

    def make(self, command: Command | None) -> None:
        """Send a command to the project; None is passed over."""
        if command is not None:
            self.command_made.emit(command)

    # Parts

    def mask_of(self, id: str) -> Mask | None:
        """The mask of a picture as it is seen; None when nothing is masked."""
        item = self._shown.get(id)
        return item.mask_values() if isinstance(item, ImageItem) else None

    def selection_of(self, id: str) -> Selection | None:
        """The selected part of an item: mask, span or bars; None when it is whole."""
        item = self._shown.get(id)
        if isinstance(item, TextItem):
            return item.writing.selected() if item.writing else item.span
        if isinstance(item, MelodyItem):
            return item.bars
        return self.mask_of(id)

    def framed(self) -> list[tuple[BoardItem, QRect]]:
        """The visible pictures with a frame on them, and their frames."""
        found = [(self._shown[id], rect) for id, rect in self._frames.items() if id in self._shown]
        return [(item, rect) for item, rect in found if item.isVisible()]

    def frame_of(self, id: str) -> QRect | None:
        """The frame on a picture, in its pixels."""
        return self._frames.get(id)

    def set_frame(self, id: str, rect: QRect | None) -> None:
        """Draw a frame on a picture, or take it away."""
        item = self._shown.get(id)
        if rect is not None and isinstance(item, ImageItem):
            rect = rect.intersected(item.colours.grid.rect)
        if rect is None or rect.isEmpty():
            self._frames.pop(id, None)
        else:
            self._frames[id] = rect
        self.part_changed.emit()

    def set_part(self, id: str, part: Span | Bars | None) -> None:
        """Select a span of a text or bars of a melody."""
        item = self._shown.get(id)
        if item is not None:
            item.show_part(part)
            self.part_changed.emit()

    def target(self) -> Target:
        """What is selected."""
        chosen = self.chosen()
        if len(chosen) == 1:
            item = chosen[0]
            return Target((item.id,), (item.medium,), _part_of(item), item.id in self._frames)
        if self._target is None:
            ids = tuple(item.item.id for item in chosen)
            self._target = Target(ids, tuple(item.item.content.medium for item in chosen))
        return self._target

    # The board speaks

    def _hear(self, change: Change) -> None:
        kinds = {
            "items_inserted": self._hear_inserted,
            "items_removed": self._hear_removed,
            "items_changed": self._hear_changed,
            "items_reordered": self._hear_reordered,
        }
        hear = kinds.get(change.kind)
        self._outlines = self._home = None
        if hear:
            self.expect(len(change.ids))
            hear(change.ids)
        self.contents_changed.emit()

    def _hear_inserted(self, ids: tuple[str, ...]) -> None:
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

    def _hear_removed(self, ids: tuple[str, ...]) -> None:
        blocked = self.blockSignals(True)
        for id in ids:
            self._coming.pop(id, None)
            item = self._shown.pop(id, None)
            self._frames.pop(id, None)
            if item is not None:
                self.loader.forget(item)
                if isinstance(item, TextItem):
                    item.end_writing()
                item.setSelected(False)
                self.removeItem(item)
                self._gone[id] = item
        self.blockSignals(blocked)
        self._bottom_up = None
        self._sweeping.start()
        self.selectionChanged.emit()

    @Slot()
    def _sweep(self) -> None:
        """Let go of items that are gone: a few at a time, and not of those an undo may soon ask."""
        for id in list(self._gone)[: max(len(self._gone) - KEPT, 0)][:SWEPT]:
            del self._gone[id]
        if len(self._gone) > KEPT:
            self._sweeping.start()

    def _hear_changed(self, ids: tuple[str, ...]) -> None:
        """Show all that changed, and then tell once."""
        told, chosen = False, len(self.selectedItems())
        # Qt takes what is hidden out of the selection, and would tell of each.
        blocked = self.blockSignals(True)
        for id in ids:
            former = self._shown.get(id)
            item = self.board.item(id)
            if former is None or former.medium != item.medium:
                continue
            was = former.item
            former.reflect(item)
            if was.content is not item.content:
                sides = ("width", "height")
                if any(was.content.info.get(side) != item.content.info.get(side) for side in sides):
                    self._frames.pop(id, None)
            told = told or was.mask != item.mask or former.isSelected()
        self.blockSignals(blocked)
        if len(self.selectedItems()) != chosen:
            self.selectionChanged.emit()
        elif told:
            self.part_changed.emit()

    def _hear_reordered(self, _ids: tuple[str, ...]) -> None:
        self.have_all()
        self._order()

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

    @Slot()
    def _drop_carets(self) -> None:
        """A place in a text is meant as long as the text is selected; what is marked stays."""
        for item in self._shown.values():
            if isinstance(item, TextItem) and not item.isSelected() and item.has_caret:
                item.show_part(None)

    @Slot(object)
    def _end_edit(self, edit: Edit) -> None:
        item = self._shown.get(edit.item_id)
        if edit.stroke is not None and isinstance(item, ImageItem):
            item.drop_stroke(edit.stroke)

    @Slot()
    def _repaint(self) -> None:
        for item in self._shown.values():
            item.update()


def _part_of(item: BoardItem) -> Part:
    if isinstance(item, ImageItem):
        live = item.live and any(stroke.kind == "select" for stroke in item.mask.live)
        return "mask" if item.item.mask is not None or live else ""
    if isinstance(item, TextItem):
        span = item.writing.selected() if item.writing else item.span
        if span is None:
            return ""
        return "span" if span.start < span.stop else "caret"
    return "bars" if cast(MelodyItem, item).bars is not None else ""
