"""What a tool does under the hand: it is told of the pointer, and shows and sends what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.tools.hand import Hand


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
    """A tool in use."""

    cursor = Qt.CursorShape.ArrowCursor
    reach = 0.0
    """Pixels of the viewport beside the selected item that still belong to it."""
    shows_brush = False
    """Whether the brush's outline is seen at the pointer."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    @property
    def scene(self) -> BoardScene:
        """The view's scene."""
        return self.hand.board_scene

    def wants(self, item: BoardItem, touch: Touch) -> bool:
        """Whether it is meant when the pointer is here on an item."""
        return True

    def press(self, touch: Touch) -> None:
        """The main button goes down."""

    def move(self, touch: Touch) -> None:
        """The pointer moves with the button down."""

    def release(self, touch: Touch) -> None:
        """The button goes up."""

    def double_press(self, touch: Touch) -> None:
        """A double click; by default it is another press."""
        self.press(touch)

    def hover(self, touch: Touch) -> Qt.CursorShape:
        """The pointer moves with no button down. Gives the cursor to show."""
        return self.cursor

    def cancel(self) -> None:
        """Give up what is under way."""

    @property
    def keeps_pointer(self) -> bool:
        """Whether the next press belongs to it, whatever lies under the pointer."""
        return False

    # What it has ready, and not done yet

    @property
    def is_pending(self) -> bool:
        """Whether it has something ready that Enter does and Escape gives up."""
        return False

    can_drop = True
    """Whether Escape gives up something that Enter would have done."""

    def ready_words(self) -> str:
        """What Enter does, as a button says it."""
        return ""

    def ready_place(self) -> QRectF | None:
        """What it is about, in board units."""
        return None

    def accept(self) -> None:
        """Do what it has ready."""

    def drop(self) -> None:
        """Give up what it has ready."""

    def perform(self, name: str) -> bool:
        """A command is given meanwhile: `delete`, `cut`, `copy`, `paste`, `duplicate` or
        `select_all`. False: it is meant for what is selected on the board.
        """
        return False

    def key(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does meanwhile, before it means anything else; None when it does nothing."""
        return None

    def wheel(self, touch: Touch, across: float, down: float) -> bool:
        """The wheel is turned, by eighths of a degree. False: it is meant for the view."""
        return False

    def take(self) -> None:
        """The tool is taken in hand, or something else was selected while it is."""

    def lay_down(self) -> None:
        """Another tool is taken in hand."""
