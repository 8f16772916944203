"""A long text in passages of about a thousand characters, so that a key touches one of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QTextBoundaryFinder

from aigc_studio.ui.canvas.items import code_points

SIZE = 1_000
"""Code points of a passage, about: laying one out takes a fraction of a millisecond."""
LINES = 128
"""Line ends in a passage, at most."""
_WINDOW = 64
LINE_END = re.compile("\r\n|[\n\r\u2029]")
_ENDS = ("\n", "\r", "\u2029")


class Passage:
    """A piece of the text; `laid` is what a page keeps of it while it is looked at."""

    __slots__ = ("laid", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.laid: Any = None

    @property
    def ends_paragraph(self) -> bool:
        """Whether the next passage begins a paragraph."""
        return self.text.endswith(_ENDS)


class Passages:
    """The passages in their order, one at least; joined they are the text, to the code point.

    They meet between whole characters as they are seen: no surrogate, accent or emoji is cut.
    """

    def __init__(self, value: str) -> None:
        self.parts = _cut(value)
        self._starts: list[int] | None = None

    def __len__(self) -> int:
        """The text's code points."""
        return self.start(len(self.parts))

    def start(self, index: int) -> int:
        """The code point that a passage begins at; the text's length for the one past the last."""
        return self._places()[index]

    def find(self, place: int) -> int:
        """The passage that a place is in; between two it is the later one."""
        places = self._places()
        return min(max(bisect_right(places, place) - 1, 0), len(self.parts) - 1)

    def text(self, start: int = 0, stop: int | None = None) -> str:
        """The text, or the code points from `start` to `stop`."""
        stop = len(self) if stop is None else min(stop, len(self))
        if stop <= start:
            return ""
        first, last = self.find(start), self.find(stop)
        found = "".join(part.text for part in self.parts[first : last + 1])
        shift = self.start(first)
        return found[start - shift : stop - shift]

    def replace(self, start: int, stop: int, words: str) -> None:
        """Put `words` in place of the code points from `start` to `stop`."""
        first, last = self.find(start), self.find(stop)
        # An accent or a line feed at a border joins what stands before or behind it.
        if start == self.start(first) and first > 0:
            first -= 1
        if last + 1 < len(self.parts):
            last += 1
        shift, end = self.start(first), self.start(last + 1)
        whole = self.text(shift, start) + words + self.text(stop, end)
        same = _as_cut(self.parts[first : last + 1], whole)
        self._splice(first, last + 1, same if same is not None else _cut(whole))

    def move_border(self, index: int, by: int) -> None:
        """Let a passage end `by` code points later (or earlier): what is between goes over."""
        border = self.start(index + 1) + by
        last = max(self.find(border - 1), index + 1) if by > 0 else index + 1
        rest = self.text(border, self.start(last + 1))
        parts = [Passage(self.text(self.start(index), border))]
        if rest:
            parts += [Passage(rest)] if len(rest) <= 2 * SIZE else _cut(rest)
        self._splice(index, last + 1, parts)

    def _splice(self, first: int, stop: int, parts: Sequence[Passage]) -> None:
        self.parts[first:stop] = [part for part in parts if part.text]
        if not self.parts:
            self.parts = [Passage("")]
        self._starts = None

    def _places(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *accumulate(len(part.text) for part in self.parts)]
        return self._starts


def safe_place(text: str, place: int) -> int:
    """The last border of characters as they are seen at or before `place`; 0 when there is none."""
    around = text[max(place - 1, 0) : place + 1]
    if around != "\r\n" and all(sign < "\x80" or "\u4e00" <= sign <= "\u9fff" for sign in around):
        return place  # between plain letters there always is one: most texts end here
    first = max(place - _WINDOW, 0)
    while first and _is_flag(text[first]):
        first -= 1  # flags are pairs of signs, and which ones are pairs is counted from the first
    shown = text[first : place + _WINDOW]
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, shown)
    finder.setPosition(code_points.units_before(shown, place - first))
    if finder.isAtBoundary():
        return place
    found = code_points.points_before(shown, max(finder.toPreviousBoundary(), 0))
    if found or not first:
        return first + found
    # One character as it is seen is longer than the window: look from its beginning.
    return safe_place(text[:place], first)


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _cut(value: str) -> list[Passage]:
    parts, start = [], 0
    while len(value) - start > SIZE + SIZE // 2 or value.count("\n", start, start + SIZE) > LINES:
        piece = value[start : start + SIZE + 1]
        stop = _border(piece)
        if stop >= len(value) - start:
            break
        parts.append(Passage(value[start : start + stop]))
        start += stop
    return [*parts, Passage(value[start:])] if start < len(value) or not parts else parts


def _border(piece: str) -> int:
    """Where a passage ends: behind a line end, else behind a space, else between characters."""
    most = min(SIZE, len(piece))
    if piece.count("\n", 0, most) > LINES:
        place = -1
        for _ in range(LINES):
            place = piece.find("\n", place + 1)
        return place + 1
    for sign in ("\n", " "):
        place = piece.rfind(sign, most // 2, most)
        # An accent may stand behind a space, and then belongs to it.
        if place >= 0 and safe_place(piece, place + 1) == place + 1:
            return place + 1
    return safe_place(piece, most) or most


def _as_cut(parts: Sequence[Passage], whole: str) -> list[Passage] | None:
    """`whole` with the borders that these passages had, if they are still good; else None.

    What stands at the beginning and at the end stays as it was, with what was laid out of it.
    """
    kept, start, stop = [], 0, len(whole)
    front = list(parts)
    while front and whole.startswith(front[0].text, start) and start + len(front[0].text) <= stop:
        kept.append(front.pop(0))
        start += len(kept[-1].text)
    tail: list[Passage] = []
    while front and stop - len(front[-1].text) >= start and whole.endswith(front[-1].text, 0, stop):
        tail.insert(0, front.pop())
        stop -= len(tail[0].text)
    middle = whole[start:stop]
    if len(middle) > 2 * SIZE or middle.count("\n") > 2 * LINES:
        return None
    made = [*kept, *([Passage(middle)] if middle else []), *tail]
    places = accumulate(len(part.text) for part in made[:-1])
    return made if all(safe_place(whole, place) == place for place in places) else None
