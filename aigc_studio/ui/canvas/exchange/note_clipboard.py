"""Notes in the clipboard, from one tune to another, and between windows of the studio."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from shiboken6 import isValid

from aigc_studio.ui.canvas.exchange import clipboard
from aigc_studio.ui.canvas.items.handful import Handful, nothing

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.api.melody import Melody
    from aigc_studio.jobs.errands import Errands

NOTES_TYPE = "application/x-aigc-studio-notes"
AT_ONCE = 2_000
"""Notes that are written for other windows at once; more of them beside this one."""
READ_AT_ONCE = 100 * AT_ONCE
"""Bytes of another window's notes that are read at once."""


class _Copied(QMimeData):
    """Notes for this window, which need not be read, and for others once they are written."""

    def __init__(self, notes: Handful, ticks_per_quarter: int) -> None:
        super().__init__()
        self.notes, self.ticks_per_quarter = notes, ticks_per_quarter
        self.setData(NOTES_TYPE, b"")

    def write(self, data: bytes) -> None:
        """Have them there for other windows, unless something else was copied meanwhile."""
        if isValid(self):
            self.setData(NOTES_TYPE, data)


def put(notes: Handful, melody: Melody, errands: Errands) -> None:
    """Put notes of a melody there, counted from the beginning of the first one."""
    moved = notes.moved(-int(notes.starts.min()))
    mime = _Copied(moved, melody.ticks_per_quarter)
    write = partial(_written, moved, melody)
    if len(moved) <= AT_ONCE:
        mime.write(write())
    else:
        errands.run(write, mime.write)
    clipboard.put(mime)


def give(ticks_per_quarter: int, take: Callable[[Handful], None], errands: Errands) -> bool:
    """Hand over the notes that are there, in these ticks; False where something else is.

    Many of another window are read beside this one, and come then: none where they are no notes.
    """
    mime = clipboard.held()
    if isinstance(mime, _Copied):
        take(mime.notes.stretched(ticks_per_quarter / mime.ticks_per_quarter))
        return True
    data = bytes(mime.data(NOTES_TYPE).data())
    read = partial(_read, data, ticks_per_quarter)
    if len(data) > READ_AT_ONCE:
        errands.run(read, take)
        return True
    notes = read()
    if len(notes):
        take(notes)
    return bool(len(notes))


def _written(notes: Handful, melody: Melody) -> bytes:
    held = replace(melody, notes=tuple(notes), length=0, tempos=melody.tempos[:1],
                   metres=melody.metres[:1], keys=melody.keys[:1])  # fmt: skip
    return held.to_json().encode()


def _read(data: bytes, ticks_per_quarter: int) -> Handful:
    from aigc_studio.api.melody import Melody

    if not data:
        return nothing()
    try:
        melody = Melody.from_json(data.decode())
    except ValueError:  # anybody may put anything there
        return nothing()
    return Handful.of(melody.notes).stretched(ticks_per_quarter / melody.ticks_per_quarter)
