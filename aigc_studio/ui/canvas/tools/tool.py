"""The tools of the canvas: what they are called, their keys and icons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aigc_studio.translation import _
from aigc_studio.ui import keys


class Tool(StrEnum):
    """The tools, by name."""

    MOVE = "move"
    BRUSH = "brush"
    ERASER = "eraser"
    MASK = "mask"
    MASK_ERASER = "mask_eraser"
    RECTANGLE = "rectangle"
    LASSO = "lasso"
    WAND = "wand"
    CROP = "crop"
    FRAME = "frame"
    EYEDROPPER = "eyedropper"
    HAND = "hand"

    @property
    def marks(self) -> bool:
        """Whether it marks a part of a picture."""
        marking = (Tool.RECTANGLE, Tool.LASSO, Tool.WAND)
        return self in (Tool.MASK, Tool.MASK_ERASER, *marking)

    @property
    def paints(self) -> bool:
        """Whether it has a brush's size and hardness."""
        return self in _PAINTING


_PAINTING = frozenset({Tool.BRUSH, Tool.ERASER, Tool.MASK, Tool.MASK_ERASER})


@dataclass(frozen=True)
class ToolInfo:
    """How a tool is shown: its words and its icon's name."""

    tool: Tool
    title: str
    tip: str
    icon: str

    @property
    def key(self) -> str:
        """The key that takes it, as a person reads it."""
        return keys.shown(self.name)

    @property
    def name(self) -> str:
        """What it is called in the table of keys."""
        return f"tool_{self.tool}"


def tool_infos() -> tuple[ToolInfo, ...]:
    """All tools in the order of a tool bar, in the language that is spoken now."""
    brush = _("Paint on a picture or a new sheet; draw notes")
    crop = _("Cut a picture: drag the edges, then press Enter")
    marks = _("Mark a rectangle, words or bars to be made anew")
    lasso = _("Draw around a part, or click its corners and close with Enter")
    wand = _("Mark what has the colour that you click")
    frame = _("Choose what the model gets to see of a picture; the rest stays as it is")
    return (
        ToolInfo(Tool.MOVE, _("Move"), _("Select, move, scale and turn items"), "move"),
        ToolInfo(Tool.BRUSH, _("Brush"), brush, "brush"),
        ToolInfo(Tool.ERASER, _("Eraser"), _("Erase paint, or notes"), "eraser"),
        ToolInfo(Tool.MASK, _("Mask"), _("Mark the part to be made anew"), "mask"),
        ToolInfo(Tool.MASK_ERASER, _("Mask eraser"), _("Erase from the mask"), "mask-eraser"),
        ToolInfo(Tool.RECTANGLE, _("Select"), marks, "rectangle"),
        ToolInfo(Tool.LASSO, _("Lasso"), lasso, "lasso"),
        ToolInfo(Tool.WAND, _("Wand"), wand, "wand"),
        ToolInfo(Tool.CROP, _("Crop"), crop, "crop"),
        ToolInfo(Tool.FRAME, _("Frame for the model"), frame, "frame"),
        ToolInfo(Tool.EYEDROPPER, _("Eyedropper"), _("Pick a colour"), "eyedropper"),
        ToolInfo(Tool.HAND, _("Hand"), _("Move the view"), "hand"),
    )
