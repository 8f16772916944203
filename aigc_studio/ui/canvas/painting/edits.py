"""Edits that need new content: made beside the window, in order, each one command."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Signal

from aigc_studio.api.errors import StudioError
from aigc_studio.jobs.errands import Errands
from aigc_studio.ui.canvas.items.layers import ColourLayer, MaskLayer
from aigc_studio.ui.canvas.scene.loader import TileLoader, read_tiles

if TYPE_CHECKING:
    from aigc_studio.project.board import Board, Item
    from aigc_studio.project.content import Content, ContentStore

Make = Callable[["ContentStore", "Item"], "Item"]


@dataclass
class Edit:
    """`make` gives the item as it is to become; it runs on another thread, maybe more than once.

    `kind` is the command's; `stroke` is what the item shows until the edit is done; `told` makes
    the sentence for the person of the one that says why it could not be done.
    """

    item_id: str
    kind: str
    make: Make
    stroke: object = None
    told: Callable[[str], str] = str


class EditQueue(QObject):
    """Edits on their way. An undo in between makes an edit anew on what is there then."""

    command_made = Signal(object)
    edit_ended = Signal(object)
    refused = Signal(str)

    def __init__(self, board: Board, loader: TileLoader, errands: Errands, parent: QObject) -> None:
        super().__init__(parent)
        self._board = board
        self._loader = loader
        self._errands = errands
        self._waiting: deque[Edit] = deque()
        self._busy = False

    @property
    def idle(self) -> bool:
        """Whether every edit has become a command."""
        return not self._busy and not self._waiting

    def add(self, edit: Edit) -> None:
        """Have an edit made after those that wait already."""
        self._waiting.append(edit)
        self._next()

    def wait(self) -> None:
        """Let all edits become commands; events of the window wait meanwhile."""
        while not self.idle:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, 20)

    def _next(self) -> None:
        if self._busy or not self._waiting:
            return
        edit = self._waiting.popleft()
        base = self._board.get(edit.item_id)
        if base is None:
            self.edit_ended.emit(edit)
            self._next()
            return
        self._busy = True
        store = self._loader.store

        def work() -> tuple[Item, list[Any], list[Any]]:
            with store.together():
                made = edit.make(store, base)
            colours = _new_tiles(store, base.content, made.content, ColourLayer.decode)
            masks = _new_tiles(store, base.mask, made.mask, MaskLayer.decode)
            return made, colours, masks

        self._errands.run(
            work,
            lambda result: self._finish(edit, base, *result),
            lambda error: self._fail(edit, error),
        )

    def _finish(
        self, edit: Edit, base: Item, made: Item, colours: list[Any], masks: list[Any]
    ) -> None:
        from aigc_studio.project import commands

        self._busy = False
        current = self._board.get(edit.item_id)
        if current is not None and current != base:
            self._waiting.appendleft(edit)
            self._next()
            return
        self._loader.keep(ColourLayer.decode, colours)
        self._loader.keep(MaskLayer.decode, masks)
        if current is not None and made != base:
            if made.content != base.content:
                made_by = base.provenance.edited_by_hand() if base.provenance else None
                made = replace(made, latent="", provenance=made_by)
            self.command_made.emit(commands.change_items(self._board, {made.id: made}, edit.kind))
        self.edit_ended.emit(edit)
        self._next()

    def _fail(self, edit: Edit, error: Exception) -> None:
        self._busy = False
        self.edit_ended.emit(edit)
        self._next()
        if not isinstance(error, StudioError):
            raise error
        self.refused.emit(edit.told(str(error)))


def _new_tiles(
    store: ContentStore, before: Content | None, after: Content | None, decode: Any
) -> list[Any]:
    """Tiles that were not there before, read while nobody waits for them."""
    if after is None or after.medium != "image":
        return []
    known = set(store.tiles(before).values()) if before is not None else set()
    new = [digest for digest in dict.fromkeys(store.tiles(after).values()) if digest not in known]
    return read_tiles(store, decode, new[:128])
