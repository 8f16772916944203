"""The type of text cards, and how much of a text is laid out at once."""

from __future__ import annotations

import functools

from PySide6.QtGui import QFont, QFontDatabase

from aigc_studio.ui import theme

CHINESE = (
    "PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC",
    "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Micro Hei", "Droid Sans Fallback",
)  # fmt: skip
"""Faces with simplified Chinese, of each system, the usual one first."""
TYPE_SIZE = 15
VERSE_SIZE = 20
SHOWN = 20_000
"""Code points that a card shows at once; laying out more would hold up the window."""


def type_face(size: int = TYPE_SIZE) -> QFont:
    """The card's type: the system's face, and for what that lacks one with simplified Chinese."""
    font = theme.body_font()
    font.setPixelSize(size)
    font.setFamilies([font.family(), *_chinese()])
    return font


@functools.cache
def _chinese() -> tuple[str, ...]:
    """Faces with simplified forms that are here: left to itself, a system that speaks no Chinese
    takes the Japanese forms of some characters."""
    here = set(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
    return tuple(name for name in CHINESE if name in here)[:1]
