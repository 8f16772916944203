"""How a text is laid out on its card: type, lines, margins."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument, QTextOption

from aigc_studio.ui import theme

MARGIN = 16.0
TYPE_SIZE = 15
LINE_HEIGHT = 145.0
SHOWN = 20_000
"""Code points that a card shows; laying out more would hold up the window."""


def fitting_height(value: str, width: float) -> float:
    """Board units that a card of `width` needs to show `value` whole, within reason (≤ 640)."""
    document = new_document()
    fill(document, value[:SHOWN])
    document.setTextWidth(max(width - 2 * MARGIN, 16.0))
    return min(max(document.size().height() + 2 * MARGIN, 56.0), 640.0)


def fill(document: QTextDocument, value: str) -> None:
    """Put a text into a document, with the card's line height."""
    document.setPlainText(value)
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    lines = QTextBlockFormat()
    lines.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.mergeBlockFormat(lines)
    document.setModified(False)


def new_document(parent: QObject | None = None) -> QTextDocument:
    """An empty document with the card's type."""
    document = QTextDocument(parent)
    font = theme.body_font()
    font.setPixelSize(TYPE_SIZE)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    return document
