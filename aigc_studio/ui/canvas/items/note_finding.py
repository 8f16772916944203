"""Which notes of a roll are at a place, and in a rectangle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.ui.canvas.items.handful import Handful, nothing

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF, QRectF

    from aigc_studio.api.melody import Note
    from aigc_studio.ui.canvas.items.roll import Roll


def notes_in(roll: Roll, rect: QRectF) -> Handful:
    """The notes that a rectangle touches."""
    score = roll.score
    rect = rect.intersected(roll.grid)
    if rect.isEmpty():
        return nothing()
    first, last = roll.tick(rect.left()), roll.tick(rect.right())
    high, low = roll.pitch_at(rect.top()), roll.pitch_at(rect.bottom())
    found = score.sounding(first, last)
    pitches = score.pitches[found]
    inside = (low <= pitches) & (pitches <= high)
    inside &= (score.starts[found] < last) & (score.stops[found] > first)
    return Handful.of_score(score, found[inside])


def note_at(roll: Roll, point: QPointF) -> Note | None:
    """The note at a point; of several there, the one that begins last."""
    from aigc_studio.api.melody import Note

    score = roll.score
    if not roll.grid.contains(point):
        return None
    tick, pitch = roll.tick(point.x()), roll.pitch_at(point.y())
    found = [
        number
        for number in score.sounding(tick, tick).tolist()
        if score.pitches[number] == pitch and score.stops[number] > tick
    ]
    if not found:
        return None
    start, stop = int(score.starts[found[-1]]), int(score.stops[found[-1]])
    return Note(start, stop - start, pitch, int(score.velocities[found[-1]]))
