"""Notes in the clipboard, from one tune to another, and between windows of the studio."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from aigc_studio.ui.canvas.exchange import clipboard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.api.melody import Melody, Note

NOTES_TYPE = "application/x-aigc-studio-notes"


def put(notes: Sequence[Note], melody: Melody) -> None:
    """Put notes of a melody there, counted from the beginning of the first one."""
    first = min(each.start for each in notes)
    moved = tuple(replace(each, start=each.start - first) for each in notes)
    held = replace(melody, notes=moved, length=0, tempos=melody.tempos[:1],
                   metres=melody.metres[:1], keys=melody.keys[:1])  # fmt: skip
    mime = QMimeData()
    mime.setData(NOTES_TYPE, held.to_json().encode())
    clipboard.put(mime)


def held(ticks_per_quarter: int) -> tuple[Note, ...]:
    """The notes that are there, in these ticks; none where something else is."""
    from aigc_studio.api.melody import Melody

    data = clipboard.held().data(NOTES_TYPE)
    if data.isEmpty():
        return ()
    try:
        melody = Melody.from_json(bytes(data.data()).decode())
    except ValueError:  # anybody may put anything there
        return ()
    by = ticks_per_quarter / melody.ticks_per_quarter
    return tuple(
        replace(each, start=round(each.start * by), duration=max(round(each.duration * by), 1))
        for each in melody.notes
    )
