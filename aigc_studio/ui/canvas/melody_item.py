"""A melody on the canvas: a piano roll with bar lines, bar numbers and a pitch guide."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from aigc_studio.api.errors import StudioError
from aigc_studio.api.selections import Bars
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.board_item import BoardItem
from aigc_studio.ui.canvas.following import LostParts, followed
from aigc_studio.ui.canvas.roll import KEYS, RULER, Roll, is_black, pitch_name

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Melody
    from aigc_studio.project.board import Item
    from aigc_studio.ui.canvas.loader import TileLoader


class MelodyItem(BoardItem):
    """Shows a melody artifact."""

    keeps_shape = False

    def __init__(self, item: Item, loader: TileLoader) -> None:
        super().__init__(item, loader)
        self.bars: Bars | None = None
        self._lost = LostParts[Bars]()
        self._roll: Roll | None = None
        self._melody: Melody | None = None
        self._shown = item.content.digest

    @property
    def melody(self) -> Melody:
        """The melody; read when it is wanted for the first time."""
        if self._melody is None:
            self._melody = self._read()
        return self._melody

    def is_plain(self) -> bool:
        """Whether no bars are marked."""
        return self.bars is None

    def read_now(self) -> None:
        """Read the melody if it was not."""
        assert self.melody is not None

    @property
    def roll(self) -> Roll:
        """The melody laid out at the size that is shown."""
        rect, roll = self.boundingRect(), self._roll
        same = roll is not None and roll.melody is self.melody
        if roll is None or not same or (roll.width, roll.height) != (rect.width(), rect.height()):
            roll = self._roll = Roll(self.melody, rect.width(), rect.height())
        return roll

    def content_changed(self) -> None:
        """Show another melody; the same bars stay marked, wherever they are now."""
        former = self._melody
        if former is not None:
            self._melody = self._read()
            self._follow(former)
        else:
            self._shown = self.item.content.digest
        self.update()

    def show_part(self, part: object) -> None:
        """Mark bars, or none."""
        self.read_now()  # what a part is of
        self._lost.forget()
        self.bars = part if isinstance(part, Bars) else None
        self.choose_look()
        self.update()

    def select_to(self, start: QPointF, end: QPointF) -> Bars:
        """The bars between two points (own coordinates)."""
        return self.roll.bars_between(start, end)

    def on_ruler(self, point: QPointF) -> bool:
        """Whether a point (own coordinates) is on the strip that bars are selected on."""
        return KEYS <= point.x() <= self.boundingRect().width() and 0 <= point.y() <= RULER

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the roll."""
        if widget is not None and self.paint_far(painter):
            return
        if self.problem:
            self.paint_problem(painter)
            return
        roll = self.roll
        scale = option.levelOfDetailFromTransform(painter.deviceTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(self.boundingRect(), theme.RADIUS, theme.RADIUS)
        painter.fillPath(outline, theme.colour("surface"))
        painter.save()
        painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        _paint_rows(painter, roll)
        _paint_bars(painter, roll, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_notes(painter, roll, scale, option.exposedRect)
        _paint_keys(painter, roll, scale)
        if self.bars is not None and widget is not None:
            _paint_marked(painter, roll, self.bars)
        if scale > 0.35:
            _paint_numbers(painter, roll, self.bars if widget is not None else None)
        painter.restore()
        painter.setPen(QPen(theme.colour("border"), 0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)

    def _follow(self, former: Melody) -> None:
        """Move the bars with the tune. Those that are lost come back with the tune they were in."""
        digest, self._shown = self._shown, self.item.content.digest
        bars = self.bars
        # As many bars as before: what sounds in them is another thing, their place is the same.
        if bars is not None and len(former.bars) != len(self.melody.bars):
            whole = (_bars_of(former), _bars_of(self.melody))
            # A bar says more than a letter: one that stands is enough.
            place = followed(*whole, (bars.first - 1, bars.last), least=1)
            self.bars = Bars(place[0] + 1, place[1]) if place and place[0] < place[1] else None
            if self.bars is None:
                self._lost.keep(digest, bars)
        if self.bars is None:
            self.bars = self._lost.take(self._shown)

    def _read(self) -> Melody:
        from aigc_studio.api.artifacts import Melody

        try:
            melody = self.loader.store.get(self.item.content)
            self.problem = ""
        except StudioError as error:
            melody, self.problem = Melody(), str(error)
        assert isinstance(melody, Melody)
        return melody


def _bars_of(melody: Melody) -> list[tuple[object, ...]]:
    """What sounds in each bar, wherever the bar is in the melody."""
    notes: dict[int, list[tuple[int, int, int, int]]] = {}
    starts = [start for start, _stop in melody.bars]
    for note in melody.notes:
        bar = bisect_right(starts, note.start) - 1
        place = note.start - starts[max(bar, 0)]
        notes.setdefault(bar, []).append((place, note.duration, note.pitch, note.velocity))
    return [
        (stop - start, tuple(sorted(notes.get(bar, ()))))
        for bar, (start, stop) in enumerate(melody.bars)
    ]


def _paint_rows(painter: QPainter, roll: Roll) -> None:
    low, high = roll.pitches
    shade = theme.mixed("text", "surface", 0.035)
    line = theme.mixed("text", "surface", 0.14)
    for pitch in range(low, high + 1):
        row = roll.row(pitch)
        if is_black(pitch):
            painter.fillRect(row, shade)
        if pitch % 12 == 0:
            painter.setPen(QPen(line, 0))
            painter.drawLine(QLineF(row.bottomLeft(), row.bottomRight()))


def _paint_bars(painter: QPainter, roll: Roll, scale: float) -> None:
    """The ruler, bar lines, and beats where there is room."""
    bars = roll.bars
    strong, faint = theme.mixed("text", "surface", 0.22), theme.mixed("text", "surface", 0.08)
    ruler = QRectF(0, 0, roll.width, RULER)
    painter.fillRect(ruler, theme.colour("window"))
    bar_width = roll.grid.width() / len(bars)
    step = _number_step(bar_width)
    for number, (start, stop) in enumerate(bars, start=1):
        x = roll.x(start)
        if bar_width * scale > 64:
            painter.setPen(QPen(faint, 0))
            for tick in range(
                start + roll.melody.ticks_per_quarter, stop, roll.melody.ticks_per_quarter
            ):
                painter.drawLine(QLineF(roll.x(tick), RULER, roll.x(tick), roll.height))
        if bar_width * scale > 4 or number % step == 1 or step == 1:
            painter.setPen(QPen(strong, 0))
            numbered = (number - 1) % step == 0
            painter.drawLine(QLineF(x, 0 if numbered else RULER * 0.75, x, roll.height))
    painter.setPen(QPen(theme.colour("border"), 0))
    painter.drawLine(QLineF(0, RULER, roll.width, RULER))


def _paint_numbers(painter: QPainter, roll: Roll, marked: Bars | None) -> None:
    """Every nth bar's number, over the mark of those that are selected."""
    bars = roll.bars
    width = roll.grid.width() / len(bars)
    step = _number_step(width)
    painter.setFont(theme.readout_font(11))
    for number in range(1, len(bars) + 1, step):
        inside = marked is not None and marked.first <= number <= marked.last
        painter.setPen(theme.colour("text" if inside else "muted"))
        place = QRectF(roll.x(bars[number - 1][0]) + 4, 0, max(width * step - 4, 20), RULER)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, str(number))


def _paint_notes(painter: QPainter, roll: Roll, scale: float, exposed: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    rounding = min(2.0, roll.row_height * 0.25)
    if rounding * scale < 0.75:
        rounding = 0
    for note in roll.melody.notes:
        rect = roll.note_rect(note)
        if not rect.intersects(exposed):
            continue
        # Loud notes are full, soft ones let the ground through, none so far that it is lost.
        strength = 0.45 + 0.55 * min(note.velocity, 110) / 110
        painter.setBrush(theme.mixed(theme.badge("melody"), "surface", strength))
        if rounding:
            painter.drawRoundedRect(rect, rounding, rounding)
        else:
            painter.drawRect(rect)


def _paint_keys(painter: QPainter, roll: Roll, scale: float) -> None:
    strip = QRectF(0, RULER, KEYS, roll.height - RULER)
    painter.fillRect(strip, theme.colour("window"))
    painter.setFont(theme.readout_font(10))
    low, high = roll.pitches
    for pitch in range(low, high + 1):
        row = roll.row(pitch)
        if is_black(pitch):
            key = QRectF(KEYS - 8, row.top(), 8, row.height())
            painter.fillRect(key, theme.mixed("text", "window", 0.18))
        if pitch % 12 == 0 and scale > 0.35:
            painter.setPen(theme.colour("muted"))
            place = QRectF(0, row.center().y() - 8, KEYS - 10, 16)
            if place.top() >= RULER and place.bottom() <= roll.height:
                flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(place, flags, pitch_name(pitch))
    painter.setPen(QPen(theme.colour("border"), 0))
    painter.drawLine(QLineF(KEYS, 0, KEYS, roll.height))


def _paint_marked(painter: QPainter, roll: Roll, bars: Bars) -> None:
    rect = roll.bar_rect(bars)
    painter.fillRect(rect, theme.colour("mask", 0.16))
    painter.fillRect(QRectF(rect.left(), 0, rect.width(), RULER), theme.mask_colour())
    painter.setPen(QPen(theme.colour("mask"), 0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0, 0, 0, -0.5))


def _number_step(bar_width: float) -> int:
    """1, 2, 4, 8 …: so that numbers stand at least 28 board units apart."""
    return 1 if bar_width >= 28 else int(2 ** math.ceil(math.log2(28 / max(bar_width, 1e-3))))
