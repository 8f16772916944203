"""A long text on a card: only what is seen of it is laid out, and it scrolls in its card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from aigc_studio.ui.canvas.items.laid_passage import LaidPassage, Marks, Spoken, is_from_right
from aigc_studio.ui.canvas.items.passages import Passages
from aigc_studio.ui.canvas.items.text_type import SHOWN, type_face

KEPT = 128
"""Passages that stay laid out while others are looked at."""
NEAR = 2_000
"""Code points above what is seen that are scrolled to as the line above is."""
_BACK = 64


@dataclass(frozen=True)
class Shown:
    """A passage that is seen: `start` is its first code point, `top` its place on the page."""

    start: int
    top: float
    laid: LaidPassage


class LongPage:
    """The text in a room of `width` x `height` board units; places are code points of all of it.

    `top` is the place whose line is uppermost, `above` how far that line lies above the edge.
    """

    def __init__(self, value: str, width: float, height: float) -> None:
        self.passages = Passages(value)
        self.width, self.height = width, height
        self.top, self.above = 0, 0.0
        self.laid_out = 0
        """Code points laid out so far: what the page has cost."""
        self.font = type_face()
        self._laid = 0
        self._spoken: Spoken | None = None

    def resize(self, width: float, height: float) -> None:
        """Another room; a change of width wraps the lines anew."""
        if width != self.width:
            for part in self.passages.parts:
                part.laid = None
            self.width, self.height = width, height
            # Lines begin elsewhere now: the one with the same words is the uppermost.
            self.scroll_to(self.top)
        elif height != self.height:
            self.height = height
            self.scroll(0.0)

    def __len__(self) -> int:
        return len(self.passages)

    @property
    def begins(self) -> bool:
        """Whether the beginning is seen."""
        return self.top == 0 and self.above <= 0

    def ends(self) -> bool:
        """Whether the end is seen."""
        last = self._last()
        return last.start + len(last.laid.text) >= len(self) and (
            last.top + last.laid.height <= self.height + 1
        )

    # What is seen

    def shown(self) -> Iterator[Shown]:
        """The passages that are seen, from the uppermost; no more than a card shows of any text."""
        index, at = self._uppermost()
        laid, start = self._lay(index), self.passages.start(index)
        top, most = -at, start + SHOWN
        while True:
            yield Shown(start, top, laid)
            top += laid.height
            index += 1
            if top >= self.height or index >= len(self.passages.parts) or start > most:
                return
            laid, start = self._lay(index), self.passages.start(index)

    def place_at(self, point: QPointF) -> int:
        """The place nearest to a point of the page."""
        for each in self.shown():
            if point.y() < each.top + each.laid.height:
                break
        return each.start + each.laid.place_at(point - QPointF(0, each.top))

    def caret(self, place: int) -> QLineF | None:
        """Where a caret before a place is drawn; None when that is not seen."""
        for each in self.shown():
            if each.start <= place and self._holds(each, place):
                line = each.laid.caret(place - each.start)
                return line.translated(0, each.top)
        return None

    def draw(
        self, painter: QPainter, clip: QRectF, marks: Marks, ink: QColor, *, whole: bool = False
    ) -> int:
        """Draw what is seen within `clip`, or, for a `whole` picture, the text from its beginning.

        Gives the code points that were drawn.
        """
        drawn = 0
        painter.setPen(ink)
        kept = self.top, self.above
        if whole:
            self.top, self.above = 0, 0.0
        for each in self.shown():
            bounds = each.start, each.start + len(each.laid.text)
            here = [
                (start - each.start, stop - each.start, form)
                for start, stop, form in marks
                if start < bounds[1] and stop > bounds[0]
            ]
            drawn += each.laid.draw(painter, QPointF(0, each.top), clip, here)
        self.top, self.above = kept
        return drawn

    def height_of(self, most: float) -> float:
        """Board units that the text takes; once it is more than `most`, no more is laid out."""
        height, index = 0.0, 0
        while index < len(self.passages.parts) and height <= most:
            height += self._lay(index).height
            index += 1
        return height

    # Scrolling

    def scroll(self, by: float) -> None:
        """Move the text up by board units (down when negative), as far as there is text."""
        index, at = self._uppermost()
        index, at = self._upwards(index, at + by)
        while at >= (height := self._lay(index).height) and index + 1 < len(self.passages.parts):
            at -= height
            index += 1
        self._begin_at(index, at)
        self._stop_at_end()

    def scroll_to(self, place: int, share: float = 0.0) -> None:
        """Bring the line of a place to the top, or lower by a share of the page's height."""
        self.top, self.above = self.line_of(min(max(place, 0), len(self)))[0], 0.0
        self.scroll(-share * self.height)

    def reveal(self, place: int) -> None:
        """Scroll as little as it takes to see a place; far away, bring it into the middle."""
        line = self.caret(place)
        if line is None:
            near = 0 <= self.top - place <= NEAR
            self.scroll_to(place, 0.0 if near else 0.4)
            line = self.caret(place)
        if line is not None and line.y1() < 0:
            self.scroll(line.y1())
        elif line is not None and line.y2() > self.height:
            self.scroll(line.y2() - self.height)

    # Lines and characters

    def line_of(self, place: int) -> tuple[int, int]:
        """The first place of the line that a place is on, and the last that is seen on it."""
        start, laid = self._at(place)
        first, last = laid.line_of(place - start)
        return start + first, start + last

    def next_place(self, place: int, *, forward: bool, words: bool = False) -> int:
        """The next character's border, or word's, as it is seen."""
        start, laid = self._at(place)
        if not forward and place == start and place > 0:
            start, laid = self._at(place - 1)
        found = laid.next_place(place - start, forward=forward, words=words)
        if found is not None:
            return start + found
        # Over the end of a paragraph, which is no character of its passage's lines.
        return min(start + len(laid.text), len(self)) if forward else start

    def beside(self, place: int, x: float, lines: int) -> int:
        """The place nearest to `x`, so many lines below that of a place, or above it."""
        for _ in range(abs(lines)):
            start, laid = self._at(place)
            first = laid.line_of(place - start)[0]
            if lines > 0:
                end = start + self._line_stop(laid, first)
                if end >= len(self) and not self._begins_line(end):
                    break
                place = end
            elif start + first == 0:
                break
            else:
                place = start + first - 1
        start, laid = self._at(place)
        line = laid.caret(place - start)
        return start + laid.place_at(QPointF(x, line.y1() + 1))

    def is_from_right(self, place: int) -> bool:
        """Whether the paragraph at a place is read from right to left."""
        start, laid = self._at(place)
        return laid.is_from_right(place - start)

    # Changes

    def replace(self, start: int, stop: int, words: str) -> None:
        """Put `words` in place of the code points from `start` to `stop`."""
        self.passages.replace(start, stop, words)
        if self.top > start:
            self.top = max(start, self.top + len(words) - (stop - start))
            self.scroll_to(self.top)

    def speak(self, spoken: Spoken | None) -> None:
        """Show what an input method is about to write, or nothing."""
        for each in (self._spoken, spoken):
            if each is not None:
                self.passages.parts[self.passages.find(each.place)].laid = None
        self._spoken = spoken

    # Within

    def _at(self, place: int) -> tuple[int, LaidPassage]:
        index = self.passages.find(place)
        laid = self._lay(index)
        if self.passages.find(place) != index:  # its border has moved to a line's beginning
            return self._at(place)
        return self.passages.start(index), laid

    def _lay(self, index: int) -> LaidPassage:
        laid: LaidPassage | None = self.passages.parts[index].laid
        if laid is None or laid.last != (index == len(self.passages.parts) - 1):
            self._end_with_line(index)
            part, start = self.passages.parts[index], self.passages.start(index)
            last = index == len(self.passages.parts) - 1
            spoken = self._spoken
            if spoken is not None and self.passages.find(spoken.place) == index:
                spoken = replace(spoken, place=spoken.place - start)
            else:
                spoken = None
            direction = self._direction(index)
            laid = LaidPassage(part.text, self.width, self.font, direction, spoken, last=last)
            part.laid = laid
            self.laid_out += len(part.text)
            self._forget(index)
        return laid

    def _end_with_line(self, index: int) -> None:
        """Let a passage that ends within a paragraph end with a line: it then looks like one."""
        part = self.passages.parts[index]
        if part.ends_paragraph or index + 1 >= len(self.passages.parts):
            return
        start, stop = self.passages.start(index), self.passages.start(index + 1)
        reach = int(self.width / 3) + 16  # no letter of the card's type is narrower
        whole = self.passages.text(start, stop + 2 * reach)
        trial = LaidPassage(whole, self.width, self.font, self._direction(index))
        self.laid_out += len(whole)
        length = stop - start
        starts = [place for place, _top in trial.lines() if 0 < place <= length + reach]
        if not starts:
            return
        best = min(starts, key=lambda place: (abs(place - length), place))
        if best != length:
            self.passages.move_border(index, best - length)

    def _direction(self, index: int) -> bool | None:
        """The direction of the paragraph that a passage begins in the middle of."""
        parts = self.passages.parts
        if index == 0 or parts[index - 1].ends_paragraph:
            return None
        for back in range(index - 1, max(index - _BACK, -1), -1):
            if back == 0 or parts[back - 1].ends_paragraph or parts[back].laid is not None:
                break
        laid: LaidPassage | None = parts[back].laid
        if laid is not None:
            return laid.from_right
        lines = parts[back].text.splitlines()
        return is_from_right(lines[-1] if lines else "")

    def _forget(self, index: int) -> None:
        """Keep no more passages laid out than are looked at."""
        self._laid += 1
        if self._laid > 2 * KEPT:
            kept = range(max(index - KEPT // 2, 0), index + KEPT // 2)
            for number, each in enumerate(self.passages.parts):
                if number not in kept:
                    each.laid = None
            self._laid = KEPT

    def _holds(self, each: Shown, place: int) -> bool:
        stop = each.start + len(each.laid.text)
        return place < stop or (place == stop and stop == len(self))

    def _line_stop(self, laid: LaidPassage, first: int) -> int:
        return next((place for place, _top in laid.lines() if place > first), len(laid.text))

    def _begins_line(self, place: int) -> bool:
        return place > 0 and self.passages.text(place - 1, place) in ("\n", "\r", "\u2029")

    def _uppermost(self) -> tuple[int, float]:
        """The passage that is uppermost, and how much of it lies above the edge."""
        while True:
            index = self.passages.find(self.top)
            laid = self._lay(index)
            if self.passages.find(self.top) == index:
                line = laid.caret(self.top - self.passages.start(index))
                return index, line.y1() + self.above

    def _upwards(self, index: int, at: float) -> tuple[int, float]:
        """The same edge, named by the passage that it lies in; the text's beginning at most."""
        while at < 0 and index > 0:
            index -= 1
            at += self._lay(index).height
        return index, max(at, 0.0)

    def _begin_at(self, index: int, at: float) -> None:
        start, found, line_top = self.passages.start(index), 0, 0.0
        for place, top in self._lay(index).lines():
            if top > at:
                break
            found, line_top = place, top
        self.top, self.above = start + found, at - line_top

    def _last(self) -> Shown:
        return list(self.shown())[-1]

    def _stop_at_end(self) -> None:
        """No empty room below the text while there is text above."""
        last = self._last()
        empty = self.height - last.top - last.laid.height
        if last.start + len(last.laid.text) < len(self) or empty <= 0 or self.begins:
            return
        index, at = self._uppermost()
        self._begin_at(*self._upwards(index, at - empty))
