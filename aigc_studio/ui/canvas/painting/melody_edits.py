"""What hands do to notes, as functions from an item to the item it becomes.

They run beside the window and use no Qt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.api.errors import StudioError
    from aigc_studio.api.melody import Melody, Note
    from aigc_studio.project.content import ContentStore
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.items.handful import Notes

Make = Callable[["ContentStore", "Item"], "Item"]


def change_notes(taken: Notes, put: Notes = ()) -> Make:
    """Take notes away, those that are still there, and put others in.

    A key of a keyboard sounds once at a time: a note that is put in ends where the next one of its
    pitch begins, and ends the one that sounds where it begins. One that ends behind the tune makes
    it longer, by whole bars.
    """
    return making(lambda melody: _exchanged(melody, taken, put))


def turn_notes(former: Notes, now: Notes) -> Make:
    """As `change_notes`, for notes that each become one other: those that are gone become none."""

    def change(melody: Melody) -> Melody:
        there = set(melody.notes)
        pairs = [pair for pair in zip(former, now, strict=True) if pair[0] in there]
        return _exchanged(melody, [pair[0] for pair in pairs], [pair[1] for pair in pairs])

    return making(change)


def quantise(notes: Notes | None, step: int) -> Make:
    """Have notes begin on a grid of `step` ticks, counted from their bars, and last whole steps.

    None: all notes.
    """

    def change(melody: Melody) -> Melody:
        import numpy as np

        chosen = melody.notes if notes is None else tuple(notes)
        begins = np.array([start for start, _stop in melody.bars])
        moved = []
        for note in chosen:
            bar = int(begins[max(int(begins.searchsorted(note.start, "right")) - 1, 0)])
            start = bar + round_half_up(note.start - bar, step)
            moved.append(
                replace(note, start=start, duration=max(round_half_up(note.duration, step), step))
            )
        return _exchanged(melody, chosen, moved)

    return making(change)


def change_program(program: int) -> Make:
    """Another General MIDI program (0 to 127); the notes stay as they are."""
    return making(lambda melody: replace(melody, program=program))


def transpose(semitones: int, start: int = 0, stop: int | None = None) -> Make:
    """Move the notes that begin in a stretch of ticks; all of them by default, with the keys.

    Raises `StudioError` where a note would be higher or lower than there are pitches.
    """

    def change(melody: Melody) -> Melody:
        whole = start <= 0 and stop is None
        last = melody.length if stop is None else stop
        chosen = [note for note in melody.notes if whole or start <= note.start < last]
        _refuse_beyond(chosen, semitones)
        moved = [replace(note, pitch=note.pitch + semitones) for note in chosen]
        other = set(chosen)
        notes = (*(note for note in melody.notes if note not in other), *moved)
        keys = melody.keys
        if whole:
            keys = tuple(replace(key, fifths=_fifths(key.fifths, semitones)) for key in keys)
        return replace(melody, notes=notes, keys=keys)

    return making(change)


def with_notes(melody: Melody, notes: Iterable[Note]) -> Melody:
    """The melody with these notes, longer by whole bars where they need it."""
    held = tuple(notes)
    end = max((note.start + note.duration for note in held), default=0)
    if end <= melody.length:
        return replace(melody, notes=held)
    return replace(melody, notes=held, length=0)


def making(change: Callable[[Melody], Melody]) -> Make:
    """What makes an item of an item; its card grows and shrinks with the tune.

    It raises `StudioError` where the tune would have more bars than there may be.
    """

    def make(store: ContentStore, item: Item) -> Item:
        from aigc_studio.project.items import COORDINATE_LIMIT

        former = _melody(store, item)
        try:
            changed = change(former)
        except ValueError as error:
            raise _too_long() from error
        if changed == former:
            return item
        width = item.width * changed.length / max(former.length, 1)
        content = store.put(changed)
        return replace(item, content=content, width=min(width, COORDINATE_LIMIT))

    return make


def round_half_up(ticks: int, step: int) -> int:
    """The multiple of a step that is next."""
    return (2 * ticks + step) // (2 * step) * step


def _exchanged(melody: Melody, taken: Iterable[Note], put: Iterable[Note]) -> Melody:
    """As `change_notes`; thousands of notes take no longer than in proportion."""
    gone = set(taken)
    kept = [note for note in melody.notes if note not in gone]
    new = {(note.pitch, note.start): note for note in put}
    begins, all_begins = _begins(new.values()), _begins([*kept, *new.values()])
    notes = [_ended(note, begins) for note in kept if (note.pitch, note.start) not in new]
    return with_notes(melody, [*notes, *(_ended(note, all_begins) for note in new.values())])


def _begins(notes: Iterable[Note]) -> dict[int, list[int]]:
    """When the notes of each pitch begin, in order."""
    rows: dict[int, list[int]] = {}
    for note in notes:
        rows.setdefault(note.pitch, []).append(note.start)
    return {pitch: sorted(starts) for pitch, starts in rows.items()}


def _ended(note: Note, begins: Mapping[int, list[int]]) -> Note:
    """The note, ended where the next one of its pitch begins."""
    row = begins.get(note.pitch, [])
    next_one = bisect_right(row, note.start)
    if next_one == len(row) or row[next_one] >= note.start + note.duration:
        return note
    return replace(note, duration=row[next_one] - note.start)


def _too_long() -> StudioError:
    """Nothing else of a melody can be wrong that hands change: they put whole notes in it."""
    from aigc_studio.api import limits
    from aigc_studio.api.errors import StudioError
    from aigc_studio.translation import _

    return StudioError(
        _("The tune would have more than {count} bars: take fewer bars, or a longer metre.").format(
            count=f"{limits.BARS:,}"
        )
    )


def _refuse_beyond(notes: Iterable[Note], semitones: int) -> None:
    from aigc_studio.api.errors import StudioError
    from aigc_studio.translation import _

    pitches = [note.pitch + semitones for note in notes]
    if pitches and not 0 <= min(pitches) <= max(pitches) <= 127:
        raise StudioError(
            _("The melody cannot be transposed: a note would be beyond the range of pitches.")
        )


def _fifths(fifths: int, semitones: int) -> int:
    """The signature so many semitones higher, with six sharps or flats at most."""
    moved = (fifths + 7 * semitones) % 12
    return moved - 12 if moved > 6 else moved


def _melody(store: ContentStore, item: Item) -> Melody:
    return store.get(item.content)  # type: ignore[return-value]  # the item's medium says so
