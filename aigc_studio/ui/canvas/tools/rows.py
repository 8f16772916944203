"""Parts that lie in a row, words of a text and bars of a melody: selected by dragging over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aigc_studio.api.selections import Mask
from aigc_studio.ui.canvas.tools.grip import Grip, Touch

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.tools.hand import Hand


class RowSelection:
    """Words or bars that are being selected, from where the pointer went down."""

    def __init__(self, scene: BoardScene, item: BoardItem, touch: Touch) -> None:
        self._scene = scene
        self._item = item
        self._former = scene.selection_of(item.id)
        self._start = item.mapFromScene(touch.scene)
        scene.set_part(item.id, item.select_to(self._start, self._start))

    def to(self, touch: Touch) -> None:
        """Select up to here."""
        part = self._item.select_to(self._start, self._item.mapFromScene(touch.scene))
        self._scene.set_part(self._item.id, part)

    def cancel(self) -> None:
        """Select what was selected before."""
        former = self._former
        self._scene.set_part(self._item.id, former if not isinstance(former, Mask) else None)


class RowGrip(Grip):
    """Selects from where the pointer goes down to where it goes up."""

    cursor = Qt.CursorShape.IBeamCursor

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._row: RowSelection | None = None

    def press(self, touch: Touch) -> None:
        """Begin where the pointer is."""
        item = self.scene.item_at(touch.scene)
        if item is not None:
            self.scene.choose([item.id])
            self._row = RowSelection(self.scene, item, touch)

    def move(self, touch: Touch) -> None:
        """Select up to here."""
        if self._row is not None:
            self._row.to(touch)

    def release(self, touch: Touch) -> None:
        """What is selected stays so."""
        self._row = None

    def cancel(self) -> None:
        """Words or bars that were selected before are again."""
        row, self._row = self._row, None
        if row is not None:
            row.cancel()


class UnmarkGrip(Grip):
    """A click takes away what is selected of an item."""

    cursor = Qt.CursorShape.CrossCursor

    def press(self, touch: Touch) -> None:
        """Select the item, and no part of it."""
        item = self.scene.item_at(touch.scene)
        if item is not None:
            self.scene.choose([item.id])
            self.scene.set_part(item.id, None)
