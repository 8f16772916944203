"""The type of text cards, and how much of a text is laid out at once."""

from __future__ import annotations

from PySide6.QtGui import QFont

from aigc_studio.ui import theme

TYPE_SIZE = 15
VERSE_SIZE = 20
SHOWN = 20_000
"""Code points that a card shows at once; laying out more would hold up the window."""


def type_face(size: int = TYPE_SIZE) -> QFont:
    """The card's type."""
    font = theme.body_font()
    font.setPixelSize(size)
    return font
