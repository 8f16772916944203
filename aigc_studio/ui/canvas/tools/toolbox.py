"""The tool in hand, as it is on what lies under the pointer. A new medium is one line here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aigc_studio.late import Late
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.tools.grip import Grip, Touch
    from aigc_studio.ui.canvas.tools.hand import Hand
    from aigc_studio.ui.canvas.tools.kit import Kit

_tools = "aigc_studio.ui.canvas.tools"

KITS: Late[str, Kit] = Late(
    {
        "image": f"{_tools}.pictures:PICTURES",
        "text": f"{_tools}.words:TEXTS",
        "melody": f"{_tools}.melodies:MELODIES",
    }
)
"""What the tools are on each medium."""

BOARD: Late[Tool, type[Grip]] = Late(
    {
        Tool.MOVE: f"{_tools}.move:MoveGrip",
        Tool.BRUSH: f"{_tools}.paint:PaintGrip",
        Tool.ERASER: f"{_tools}.paint:EraseGrip",
        Tool.MASK: f"{_tools}.paint:MaskGrip",
        Tool.MASK_ERASER: f"{_tools}.paint:UnmaskGrip",
        Tool.RECTANGLE: f"{_tools}.area:RectangleGrip",
        Tool.LASSO: f"{_tools}.lasso:LassoGrip",
        Tool.WAND: f"{_tools}.wand:WandGrip",
        Tool.CROP: f"{_tools}.crop:CropGrip",
        Tool.FRAME: f"{_tools}.frame:FrameGrip",
        Tool.EYEDROPPER: f"{_tools}.paint:PickGrip",
        Tool.HAND: f"{_tools}.area:HandGrip",
    }
)
"""What they are on the empty board, and wherever an item has nothing of its own for them."""


class Toolbox:
    """Finds the grip for the tool in hand: the item under the pointer is asked first."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        self._made: dict[type[Grip], Grip] = {}

    @property
    def cursor(self) -> Qt.CursorShape:
        """The cursor of the tool where nothing is under the pointer."""
        return self.board_grip().cursor

    def board_grip(self, tool: Tool | None = None) -> Grip:
        """A tool, that in hand by default, as it is on the empty board."""
        return self._grip(BOARD[tool or self._hand.tool])

    def grip_at(self, touch: Touch, item: BoardItem | None) -> Grip:
        """The tool in hand where the pointer is; `item` is the topmost one there."""
        tool = self._hand.tool
        if self.keeps_pointer:
            return self.board_grip()
        if self._hand.handle_at(touch.view) is None:
            for asked in self._asked(touch, item):
                for kind in KITS[asked.medium].grips.get(tool, ()):
                    grip = self._grip(kind)
                    if grip.wants(asked, touch):
                        return grip
        return self.board_grip()

    def open(self, item: BoardItem, touch: Touch | None = None) -> None:
        """What a double click on an item does, or Enter."""
        KITS[item.medium].open(self._hand, item, touch)

    @property
    def keeps_pointer(self) -> bool:
        """Whether the tool has begun something that goes on with the next press, anywhere."""
        kind = BOARD[self._hand.tool]
        return kind in self._made and self._made[kind].keeps_pointer

    # What a grip has ready, and not done yet

    @property
    def is_pending(self) -> bool:
        """Whether something is ready that Enter does and Escape gives up."""
        return self.pending() is not None

    def accept(self) -> None:
        """Do what is ready."""
        grip = self.pending()
        if grip is not None:
            grip.accept()

    def drop(self) -> None:
        """Give up what is ready."""
        grip = self.pending()
        if grip is not None:
            grip.drop()

    def take(self) -> None:
        """A tool is taken in hand, or something else was selected while it is."""
        for grip in dict.fromkeys([*self._in_hand(), *self._made.values()]):
            grip.take()

    def lay_down(self) -> None:
        """Another tool is about to be taken."""
        for grip in self._in_hand():
            grip.lay_down()

    def pending(self) -> Grip | None:
        """The grip that has something ready."""
        return next((grip for grip in self._in_hand() if grip.is_pending), None)

    def _in_hand(self) -> list[Grip]:
        """All that the tool in hand can be on what is selected."""
        tool, chosen = self._hand.tool, self._hand.board_scene.chosen()
        kinds = [BOARD[tool]]
        if len(chosen) == 1:
            kinds += KITS[chosen[0].medium].grips.get(tool, ())
        return [self._grip(kind) for kind in dict.fromkeys(kinds)]

    def _asked(self, touch: Touch, item: BoardItem | None) -> Iterator[BoardItem]:
        """The selected item when the tool reaches it from here; else what is under the pointer."""
        chosen = self._hand.board_scene.chosen()
        if len(chosen) == 1 and chosen[0] is not item:
            alone = chosen[0]
            kinds = KITS[alone.medium].grips.get(self._hand.tool, ())
            reach = max((kind.reach for kind in kinds), default=0.0)
            if reach and alone.is_near(touch.scene, reach / self._hand.zoom):
                yield alone
                return
        if item is not None:
            yield item

    def _grip(self, kind: type[Grip]) -> Grip:
        if kind not in self._made:
            self._made[kind] = kind(self._hand)
        return self._made[kind]
