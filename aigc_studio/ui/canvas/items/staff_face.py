"""A tune's card as a staff: what is painted, and what is where on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from aigc_studio.api.selections import Bars
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.staff import PlacedBar, Staff, System, fitted
from aigc_studio.ui.canvas.items.staff_bars import BarShape, shapes_of
from aigc_studio.ui.canvas.items.staff_notes import Written, written
from aigc_studio.ui.canvas.items.staff_painting import LINE, Engraver, number_path

if TYPE_CHECKING:
    from aigc_studio.api.melody import Melody
    from aigc_studio.ui.canvas.items.score import Score

_MARGIN = 16.0
"""Board units around the music."""
_BAND = (-1.5, 5.5)
"""What of a system its bars are selected on and marked by."""
_NUMBERS = 3.0
"""Pixels of the screen that a space is high, from which on the numbers of bars are drawn."""


class _Card(Protocol):
    """The card of the tune, as far as its staff needs it."""

    @property
    def melody(self) -> Melody:
        """The tune."""

    @property
    def score(self) -> Score:
        """Its notes and bars as numbers."""

    def boundingRect(self) -> QRectF:
        """The card's rectangle."""


@dataclass(frozen=True)
class _Plan:
    """The staff on a card of a size: `space` board units to a staff space, from `corner` on."""

    staff: Staff
    space: float
    corner: QPointF

    @cached_property
    def engraver(self) -> Engraver:
        return Engraver(self.staff)

    @cached_property
    def transform(self) -> QTransform:
        move = QTransform.fromTranslate(self.corner.x(), self.corner.y())
        return move.scale(self.space, self.space)

    def rect(self, left: float, top: float, right: float, bottom: float) -> QRectF:
        """A rectangle of the card that is given in spaces."""
        return self.transform.mapRect(QRectF(left, top, right - left, bottom - top))


def read_bars(melody: Melody) -> tuple[Melody, Written, list[BarShape]]:
    """A tune with its bars as they are written, whatever card they come to stand on: for any
    thread, as it takes a quarter of a millisecond a bar."""
    tune = written(melody)
    return melody, tune, shapes_of(tune)


class StaffFace:
    """Stands for the roll while tunes are shown on staves; points are the card's own.

    `awaits`: its bars are being read beside the window, and it has nothing to show until `take`.
    """

    def __init__(self, card: _Card) -> None:
        self._card = card
        self._melody: Melody | None = None
        self._written: Written | None = None
        self._shapes: list[BarShape] = []
        self._made: tuple[tuple[float, float], _Plan] | None = None
        self._left = 0
        self.awaits = False

    def take(self, found: tuple[Melody, Written, list[BarShape]]) -> None:
        """The bars of a tune were read."""
        self._melody, self._written, self._shapes = found
        self._made, self.awaits = None, False

    @property
    def plan(self) -> _Plan:
        """The staff that fills the card as it is now."""
        card = self._card
        if self._written is None or self._melody is not card.melody:
            self.take(read_bars(card.melody))
        assert self._written is not None
        size = card.boundingRect().size()
        key = (size.width(), size.height())
        if self._made is None or self._made[0] != key:
            room = max(key[0] - 2 * _MARGIN, 1.0), max(key[1] - 2 * _MARGIN - self._footer, 1.0)
            staff, space = fitted(self._written, *room, self._shapes)
            free = max(room[1] - staff.height * space, 0.0)
            self._made = key, _Plan(staff, space, QPointF(_MARGIN, _MARGIN + free / 2))
        return self._made[1]

    @property
    def _footer(self) -> float:
        return 16.0 if self._written is not None and self._written.others else 0.0

    @property
    def remark(self) -> str:
        """What the staff does not show; nothing where it shows all."""
        if self._written is None or not self._written.others:
            return ""
        return _("The staff shows the highest voice; the roll shows all notes.")

    def bars_between(self, start: QPointF, end: QPointF) -> Bars:
        """The bars that a drag from one point to another goes over."""
        first, last = sorted((self.bar_at(start), self.bar_at(end)))
        return Bars(first, last)

    def bar_at(self, point: QPointF) -> int:
        """The bar at or next to a point, counted from 1."""
        plan = self.plan
        at = plan.transform.inverted()[0].map(point)
        return plan.staff.bar_at(at.x(), at.y())

    def on_bars(self, point: QPointF) -> bool:
        """Whether a point is on a bar."""
        plan = self.plan
        at = plan.transform.inverted()[0].map(point)
        return any(
            system.begin <= at.x() <= system.right and _BAND[0] <= at.y() - system.top <= _BAND[1]
            for system in plan.staff.systems
        )

    def bars_rects(self, bars: Bars) -> list[QRectF]:
        """The bars' places: a rectangle for each system that they are in."""
        plan, rects = self.plan, []
        for system in plan.staff.systems:
            inside = [bar for bar in system.bars if bars.first <= bar.number <= bars.last]
            if inside:
                low, high = system.top + _BAND[0], system.top + _BAND[1]
                rects.append(plan.rect(inside[0].left, low, inside[-1].right, high))
        return rects

    def head_line(self, tick: float) -> QLineF:
        """The line at a tick: over the staff of the system that it is in."""
        plan = self.plan
        system, x = self._place(tick)
        top = plan.transform.map(QPointF(x, system.top + _BAND[0] - 0.7))
        return QLineF(top, plan.transform.map(QPointF(x, system.top + _BAND[1])))

    def stretch_rects(self, first: float, last: float) -> list[QRectF]:
        """The places of what sounds between two ticks."""
        score, plan = self._card.score, self.plan
        rects = []
        for number in range(score.bar_at(first), score.bar_at(max(last - 1, first)) + 1):
            system, bar = plan.staff.placed(number)
            start, stop = int(score.bars[number - 1]), int(score.bars[number])
            left = bar.left if first <= start else self._place(first)[1] - 0.8
            right = bar.right if last >= stop else self._place(last)[1] - 0.8
            low, high = system.top + _BAND[0], system.top + _BAND[1]
            rects.append(plan.rect(left, low, max(right, left + 0.5), high))
        return rects

    def tick_at(self, point: QPointF) -> int | None:
        """The tick at a point; None beside the bars."""
        if not self.on_bars(point):
            return None
        score, plan = self._card.score, self.plan
        number = self.bar_at(point)
        _system, bar = plan.staff.placed(number)
        x = plan.transform.inverted()[0].map(point).x()
        at = sum(place <= x + 0.4 for place in bar.places) - 1
        sign = bar.shape.bar.signs[max(at, 0)]
        ticks = round(sign.tick / self._ratio)
        return min(max(ticks, int(score.bars[number - 1])), int(score.bars[number]) - 1)

    def note_path(self, number: int) -> QPainterPath:
        """The heads of a note (its number in the score), those that it is tied to with it."""
        score, plan = self._card.score, self.plan
        start, stop = int(score.starts[number]), int(score.stops[number])
        pitch, path = int(score.pitches[number]), QPainterPath()
        begin, end = start * self._ratio - 0.5, stop * self._ratio - 0.5
        for bar in range(score.bar_at(start), score.bar_at(max(stop - 1, start)) + 1):
            system, placed = plan.staff.placed(bar)
            for sign, x in zip(placed.shape.bar.signs, placed.places, strict=True):
                if begin <= sign.tick < end:
                    path.addPath(plan.engraver.sign_path(sign, x, pitch).translated(0, system.top))
        return plan.transform.map(path)

    def paint(
        self,
        painter: QPainter,
        scale: float,
        exposed: QRectF,
        marked: Bars | None,
        made: Bars | None,
        most: int = 1_000_000,
    ) -> bool:
        """Paint the systems in sight; bars that are `marked`, and those that were `made` now.

        At `most` so many bars are drawn that were not seen before: False where others are left for
        the next time.
        """
        plan, self._left = self.plan, most
        if marked is not None:
            self._paint_marked(painter, marked)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(plan.transform, True)
        seen = plan.transform.inverted()[0].mapRect(exposed)
        for system in plan.staff.systems:
            if (
                system.top + system.above <= seen.bottom()
                and system.top + system.below >= seen.top()
            ):
                self._paint_system(painter, system, scale * plan.space, seen, made)
        painter.restore()
        if self.remark and scale > 0.5:
            painter.setFont(theme.secondary_font())
            painter.setPen(theme.colour("muted"))
            place = self._card.boundingRect().adjusted(_MARGIN, 0, -_MARGIN, -8)
            painter.drawText(
                place, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, self.remark
            )
        return self._left >= 0

    def _paint_system(
        self, painter: QPainter, system: System, pixels: float, seen: QRectF, made: Bars | None
    ) -> None:
        plan, ink = self.plan, theme.colour("text")
        painter.save()
        painter.translate(0, system.top)
        thick = max(LINE, 0.7 / pixels)
        # Where spaces are few pixels high, dark lines would be a grey band over the notes.
        line = theme.mixed("text", "surface", min(max(0.14 * pixels, 0.15), 0.72))
        for y in range(5):
            painter.fillRect(QRectF(0, y - thick / 2, system.right, thick), line)
        if seen.left() < system.begin:
            painter.fillPath(plan.engraver.begin(system), ink)
        if seen.left() < system.begin and pixels >= _NUMBERS:
            number = number_path(system.bars[0].number).translated(0.1, -2.6)
            painter.fillPath(number, theme.colour("muted"))
        for bar in system.bars:
            if bar.right < seen.left() - 3 or bar.left > seen.right() + 3:
                continue
            new = made is not None and made.first <= bar.number <= made.last
            self._paint_bar(painter, plan.engraver, bar, theme.colour("new") if new else ink)
        painter.restore()

    def _paint_bar(
        self, painter: QPainter, engraver: Engraver, bar: PlacedBar, ink: QColor
    ) -> None:
        if not engraver.has(bar):
            self._left -= 1
            if self._left < 0:
                return
        drawn = engraver.bar(bar)
        for path in (drawn.lines, drawn.heads, drawn.signs):
            painter.fillPath(path, ink)

    def _paint_marked(self, painter: QPainter, marked: Bars) -> None:
        pen = QPen(theme.colour("mask"), 0)
        for rect in self.bars_rects(marked):
            painter.fillRect(rect, theme.colour("mask", 0.2))
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect)

    @property
    def _ratio(self) -> float:
        """Ticks of what is written for each of the tune's."""
        return self.plan.staff.written.ticks_per_quarter / self._card.score.ticks_per_quarter

    def _place(self, tick: float) -> tuple[System, float]:
        return self.plan.staff.place_of(self._card.score.bar_at(tick), tick * self._ratio)
