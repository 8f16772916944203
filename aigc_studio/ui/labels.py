"""Labels and tooltips for words that anybody may have written: shown as they are, in any width.

Qt takes words that look like HTML for HTML, in labels and in tooltips; a plugin's title would then
draw pictures. So every label of the window is a `Label`, and words that are not the studio's own
become a tooltip through `tip`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_LONG = 120
_NARROW = 160


def tip(words: str) -> str:
    """Words as a tooltip that shows them letter by letter."""
    import html

    if "<" not in words:  # Qt looks for tags
        return words
    return "<qt>" + html.escape(words).replace("\n", "<br>") + "</qt>"


def shortened(words: str, most: int = 60) -> str:
    """Words for a button or the like, which is as wide as its words are long."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def width_of(words: str, metrics: QFontMetrics) -> int:
    """Pixels in which words are drawn whole: Qt rounds them, and cuts what lacks part of one."""
    return metrics.horizontalAdvance(words) + 1 if words else 0


def fitting(forms: Sequence[str], metrics: QFontMetrics, room: int) -> str:
    """The first of several forms of the same words that is as short as the room; else the last,
    with an ellipsis."""
    for words in forms:
        if width_of(words, metrics) <= room:
            return words
    cut = metrics.elidedText(forms[-1], Qt.TextElideMode.ElideRight, room) if forms else ""
    return "" if cut == "…" else cut


class Label(QLabel):
    """Plain text. Long words without a space in them do not make a window wider than a screen."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, wordWrap: bool = False
    ) -> None:
        super().__init__(parent)
        self._said = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wordWrap)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show this text. A dot between phrases may end a line of it, and begins none."""
        self._said = text
        super().setText(text.replace(" · ", "\N{NO-BREAK SPACE}· "))

    def text(self) -> str:
        """The text as it was given."""
        return self._said

    def clear(self) -> None:
        """Show nothing."""
        self.setText("")

    def minimumSizeHint(self) -> QSize:
        """As Qt has it, but for words that may be of any length."""
        hint = super().minimumSizeHint()
        if len(self.text()) <= _LONG:
            return hint
        return QSize(min(hint.width(), _NARROW), hint.height())


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where it does not fit; the whole is in its tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show this text."""
        super().setText(text)
        self.setToolTip(tip(text))

    def sizeHint(self) -> QSize:
        """All of it, and a pixel or two: widths of letters are rounded, and would cut the last."""
        hint = super().sizeHint()
        return QSize(hint.width() + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 40), hint.height())

    def shown_text(self) -> str:
        """What there is room for: nothing where it would be the ellipsis alone."""
        elide = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.text(), elide, self.contentsRect().width())
        return "" if shown == "…" else shown

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, cut with an ellipsis."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter, self.shown_text())
