"""Edits that need new content: made beside the window, in order, each one command."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Signal

from aigc_studio.api.errors import StudioError
from aigc_studio.jobs.errands import Errands
from aigc_studio.ui.canvas.items.layers import ColourLayer, MaskLayer
from aigc_studio.ui.canvas.scene.loader import TileLoader, read_tiles

if TYPE_CHECKING:
    from aigc_studio.project.board import Board
    from aigc_studio.project.content import Content, ContentStore
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.painting.progress import Progress

Make = Callable[["ContentStore", "Item"], "Item"]


@dataclass
class Edit:
    """`make` gives the item as it is to become; it runs on another thread, maybe more than once.

    `kind` is the command's; `stroke` is what the item shows until the edit is done; `told` makes
    the sentence for the person of the one that says why it could not be done. `also` are further
    items: the same is made of them, in the same command. `progress` is there when it may take long.
    """

    item_id: str
    kind: str
    make: Make
    stroke: object = None
    told: Callable[[str], str] = str
    also: tuple[str, ...] = ()
    progress: Progress | None = None


class EditQueue(QObject):
    """Edits on their way. An undo in between makes an edit anew on what is there then.

    `began`: the next one is being made; `edit_ended` carries each that is done, or was given up.
    """

    command_made = Signal(object)
    edit_ended = Signal(object)
    began = Signal()
    refused = Signal(str)

    def __init__(self, board: Board, loader: TileLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._board = board
        self._loader = loader
        self._errands = Errands(self)  # what a hand has done becomes a command once it rests
        self._waiting: deque[Edit] = deque()
        self._made: Edit | None = None

    @property
    def idle(self) -> bool:
        """Whether every edit has become a command."""
        return self._made is None and not self._waiting

    def add(self, edit: Edit) -> None:
        """Have an edit made after those that wait already."""
        self._waiting.append(edit)
        self._next()

    def wait(self) -> None:
        """Let all edits become commands; events of the window wait meanwhile."""
        flags = QEventLoop.ProcessEventsFlag
        while not self.idle:
            # Asleep until something comes: a loop that turns idly takes the processor, and Python's
            # lock, from the thread that it waits for.
            QCoreApplication.processEvents(flags.ExcludeUserInputEvents | flags.WaitForMoreEvents)

    def close(self) -> None:
        """Make no more of them."""
        self._errands.close()

    @property
    def under_way(self) -> Progress | None:
        """Of the edit that is made just now, if it is one that may take long."""
        return self._made.progress if self._made is not None else None

    def give_up(self) -> None:
        """Give up the edit that is made just now, if it can be."""
        if self.under_way is not None:
            self.under_way.give_up()

    def _next(self) -> None:
        if self._made is not None or not self._waiting:
            return
        edit = self._waiting.popleft()
        found = ((id, self._board.get(id)) for id in dict.fromkeys((edit.item_id, *edit.also)))
        base = {id: item for id, item in found if item is not None}
        if not base:
            self.edit_ended.emit(edit)
            self._next()
            return
        self._made = edit
        store = self._loader.store

        def work() -> tuple[dict[str, Item], list[Any], list[Any]]:
            with store.together():
                made = {id: edit.make(store, item) for id, item in base.items()}
            colours, masks = [], []
            for id, item in made.items():
                colours += _new_tiles(store, base[id].content, item.content, ColourLayer.decode)
                masks += _new_tiles(store, base[id].mask, item.mask, MaskLayer.decode)
            return made, colours, masks

        self._errands.run(
            work,
            lambda result: self._finish(edit, base, *result),
            lambda error: self._fail(edit, error),
        )
        self.began.emit()

    def _finish(
        self,
        edit: Edit,
        base: dict[str, Item],
        made: dict[str, Item],
        colours: list[Any],
        masks: list[Any],
    ) -> None:
        from aigc_studio.project import commands

        self._made = None
        current = {id: item for id in base if (item := self._board.get(id)) is not None}
        wanted = edit.progress is None or not edit.progress.is_given_up
        if wanted and any(item != base[id] for id, item in current.items()):
            self._waiting.appendleft(edit)
            self._next()
            return
        self._loader.keep(ColourLayer.decode, colours)
        self._loader.keep(MaskLayer.decode, masks)
        changed = {id: _by_hand(base[id], made[id]) for id in current if made[id] != base[id]}
        if changed and wanted:
            self.command_made.emit(commands.change_items(self._board, changed, edit.kind))
        self.edit_ended.emit(edit)
        self._next()

    def _fail(self, edit: Edit, error: Exception) -> None:
        self._made = None
        self.edit_ended.emit(edit)
        self._next()
        if edit.progress is not None and edit.progress.is_given_up:
            return
        if not isinstance(error, StudioError):
            raise error
        self.refused.emit(edit.told(str(error)))


def _by_hand(before: Item, after: Item) -> Item:
    """What a hand made of an item; whoever only moved or masked it has no hand in its content."""
    if after.content == before.content:
        return after
    return after.changed_by_hand(after.content)


def _new_tiles(
    store: ContentStore, before: Content | None, after: Content | None, decode: Any
) -> list[Any]:
    """Tiles that were not there before, read while nobody waits for them."""
    if after is None or after.medium != "image":
        return []
    known = set(store.tiles(before).values()) if before is not None else set()
    new = [digest for digest in dict.fromkeys(store.tiles(after).values()) if digest not in known]
    return read_tiles(store, decode, new[:128])
