"""What the tools do on a melody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aigc_studio.api.selections import Bars
from aigc_studio.translation import _
from aigc_studio.ui import notation
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.tools.grip import Grip, Touch
from aigc_studio.ui.canvas.tools.kit import Kit
from aigc_studio.ui.canvas.tools.note_editing import (
    EditNotesGrip,
    KeyboardGrip,
    ScrollGrip,
    put_note,
)
from aigc_studio.ui.canvas.tools.notes import DrawNotesGrip, EraseNotesGrip
from aigc_studio.ui.canvas.tools.rows import RowGrip, UnmarkGrip
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.tools.hand import Hand


class StaffGrip(Grip):
    """The tools that change notes, on a staff: they go back to the roll, where notes are drawn."""

    def wants(self, item: BoardItem, touch: Touch) -> bool:
        """Whether the tune is shown on a staff."""
        return isinstance(item, MelodyItem) and item.staff is not None

    def press(self, touch: Touch) -> None:
        """Show the roll, and change nothing yet."""
        back_to_roll(self.hand)


def back_to_roll(hand: Hand) -> None:
    """Show tunes as rolls again, and say so."""
    if notation.is_staff():
        notation.set_staff(False)
        hand.report(_("Notes are drawn on the roll."))


class RulerGrip(RowGrip):
    """Selects bars on the strip that has their numbers."""

    cursor = Qt.CursorShape.IBeamCursor

    def wants(self, item: BoardItem, touch: Touch) -> bool:
        """Whether the pointer is on that strip."""
        return isinstance(item, MelodyItem) and item.on_ruler(item.mapFromScene(touch.scene))


def open_melody(hand: Hand, item: BoardItem, touch: Touch | None) -> None:
    """Edit its notes, and put one where none is; on the ruler, and by Enter, select a bar."""
    if touch is None:
        hand.board_scene.set_part(item.id, Bars(1, 1))
        return
    here = item.mapFromScene(touch.scene)
    on_roll = isinstance(item, MelodyItem) and item.staff is None
    if on_roll and isinstance(item, MelodyItem) and item.on_ruler(here):
        hand.board_scene.set_part(item.id, item.select_to(here, here))
    elif hand.marks.edited == item.id and isinstance(item, MelodyItem):
        put_note(hand, item, touch)
    else:
        edit_notes(hand, item)


def edit_notes(hand: Hand, item: BoardItem) -> None:
    """Let the move tool take the notes of a melody rather than all of it."""
    back_to_roll(hand)
    hand.set_tool(Tool.MOVE)
    hand.board_scene.choose([item.id])
    hand.board_scene.set_part(item.id, None)
    hand.marks.edited = item.id
    hand.repaint_marks()
    hand.report(
        _("Drag notes or their ends; a double click draws one, A to G type them; Esc ends it.")
    )


MELODIES = Kit(
    {
        Tool.MOVE: (ScrollGrip, KeyboardGrip, EditNotesGrip, RulerGrip),
        Tool.BRUSH: (StaffGrip, ScrollGrip, KeyboardGrip, RulerGrip, DrawNotesGrip),
        Tool.ERASER: (
            StaffGrip,
            EraseNotesGrip,
        ),
        Tool.MASK: (RowGrip,),
        Tool.RECTANGLE: (RowGrip,),
        Tool.LASSO: (RowGrip,),
        Tool.MASK_ERASER: (UnmarkGrip,),
    },
    open_melody,
)
