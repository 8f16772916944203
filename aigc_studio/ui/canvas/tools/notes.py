"""Notes by hand: the brush draws them, the eraser takes them, the move tool moves and stretches."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.sketch import Sketch
from aigc_studio.ui.canvas.painting import melody_edits
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.tools.grip import Grip, Touch

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Note
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.tools.hand import Hand

THRESHOLD = 4.0
"""Pixels of the viewport that the pointer goes before a click is a drag."""
EDGE = 7.0
"""Pixels of the viewport at the right end of a note that stretch it; at most a third of it."""


@dataclass
class Gesture:
    """A note under the hand: `former` is the one it was, None for a new one."""

    item: MelodyItem
    start: Touch
    former: Note | None
    note: Note
    stretches: bool
    sketch: Sketch
    begun: bool = False
    sounded: int = -1
    """The pitch that was heard last."""


class NoteGrip(Grip):
    """Moves and stretches the notes of a melody; `draws` puts new ones where none is."""

    draws = False

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._gesture: Gesture | None = None
        self._quarters = 1.0
        """How long the last note was that was drawn, in quarter notes."""

    def press(self, touch: Touch) -> None:
        """Take the note here, or begin a new one."""
        item = self.scene.item_at(touch.scene)
        if not isinstance(item, MelodyItem):
            return
        self.scene.choose([item.id])
        here = item.mapFromScene(touch.scene)
        note = item.note_at(here)
        if note is not None:
            stretches = self._is_end(item, note, here)
            self._gesture = Gesture(item, touch, note, note, stretches, Sketch())
            self._sound(self._gesture, note)
        elif self.draws and item.roll.grid.contains(here):
            new = self._new(item, here, touch)
            self._gesture = Gesture(item, touch, None, new, True, Sketch())
            self._show(new)

    def move(self, touch: Touch) -> None:
        """Show where the note goes, or how long it becomes."""
        gesture = self._gesture
        if gesture is None:
            return
        far = touch.view - gesture.start.view
        gesture.begun = gesture.begun or math.hypot(far.x(), far.y()) >= THRESHOLD
        if gesture.begun:
            shape = self._stretched if gesture.stretches else self._moved
            self._show(shape(gesture, touch))

    def release(self, touch: Touch) -> None:
        """Send what became of the note as one step."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        item, former, note = gesture.item, gesture.former, gesture.note
        if note == former:
            item.drop_stroke(gesture.sketch)
            return
        if former is None and gesture.begun:
            self._quarters = note.duration / item.score.ticks_per_quarter
        make = melody_edits.change_notes([former] if former else [], [note])
        self.scene.edits.add(Edit(item.id, "compose", make, gesture.sketch))

    def cancel(self) -> None:
        """Leave the notes as they are."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.item.drop_stroke(gesture.sketch)

    def hover(self, touch: Touch) -> Qt.CursorShape:
        """Say what would be done to the note here."""
        item = self.scene.item_at(touch.scene)
        if not isinstance(item, MelodyItem):
            return self.cursor
        here = item.mapFromScene(touch.scene)
        note = item.note_at(here)
        if note is None:
            return self.cursor
        stretches = self._is_end(item, note, here)
        return Qt.CursorShape.SizeHorCursor if stretches else Qt.CursorShape.SizeAllCursor

    # Within

    def _is_end(self, item: MelodyItem, note: Note, here: QPointF) -> bool:
        left, right = item.roll.x(note.start), item.roll.x(note.start + note.duration)
        return right - here.x() <= min(EDGE / self.hand.zoom, (right - left) / 3)

    def _step(self, item: MelodyItem, touch: Touch) -> int:
        """Ticks between the places that a note goes to; with Ctrl, anywhere."""
        if touch.has(Qt.KeyboardModifier.ControlModifier):
            return max(item.score.ticks_per_quarter // 48, 1)
        return item.roll.step(self.hand.zoom)

    def _new(self, item: MelodyItem, here: QPointF, touch: Touch) -> Note:
        from aigc_studio.api.artifacts import Note

        roll, score = item.roll, item.score
        start = roll.snapped(roll.tick(here.x()), self._step(item, touch), down=True)
        long = max(round(self._quarters * score.ticks_per_quarter), 1)
        return Note(start, max(min(long, score.length - start), 1), roll.pitch_at(here.y()))

    def _stretched(self, gesture: Gesture, touch: Touch) -> Note:
        roll, note = gesture.item.roll, gesture.note
        step = self._step(gesture.item, touch)
        here = gesture.item.mapFromScene(touch.scene)
        stop = roll.snapped(roll.tick(here.x()), step)
        if gesture.former is None:
            # Of a new note, all of the cell that the pointer is in belongs to it.
            stop = roll.snapped(roll.tick(here.x()), step, down=True) + step
        most = roll.score.length - note.start
        return replace(note, duration=min(max(stop - note.start, min(step, most), 1), most))

    def _moved(self, gesture: Gesture, touch: Touch) -> Note:
        item, roll = gesture.item, gesture.item.roll
        former = gesture.former or gesture.note
        began = item.mapFromScene(gesture.start.scene)
        here = item.mapFromScene(touch.scene)
        by = roll.tick(here.x()) - roll.tick(began.x())
        start = roll.snapped(former.start + by, self._step(item, touch))
        start = min(start, roll.score.length - former.duration)
        pitch = former.pitch + roll.pitch_at(here.y()) - roll.pitch_at(began.y())
        low, high = roll.pitches
        return replace(former, start=max(start, 0), pitch=min(max(pitch, low), high))

    def _sound(self, gesture: Gesture, note: Note) -> None:
        """Once for each new pitch: a hand that drags goes over a place many times a second."""
        if note.pitch != gesture.sounded:
            gesture.sounded = note.pitch
            self.hand.sound_note(note.pitch, gesture.item.melody.program, note.velocity)

    def _show(self, note: Note) -> None:
        gesture = self._gesture
        if gesture is None or (note == gesture.note and gesture.sketch.put):
            return
        self._sound(gesture, note)
        gesture.note = note
        taken = (gesture.former,) if gesture.former is not None else ()
        former, gesture.sketch = gesture.sketch, Sketch(taken, (note,))
        gesture.item.show_sketch(gesture.sketch, former)


class DrawNotesGrip(NoteGrip):
    """The brush on a melody."""

    cursor = Qt.CursorShape.CrossCursor
    draws = True


class EditNotesGrip(NoteGrip):
    """The move tool on the notes of a melody that is being edited."""

    def wants(self, item: BoardItem, touch: Touch) -> bool:
        """Whether the melody is being edited, and a note is here."""
        if self.hand.marks.edited != item.id or not isinstance(item, MelodyItem):
            return False
        return item.note_at(item.mapFromScene(touch.scene)) is not None

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
        """Edit no notes any more; what was done is undone by undo."""
        self._edit("")

    def take(self) -> None:
        """Something else may be selected now."""
        chosen, edited = self.scene.chosen(), self.hand.marks.edited
        if edited and (len(chosen) != 1 or chosen[0].id != edited):
            self._edit("")

    def lay_down(self) -> None:
        """The brush edits notes without being told."""
        self._edit("")

    def press(self, touch: Touch) -> None:
        """Take the note here: it is the one that Delete takes, too."""
        super().press(touch)
        self._pick(self._gesture.note if self._gesture is not None else None)

    def release(self, touch: Touch) -> None:
        """Send what became of the note as one step."""
        note = self._gesture.note if self._gesture is not None else None
        super().release(touch)
        self._pick(note)

    def delete(self) -> bool:
        """Take the note that was clicked; never the melody it is in."""
        item = self.scene.item(self.hand.marks.edited)
        note = item.picked() if isinstance(item, MelodyItem) else None
        if item is None or note is None:
            self.hand.report(_("Click the note that is to go, then press Delete."))
        else:
            self.scene.edits.add(Edit(item.id, "compose", melody_edits.change_notes([note])))
        return True

    def _pick(self, note: Note | None) -> None:
        item = self.scene.item(self.hand.marks.edited)
        if isinstance(item, MelodyItem):
            item.pick(note)

    def _edit(self, id: str) -> None:
        if self.hand.marks.edited != id:
            self._pick(None)
            self.hand.marks.edited = id
            self.hand.repaint_marks()


class EraseNotesGrip(Grip):
    """The eraser on a melody: all notes that it goes over, in one step."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._item: MelodyItem | None = None
        self._last = QPointF()
        self._sketch = Sketch()

    def press(self, touch: Touch) -> None:
        """Take the note here."""
        item = self.scene.item_at(touch.scene)
        if isinstance(item, MelodyItem):
            self.scene.choose([item.id])
            self._item, self._sketch = item, Sketch()
            self._last = item.mapFromScene(touch.scene)
            self._take([self._last])

    def move(self, touch: Touch) -> None:
        """Take the notes on the way."""
        if self._item is None:
            return
        here = self._item.mapFromScene(touch.scene)
        way = here - self._last
        # A fast hand goes over short notes between two places of the pointer.
        pieces = max(math.ceil(math.hypot(way.x(), way.y()) * self.hand.zoom / 3), 1)
        self._take([self._last + way * ((n + 1) / pieces) for n in range(pieces)])
        self._last = here

    def release(self, touch: Touch) -> None:
        """Send it as one step."""
        item, self._item = self._item, None
        if item is not None and self._sketch.taken:
            make = melody_edits.change_notes(self._sketch.taken)
            self.scene.edits.add(Edit(item.id, "compose", make, self._sketch))

    def cancel(self) -> None:
        """Leave the notes as they are."""
        item, self._item = self._item, None
        if item is not None:
            item.drop_stroke(self._sketch)

    def _take(self, points: list[QPointF]) -> None:
        assert self._item is not None
        found = {self._item.note_at(point): None for point in points}
        taken = dict.fromkeys(self._sketch.taken)
        more = tuple(note for note in found if note is not None and note not in taken)
        if more:
            former, self._sketch = self._sketch, Sketch((*taken, *more))
            self._item.show_sketch(self._sketch, former)
