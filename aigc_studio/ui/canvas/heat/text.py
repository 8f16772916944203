"""Heat over a text card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from aigc_studio.ui.canvas.heat import letters
from aigc_studio.ui.canvas.heat.layer import paint_current
from aigc_studio.ui.canvas.heat.parts import Mark, Row, RowParts
from aigc_studio.ui.canvas.items.text_layout import MARGIN

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument

    from aigc_studio.ui.canvas.items.long_page import LongPage


class _Card(Protocol):
    """The card of the text, as far as heat needs it."""

    @property
    def value(self) -> str:
        """All of the text."""

    @property
    def page(self) -> LongPage | None:
        """What lays out a long text; None for one that a document holds."""

    @property
    def document(self) -> QTextDocument:
        """What lays out a text that is not long."""

    def boundingRect(self) -> QRectF:
        """Where it is painted, in its own coordinates."""

    def update(self) -> None:
        """Paint it anew."""


class TextHeat:
    """Heat behind the letters of a text (`HeatLayer`): only what is seen is painted."""

    step = 1
    role = "heat"

    def __init__(self, item: _Card) -> None:
        self._item = item
        self._parts = RowParts()
        self._painted = (0, 1 << 62)
        self.current = -1

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, marks: Iterable[Mark]) -> bool:
        """Some more was said; what lies outside the lines that were painted last is not in sight,
        as each painting of other lines looks again."""
        first, last = self._parts.add(marks)
        return first < self._painted[1] and last > self._painted[0]

    def at(self, point: QPointF) -> str:
        """What was said of the letter under a point."""
        place = letters.place_at(self._seen(point.y(), point.y()), point)
        return "" if place is None or not len(self) else self._parts.at(place)

    def words(self, number: int) -> str:
        """The value and the words of a part, after the letters that it is of."""
        start, stop = self._parts.part(number)
        shown = _on_a_line(self._item.value[start : min(stop, start + 40)])
        return f"“{shown}”  {self._parts.words(number)}"

    def boxes(self, number: int) -> list[QRectF]:
        """Where a part stands, a box for each line that is seen."""
        card = self._item.boundingRect()
        seen = self._seen(card.top(), card.bottom())
        return letters.boxes_of(seen, *self._parts.part(number), card.top(), card.bottom())

    def reveal(self, number: int) -> None:
        """Scroll a long text to a part."""
        page = self._item.page
        if page is not None:
            page.reveal(self._parts.part(number)[0])
            self._item.update()

    def table(self) -> list[Row]:
        """Of each part its letters, the value and the words."""
        value = self._item.value
        return [
            (_on_a_line(value[start:stop]), strength, words)
            for start, stop, strength, words in self._parts.rows()
        ]

    def paint(self, painter: QPainter, top: float, bottom: float) -> int:
        """Colour what stands between two heights of the card; gives how many boxes were drawn."""
        lines = letters.lines_of(self._seen(top, bottom), top, bottom)
        if lines:
            # Where only a part is painted anew, the rest is in sight as well.
            card = self._item.boundingRect()
            whole = top <= card.top() + MARGIN and bottom >= card.bottom() - MARGIN
            self._painted = (lines[0].first, lines[-1].last) if whole else (0, 1 << 62)
        drawn = letters.paint(painter, lines, self._parts)
        paint_current(painter, self)
        return drawn

    def _seen(self, top: float, bottom: float) -> Iterable[letters.Paragraph]:
        item = self._item
        if item.page is not None:
            return letters.of_page(item.page)
        return letters.of_document(item.document, item.value, top, bottom)


def _on_a_line(words: str) -> str:
    """Letters that can stand in a line of a table: ends of lines are shown as they are typed."""
    return words.replace("\r\n", "\n").replace("\n", "⏎").replace("\r", "⏎").replace("\t", "⇥")
