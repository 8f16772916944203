"""Small pictures of items for their rows: the thumbs of the canvas, drawn beside the window."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.scene.loader import TileLoader
    from aigc_studio.ui.canvas.scene.thumbs import Thumb

KEPT = 256
"""Rows whose thumbs are kept: some screens of them."""


class _Row:
    """What a row shows of an item, as the loader of the canvas knows what it draws thumbs for."""

    def __init__(self, item: Item, update: Callable[[], None]) -> None:
        self.item = item
        self.thumb: Thumb | None = None
        self.is_read = False
        self._update = update

    def thumb_key(self) -> object:
        """As the item on the canvas has it, so that both share one thumb."""
        return key_of(self.item)

    def show_thumb(self, item: Item, thumb: Thumb | None) -> None:
        self.thumb, self.is_read = thumb, True
        self._update()

    def note_scale(self) -> None:
        pass

    def update(self) -> None:
        self._update()


class RowPictures:
    """Gives the thumbs of items, and calls `update` when one has come."""

    def __init__(self, update: Callable[[], None]) -> None:
        self._update = update
        self._loader: TileLoader | None = None
        self._kept: OrderedDict[str, _Row] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def read_with(self, loader: TileLoader | None) -> None:
        """Have them read by this loader, and forget what another one read."""
        self.clear()
        self._loader = loader

    def clear(self) -> None:
        """Forget all."""
        for row in self._kept.values():
            if self._loader is not None:
                self._loader.forget(row)
        self._kept.clear()

    def of(self, item: Item, wanted: float) -> QPixmap | None:
        """The thumb of an item, for `wanted` device pixels on its longer side; None while there is
        none."""
        row = self._kept.get(item.id)
        if row is None or key_of(row.item) != key_of(item):
            former, row = row, _Row(item, self._update)
            row.thumb = former.thumb if former is not None else None
            self._kept[item.id] = row
            if self._loader is not None:
                self._loader.wish_thumb(row)
        self._kept.move_to_end(item.id)
        while len(self._kept) > KEPT:
            _id, gone = self._kept.popitem(last=False)
            if self._loader is not None:
                self._loader.forget(gone)
        if row.thumb is None:
            return None
        return row.thumb.pixmap(row.thumb.copy_for(wanted)[0])

    def is_broken(self, item: Item) -> bool:
        """Whether its content cannot be read."""
        row = self._kept.get(item.id)
        return row is not None and row.is_read and row.thumb is None


def key_of(item: Item) -> object:
    """What the thumb of an item shows: equal keys, equal thumbs."""
    if item.medium == "image":
        return (item.content.digest, item.mask.digest if item.mask is not None else "")
    return (item.content.digest, item.width, item.height)
