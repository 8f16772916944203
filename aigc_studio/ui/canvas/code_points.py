"""Places in a text: code points as the studio counts them, UTF-16 units as a Qt document does."""

from __future__ import annotations


def to_document(text: str, place: int) -> int:
    """The document's position of a code point of `text`."""
    units = 0
    for index in range(min(place, len(text))):
        units += _units(text, index)
    return units


def from_document(text: str, position: int) -> int:
    """The code point of `text` at, or right after, a document's position."""
    units = 0
    for index in range(len(text)):
        if units >= position:
            return index
        units += _units(text, index)
    return len(text)


def text_of(raw: str) -> str:
    """The text of `QTextDocument.toRawText`: paragraph separators are line ends again.

    `toPlainText` would turn no-break spaces into spaces.
    """
    return raw.replace("\u2029", "\n")


def _units(text: str, index: int) -> int:
    character = text[index]
    if character == "\r" and text[index + 1 : index + 2] == "\n":
        return 0  # a document keeps one line end for the two
    return 2 if ord(character) > 0xFFFF else 1
