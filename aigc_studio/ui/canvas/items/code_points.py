"""Places in a text: code points as the studio counts them, UTF-16 units as a Qt document does."""

from __future__ import annotations

from bisect import bisect_left

_LINE_END = "\r\n"
_ORDER, _TURNED = "\ufeff", "\ufffe"
"""The mark of the order of bytes, and what it is in the other order."""


def to_document(text: str, place: int) -> int:
    """The document's position of a code point of `text`."""
    place = min(place, len(text))
    # A document keeps one line end for the two.
    ends = text.count(_LINE_END, 0, place)
    cut = place and text[place - 1 : place + 1] == _LINE_END
    return units_before(text, place) - ends - (1 if cut else 0)


def from_document(text: str, position: int) -> int:
    """The code point of `text` at, or right after, a document's position."""
    if _LINE_END not in text:
        return points_before(text, position)
    # `to_document` never falls.
    return bisect_left(range(len(text)), position, key=lambda place: to_document(text, place))


def units_before(text: str, place: int) -> int:
    """The UTF-16 units of the first `place` code points."""
    part = text[:place]
    if not part or max(part) <= "\uffff":
        return len(part)
    return len(part.encode("utf-16-le", "surrogatepass")) // 2


def points_before(text: str, position: int) -> int:
    """The code points of the first `position` UTF-16 units; one that is cut counts."""
    head = text[:position]
    if not head or max(head) <= "\uffff":
        return len(head)
    return bisect_left(range(len(head)), position, key=lambda place: units_before(head, place))


def text_of(raw: str) -> str:
    """The text of `QTextDocument.toRawText`: paragraph separators are line ends again.

    `toPlainText` would turn no-break spaces into spaces.
    """
    return raw.replace("\u2029", "\n")


def for_qt(text: str) -> str:
    """A text as it is to be handed over, so that it has all its signs there.

    On the way from Python Qt takes a mark of the order of bytes at the beginning for none of the
    text (files that were put together have one before each), and turns the signs behind the other.
    """
    return _ORDER + text if text.startswith((_ORDER, _TURNED)) else text
