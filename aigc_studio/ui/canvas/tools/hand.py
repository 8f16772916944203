"""What a tool needs of the view that it works in, and nothing else of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QTransform

    from aigc_studio.ui.canvas.items.text_card import TextItem
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.tools.handles import Handle
    from aigc_studio.ui.canvas.tools.marks import Marks
    from aigc_studio.ui.canvas.tools.options import ToolOptions
    from aigc_studio.ui.canvas.tools.tool import Tool


class Hand(Protocol):
    """A view as its tools know it. Points and rectangles are pixels of the viewport where nothing
    else is said; the scene's are board units.

    `marks` is what is shown over the items while hands are at work; `repaint` has it seen.
    """

    board_scene: BoardScene
    tool: Tool
    options: ToolOptions
    marks: Marks

    @property
    def zoom(self) -> float:
        """Pixels of the viewport on a board unit."""
        ...

    @property
    def writing(self) -> TextItem | None:
        """The text that is being written in."""
        ...

    def to_view(self, point: QPointF) -> QPointF:
        """From board units to pixels of the viewport."""
        ...

    def to_view_rect(self, rect: QRectF) -> QRectF:
        """From board units to pixels of the viewport."""
        ...

    def viewportTransform(self) -> QTransform:
        """From board units to pixels of the viewport, for a painter."""
        ...

    def seen(self) -> QRectF:
        """The part of the board that is in view, in board units."""
        ...

    def pan(self, by: QPointF) -> None:
        """Move the board under the view."""
        ...

    def handle_at(self, point: QPointF) -> Handle | None:
        """The handle of the selection at a point."""
        ...

    def repaint_marks(self, rect: QRectF | None = None) -> None:
        """Have what lies over the items painted anew, or a part of it."""
        ...

    def show_cursor(self, shape: Qt.CursorShape) -> None:
        """Let the pointer look like this."""
        ...

    def show_hint(self, wanted: bool = True) -> None:
        """Say on an empty board what can be done."""
        ...

    def report(self, sentence: str) -> None:
        """Have a sentence shown to the person."""
        ...

    def sound_note(self, pitch: int, program: int = 0, velocity: int = 80) -> None:
        """Have a note under the hand heard: pitch and program 0 to 127, velocity 1 to 127."""
        ...

    def set_tool(self, tool: Tool) -> None:
        """Take another tool."""
        ...

    def write(self, id: str, at: QPointF | None = None) -> None:
        """Write in a text; `at` (board units) says where."""
        ...

    def write_new(self, at: QPointF) -> None:
        """Begin a new text with its upper left corner near `at` (board units)."""
        ...

    def drag_out(self) -> None:
        """Drag what is selected to another program."""
        ...
