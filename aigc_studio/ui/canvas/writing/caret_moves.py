"""Where the keys of an editor take the caret in a long text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTextBoundaryFinder
from PySide6.QtGui import QKeyEvent, QKeySequence

from aigc_studio.ui.canvas.items import code_points
from aigc_studio.ui.canvas.items.long_page import LongPage

_Key = QKeySequence.StandardKey
_AROUND = 400
_ENDS = ("\n", "\r", "\u2029")

Move = Callable[[LongPage, int], int]


def right(page: LongPage, place: int) -> int:
    """To the next character; backwards where it is read from right to left."""
    return page.next_place(place, forward=not page.is_from_right(place))


def left(page: LongPage, place: int) -> int:
    """To the character before; forwards where it is read from right to left."""
    return page.next_place(place, forward=page.is_from_right(place))


def right_word(page: LongPage, place: int) -> int:
    """To the next word on the right."""
    return page.next_place(place, forward=not page.is_from_right(place), words=True)


def left_word(page: LongPage, place: int) -> int:
    """To the next word on the left."""
    return page.next_place(place, forward=page.is_from_right(place), words=True)


def paragraph_start(page: LongPage, place: int) -> int:
    """To the beginning of the paragraph."""
    while place > 0:
        first = max(place - _AROUND, 0)
        text = page.passages.text(first, place)
        found = max(text.rfind(end) for end in _ENDS)
        if found >= 0:
            return first + found + 1
        place = first
    return 0


def paragraph_stop(page: LongPage, place: int) -> int:
    """To the end of the paragraph."""
    while place < len(page):
        text = page.passages.text(place, place + _AROUND)
        found = min((at for end in _ENDS if (at := text.find(end)) >= 0), default=-1)
        if found >= 0:
            return place + found
        place += len(text)
    return len(page)


def word_at(page: LongPage, place: int) -> tuple[int, int]:
    """The ends of the word at a place; equal where none is."""
    first = max(place - _AROUND, 0)
    text = page.passages.text(first, place + _AROUND)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, text)
    kinds = QTextBoundaryFinder.BoundaryReason
    at = code_points.units_before(text, place - first)
    finder.setPosition(at)
    if not finder.isAtBoundary() or not finder.boundaryReasons() & kinds.StartOfItem:
        finder.toPreviousBoundary()
    start = max(finder.position(), 0)
    begins = finder.boundaryReasons() & kinds.StartOfItem
    finder.toNextBoundary()
    stop = finder.position()
    if not begins or stop < at or start >= stop:
        return place, place
    ends = (code_points.points_before(text, each) for each in (start, stop))
    low, high = ends
    return first + low, first + high


_MOVES: tuple[tuple[_Key, _Key, Move], ...] = (
    (_Key.MoveToNextChar, _Key.SelectNextChar, right),
    (_Key.MoveToPreviousChar, _Key.SelectPreviousChar, left),
    (_Key.MoveToNextWord, _Key.SelectNextWord, right_word),
    (_Key.MoveToPreviousWord, _Key.SelectPreviousWord, left_word),
    (_Key.MoveToStartOfLine, _Key.SelectStartOfLine, lambda page, at: page.line_of(at)[0]),
    (_Key.MoveToEndOfLine, _Key.SelectEndOfLine, lambda page, at: page.line_of(at)[1]),
    (_Key.MoveToStartOfBlock, _Key.SelectStartOfBlock, paragraph_start),
    (_Key.MoveToEndOfBlock, _Key.SelectEndOfBlock, paragraph_stop),
    (_Key.MoveToStartOfDocument, _Key.SelectStartOfDocument, lambda page, at: 0),
    (_Key.MoveToEndOfDocument, _Key.SelectEndOfDocument, lambda page, at: len(page)),
)
_ROWS = (
    (_Key.MoveToNextLine, _Key.SelectNextLine, 1, False),
    (_Key.MoveToPreviousLine, _Key.SelectPreviousLine, -1, False),
    (_Key.MoveToNextPage, _Key.SelectNextPage, 1, True),
    (_Key.MoveToPreviousPage, _Key.SelectPreviousPage, -1, True),
)


def move_of(event: QKeyEvent) -> tuple[Move, bool] | None:
    """What a key does to the caret, and whether it selects on the way."""
    for moves, selects, move in _MOVES:
        if event.matches(moves) or event.matches(selects):
            return move, event.matches(selects)
    return None


def rows_of(event: QKeyEvent) -> tuple[int, bool, bool] | None:
    """For keys that go up and down: 1 or -1, whether by pages, and whether it selects."""
    for moves, selects, by, pages in _ROWS:
        if event.matches(moves) or event.matches(selects):
            return by, pages, event.matches(selects)
    return None


_DELETIONS: tuple[tuple[_Key, Move], ...] = (
    (_Key.DeleteStartOfWord, lambda page, at: page.next_place(at, forward=False, words=True)),
    (_Key.DeleteEndOfWord, lambda page, at: page.next_place(at, forward=True, words=True)),
    (_Key.DeleteEndOfLine, lambda page, at: page.line_of(at)[1]),
    (_Key.Delete, lambda page, at: page.next_place(at, forward=True)),
    (_Key.Backspace, lambda page, at: backspace(page, at)),
)


def deletion_of(event: QKeyEvent) -> Move | None:
    """Up to where a key deletes from the caret on, when nothing is selected."""
    return next((move for key, move in _DELETIONS if event.matches(key)), None)


def backspace(page: LongPage, place: int) -> int:
    """One code point back, so that an accent can be taken away alone; emoji go as they are seen."""
    whole = page.next_place(place, forward=False)
    seen = page.passages.text(whole, place)
    return place - 1 if len(seen) > 1 and _is_accent(seen[-1]) else whole


def _is_accent(sign: str) -> bool:
    import unicodedata

    # Marks that turn a sign into another picture are part of it.
    return unicodedata.combining(sign) > 0 and sign not in "\u20e3\ufe0f"
