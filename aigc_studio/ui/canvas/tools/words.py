"""What the tools do on a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aigc_studio.translation import _
from aigc_studio.ui.canvas.tools.grip import Grip, Touch
from aigc_studio.ui.canvas.tools.kit import Kit
from aigc_studio.ui.canvas.tools.rows import RowGrip, UnmarkGrip
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.tools.hand import Hand


class NoPaintGrip(Grip):
    """Brush and eraser, which leave words alone."""

    cursor = Qt.CursorShape.ForbiddenCursor

    def press(self, touch: Touch) -> None:
        """Say what does something here."""
        self.hand.report(_("Only pictures can be painted: double-click a text to write in it."))

    def double_press(self, touch: Touch) -> None:
        """Write in it, as with the tool that moves things; that is in hand from then on."""
        item = self.hand.board_scene.item_at(touch.scene)
        self.hand.set_tool(Tool.MOVE)
        if item is not None:
            open_text(self.hand, item, touch)


def open_text(hand: Hand, item: BoardItem, touch: Touch | None) -> None:
    """Write in it, where the pointer is."""
    hand.write(item.id, touch.scene if touch is not None else None)


TEXTS = Kit(
    {
        Tool.BRUSH: (NoPaintGrip,),
        Tool.ERASER: (NoPaintGrip,),
        Tool.MASK: (RowGrip,),
        Tool.RECTANGLE: (RowGrip,),
        Tool.LASSO: (RowGrip,),
        Tool.MASK_ERASER: (UnmarkGrip,),
    },
    open_text,
)
