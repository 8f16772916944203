"""Where the letters of a text stand on its card, and heat behind those that are seen."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QTextDocument, QTextLayout, QTextLine

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.heat.parts import LEVELS, RowParts
from aigc_studio.ui.canvas.items.text_layout import MARGIN

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.long_page import LongPage

_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEADING, _TRAILING = QTextLine.Edge.Leading, QTextLine.Edge.Trailing
LINE_END = 5.0
"""Board units that a line end takes which something was said of."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as it is laid out: its corner on the card, its first code point, its words."""

    layout: QTextLayout
    corner: QPointF
    start: int
    text: str

    @cached_property
    def _units(self) -> list[int] | None:
        """UTF-16 units before each code point; None where each is one."""
        if not self.text or max(self.text) <= "\uffff":
            return None
        return [0, *accumulate(2 if sign > "\uffff" else 1 for sign in self.text)]

    def units(self, place: int) -> int:
        """The layout's position of a code point of the whole text."""
        place = min(max(place - self.start, 0), len(self.text))
        return place if self._units is None else self._units[place]

    def place(self, units: int) -> int:
        """The code point of the whole text that a position of the layout is in."""
        if self._units is not None:
            units = bisect_right(self._units, units) - 1
        return self.start + min(max(units, 0), len(self.text))

    @cached_property
    def is_mixed(self) -> bool:
        """Whether any of it is read from the right: then neighbours need not stand side by side."""
        return not self.text.isascii() and _FROM_RIGHT.search(self.text) is not None

    def reach(self, line: QTextLine) -> tuple[int, int]:
        """The first code point of a line, and the one behind its last and behind its end."""
        start, length = line.textStart(), line.textLength()
        return self.place(start), self.place(start + length) + 1

    def lines(self, top: float, bottom: float) -> Iterator[tuple[QTextLine, QRectF]]:
        """The lines between two heights of the card, and where they are."""
        for number in range(self.layout.lineCount()):
            line = self.layout.lineAt(number)
            rect = line.rect().translated(self.corner)
            if rect.bottom() >= top and rect.top() <= bottom:
                yield line, rect

    def boxes(self, line: QTextLine, rect: QRectF, start: int, stop: int) -> Iterator[QRectF]:
        """Where the code points from `start` to `stop` stand on a line."""
        first, last = line.textStart(), line.textStart() + line.textLength()
        from_, to = max(self.units(start), first), min(self.units(stop), last)
        if self.is_mixed:
            for unit in range(from_, to):
                yield self._box(rect, *self._sides(line, unit, last))
        elif from_ < to:
            yield self._box(rect, _x(line, from_, _LEADING), _x(line, to, _LEADING))
        end = self.start + len(self.text)
        if stop > end >= start and last >= self.units(end):
            x = self.corner.x() + _x(line, last, _LEADING)
            yield QRectF(x, rect.top(), LINE_END, rect.height())

    def _sides(self, line: QTextLine, unit: int, last: int) -> tuple[float, float]:
        """Where one letter begins and ends on a line that is read in two directions.

        Of the first letter after a turn Qt only knows where the one before it ends: it stands
        before the next one, wherever that goes.
        """
        begin, end = _x(line, unit, _LEADING), _x(line, unit, _TRAILING)
        if begin != end or unit + 1 >= last:
            return begin, end
        sign = self.text[self.place(unit) - self.start]
        width = QFontMetricsF(self.layout.font()).horizontalAdvance(sign)
        after, on = _x(line, unit + 1, _LEADING), _x(line, unit + 1, _TRAILING)
        return (after, after + width) if on < after else (after - width, after)

    def _box(self, rect: QRectF, *sides: float) -> QRectF:
        left, right = sorted(sides)
        return QRectF(self.corner.x() + left, rect.top(), right - left, rect.height())


def _x(line: QTextLine, units: int, edge: QTextLine.Edge) -> float:
    # The stubs say float; it is a pair of the place and the position that it belongs to.
    across: Any = line.cursorToX(units, edge)
    return float(across[0] if isinstance(across, tuple) else across)


def of_document(
    document: QTextDocument, value: str, top: float, bottom: float
) -> Iterator[Paragraph]:
    """The paragraphs of a text laid out at once that lie between two heights."""
    layout, block, start = document.documentLayout(), document.begin(), 0
    while block.isValid():
        place, text = layout.blockBoundingRect(block).translated(MARGIN, MARGIN), block.text()
        if place.top() > bottom:
            return
        if place.bottom() >= top:
            yield Paragraph(block.layout(), place.topLeft(), start, text)
        start += len(text)
        start += 2 if value[start : start + 2] == "\r\n" else 1
        block = block.next()


def of_page(page: LongPage) -> Iterator[Paragraph]:
    """The paragraphs of a long text that are seen."""
    for each in page.shown():
        for layout, top, start, text in each.laid.paragraphs():
            corner = QPointF(MARGIN, MARGIN + each.top + top)
            yield Paragraph(layout, corner, each.start + start, text)


@dataclass(frozen=True)
class Line:
    """A line in sight: where it is, its first code point, and the one behind its last and its
    end."""

    paragraph: Paragraph
    line: QTextLine
    rect: QRectF
    first: int
    last: int


def lines_of(paragraphs: Iterable[Paragraph], top: float, bottom: float) -> list[Line]:
    """The lines between two heights of the card."""
    return [
        Line(paragraph, line, rect, *paragraph.reach(line))
        for paragraph in paragraphs
        for line, rect in paragraph.lines(top, bottom)
    ]


def paint(painter: QPainter, lines: Sequence[Line], heat: RowParts) -> int:
    """Colour what stands on these lines; gives how many boxes were drawn."""
    if not lines or not len(heat):
        return 0
    runs = heat.runs(lines[0].first, lines[-1].last)
    stops = [stop for _start, stop, _level in runs]
    colours = [theme.mixed("heat", "surface", level / LEVELS) for level in range(LEVELS + 1)]
    painter.save()
    # Neighbours meet between two pixels: half-covered ones would be lines.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    drawn = 0
    for each in lines:
        for start, stop, level in islice(runs, bisect_right(stops, each.first), None):
            if start >= each.last:
                break
            ends = max(start, each.first), min(stop, each.last)
            for box in each.paragraph.boxes(each.line, each.rect, *ends):
                painter.fillRect(box, colours[level])
                drawn += 1
    painter.restore()
    return drawn


def place_at(paragraphs: Iterable[Paragraph], point: QPointF) -> int | None:
    """The code point that is under a point of the card; None beside the letters."""
    for paragraph in paragraphs:
        for line, rect in paragraph.lines(point.y(), point.y()):
            words = line.naturalTextRect().translated(paragraph.corner)
            across = point.x() - paragraph.corner.x()
            on = QTextLine.CursorPosition.CursorOnCharacter
            if words.left() <= point.x() <= words.right() and rect.contains(point):
                return paragraph.place(line.xToCursor(across, on))
            if words.right() < point.x() <= words.right() + LINE_END and rect.contains(point):
                end = paragraph.start + len(paragraph.text)
                last = line.textStart() + line.textLength() >= paragraph.units(end)
                return end if last else None
    return None


def boxes_of(
    paragraphs: Iterable[Paragraph], start: int, stop: int, top: float, bottom: float
) -> list[QRectF]:
    """Where a stretch of the text stands, a box for each line that it is on."""
    found = []
    for paragraph in paragraphs:
        for line, rect in paragraph.lines(top, bottom):
            boxes = list(paragraph.boxes(line, rect, start, stop))
            if boxes:
                whole = boxes[0]
                for box in boxes[1:]:
                    whole = whole.united(box)
                found.append(whole)
    return found
