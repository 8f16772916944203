"""Notes by hand: the brush draws them, the eraser takes them, and either moves and stretches them.

What the move tool does to notes that are edited is in `note_editing`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, Qt

from aigc_studio.ui.canvas.items.handful import Handful, nothing
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.sketch import Sketch
from aigc_studio.ui.canvas.painting import melody_edits
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.tools.grip import Grip, Touch

if TYPE_CHECKING:
    from aigc_studio.api.melody import Note
    from aigc_studio.ui.canvas.tools.hand import Hand

THRESHOLD = 4.0
"""Pixels of the viewport that the pointer goes before a click is a drag."""
EDGE = 7.0
"""Pixels of the viewport at the right end of a note that stretch it; at most a third of it."""
LOUDER = 0.5
"""Steps of velocity for each pixel that a note is dragged up with Alt."""
Way = Literal["move", "stretch", "loudness"]


@dataclass
class Gesture:
    """Notes under the hand: `former` are those that they were, none for a new one.

    `notes` are what they are now; the first of both is the one that the pointer has.
    """

    item: MelodyItem
    start: Touch
    former: Handful
    notes: Handful
    way: Way
    sketch: Sketch
    begun: bool = False
    sounded: int = -1
    """The pitch that was heard last."""


class NoteGrip(Grip):
    """Moves and stretches the notes of a melody; `draws` puts new ones where none is.

    Up and down with Alt makes them louder and softer.
    """

    draws = False

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._gesture: Gesture | None = None

    def press(self, touch: Touch) -> None:
        """Take the note here, or begin a new one."""
        item = self.scene.item_at(touch.scene)
        if not isinstance(item, MelodyItem):
            return
        self.scene.choose([item.id])
        here = item.mapFromScene(touch.scene)
        note = item.note_at(here)
        if note is not None:
            taken = self._with(item, note)
            self._gesture = Gesture(
                item, touch, taken, taken, self._way(item, note, touch), Sketch()
            )
            self._sound(self._gesture)
        elif self.draws and item.roll.grid.contains(here):
            new = new_note(self.hand, item, touch)
            notes = Handful.of([new])
            self._gesture = Gesture(item, touch, nothing(), notes, "stretch", Sketch())
            self._show(notes)

    def move(self, touch: Touch) -> None:
        """Show where the notes go, how long or how loud they become."""
        gesture = self._gesture
        if gesture is None:
            return
        far = touch.view - gesture.start.view
        gesture.begun = gesture.begun or math.hypot(far.x(), far.y()) >= THRESHOLD
        if gesture.begun:
            ways = {"move": self._moved, "stretch": self._stretched, "loudness": self._louder}
            self._show(ways[gesture.way](gesture, touch))

    def release(self, touch: Touch) -> None:
        """Send what became of the notes as one step."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        item, former, notes = gesture.item, gesture.former, gesture.notes
        if notes.is_same(former):
            item.drop_stroke(gesture.sketch)
            return
        if gesture.way == "stretch" and gesture.begun:
            self._keep_length(item, notes[0])
        make = melody_edits.change_notes(former, notes)
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
        note = item.note_at(item.mapFromScene(touch.scene))
        if note is None:
            return self.cursor
        shapes = {
            "move": Qt.CursorShape.SizeAllCursor,
            "stretch": Qt.CursorShape.SizeHorCursor,
            "loudness": Qt.CursorShape.SizeVerCursor,
        }
        return shapes[self._way(item, note, touch)]

    # Within

    def _with(self, item: MelodyItem, note: Note) -> Handful:
        """The notes that go with the one under the pointer, that one first."""
        return Handful.of([note])

    def _keep_length(self, item: MelodyItem, note: Note) -> None:
        """The next new note is as long."""
        from fractions import Fraction

        length = Fraction(note.duration, item.score.ticks_per_quarter)
        self.hand.options.set_notes(replace(self.hand.options.notes, length=length))

    def _way(self, item: MelodyItem, note: Note, touch: Touch) -> Way:
        if touch.has(Qt.KeyboardModifier.AltModifier):
            return "loudness"
        here = item.mapFromScene(touch.scene)
        left, right = item.roll.x(note.start), item.roll.x(note.start + note.duration)
        at_end = right - here.x() <= min(EDGE / self.hand.zoom, (right - left) / 3)
        return "stretch" if at_end else "move"

    def _stretched(self, gesture: Gesture, touch: Touch) -> Handful:
        """All of them longer or shorter by as much."""
        is_new = not len(gesture.former)
        roll, lead = gesture.item.roll, (gesture.notes if is_new else gesture.former)[0]
        step = step_of(self.hand, gesture.item, touch)
        here = gesture.item.mapFromScene(touch.scene)
        stop = roll.snapped(roll.tick(here.x()), step, beyond=True)
        if is_new:
            # Of a new note, all of the cell that the pointer is in belongs to it.
            stop = roll.snapped(roll.tick(here.x()), step, down=True, beyond=True) + step
            return Handful.of([replace(lead, duration=max(stop - lead.start, step))])
        by = max(stop - lead.start, min(step, lead.duration)) - lead.duration
        return gesture.former.longer(by, step)

    def _moved(self, gesture: Gesture, touch: Touch) -> Handful:
        item, roll, former = gesture.item, gesture.item.roll, gesture.former
        began = item.mapFromScene(gesture.start.scene)
        here = item.mapFromScene(touch.scene)
        lead = former[0]
        by = roll.tick(here.x()) - roll.tick(began.x())
        start = roll.snapped(lead.start + by, step_of(self.hand, item, touch))
        later = max(start - lead.start, -int(former.starts.min()))
        later = min(later, max(roll.score.length - lead.duration - lead.start, 0))
        higher = roll.pitch_at(here.y()) - roll.pitch_at(began.y())
        low, high = int(former.pitches.min()), int(former.pitches.max())
        lowest, highest = roll.pitches
        if len(former) > 1:
            lowest, highest = 0, 127
        higher = min(max(higher, min(lowest - low, 0)), max(highest - high, 0))
        return former.moved(later, higher)

    def _louder(self, gesture: Gesture, touch: Touch) -> Handful:
        by = round((gesture.start.view.y() - touch.view.y()) * LOUDER)
        return gesture.former.louder(by)

    def _sound(self, gesture: Gesture) -> None:
        """Once for each new pitch: a hand that drags goes over a place many times a second."""
        note = gesture.notes[0]
        if note.pitch != gesture.sounded:
            gesture.sounded = note.pitch
            self.hand.sound_note(note.pitch, gesture.item.shown.program, note.velocity)

    def _show(self, notes: Handful) -> None:
        gesture = self._gesture
        if gesture is None or (len(gesture.sketch.put) and notes.is_same(gesture.notes)):
            return
        gesture.notes = notes
        self._sound(gesture)
        former, gesture.sketch = gesture.sketch, Sketch(gesture.former, notes)
        gesture.item.show_sketch(gesture.sketch, former)


class DrawNotesGrip(NoteGrip):
    """The brush on a melody."""

    cursor = Qt.CursorShape.CrossCursor
    draws = True


def step_of(hand: Hand, item: MelodyItem, touch: Touch | None = None) -> int:
    """Ticks between the places that a note goes to; with Ctrl, nearly anywhere."""
    quarter = item.score.ticks_per_quarter
    if touch is not None and touch.has(Qt.KeyboardModifier.ControlModifier):
        return max(quarter // 48, 1)
    return hand.options.notes.step(quarter) or item.roll.step(hand.zoom)


def new_note(hand: Hand, item: MelodyItem, touch: Touch) -> Note:
    """A note where the pointer is."""
    from aigc_studio.api.melody import Note

    roll, here = item.roll, item.mapFromScene(touch.scene)
    start = roll.snapped(roll.tick(here.x()), step_of(hand, item, touch), down=True)
    long = hand.options.notes.ticks(item.score.ticks_per_quarter)
    return Note(start, long, roll.pitch_at(here.y()))


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
        if item is not None and len(self._sketch.taken):
            make = melody_edits.change_notes(self._sketch.taken)
            self.scene.edits.add(Edit(item.id, "compose", make, self._sketch))

    def cancel(self) -> None:
        """Leave the notes as they are."""
        item, self._item = self._item, None
        if item is not None:
            item.drop_stroke(self._sketch)

    def _take(self, points: list[QPointF]) -> None:
        assert self._item is not None
        found = (self._item.note_at(point) for point in points)
        before = Handful.of(self._sketch.taken)
        taken = before.with_others(note for note in found if note is not None)
        if len(taken) > len(before):
            former, self._sketch = self._sketch, Sketch(taken)
            self._item.show_sketch(self._sketch, former)
