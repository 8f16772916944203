"""What the tools do on a melody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aigc_studio.api.selections import Bars, Span
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.tools.grip import Touch
from aigc_studio.ui.canvas.tools.kit import Kit
from aigc_studio.ui.canvas.tools.rows import RowGrip, UnmarkGrip
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.tools.hand import Hand


class RulerGrip(RowGrip):
    """Selects bars on the strip that has their numbers."""

    cursor = Qt.CursorShape.IBeamCursor

    def wants(self, item: BoardItem, touch: Touch) -> bool:
        """Whether the pointer is on that strip."""
        return isinstance(item, MelodyItem) and item.on_ruler(item.mapFromScene(touch.scene))


def open_melody(hand: Hand, item: BoardItem, touch: Touch | None) -> None:
    """Select a bar."""
    part: Span | Bars = Bars(1, 1)
    if touch is not None:
        here = item.mapFromScene(touch.scene)
        part = item.select_to(here, here) or part
    hand.board_scene.set_part(item.id, part)


MELODIES = Kit(
    {
        Tool.MOVE: (RulerGrip,),
        Tool.MASK: (RowGrip,),
        Tool.RECTANGLE: (RowGrip,),
        Tool.MASK_ERASER: (UnmarkGrip,),
    },
    open_melody,
)
