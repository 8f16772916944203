"""How a text is laid out on its card: type, lines, margins."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLineF, QObject, Qt
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument, QTextOption

from aigc_studio.ui.canvas.items import code_points
from aigc_studio.ui.canvas.items.long_page import LongPage
from aigc_studio.ui.canvas.items.text_type import SHOWN, TYPE_SIZE, VERSE_SIZE, type_face
from aigc_studio.ui.canvas.items.verse import is_verse

if TYPE_CHECKING:
    from aigc_studio.project.items import Item

MARGIN = 16.0
LINE_HEIGHT = 145.0
SMALLEST, LARGEST = 56.0, 640.0
"""Between what the height of a new card lies, in board units."""
NARROWEST, WIDEST_VERSE = 72.0, 480.0
"""Least width of a new card, and most of one with verse."""
VERSE_SIDE = 24.0
"""Board units beside verse, besides the margin."""
_SHORT = 1_000
"""Characters of a text that may need less than the usual width."""
LINES = 1_000
"""Line ends of a text that is laid out at once."""
LONG_WORD = 2_000
"""Characters without a break that a layout can bear: the time for a word grows with its square."""

_BREAKS = re.compile(r"[^\S\xa0\u202f]+")


def is_long(value: str) -> bool:
    """Whether a text is too long, or one of its words, to be laid out at once."""
    if len(value) > SHOWN or value.count("\n") > LINES:
        return True
    return len(value) > LONG_WORD and _has_long_word(value)


def text_height(value: str, width: float) -> float:
    """Board units that a card of `width` needs to show `value` whole; 56 at least.

    Of a text that is too long to be laid out at once, some 2,600 at most.
    """
    room = max(width - 2 * MARGIN, 16.0)
    if is_long(value):
        return LongPage(value[:SHOWN], room, LARGEST).height_of(4 * LARGEST) + 2 * MARGIN
    document = new_document()
    fill(document, value)
    document.setTextWidth(room)
    return max(document.size().height() + 2 * MARGIN, SMALLEST)


def fitting_height(value: str, width: float) -> float:
    """Board units that a new card of `width` needs for `value`, within reason (≤ 640)."""
    return min(text_height(value, width), LARGEST)


def height_after(height: float, width: float, before: str, after: str) -> float:
    """The height of a card of `width` whose text was one, and is another now.

    A long text scrolls in its card, and makes it no higher than a new one would be.
    """
    needs = text_height(after, width)
    if needs > LARGEST and is_long(after):
        needs = LARGEST
    return followed_height(height, text_height(before, width), needs)


def followed_height(height: float, needed: float, needs: float) -> float:
    """The height of a card whose text needed one height, and needs another now.

    A card as high as its text stays so; one that was made higher stays at least as high as it was.
    One that did not show all of its text shows at most as much as a new one would.
    """
    if height > needed + 1:
        return max(height, needs)
    return needs if height >= needed - 1 else min(needs, max(height, LARGEST))


def with_height(item: Item, height: float) -> Item:
    """An item of another height: its upper edge stays where it is, however it is turned."""
    turn, more = math.radians(item.rotation), (height - item.height) / 2
    # It turns around its middle, and that moves.
    x = item.x - more * math.sin(turn)
    y = item.y - more + more * math.cos(turn)
    return replace(item, x=x, y=y, height=height)


def natural_size(value: str, width: float) -> tuple[float, float]:
    """Width and height of a new card, which is `width` wide where the lines need that.

    A name is a small card; verse is as wide as its lines.
    """
    wide = is_verse(value)
    if len(value) <= _SHORT:
        document = new_document()
        fill(document, value)
        needed = math.ceil(document.idealWidth()) + 2 * MARGIN + (2 * VERSE_SIDE if wide else 2)
        width = min(max(needed, NARROWEST), WIDEST_VERSE if wide else width)
    return width, fitting_height(value, width)


def fill(document: QTextDocument, value: str) -> None:
    """Put a text into a document, with the card's line height; verse larger, in the middle."""
    set_as_verse = is_verse(value)
    document.setDefaultFont(type_face(VERSE_SIZE if set_as_verse else TYPE_SIZE))
    document.setPlainText(code_points.for_qt(value))
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    lines = QTextBlockFormat()
    lines.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if set_as_verse:
        lines.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    cursor.mergeBlockFormat(lines)
    document.setModified(False)


def new_document(parent: QObject | None = None) -> QTextDocument:
    """An empty document with the card's type."""
    document = QTextDocument(parent)
    document.setDefaultFont(type_face())
    document.setDocumentMargin(0)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    return document


def caret_line(document: QTextDocument, value: str, place: int) -> QLineF:
    """Where a caret before the code point `place` is drawn, from the text's upper left."""
    return line_at(document, code_points.to_document(value, place))


def line_at(document: QTextDocument, position: int) -> QLineF:
    """Where a caret at a document's own position is drawn, from the text's upper left."""
    # Asked for its place first: lines that are not laid out yet would be invalid.
    block = document.findBlock(position)
    corner = document.documentLayout().blockBoundingRect(block).topLeft()
    layout, inside = block.layout(), position - block.position()
    line = layout.lineForTextPosition(inside)
    if not line.isValid():
        return QLineF(0, 0, 0, TYPE_SIZE)
    # The stubs say float; it is a pair of the place and the position that it belongs to.
    across: Any = line.cursorToX(inside)
    x = corner.x() + (across[0] if isinstance(across, tuple) else across)
    top = corner.y() + line.rect().top()
    return QLineF(x, top, x, top + line.height())


def _has_long_word(value: str) -> bool:
    words = [word for word in _BREAKS.split(value) if len(word) > LONG_WORD]
    # Chinese and Japanese break anywhere, without spaces.
    return any(sum(sign < "\u2e80" for sign in word) > LONG_WORD for word in words)
