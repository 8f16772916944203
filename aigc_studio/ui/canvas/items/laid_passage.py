"""A passage of a long text, laid out: its lines, and the way between places and points."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

from aigc_studio.ui.canvas.items import code_points
from aigc_studio.ui.canvas.items.passages import LINE_END

PITCH = 1.45
"""From line to line, in heights of a line: as a short text is set."""

Marks = list[tuple[int, int, QTextCharFormat]]
"""Stretches (code points) and how they look."""


@dataclass(frozen=True)
class Spoken:
    """What an input method is about to write at `place`, with its own caret and looks (units)."""

    place: int
    words: str
    caret: int = 0
    looks: tuple[tuple[int, int, QTextCharFormat], ...] = ()


@dataclass
class _Paragraph:
    start: int
    text: str
    layout: QTextLayout
    top: float
    pitch: float

    @property
    def height(self) -> float:
        return self.layout.lineCount() * self.pitch

    @property
    def stop(self) -> int:
        return self.start + len(self.text)

    def units(self, place: int) -> int:
        return code_points.units_before(self.text, max(place - self.start, 0))

    def place(self, units: int) -> int:
        return self.start + code_points.points_before(self.text, units)


class LaidPassage:
    """The lines of a passage at a `width`. Places are code points of the passage's own text.

    `from_right` is the direction of the paragraph that it begins in, None where it begins one.
    It is `last` when nothing comes behind it: a line end at its end then begins an empty line.
    """

    def __init__(
        self,
        text: str,
        width: float,
        font: QFont,
        from_right: bool | None = None,
        spoken: Spoken | None = None,
        *,
        last: bool = False,
    ) -> None:
        self.text, self.last, self._spoken = text, last, spoken
        self._parts: list[_Paragraph] = []
        self.height = 0.0
        turned = False
        for start, words in _paragraphs(text, last=last):
            turned = from_right if start == 0 and from_right is not None else is_from_right(words)
            self._lay_out(start, words, width, font, turned)
        self.from_right = turned
        self._starts = [each.start for each in self._parts]
        self._tops = [each.top for each in self._parts]

    def lines(self) -> Iterator[tuple[int, float]]:
        """Each line's first place, and its top."""
        for part in self._parts:
            for number in range(part.layout.lineCount()):
                start = part.layout.lineAt(number).textStart()
                yield part.place(self._unspoken(part, start)), part.top + number * part.pitch

    def paragraphs(self) -> Iterator[tuple[QTextLayout, float, int, str]]:
        """Each paragraph's layout, top, first place and words."""
        for part in self._parts:
            yield part.layout, part.top, part.start, part.text

    def place_at(self, point: QPointF) -> int:
        """The place nearest to a point."""
        part = self._parts[max(bisect_right(self._tops, point.y()) - 1, 0)]
        count = part.layout.lineCount()
        number = min(max(int((point.y() - part.top) // part.pitch), 0), count - 1)
        line = part.layout.lineAt(number)
        # Beside a line that is read from the right, Qt answers with the end of the one before.
        units = max(line.xToCursor(point.x()), line.textStart())
        units = min(units, self._seen_stop(part, number))
        return part.place(self._unspoken(part, units))

    def caret(self, place: int) -> QLineF:
        """Where a caret before a place is drawn."""
        part = self._parts[self._number_of(place)]
        units = part.units(place)
        if self._spoken is not None and part.start <= self._spoken.place <= part.stop:
            if place == self._spoken.place:
                units += self._spoken.caret
            elif place > self._spoken.place:
                units += len(part.layout.preeditAreaText())
        line = part.layout.lineForTextPosition(units)
        # The stubs say float; it is a pair of the place and the position that it belongs to.
        across: Any = line.cursorToX(units)
        x = across[0] if isinstance(across, tuple) else across
        top = part.top + line.lineNumber() * part.pitch
        return QLineF(x, top, x, top + line.height())

    def line_of(self, place: int) -> tuple[int, int]:
        """The first place of the line that a place is on, and the last that is seen on it."""
        part = self._parts[self._number_of(place)]
        line = part.layout.lineForTextPosition(part.units(place))
        stop = self._seen_stop(part, line.lineNumber())
        return part.place(line.textStart()), part.place(stop)

    def next_place(self, place: int, *, forward: bool, words: bool = False) -> int | None:
        """The next character's border, or word's; None where the passage ends before."""
        number = self._number_of(place)
        part = self._parts[number]
        kinds = QTextLayout.CursorMode
        mode = kinds.SkipWords if words else kinds.SkipCharacters
        if forward and place < part.stop:
            return part.place(part.layout.nextCursorPosition(part.units(place), mode))
        if forward:
            return self._parts[number + 1].start if number + 1 < len(self._parts) else None
        if place > part.stop:  # behind the line end
            return part.stop
        if place > part.start:
            return part.place(part.layout.previousCursorPosition(part.units(place), mode))
        return self._parts[number - 1].stop if number > 0 else None

    def is_from_right(self, place: int) -> bool:
        """Whether the paragraph at a place is read from right to left."""
        option = self._parts[self._number_of(place)].layout.textOption()
        return option.textDirection() == Qt.LayoutDirection.RightToLeft

    def draw(self, painter: QPainter, corner: QPointF, clip: QRectF, marks: Marks) -> int:
        """Draw what lies in `clip`; gives how many code points that was."""
        drawn = 0
        for part in self._parts:
            top = corner.y() + part.top
            if top > clip.bottom() or top + part.height < clip.top():
                continue
            drawn += len(part.text)
            ranges = [_range(part, *mark) for mark in marks if _meets(part, *mark)]
            part.layout.draw(painter, QPointF(corner.x(), top), ranges, clip)
        return drawn

    def _lay_out(self, start: int, words: str, width: float, font: QFont, from_right: bool) -> None:
        layout = QTextLayout(code_points.for_qt(words), font)
        layout.setCacheEnabled(True)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        sides, turned = Qt.AlignmentFlag, Qt.LayoutDirection
        option.setTextDirection(turned.RightToLeft if from_right else turned.LeftToRight)
        side = sides.AlignRight if from_right else sides.AlignLeft
        option.setAlignment(side | sides.AlignAbsolute)
        layout.setTextOption(option)
        part = _Paragraph(start, words, layout, self.height, 0.0)
        if self._spoken is not None and start <= self._spoken.place <= part.stop:
            _speak(part, self._spoken)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            part.pitch = max(part.pitch, math.ceil(line.height()) * PITCH)
        layout.endLayout()
        for number in range(layout.lineCount()):
            layout.lineAt(number).setPosition(QPointF(0, number * part.pitch))
        self._parts.append(part)
        self.height += part.height

    def _number_of(self, place: int) -> int:
        return max(bisect_right(self._starts, place) - 1, 0)

    def _seen_stop(self, part: _Paragraph, number: int) -> int:
        """The last position that is seen on a line: behind its last letter the next one begins."""
        line = part.layout.lineAt(number)
        stop = line.textStart() + line.textLength()
        goes_on = part is self._parts[-1] and part.stop == len(self.text) and not self.last
        if number < part.layout.lineCount() - 1 or (goes_on and stop > line.textStart()):
            return part.layout.previousCursorPosition(stop)
        return stop

    def _unspoken(self, part: _Paragraph, units: int) -> int:
        """Units of the text without what an input method is about to write."""
        said, at = len(part.layout.preeditAreaText()), part.layout.preeditAreaPosition()
        return units if not said or units <= at else max(units - said, at)


def _speak(part: _Paragraph, spoken: Spoken) -> None:
    at = part.units(spoken.place)
    part.layout.setPreeditArea(at, spoken.words)
    looks = []
    for start, length, form in spoken.looks:
        look = QTextLayout.FormatRange()
        look.start, look.length, look.format = at + start, length, form
        looks.append(look)
    part.layout.setFormats(looks)


def _meets(part: _Paragraph, start: int, stop: int, form: QTextCharFormat) -> bool:
    return start < part.stop and stop > part.start


def _range(
    part: _Paragraph, start: int, stop: int, form: QTextCharFormat
) -> QTextLayout.FormatRange:
    mark = QTextLayout.FormatRange()
    mark.start = part.units(start)
    mark.length = part.units(min(stop, part.stop)) - mark.start
    mark.format = form
    return mark


def is_from_right(words: str) -> bool:
    """Whether a paragraph is read from right to left: its first letter that says so decides."""
    if words.isascii():
        return False
    for sign in words:
        kind = unicodedata.bidirectional(sign)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _paragraphs(text: str, *, last: bool) -> Iterator[tuple[int, str]]:
    """Where the paragraphs begin and what is in them, without line ends.

    Behind a line end at the end the next passage begins; after the last one, an empty line does.
    """
    start = 0
    for end in LINE_END.finditer(text):
        yield start, text[start : end.start()]
        start = end.end()
    if start < len(text) or last:
        yield start, text[start:]
