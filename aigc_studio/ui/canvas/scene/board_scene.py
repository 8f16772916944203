"""The scene: items of the board as the canvas shows them, and what is selected in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect, Qt, Signal, Slot

from aigc_studio.api.selections import Bars, Mask, Span
from aigc_studio.jobs.errands import Errands
from aigc_studio.ui import notation, pixels, theme
from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.painting.edits import Edit, EditQueue
from aigc_studio.ui.canvas.scene.fitting import fitted
from aigc_studio.ui.canvas.scene.item_scene import ItemScene
from aigc_studio.ui.canvas.scene.loader import TileLoader
from aigc_studio.ui.target import Target

if TYPE_CHECKING:
    from aigc_studio.api.selections import Selection
    from aigc_studio.project.board import Change
    from aigc_studio.project.commands import Command
    from aigc_studio.project.items import Item
    from aigc_studio.project.project import Project
    from aigc_studio.ui.canvas.scene.model_frame import ModelFrame


class BoardScene(ItemScene):
    """Shows a project's board. It changes only because the board tells it to.

    `command_made` carries a command for the project; `refused` carries a sentence.
    """

    command_made = Signal(object)
    refused = Signal(str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(project.board, parent)
        self.project = project
        project.candidates.fit = partial(fitted, store=project.store)
        self.errands = Errands(self, prompt=True)  # what a hand pulls into view comes at once
        self.loader = TileLoader(project.store, self.errands, self)
        self.edits = EditQueue(self.board, self.loader, self)
        self.edits.command_made.connect(self.command_made)
        self.edits.refused.connect(self.refused)
        self.edits.edit_ended.connect(self._end_edit)
        self._frames: dict[str, QRect] = {}
        self.sheets: set[str] = set()
        """Ids of the sheets that strokes brought: those may grow."""
        # Before anybody else hears of it and asks.
        self.part_changed.connect(self._forget_target)
        self._follow(item.id for item in self.board.items)
        self.board.listeners.append(self._hear)
        self.selectionChanged.connect(self._drop_carets)
        theme.scheme_changed.connect(self._repaint)
        pixels.changed.connect(self._look_again)
        notation.changed.connect(self._look_again)

    def close(self) -> None:
        """Let go of the project: finish what is on its way and listen no more."""
        if self._hear in self.board.listeners:
            self.edits.wait()
            self.board.listeners.remove(self._hear)
            self.edits.close()
            self.errands.close()
            # Qt takes the items down one by one and tells of each; nobody is to ask them then.
            self.blockSignals(True)
            self._forget_all()
            theme.scheme_changed.disconnect(self._repaint)
            pixels.changed.disconnect(self._look_again)
            notation.changed.disconnect(self._look_again)

    # Items

    def when_loaded(self, items: list[BoardItem], then: Callable[[], None]) -> None:
        """Call `then` once all of `items` is loaded: now, when it is."""
        for item in items:
            item.wish_all()
        if self.loader.idle:
            then()
        else:
            once = Qt.ConnectionType.SingleShotConnection
            self.loader.arrived.connect(lambda: self.when_loaded(items, then), once)

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
        first, wanted = next(iter(after.items()))
        if self.board.get(first) not in (wanted, None):
            for item in items:
                item.settle()
        return command

    def make(self, command: Command | None) -> None:
        """Send a command to the project; None is passed over."""
        if command is not None:
            self.command_made.emit(command)

    # Parts

    def mask_of(self, id: str) -> Mask | None:
        """The mask of a picture as it is seen; None when nothing is masked."""
        part = self.selection_of(id)
        return part if isinstance(part, Mask) else None

    def selection_of(self, id: str) -> Selection | None:
        """The selected part of an item: mask, span or bars; None when it is whole."""
        item = self._shown.get(id)
        return item.selected() if item is not None else None

    def framed(self) -> list[tuple[BoardItem, QRect]]:
        """The visible pictures with a frame on them, and their frames."""
        found = [(self._shown[id], rect) for id, rect in self._frames.items() if id in self._shown]
        return [(item, rect) for item, rect in found if item.isVisible()]

    def frame_of(self, id: str) -> QRect | None:
        """The frame on a picture, in its pixels."""
        return self._frames.get(id)

    @cached_property
    def model_frame(self) -> ModelFrame:
        """What the chosen model takes."""
        from aigc_studio.ui.canvas.scene.model_frame import ModelFrame

        return ModelFrame()

    def show_model_frame(self, card: Mapping[str, Any] | None) -> None:
        """Another model was chosen, with this `frame` on its card."""
        if not card and "model_frame" not in vars(self):
            return  # as a window opens
        if self.model_frame.show(card):
            self.update()

    def seen_frame(self, id: str) -> QRect | None:
        """What of a picture goes to the model: the person's own frame, or the one that is chosen
        around its mask. None when all of it goes."""
        item = self._shown.get(id)
        own = self._frames.get(id)
        return own if own is not None or item is None else self.model_frame.around(item)

    def _frame_edges(self, id: str) -> tuple[int, int, int, int] | None:
        rect = self._frames.get(id)
        if rect is None:
            return None
        return rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1

    def set_frame(self, id: str, rect: QRect | None) -> None:
        """Draw a frame on a picture, or take it away."""
        item = self._shown.get(id)
        if rect is not None:
            rect = item.within_pixels(rect) if item is not None else QRect()
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
        """What is selected; of two items the one first that was selected before the other."""
        chosen = self.chosen()
        if len(chosen) == 1:
            item = chosen[0]
            self._first = item.id
            marked: Any = "mask" if item.part == "mask" else item.selected()
            # As the board has it, which may not be shown yet.
            return Target((self.board.item(item.id),), marked, self._frame_edges(item.id))
        if self._target is None:
            items = self.chosen_items()
            if len(items) == 2:
                items.sort(key=lambda item: item.id != self._first)
            self._target = Target(tuple(items))
        return self._target

    def chosen_items(self) -> list[Item]:
        """What is selected, bottom first, as the board has it."""
        chosen = self.chosen()
        if self.is_whole:
            return [item.item for item in chosen]
        found = (self.board.get(item.id) for item in chosen)
        return [item for item in found if item is not None]

    # The board speaks

    def _hear(self, change: Change) -> None:
        self._home = None
        if change.kind == "items_reordered":
            self.have_all()
            self.expect(len(change.ids))
            self._order()
            self.contents_changed.emit()
        elif change.kind == "items_changed":
            self._follow(change.ids)
        elif change.kind in ("items_inserted", "items_removed"):
            self._forget_who()
            if change.kind == "items_inserted":
                self._part_with(change.ids)
            self._follow(change.ids)

    def _reflect(self, shown: BoardItem, item: Item) -> None:
        former = shown.item.content
        super()._reflect(shown, item)
        if former is not item.content:
            sides = ("width", "height")
            if any(former.info.get(side) != item.content.info.get(side) for side in sides):
                self._frames.pop(item.id, None)

    def _let_go(self, id: str, item: BoardItem) -> None:
        super()._let_go(id, item)
        self._frames.pop(id, None)

    @Slot()
    def _drop_carets(self) -> None:
        """A place in a text is meant as long as the text is selected; what is marked stays."""
        for item in self._shown.values():
            if item.has_caret and not item.chosen:
                item.show_part(None)

    @Slot(object)
    def _end_edit(self, edit: Edit) -> None:
        item = self._shown.get(edit.item_id)
        if edit.stroke is not None and item is not None:
            item.drop_stroke(edit.stroke)

    @Slot()
    def _repaint(self) -> None:
        for item in self._shown.values():
            item.update()

    @Slot()
    def _look_again(self) -> None:
        """Thumbs that Qt paints are told; all else asks while it is painted."""
        for item in self._shown.values():
            item.choose_look()
            item.update()
