"""What the tools do on a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.ui.canvas.tools.area import RectangleGrip
from aigc_studio.ui.canvas.tools.crop import CropGrip
from aigc_studio.ui.canvas.tools.frame import FrameGrip
from aigc_studio.ui.canvas.tools.kit import Kit
from aigc_studio.ui.canvas.tools.lasso import LassoGrip
from aigc_studio.ui.canvas.tools.paint import EraseGrip, MaskGrip, PaintGrip, UnmaskGrip
from aigc_studio.ui.canvas.tools.tool import Tool
from aigc_studio.ui.canvas.tools.wand import WandGrip

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.tools.grip import Touch
    from aigc_studio.ui.canvas.tools.hand import Hand


def open_picture(hand: Hand, item: BoardItem, touch: Touch | None) -> None:
    """Nothing is hidden in a picture."""


PICTURES = Kit(
    {
        Tool.BRUSH: (PaintGrip,),
        Tool.ERASER: (EraseGrip,),
        Tool.MASK: (MaskGrip,),
        Tool.MASK_ERASER: (UnmaskGrip,),
        Tool.RECTANGLE: (RectangleGrip,),
        Tool.LASSO: (LassoGrip,),
        Tool.WAND: (WandGrip,),
        Tool.CROP: (CropGrip,),
        Tool.FRAME: (FrameGrip,),
    },
    open_picture,
)
