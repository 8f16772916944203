"""What hands do on a roll: notes on their way, and those that are picked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.roll_painting import SINGLY, note_rect, paint_many, strength

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.handful import Notes
    from aigc_studio.ui.canvas.items.roll import Roll
    from aigc_studio.ui.canvas.items.score import Score
    from aigc_studio.ui.canvas.items.sketch import Sketch


def paint_sketch(
    painter: QPainter, roll: Roll, scale: float, exposed: QRectF, sketch: Sketch
) -> None:
    """Notes that are about to change: those that go are faint, those that come stand out."""
    painter.save()
    painter.setClipRect(roll.grid, Qt.ClipOperation.IntersectClip)
    area = exposed.intersected(roll.grid)
    taken = _in_sight(roll, area, sketch, taken=True)
    if taken is None:
        ink = theme.mixed("outline", "surface", 0.4).rgba()
        _paint_all(painter, roll, scale, area, sketch.score(roll.score, taken=True), ink)
    for note in taken or ():
        rect = note_rect(roll, note.start, note.start + note.duration, note.pitch, 1 / scale)
        painter.setPen(QPen(theme.colour("outline"), 0, Qt.PenStyle.DotLine))
        painter.setBrush(theme.colour("surface", 0.8))
        painter.drawRect(rect)
    put = _in_sight(roll, area, sketch)
    if put is None:
        ink = theme.mixed("text", "surface", 0.9).rgba()
        _paint_all(painter, roll, scale, area, sketch.score(roll.score), ink)
    paint_put(painter, roll, scale, put or ())
    painter.restore()


def paint_put(painter: QPainter, roll: Roll, scale: float, notes: Notes) -> None:
    """Notes that come, one by one."""
    rounding = min(2.0, roll.row_height * 0.25)
    for note in notes:
        rect = note_rect(roll, note.start, note.start + note.duration, note.pitch, 1 / scale)
        painter.setPen(QPen(theme.colour("text"), 0))
        painter.setBrush(theme.mixed(theme.badge("melody"), "surface", strength(note.velocity)))
        painter.drawRoundedRect(rect, rounding, rounding)


def _in_sight(roll: Roll, area: QRectF, sketch: Sketch, *, taken: bool = False) -> Notes | None:
    """Notes of a sketch that can be seen; None where they are too many for one by one."""
    notes = sketch.taken if taken else sketch.put
    if len(notes) <= SINGLY:
        return notes
    score = sketch.score(roll.score, taken=taken)
    found = score.sounding(roll.tick(area.left() - 1), roll.tick(area.right() + 1))
    if len(found) > SINGLY:
        return None
    return sketch.at(score, found.tolist())


def _paint_all(
    painter: QPainter, roll: Roll, scale: float, area: QRectF, score: Score, ink: int
) -> None:
    """In one colour, a pixel for each of the screen's."""
    ends = roll.tick(area.left() - 1), roll.tick(area.right() + 1)
    same = replace(roll, score=score, range=roll.pitches, span=roll.ends)
    paint_many(painter, same, scale, area, score.near(*ends), (0, *[ink] * 128))
