"""Where a text that is being written ends: at a length, or at a line, a sentence, a paragraph.

An end is asked for after each symbol, with what was written so far; a sentence is over only when
what comes next shows it (`3.5`, `"Go!" he said`), so what an end answers is how many symbols to
take back. Nothing ends before something other than space was written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Literal

Stop = Literal["finished", "length", "sentence", "line", "paragraph"]

End = Callable[[list[str]], int | None]
"""Asked with the pieces written so far, the last one new: None to go on, or how many to drop."""

GRACE = 24
"""So many symbols a word may go on beyond the length."""

ROOM = 120
"""So many a sentence may, and no more than the length again."""

_FINAL = frozenset("。！？…｡︒")
"""Ends a sentence at once, where no space comes after it."""
_SOFT = frozenset(".!?؟।։።…")
"""Ends a sentence where a space comes after it."""
_CLOSING = frozenset("\"'”’»)]}」』）】》〉")
INSIDE = frozenset("'’-\u200d")
"""Signs that may stand inside a word."""
_WIDE_SCRIPTS = (
    "CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "IDEOGRAPHIC", "THAI", "LAO", "KHMER", "MYANMAR",
    "TIBETAN",
)  # fmt: skip
"""Scripts that put no space between words: there a character is what is picked and counted."""


def is_word(character: str) -> bool:
    """Whether a character is of a word: a letter, a mark on one, a digit."""
    return unicodedata.category(character)[0] in "LMN"


def stands_alone(character: str) -> bool:
    """Whether a character is of a script that puts no space between words."""
    return character > "\u0e00" and unicodedata.name(character, "").startswith(_WIDE_SCRIPTS)


def joins(before: str, after: str) -> bool:
    """Whether two characters are inside one word, so that a text should not stop between them."""
    apart = stands_alone(before) or stands_alone(after)
    return not apart and all(is_word(each) or each in INSIDE for each in (before, after))


def ending(stop: Stop, length: int) -> End:
    """The end for a parameter: at `stop`, and in any case at about `length` symbols.

    At the length a word is finished first, of at most `GRACE` symbols more; with "finished" the
    sentence, where it is over within `ROOM` symbols, else a line or the word.
    """
    if stop == "finished":
        return partial(_finished, length=length)
    rule = {"line": _line, "sentence": _sentence, "paragraph": _paragraph}.get(stop)

    def end(pieces: list[str]) -> int | None:
        if rule is not None and (drop := rule(pieces)) is not None:
            anything = any(not each.isspace() for each in pieces[: len(pieces) - drop])
            return drop if anything else None
        return _length(pieces, length)

    return end


def most_symbols(stop: Stop, length: int) -> int:
    """So many symbols are written at most, those that are taken back among them."""
    return length + (_room(length) if stop == "finished" else 0) + GRACE + 8


def _room(length: int) -> int:
    return min(length, ROOM)


def _finished(pieces: list[str], length: int) -> int | None:
    count, most = len(pieces), length + _room(length)
    if count < length:
        return None
    if (drop := _sentence(pieces)) is not None or count <= most:
        return drop
    lines = (place for place in range(count - 1, length - 1, -1) if "\n" in pieces[place])
    return count - last if (last := next(lines, 0)) else _length(pieces, most)


def _length(pieces: list[str], length: int) -> int | None:
    count = len(pieces)
    if count < length:
        return None
    last = pieces[-1]
    if count == length:
        # Of a script with spaces one more is looked at: the word may be over.
        return None if joins(last[-1], "a") else 0
    if count > length + GRACE:
        return 0
    return None if joins(pieces[-2][-1], last[0]) else 1


def _line(pieces: list[str]) -> int | None:
    return 1 if "\n" in pieces[-1] else None


def _paragraph(pieces: list[str]) -> int | None:
    """A line break after another; after Chinese one is enough, as its paragraphs are written."""
    if "\n" not in pieces[-1]:
        return None
    place = len(pieces) - 2
    while place >= 0 and pieces[place].isspace():
        if "\n" in pieces[place]:
            return len(pieces) - place
        place -= 1
    wide = place >= 0 and (stands_alone(pieces[place][-1]) or pieces[place][-1] in _FINAL)
    return 1 if wide else None


def _sentence(pieces: list[str]) -> int | None:
    """Looks back from the new piece over spaces and closing quotes to what ends a sentence."""
    place, new = len(pieces) - 1, pieces[-1]
    if new[0] in _CLOSING or new[0] in _FINAL or new[0] in _SOFT:
        return None
    if new.isspace() and "\n" not in new:
        # After a space comes what tells “Mr. Smith” and “e.g. so” from an end, as far as it can.
        return None
    place -= 1
    spaced = new[0].isspace()
    while place >= 0 and pieces[place].isspace():
        place, spaced = place - 1, True
    closed = place
    while closed >= 0 and pieces[closed][-1] in _CLOSING:
        closed -= 1
    if closed < 0 or _spoken_before(pieces, closed):
        return None
    last = pieces[closed][-1]
    if last in _FINAL:
        return len(pieces) - 1 - place
    over = last in _SOFT and spaced and not new[0].islower()
    return len(pieces) - 1 - place if over and not _abbreviated(pieces, closed) else None


def _spoken_before(pieces: list[str], place: int) -> bool:
    """Whether nothing but signs was written up to there: no sentence, only the end of another."""
    return not any(is_word(character) for each in pieces[: place + 1] for character in each)


def _abbreviated(pieces: list[str], place: int) -> bool:
    """Whether the full stop at `place` follows a single capital letter, as in “J. Smith”."""
    if not pieces[place].endswith("."):
        return False
    before = "".join(pieces[max(0, place - 2) : place + 1])[:-1]
    return before[-1:].isupper() and not before[-2:-1].isalnum()
