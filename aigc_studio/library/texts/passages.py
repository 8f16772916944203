"""A long text as passages: pieces of bounded size, in order, that joined are the text again."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from aigc_studio.library.texts.reading import split_text

MOST = 16_384
"""Characters of a passage at most."""
_LEAST = 256
_PARTS = 40
"""A short text is cut into so many, so that a part of it can be held out."""
_ends = ("\n\n", "\n", "。", ". ", " ")
_joins = "\u200d"  # 👩‍🚀 is one character of a person
_tones = range(0x1F3FB, 0x1F400)
_flags = range(0x1F1E6, 0x1F200)
_longest_character = 64
_longest_paragraph = 8 << 20


def size_for(characters: int) -> int:
    """How long the passages of a text of so many characters are."""
    return max(_LEAST, min(MOST, characters // _PARTS))


def passages(blocks: Iterable[str], size: int = MOST) -> Iterator[str]:
    """The text that comes in blocks, as pieces of `size` characters at most.

    They end at the end of a paragraph, else of a line, a sentence or a word, and never within what
    a person sees as one character.
    """
    rest = ""
    for block in blocks:
        text, place = rest + block, 0
        while len(text) - place > size:
            end = _end(text, place, size)
            yield text[place:end]
            place = end
        rest = text[place:]
    if rest:
        yield rest


def _end(text: str, start: int, size: int) -> int:
    """Where the passage that begins at `start` ends."""
    for mark in _ends:
        found = text.rfind(mark, start + size // 2, start + size)
        if found >= 0:
            return whole_character(text, found + len(mark))
    return max(whole_character(text, start + size), start + 1)


def whole_character(text: str, place: int) -> int:
    """The place, or the one before it where it would cut a character from its marks."""
    for at in range(place, max(place - _longest_character, 0), -1):
        if at >= len(text) or not _belongs(text, at):
            return at
    return place


def _belongs(text: str, at: int) -> bool:
    """Whether the character at a place is one with that before it."""
    one, before = text[at], text[at - 1]
    if ord(one) in _flags and ord(before) in _flags:
        count = 0
        while count < at and ord(text[at - 1 - count]) in _flags:
            count += 1
        return count % 2 == 1
    return (
        unicodedata.category(one)[0] == "M"
        or _joins in (one, before)
        or ord(one) in _tones
        or (before == "\r" and one == "\n")
    )


def pieces(blocks: Iterable[str], by: str) -> Iterator[str]:
    """What `split_text` gives of a text that comes in blocks: `sentences`, `lines`, `paragraphs`.

    A paragraph that never ends is cut at the end of a line, and a line at that of a word.
    """
    mark, rest = "\n" if by == "lines" else "\n\n", ""
    for block in blocks:
        text = rest + block
        end = text.rfind(mark) + len(mark)
        if end < len(mark):  # none of it ends here
            if len(text) <= _longest_paragraph:
                rest = text
                continue
            end = _end(text, 0, len(text))
        yield from split_text(text[:end], by)
        rest = text[end:]
    yield from split_text(rest, by)
