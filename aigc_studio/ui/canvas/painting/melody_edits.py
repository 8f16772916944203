"""What hands do to melodies, as functions from an item to the item it becomes.

They run beside the window and use no Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Melody, Note
    from aigc_studio.project.board import Item
    from aigc_studio.project.content import ContentStore

Make = Callable[["ContentStore", "Item"], "Item"]


def change_notes(taken: Iterable[Note], put: Iterable[Note] = ()) -> Make:
    """Take notes away, those that are still there, and put others in.

    A key of a keyboard sounds once at a time: a note that is put in ends where the next one of its
    pitch begins, and ends the one that sounds where it begins.
    """
    gone, new = set(taken), tuple(put)

    def change(melody: Melody) -> Melody:
        notes = tuple(note for note in melody.notes if note not in gone)
        for note in new:
            notes = _with(notes, note)
        return replace(melody, notes=notes)

    return _making(change)


def change_program(program: int) -> Make:
    """Another General MIDI program (0 to 127); the notes stay as they are."""
    return _making(lambda melody: replace(melody, program=program))


def add_bars(count: int) -> Make:
    """So many more bars at the end, as long as the last one; the card becomes wider with them."""

    def make(store: ContentStore, item: Item) -> Item:
        melody = _melody(store, item)
        *_others, last = melody.bar_stretches()
        longer = replace(melody, length=last.stop + count * last.step)
        width = item.width * longer.length / max(melody.length, 1)
        return replace(item, content=store.put(longer), width=width)

    return make


def _with(notes: tuple[Note, ...], note: Note) -> tuple[Note, ...]:
    same = [each for each in notes if each.pitch == note.pitch]
    later = [each.start for each in same if each.start > note.start]
    stop = min([note.start + note.duration, *later])
    note = replace(note, duration=stop - note.start)
    kept = []
    for each in notes:
        sounds = each.pitch == note.pitch and each.start <= note.start < each.start + each.duration
        if sounds and each.start < note.start:
            kept.append(replace(each, duration=note.start - each.start))
        elif not sounds:
            kept.append(each)
    return (*kept, note)


def _making(change: Callable[[Melody], Melody]) -> Make:
    def make(store: ContentStore, item: Item) -> Item:
        former = _melody(store, item)
        changed = change(former)
        return item if changed == former else replace(item, content=store.put(changed))

    return make


def _melody(store: ContentStore, item: Item) -> Melody:
    return store.get(item.content)  # type: ignore[return-value]  # the item's medium says so
