"""A text beside others: all of it, to be read; those beside it scroll along."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from aigc_studio.ui import theme

MOST = 200_000
"""Of a longer text this many characters are shown."""
_SIDE = 160


class WordsPane(QPlainTextEdit):
    """One text. Words can be marked and copied, not changed; keys that do nothing here go on."""

    def __init__(self, text: str) -> None:
        super().__init__(text[:MOST])
        self.setReadOnly(True)
        self.setFont(theme.body_font())
        self.setMinimumSize(_SIDE, _SIDE)
        self.setTabChangesFocus(True)

    def show_place(self, units: int) -> None:
        """Have the line of a place in the text, as Qt counts, in the middle."""
        cursor = self.textCursor()
        cursor.setPosition(min(units, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        if units:
            self.centerCursor()

    def sizeHint(self) -> QSize:
        """Large enough to read a paragraph."""
        return QSize(320, 320)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and Escape are the window's."""
        if event.text().isdigit() or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


def show_difference(panes: Sequence[WordsPane]) -> None:
    """Scroll to where texts that begin alike are no longer the same; not where all are one."""
    from aigc_studio.project.following import common
    from aigc_studio.ui.canvas.items.code_points import units_before

    texts = [pane.toPlainText() for pane in panes]
    if len(set(texts)) < 2:
        return
    shared = min(common(texts[0], text) for text in texts[1:])
    for pane in panes:
        pane.show_place(units_before(texts[0], shared))


def scroll_together(panes: Sequence[WordsPane]) -> None:
    """Where one is scrolled to, the others follow as far as they go."""
    bars = [pane.verticalScrollBar() for pane in panes]
    leading: list[int] = []

    def follow(value: int) -> None:
        if leading:  # a shorter one stays at its end, and calls none back to it
            return
        leading.append(value)
        for bar in bars:
            bar.setValue(value)
        leading.clear()

    for bar in bars:
        bar.valueChanged.connect(follow)
