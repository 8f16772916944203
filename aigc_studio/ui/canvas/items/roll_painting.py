"""A piano roll as it is painted: what lies in sight, and no more of it than there are pixels."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen, QTransform

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.roll import KEYS, OCTAVE, RULER, Roll, scale_of
from aigc_studio.ui.canvas.items.score import GAP, GAP_SHARE, Columns, Score

if TYPE_CHECKING:
    from aigc_studio.api.selections import Bars

SINGLY = 400
"""So many notes are drawn one by one; more of them as a picture of what sounds in each pixel."""
APART = 4.0
"""Device pixels between bar lines, at least."""


def paint_rows(painter: QPainter, roll: Roll) -> None:
    """The strips of the pitches: what is outside the key is shaded, a line under each keynote.

    Where nobody has said the key, black keys are shaded and the line is under each C.
    """
    keys = roll.score.keys
    if not keys:
        _paint_stretch(painter, roll, roll.grid, frozenset({0, 2, 4, 5, 7, 9, 11}), 0)
        return
    stops = [*(float(key.start) for key in keys[1:]), max(roll.ends[1], keys[-1].start)]
    for key, stop in zip(keys, stops, strict=True):
        left, right = (max(roll.x(tick), roll.grid.left()) for tick in (key.start, stop))
        rect = QRectF(left, RULER, min(right, roll.grid.right()) - left, roll.grid.height())
        if rect.width() > 0:
            _paint_stretch(painter, roll, rect, scale_of(key.fifths), key.tonic)


def _paint_stretch(
    painter: QPainter, roll: Roll, rect: QRectF, scale: frozenset[int], tonic: int
) -> None:
    low, high = roll.pitches
    shade = theme.mixed("text", "surface", 0.045)
    line = theme.mixed("text", "surface", 0.14)
    for pitch in range(low, high + 1):
        row = roll.row(pitch).intersected(rect)
        if pitch % OCTAVE not in scale:
            painter.fillRect(row, shade)
        if pitch % OCTAVE == tonic:
            painter.setPen(QPen(line, 0))
            painter.drawLine(QLineF(row.bottomLeft(), row.bottomRight()))


def paint_bars(painter: QPainter, roll: Roll, scale: float, exposed: QRectF) -> int:
    """The ruler, bar lines, and beats where there is room. Gives how many lines were drawn."""
    painter.fillRect(QRectF(0, 0, roll.width, RULER), theme.colour("window"))
    step = number_step(roll)
    apart = 1
    while bar_width(roll) * scale * apart <= APART:
        apart *= 2
    fainter, faint, strong = (theme.mixed("text", "surface", part) for part in (0.05, 0.11, 0.24))
    exposed = exposed.intersected(QRectF(KEYS, 0, roll.width - KEYS, roll.height))
    beats, units = _beats(roll, scale, exposed)
    lines = []
    for number, x in _bars_in_sight(roll, apart, scale / APART, exposed):
        numbered = (number - 1) % step == 0
        lines.append(QLineF(x, 0 if numbered else RULER * 0.75, x, roll.height))
    for colour, drawn in ((fainter, units), (faint, beats), (strong, lines)):
        painter.setPen(QPen(colour, 0))
        painter.drawLines(drawn)
    painter.setPen(QPen(theme.colour("border"), 0))
    painter.drawLine(QLineF(0, RULER, roll.width, RULER))
    return len(units) + len(beats) + len(lines)


def paint_numbers(painter: QPainter, roll: Roll, marked: Bars | None, exposed: QRectF) -> int:
    """Every nth bar's number, over the mark of those that are selected. Gives how many."""
    step = number_step(roll)
    room = max(bar_width(roll) * step - 4, 20)
    painter.save()
    painter.setClipRect(QRectF(KEYS, 0, roll.width - KEYS, RULER), Qt.ClipOperation.IntersectClip)
    painter.setFont(theme.readout_font(11))
    metrics, drawn = painter.fontMetrics(), 0
    wider = exposed.adjusted(-room - 4, 0, 0, 0)
    for number, x in _bars_in_sight(roll, step, 1 / 24, wider):
        inside = marked is not None and marked.first <= number <= marked.last
        painter.setPen(theme.colour("text" if inside else "muted"))
        place = QRectF(x + 4, 0, room, RULER)
        if x + 4 + metrics.horizontalAdvance(str(number)) > roll.width:
            continue  # half a number says another one
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, str(number))
        drawn += 1
    painter.restore()
    return drawn


def paint_hint(painter: QPainter, roll: Roll, words: str) -> None:
    """Words in the middle of where the notes will be, as large on screen at any zoom."""
    font = theme.secondary_font()
    scale = math.sqrt(abs(painter.worldTransform().determinant()))  # of logical pixels
    font.setPixelSize(max(1, round(font.pixelSize() / scale)))
    painter.setFont(font)
    painter.setPen(theme.colour("muted"))
    painter.drawText(roll.grid, Qt.AlignmentFlag.AlignCenter, words)


def paint_notes(
    painter: QPainter, roll: Roll, scale: float, exposed: QRectF, made: Bars | None = None
) -> int:
    """The notes that sound in sight. Gives how many were drawn one by one.

    Those that begin in the bars `made` have the colour of what is new.
    """
    area = exposed.intersected(roll.grid)
    if area.isEmpty():
        return 0
    ends = roll.tick(area.left() - 1), roll.tick(area.right() + 1)
    chosen = roll.score.sounding(*ends)
    if len(chosen) > SINGLY:
        paint_many(painter, roll, scale, area, roll.score.near(*ends), _inks())
        return 0
    painter.save()
    # A note is a pixel wide at least, the very last one, too.
    room = roll.grid.adjusted(0, 0, 1 / scale, 0)
    painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
    painter.setPen(Qt.PenStyle.NoPen)
    _paint_singly(painter, roll, scale, chosen, _ticks_of(roll.score, made))
    painter.restore()
    return len(chosen)


def _ticks_of(score: Score, bars: Bars | None) -> range:
    """Where bars lie, in ticks; those that a tune has not are its last one."""
    if bars is None:
        return range(0)
    first, last = (min(each, score.count) for each in (bars.first, bars.last))
    return range(int(score.bars[first - 1]), int(score.bars[last]))


def _paint_singly(painter: QPainter, roll: Roll, scale: float, chosen: Any, new: range) -> None:
    """The notes of these numbers; those that begin at a tick in `new` as such."""
    rounding = min(2.0, roll.row_height * 0.25)
    if rounding * scale < 0.75:
        rounding = 0
    score = roll.score
    low, high = roll.pitches
    columns = (score.starts, score.stops, score.pitches, score.velocities)
    for start, stop, pitch, velocity in zip(
        *(each[chosen].tolist() for each in columns), strict=True
    ):
        if not low <= pitch <= high:
            continue
        ink = "new" if start in new else theme.badge("melody")
        painter.setBrush(theme.mixed(ink, "surface", strength(velocity)))
        rect = note_rect(roll, start, stop, pitch, 1 / scale)
        if rounding and rect.width() * scale > 3:
            painter.drawRoundedRect(rect, rounding, rounding)
        else:
            painter.drawRect(rect)


def note_rect(roll: Roll, start: int, stop: int, pitch: int, least: float = 1.0) -> QRectF:
    """Where a note is drawn, `least` board units wide at least."""
    row = roll.row(pitch)
    left, right = roll.x(start), roll.x(stop)
    inset = min(1.0, row.height() * 0.1)
    width = right - left - min(GAP, (right - left) * GAP_SHARE)
    return QRectF(left, row.top() + inset, max(width, least), row.height() - 2 * inset)


def paint_marked(painter: QPainter, roll: Roll, bars: Bars) -> None:
    """The bars that are selected."""
    rect = roll.bar_rect(bars)
    painter.fillRect(rect, theme.colour("mask", 0.16))
    painter.fillRect(QRectF(rect.left(), 0, rect.width(), RULER), theme.mask_colour())
    painter.setPen(QPen(theme.colour("mask"), 0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0, 0, 0, -0.5))


def number_step(roll: Roll) -> int:
    """1, 2, 4, 8 …: so that numbers stand at least 28 board units apart."""
    wide = bar_width(roll)
    return 1 if wide >= 28 else int(2 ** math.ceil(math.log2(28 / max(wide, 1e-9))))


def bar_width(roll: Roll) -> float:
    """Board units that a bar takes, taking all of them together."""
    return roll.per_tick * roll.score.length / roll.score.count


def outline(rect: QRectF) -> QPainterPath:
    """The edge of the card, with round corners."""
    path = QPainterPath()
    path.addRoundedRect(rect, theme.RADIUS, theme.RADIUS)
    return path


def _bars_in_sight(roll: Roll, step: int, cells: float, exposed: QRectF) -> list[tuple[int, float]]:
    """Every `step`th bar's number and place; of those in one of `cells` a board unit, the first."""
    import numpy as np

    bars = roll.score.bars
    first = int(bars.searchsorted(roll.tick(exposed.left()) - 1, "left"))
    last = int(bars.searchsorted(roll.tick(exposed.right()) + 1, "right"))
    indices = np.arange(-(-first // step) * step, min(last, roll.score.count), step)
    places = roll.grid.left() + (bars[indices] - roll.ends[0]) * roll.per_tick
    # Bars need not be of one length: many of them may lie in one pixel.
    _cells, kept = np.unique(np.floor(places * cells + 1e-6), return_index=True)
    return list(zip((indices[kept] + 1).tolist(), places[kept].tolist(), strict=True))


def _beats(roll: Roll, scale: float, exposed: QRectF) -> tuple[list[QLineF], list[QLineF]]:
    """Lines of beats, and fainter ones of what a beat is made of, where there is room for them."""
    score = roll.score
    pixels = roll.per_tick * scale
    beats: list[QLineF] = []
    units: list[QLineF] = []
    if score.length / score.count * pixels <= 64 or score.ticks_per_quarter * pixels < 6:
        return beats, units
    first, last = (score.bar_at(roll.tick(x)) for x in (exposed.left(), exposed.right()))
    for start, stop in zip(
        score.bars[first - 1 : last].tolist(), score.bars[first : last + 1].tolist(), strict=True
    ):
        pulse = score.pulse_at(start)
        step = pulse.unit if pulse.unit * pixels >= 6 else pulse.beat
        if step * pixels < 3:
            continue
        # A bar can be far longer than what is in sight of it.
        begin = max(int(roll.tick(exposed.left()) - start) // step, 1)
        end = min(stop, math.ceil(roll.tick(exposed.right())) + 1)
        for tick in range(start + begin * step, end, step):
            line = QLineF(roll.x(tick), RULER, roll.x(tick), roll.height)
            (units if (tick - start) % pulse.beat else beats).append(line)
    return beats, units


def paint_many(
    painter: QPainter,
    roll: Roll,
    scale: float,
    area: QRectF,
    near: slice,
    inks: tuple[int, ...],
) -> None:
    """Notes as a picture with a pixel for each of the screen's, however many lie in it.

    `inks` has a colour for no note, and one for each velocity from 0 on.
    """
    grid = roll.grid
    # Counted from the tune's beginning, so that no pixel changes while the view is moved.
    before = round(roll.ends[0] * roll.per_tick * scale)
    first = math.floor((area.left() - grid.left()) * scale)
    count = max(math.ceil((area.right() - grid.left()) * scale) - first, 1)
    columns = Columns(roll.per_tick * scale, first + before, count, GAP * scale)
    tall = roll.row_height * scale
    pixels, filled = _pixels(
        roll.score, (near.start, near.stop), columns, roll.pitches, min(tall, 1.0), inks
    )
    rows = pixels.shape[0]
    form = QImage.Format.Format_ARGB32_Premultiplied
    picture = QImage(pixels.data, count, rows, count * 4, form)
    painter.save()
    painter.setClipRect(grid, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    left, size = _to_pixels(painter, QPointF(grid.left() + first / scale, grid.top()), scale)
    for row, top, height in _strips(roll, scale, filled):
        target = QRectF(left.x(), left.y() + top * size, count * size, height * size)
        painter.drawImage(target, picture, QRectF(0, row, count, 1))
    painter.restore()


@lru_cache(maxsize=4)
def _pixels(
    score: Score,
    near: tuple[int, int],
    columns: Columns,
    pitches: tuple[int, int],
    tall: float,
    inks: tuple[int, ...],
) -> tuple[Any, tuple[int, ...]]:
    """The picture of notes, a row for each pitch or, where `tall` is less than 1, for each pixel.

    Beside it the rows in which anything sounds. Painting the same view again costs nothing.
    """
    import numpy as np

    low, high = pitches
    pitch = np.arange(128)
    below = np.clip(high - pitch, 0, high - low)
    rows = high - low + 1
    if tall < 1:
        below, rows = (below * tall).astype(np.int64), max(math.ceil(rows * tall), 1)
    # What is higher or lower than what is shown goes to a row that nobody sees.
    below[(pitch < low) | (pitch > high)] = rows
    levels = score.levels(slice(*near), columns, below, rows + 1)[:rows]
    pixels = np.take(np.array(inks, np.uint32), levels)
    return pixels, tuple(np.flatnonzero(levels.any(axis=1)).tolist())


def _to_pixels(painter: QPainter, corner: QPointF, scale: float) -> tuple[QPointF, float]:
    """Have an upright painter draw whole pixels of the device; gives the corner and a pixel's size.

    A card that is turned is drawn in its own coordinates.
    """
    transform = painter.deviceTransform()
    if transform.isRotating() or transform.m11() <= 0 or transform.m22() <= 0:
        return corner, 1 / scale
    at = transform.map(corner)
    painter.setWorldTransform(QTransform())
    back, _ = painter.deviceTransform().inverted()
    return back.map(QPointF(round(at.x()), round(at.y()))), back.m11()


def _strips(roll: Roll, scale: float, filled: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Rows of a picture: number, first pixel from the grid's top, and height in pixels."""
    tall = roll.row_height * scale
    if tall < 1:
        return [(row, row, 1) for row in filled]
    inset = min(1.0, roll.row_height * 0.1) * scale
    strips = []
    for row in filled:
        top, bottom = round(row * tall + inset), round((row + 1) * tall - inset)
        strips.append((row, top, max(bottom - top, 1)))
    return strips


def _inks() -> tuple[int, ...]:
    """The colours of levels: none, and one for each velocity from 0 on."""
    badge = theme.badge("melody")
    ends = [theme.mixed(badge, "surface", strength(each)).rgba() for each in (0, 127)]
    return _inks_between(badge, *ends)


@lru_cache(maxsize=4)
def _inks_between(badge: str, *_ends: int) -> tuple[int, ...]:
    """A theme's inks; it is told from others by what they end in."""
    colours = [theme.mixed(badge, "surface", strength(each)).rgba() for each in range(128)]
    return (0, *colours)


def strength(velocity: int) -> float:
    """Loud notes are full, soft ones let the ground through, none so far that it is lost."""
    return 0.45 + 0.55 * min(velocity, 110) / 110
