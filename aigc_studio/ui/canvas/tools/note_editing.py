"""The notes of a melody that is being edited: picked, moved, copied, and written by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.handful import Handful, nothing
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.roll import KEYS
from aigc_studio.ui.canvas.painting import melody_edits
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.tools.grip import Grip, Touch
from aigc_studio.ui.canvas.tools.note_keys import NoteKeys
from aigc_studio.ui.canvas.tools.notes import NoteGrip, new_note, step_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from aigc_studio.api.melody import Note
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.tools.hand import Hand

WHEEL_STEP = 1.2
"""How much larger one notch of the wheel makes a roll."""


class EditNotesGrip(NoteGrip):
    """The move tool on the notes of a melody that is being edited.

    A drag over nothing picks notes; a click there says where the next one goes that is typed.
    """

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._band: QPointF | None = None
        self._was = nothing()
        self._keys = NoteKeys(hand)

    def wants(self, item: BoardItem, touch: Touch) -> bool:
        """Whether the melody is being edited, and its notes are here."""
        if self.hand.marks.edited != item.id or not isinstance(item, MelodyItem):
            return False
        here = item.mapFromScene(touch.scene)
        return item.roll.grid.contains(here)

    @property
    def is_pending(self) -> bool:
        """Whether notes are being edited: Enter and Escape end that."""
        return bool(self.hand.marks.edited)

    can_drop = False

    def ready_words(self) -> str:
        """Nothing is left to be done."""
        return _("Done")

    def ready_place(self) -> QRectF | None:
        """The melody."""
        item = self.scene.item(self.hand.marks.edited)
        return item.sceneBoundingRect() if item is not None else None

    def accept(self) -> None:
        """Edit no notes any more."""
        self._edit("")

    def drop(self) -> None:
        """Pick no notes; where none are picked, edit no more. What was done is undone by undo."""
        item = self._item()
        if item is not None and len(item.picked()) > 1:
            item.pick(())
        else:
            self._edit("")

    def take(self) -> None:
        """Something else may be selected now."""
        chosen, edited = self.scene.chosen(), self.hand.marks.edited
        if edited and (len(chosen) != 1 or chosen[0].id != edited):
            self._edit("")

    def lay_down(self) -> None:
        """The brush edits notes without being told."""
        self._edit("")

    # The pointer

    def press(self, touch: Touch) -> None:
        """Take the notes here, or begin to pick some; with Shift, beside those that are picked."""
        item = self.scene.item_at(touch.scene)
        if not isinstance(item, MelodyItem):
            return
        self._keys.forget()
        note = item.note_at(item.mapFromScene(touch.scene))
        more = touch.has(Qt.KeyboardModifier.ShiftModifier)
        self._was = item.picked()
        if note is None:
            self._band = QPointF(touch.scene)
            return
        if more and note in self._was:
            item.pick(self._was.without(note))
            return
        if note not in self._was:
            item.pick(self._was.with_others([note]) if more else (note,))
        super().press(touch)

    def move(self, touch: Touch) -> None:
        """Move what is taken, or pick what lies in between."""
        item = self._item()
        if self._band is None or item is None:
            self._scroll_along(touch)
            super().move(touch)
            return
        self.hand.marks.band = QRectF(self._band, touch.scene).normalized()
        found = item.notes_in(item.mapFromScene(self.hand.marks.band).boundingRect())
        more = touch.has(Qt.KeyboardModifier.ShiftModifier)
        item.pick(self._was.with_others(found) if more else found)
        self.hand.repaint_marks()

    def release(self, touch: Touch) -> None:
        """Send what became of the notes as one step; pick what was clicked."""
        band, self._band = self._band, None
        item, gesture = self._item(), self._gesture
        if band is not None and item is not None:
            if self.hand.marks.band.isNull():
                self._set_cursor(item, touch)
            self.hand.marks.band = QRectF()
            self.hand.repaint_marks()
            return
        super().release(touch)
        if item is not None and gesture is not None:
            clicked = not gesture.begun and not touch.has(Qt.KeyboardModifier.ShiftModifier)
            item.pick(gesture.notes[:1] if clicked else gesture.notes)

    def cancel(self) -> None:
        """Leave the notes as they are, and those picked that were."""
        super().cancel()
        item = self._item()
        if self._band is not None and item is not None:
            item.pick(self._was)
        self._band = None
        self.hand.marks.band = QRectF()

    def wheel(self, touch: Touch, across: float, down: float) -> bool:
        """Scroll the roll, along pitches over its keyboard or with Shift; with Ctrl, zoom it."""
        item = self._item()
        if item is None or self.scene.item_at(touch.scene) is not item:
            return False
        here, camera = item.mapFromScene(touch.scene), item.camera
        shift = touch.has(Qt.KeyboardModifier.ShiftModifier)
        rows = here.x() < KEYS or (shift and not across)
        if touch.has(Qt.KeyboardModifier.ControlModifier):
            zoom = camera.zoom_rows if rows or shift else camera.zoom
            zoom(WHEEL_STEP ** ((down or across) / 120), here.y() if rows or shift else here.x())
        elif rows or shift:
            camera.raise_rows(round((down or across) / 120 * 2))
        else:
            first, last = item.roll.ends
            camera.scroll(-(across or down) / 120 * (last - first) * 0.1)
        return True

    def _scroll_along(self, touch: Touch) -> None:
        """A note that is dragged to the edge of what is in sight takes the roll along."""
        item = self._item()
        if item is None or self._gesture is None or item.camera.span is None:
            return
        here, grid = item.mapFromScene(touch.scene), item.roll.grid
        over = (
            here.x() - grid.right() if here.x() > grid.right() else min(here.x() - grid.left(), 0)
        )
        if over:
            item.camera.scroll(min(max(over, -20), 20) / item.roll.per_tick)

    def _set_cursor(self, item: MelodyItem, touch: Touch) -> None:
        roll, here = item.roll, item.mapFromScene(touch.scene)
        item.pick(())
        step = step_of(self.hand, item, touch)
        item.show_cursor(roll.snapped(roll.tick(here.x()), step))

    # The keyboard

    def key(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does to the notes; None when it is none of theirs."""
        item = self._item()
        return self._keys.action(item, event) if item is not None else None

    def perform(self, name: str) -> bool:
        """Do a command of the Edit menu to what is picked."""
        item = self._item()
        return item is not None and self._keys.perform(item, name)

    def _with(self, item: MelodyItem, note: Note) -> Handful:
        return Handful.of([note]).with_others(item.picked())

    def _item(self) -> MelodyItem | None:
        item = self.scene.item(self.hand.marks.edited)
        return item if isinstance(item, MelodyItem) else None

    def _edit(self, id: str) -> None:
        if self.hand.marks.edited != id:
            item = self._item()
            if item is not None:
                item.pick(())
                item.show_cursor(None)
            self._keys.forget()
            self.hand.marks.edited = id
            self.hand.repaint_marks()


class KeyboardGrip(Grip):
    """The keyboard at the left of a roll: keys that are clicked sound."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._item: MelodyItem | None = None
        self._sounded = -1

    def wants(self, item: BoardItem, touch: Touch) -> bool:
        """Whether a key is here, and notes are edited or drawn."""
        edits = self.hand.marks.edited == item.id or self.hand.tool.paints
        if not edits or not isinstance(item, MelodyItem):
            return False
        return item.on_keys(item.mapFromScene(touch.scene))

    def press(self, touch: Touch) -> None:
        """Sound the key here."""
        item = self.scene.item_at(touch.scene)
        if isinstance(item, MelodyItem):
            self._item, self._sounded = item, -1
            self.move(touch)

    def move(self, touch: Touch) -> None:
        """Sound each key that is come to."""
        if self._item is None:
            return
        pitch = self._item.roll.pitch_at(self._item.mapFromScene(touch.scene).y())
        if pitch != self._sounded:
            self._sounded = pitch
            self.hand.sound_note(pitch, self._item.shown.program)

    def release(self, touch: Touch) -> None:
        """The key goes up."""
        self._item = None


class ScrollGrip(Grip):
    """The thin bar under a roll of which not all is in sight."""

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._item: MelodyItem | None = None
        self._from = (0.0, 0.0)

    def wants(self, item: BoardItem, touch: Touch) -> bool:
        """Whether the bar is here."""
        if not isinstance(item, MelodyItem) or not item.scrolls:
            return False
        return item.on_bar(item.mapFromScene(touch.scene), self.hand.zoom)

    def press(self, touch: Touch) -> None:
        """Take the part in sight; beside it, bring that part here first."""
        item = self.scene.item_at(touch.scene)
        if not isinstance(item, MelodyItem):
            return
        self._item, x = item, item.mapFromScene(touch.scene).x()
        first, last = item.roll.ends
        per_unit = item.score.length / item.roll.grid.width()
        middle = item.roll.grid.left() + (first + last) / 2 / per_unit
        if abs(x - middle) > (last - first) / 2 / per_unit:
            item.camera.scroll((x - middle) * per_unit)
        self._from = (x, item.roll.ends[0])

    def move(self, touch: Touch) -> None:
        """Scroll."""
        if self._item is not None:
            per_unit = self._item.score.length / self._item.roll.grid.width()
            by = self._item.mapFromScene(touch.scene).x() - self._from[0]
            self._item.camera.scroll_to(self._from[1] + by * per_unit)

    def release(self, touch: Touch) -> None:
        """Let go."""
        self._item = None


def put_note(hand: Hand, item: MelodyItem, touch: Touch) -> bool:
    """A new note where the pointer is, picked; False where there is no place for one."""
    here = item.mapFromScene(touch.scene)
    if not item.roll.grid.contains(here) or item.note_at(here) is not None:
        return False
    note = new_note(hand, item, touch)
    hand.board_scene.edits.add(Edit(item.id, "compose", melody_edits.change_notes([], [note])))
    item.pick([note])
    item.show_cursor(None)
    hand.sound_note(note.pitch, item.shown.program, note.velocity)
    return True
