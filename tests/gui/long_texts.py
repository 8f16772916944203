"""Texts too long to be laid out at once, in many scripts, and a hand that writes in them."""

from __future__ import annotations

from gui.canvas_board import CanvasBoard
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from aigc_studio.ui.canvas.writing.long_editor import LongWriting

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier

WORDS = "The river keeps what the mountain forgets; nobody asked it to. "
KINDS: dict[str, str] = {
    "words": WORDS * 900,
    "one line": "abcdefghij" * 6_000,
    "Chinese": "山高月小，水落石出。曾日月之几何，而江山不可复识矣。" * 1_000,
    "lines": "a\nbb\n\nccc\r\n" * 4_000,
    "emoji": "👩‍👩‍👧 👍🏽 🇩🇪🇫🇷 é ก็ " * 2_500,
    "Arabic": "السلام عليكم، كيف حالك اليوم؟ 123 abc " * 700,
    "files put together": "\ufeffone line\n\ufeff\n\ufffeanother\n" * 2_000,
    "no line ends at all but a mark": "e\u0301" * 15_000,
}


def press(
    canvas: CanvasBoard, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, words: str = ""
) -> None:
    """A key as the window gets it; `words` is what it writes."""
    viewport = canvas.view.viewport()
    if not words:
        QTest.keyClick(viewport, key, modifiers)
        return
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(viewport, QKeyEvent(kind, key, modifiers, words))


def ends(editor: LongWriting) -> tuple[int, int]:
    """Where the selection begins and ends."""
    span = editor.selected()
    return span.start, span.stop
