"""Notes from the computer's keyboard, and what its keys do to those that are picked.

Notes are typed by their names, as notation programs have it: names need no keyboard of a certain
country, the digits beside them say how long a note is, and the key's sharps and flats come by
themselves. Keys laid out as a piano's would need the same letters for something else.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.handful import Handful, nothing
from aigc_studio.ui.canvas.painting import melody_edits
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.painting.note_options import LENGTHS
from aigc_studio.ui.canvas.tools import spelling
from aigc_studio.ui.canvas.tools.notes import step_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QKeyEvent

    from aigc_studio.api.melody import Note
    from aigc_studio.ui.canvas.items.melody_card import MelodyItem
    from aigc_studio.ui.canvas.tools.hand import Hand

    Action = Callable[[], object]

Key = Qt.Key
_UP = {Key.Key_Up: 1, Key.Key_Down: -1}
_ON = {Key.Key_Left: -1, Key.Key_Right: 1}
_shift, _alt = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_ctrl, _meta = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.MetaModifier
LOUDER = 8
"""Steps of velocity for a key."""


class NoteKeys:
    """What keys do while notes are edited. Each does one step of the history at most."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        self._typed: Note | None = None
        """The note that was typed last, while keys are about it."""

    def forget(self) -> None:
        """The pointer was used: keys are about what is picked again."""
        self._typed = None

    def action(self, item: MelodyItem, event: QKeyEvent) -> Action | None:
        """What a key does; None when it is none of the notes'."""
        key, held = Qt.Key(event.key()), event.modifiers()
        if held & (_ctrl | _meta):
            return None
        wide = bool(held & _shift)
        if held & _alt:
            by = _UP.get(key, 0) * LOUDER
            return partial(self._louder, item, by) if by else None
        if key in _UP:
            return partial(self._raise, item, _UP[key] * (12 if wide else 1))
        if key in _ON:
            return partial(self._go, item, _ON[key], wide)
        return self._letter(item, key, wide)

    def perform(self, item: MelodyItem, name: str) -> bool:
        """Do a command of the Edit menu; False when it is not about notes."""
        picked = item.picked()
        if name == "select_all":
            self.forget()
            item.when_here(lambda: item.pick(Handful.of_score(item.score)))
        elif name == "delete":
            self._delete(item)
        elif name == "paste":
            return self._paste(item)
        elif not len(picked):
            return False
        elif name in ("copy", "cut"):
            from aigc_studio.ui.canvas.exchange import note_clipboard

            note_clipboard.put(picked, item.shown, self._hand.board_scene.errands)
            if name == "cut":
                self._change(item, picked, ())
        elif name == "duplicate":
            self._duplicate(item, picked)
        else:
            return False
        return True

    # What is picked

    def _change(self, item: MelodyItem, taken: Iterable[Note], put: Iterable[Note]) -> None:
        gone, new = Handful.of(taken), Handful.of(put)
        make = melody_edits.change_notes(gone, new)
        self._hand.board_scene.edits.add(Edit(item.id, "compose", make))
        item.pick(new)

    def _turn(self, item: MelodyItem, picked: Handful, other: Handful) -> None:
        """Each note that is picked, and still there, becomes another one."""
        make = melody_edits.turn_notes(picked, other)
        self._hand.board_scene.edits.add(Edit(item.id, "compose", make))
        item.pick(other)

    def _meant(self, item: MelodyItem) -> Handful:
        """What is picked; while a step is on its way, what it will make of that."""
        idle = self._hand.board_scene.edits.idle
        return item.picked() if idle else item.wanted()

    def _louder(self, item: MelodyItem, by: int) -> None:
        picked = self._meant(item)
        if len(picked):
            self._turn(item, picked, picked.louder(by))
            self._sound(item, item.wanted()[0])

    def _raise(self, item: MelodyItem, by: int) -> None:
        picked = self._meant(item)
        if not len(picked) or picked.pitches.min() + by < 0 or picked.pitches.max() + by > 127:
            return
        moved = picked.moved(higher=by)
        if self._typed is not None:
            self._typed = moved[-1]
        self._turn(item, picked, moved)
        item.camera.bring_pitch(moved[0].pitch)
        self._sound(item, moved[0])

    def _go(self, item: MelodyItem, by: int, wide: bool) -> None:
        """Picked notes a step of the grid on, or a bar; else the place where one types."""
        picked, step = self._meant(item), step_of(self._hand, item)
        if wide:
            bars, number = item.score.bars, item.score.bar_at(item.typing_at or 0)
            step = int(bars[number] - bars[number - 1])
        if self._typed is not None or not len(picked):
            self.forget()
            item.pick(())
            place = (item.typing_at or 0) + by * step
            item.show_cursor(min(max(place, 0), item.score.length))
            return
        later = max(by * step, -int(picked.starts.min()))
        if later:
            moved = picked.moved(later)
            self._turn(item, picked, moved)
            item.camera.bring(moved[0].start, moved[0].start + moved[0].duration)

    def _delete(self, item: MelodyItem) -> None:
        picked = self._meant(item)
        if not len(picked):
            self._hand.report(_("Click the note to delete, then press Delete."))
            return
        if self._typed is not None:
            item.show_cursor(self._typed.start)
        self.forget()
        self._change(item, picked, ())

    def _duplicate(self, item: MelodyItem, picked: Handful) -> None:
        """Right behind, on the grid."""
        step = step_of(self._hand, item)
        by = -(-(picked.end - int(picked.starts.min())) // step) * step
        self.forget()
        self._change(item, (), picked.moved(by))

    def _paste(self, item: MelodyItem) -> bool:
        """What the clipboard has; a lot of it is read beside the window, and comes then."""
        from aigc_studio.ui.canvas.exchange import note_clipboard

        scene = self._hand.board_scene

        def put(held: Handful) -> None:
            if len(held) and scene.item(item.id) is item:
                self._put(item, held)

        return note_clipboard.give(item.score.ticks_per_quarter, put, scene.errands)

    def _put(self, item: MelodyItem, held: Handful) -> None:
        """Notes where one types, or behind those that are picked."""
        self.forget()
        place = item.typing_at
        if place is None:
            place = item.picked().end or max(round(item.roll.ends[0]), 0)
        new = held.moved(place)
        self._change(item, (), new)
        if item.typing_at is not None:
            item.show_cursor(new.end)

    def _quantise(self, item: MelodyItem) -> None:
        picked = self._meant(item)
        step = step_of(self._hand, item)
        make = melody_edits.quantise(picked if len(picked) else None, step)
        self._hand.board_scene.edits.add(Edit(item.id, "compose", make))
        item.pick(())

    # Typing

    def _letter(self, item: MelodyItem, key: Qt.Key, wide: bool) -> Action | None:
        if Key.Key_A <= key <= Key.Key_G:
            return partial(self._type, item, chr(key), chord=wide)
        if Key.Key_1 <= key <= Key.Key_7:
            return partial(self._set_length, item, key - Key.Key_0)
        plain: dict[Qt.Key, Action] = {
            Key.Key_0: partial(self._rest, item),
            Key.Key_Period: partial(self._dot, item),
            Key.Key_Q: partial(self._quantise, item),
            Key.Key_Home: partial(self._jump, item, 0),
            Key.Key_End: partial(self._jump, item, item.score.length),
        }
        return plain.get(key)

    def _jump(self, item: MelodyItem, place: int) -> None:
        self.forget()
        item.pick(())
        item.show_cursor(place)

    def _set_length(self, item: MelodyItem, digit: int) -> None:
        options = replace(self._hand.options.notes, length=LENGTHS[digit])
        self._hand.options.set_notes(options)
        self._make_as_long(item)

    def _dot(self, item: MelodyItem) -> None:
        self._hand.options.set_notes(self._hand.options.notes.dotted())
        self._make_as_long(item)

    def _make_as_long(self, item: MelodyItem) -> None:
        """A length that is chosen is that of what is picked; while one types, of the next note."""
        picked = self._meant(item)
        if len(picked) and self._typed is None:
            long = self._hand.options.notes.ticks(item.score.ticks_per_quarter)
            self._turn(item, picked, picked.lasting(long))

    def _rest(self, item: MelodyItem) -> None:
        """Leave out as much as a note takes."""
        self.forget()
        item.pick(())
        long = self._hand.options.notes.ticks(item.score.ticks_per_quarter)
        place = item.typing_at or 0
        if item.score.is_one_voice:
            self._clear(item, place, place + long)
        item.show_cursor(place + long)

    def _clear(self, item: MelodyItem, start: int, stop: int) -> None:
        taken, put = _cleared(item, start, stop)
        if len(taken):
            self._change(item, taken, put)
            item.pick(())

    def _type(self, item: MelodyItem, letter: str, *, chord: bool) -> None:
        """A note at the place where one types, in the place of what is there; with `chord`, beside
        the one that was typed last."""
        from aigc_studio.api.melody import Note

        place, typed = item.typing_at or 0, self._typed
        if chord and typed is not None:
            start, long = typed.start, typed.duration
        else:
            start, long = place, self._hand.options.notes.ticks(item.score.ticks_per_quarter)
        near = typed.pitch if typed is not None else _pitch_before(item, place)
        pitch = spelling.pitch_of(letter, near, spelling.key_at(item.score.keys, start))
        if chord and typed is not None and pitch <= typed.pitch:
            pitch += 12
        if pitch > 127:
            return
        note = Note(start, long, pitch)
        taken = put = nothing()
        if item.score.is_one_voice and not chord:
            taken, put = _cleared(item, start, start + long)
        self._change(item, taken, put.with_others([note]))
        item.pick([note])
        self._typed = note
        if not chord:
            item.show_cursor(start + long)
        item.camera.bring_pitch(pitch)
        self._sound(item, note)

    def _sound(self, item: MelodyItem, note: Note) -> None:
        self._hand.sound_note(note.pitch, item.shown.program, note.velocity)


def _cleared(item: MelodyItem, start: int, stop: int) -> tuple[Handful, Handful]:
    """What has to go, and what of it stays, so that nothing sounds in a stretch."""
    score = item.score
    found = Handful.of_score(score, (score.starts < stop) & (score.stops > start))
    before = (replace(each, duration=start - each.start) for each in found if each.start < start)
    return found, Handful.of(before)


def _pitch_before(item: MelodyItem, place: int) -> int:
    """The pitch that the next note is near to: of what sounded last."""
    score = item.score
    before = int(score.starts.searchsorted(place, "left"))
    return int(score.pitches[max(before - 1, 0)]) if len(score.pitches) else 67
