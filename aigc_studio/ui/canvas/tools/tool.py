"""The tools of the canvas: what they are called, and what each does under the hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.view import BoardView


class Tool(StrEnum):
    """The tools, by name."""

    MOVE = "move"
    BRUSH = "brush"
    ERASER = "eraser"
    MASK = "mask"
    MASK_ERASER = "mask_eraser"
    RECTANGLE = "rectangle"
    FRAME = "frame"
    EYEDROPPER = "eyedropper"
    HAND = "hand"

    @property
    def paints(self) -> bool:
        """Whether it has a brush's size and hardness."""
        return self in (Tool.BRUSH, Tool.ERASER, Tool.MASK, Tool.MASK_ERASER)


@dataclass(frozen=True)
class ToolInfo:
    """How a tool is shown: its words, its key and its icon's name."""

    tool: Tool
    title: str
    tip: str
    key: str
    icon: str


def tool_infos() -> tuple[ToolInfo, ...]:
    """All tools in the order of a tool bar, in the language that is spoken now."""
    return (
        ToolInfo(Tool.MOVE, _("Move"), _("Select, move, scale and turn items"), "V", "move"),
        ToolInfo(
            Tool.BRUSH, _("Brush"), _("Paint; on an empty place, on a new sheet"), "B", "brush"
        ),
        ToolInfo(Tool.ERASER, _("Eraser"), _("Erase paint"), "E", "eraser"),
        ToolInfo(Tool.MASK, _("Mask"), _("Mark the part to be made anew"), "M", "mask"),
        ToolInfo(Tool.MASK_ERASER, _("Mask eraser"), _("Erase from the mask"), "Shift+M", "invert"),
        ToolInfo(
            Tool.RECTANGLE,
            _("Select"),
            _("Mark a rectangle, words or bars to be made anew"),
            "R",
            "rectangle",
        ),
        ToolInfo(Tool.FRAME, _("Frame"), _("Choose what the model gets to see"), "F", "frame"),
        ToolInfo(Tool.EYEDROPPER, _("Eyedropper"), _("Pick a colour"), "I", "eyedropper"),
        ToolInfo(Tool.HAND, _("Hand"), _("Move the view"), "H", "hand"),
    )


@dataclass(frozen=True)
class Touch:
    """Where the pointer is: `view` in pixels of the viewport, `scene` in board units.

    `pressure` of a pen is 0 to 1, a mouse has 1.
    """

    view: QPointF
    scene: QPointF
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    pressure: float = 1.0

    def has(self, modifier: Qt.KeyboardModifier) -> bool:
        """Whether a key like Shift is held."""
        return bool(self.modifiers & modifier)


class Grip:
    """A tool in use. The view tells it of the pointer; it shows and sends what follows."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, view: BoardView) -> None:
        self.view = view
        self.busy = False

    @property
    def scene(self) -> BoardScene:
        """The view's scene."""
        return self.view.board_scene

    def press(self, touch: Touch) -> None:
        """The main button goes down."""

    def move(self, touch: Touch) -> None:
        """The pointer moves with the button down."""

    def release(self, touch: Touch) -> None:
        """The button goes up."""

    def hover(self, touch: Touch) -> Qt.CursorShape:
        """The pointer moves with no button down. Gives the cursor to show."""
        return self.cursor

    def double_press(self, touch: Touch) -> None:
        """A double click."""

    def cancel(self) -> None:
        """Give up what is under way."""
        self.busy = False
