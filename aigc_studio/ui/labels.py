"""Words of any length in a place of any width: cut for the eye, whole in the tooltip."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from aigc_studio.api import limits


def cut(words: str, most: int = limits.SENTENCE) -> str:
    """Words for a label, a tooltip or a menu: no longer than that, with an ellipsis at the cut.

    Laying out a text costs time for every letter of it, seen or not: whatever comes from outside
    goes through here on its way to a widget.
    """
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def plain(words: str, most: int = limits.SENTENCE) -> str:
    """As `cut`, for places that would take markup for markup (tooltips): it is shown as it is."""
    text = cut(words, most)
    if "<" not in text:
        return text
    escaped = html.escape(text, quote=False).replace("\n", "<br>")
    return f"<qt>{escaped}</qt>"


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where it does not fit; the whole is in its tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show this text."""
        shown = cut(text)
        super().setText(shown)
        self.setToolTip(plain(shown))

    def sizeHint(self) -> QSize:
        """All of it, and a pixel or two: widths of letters are rounded, and would cut the last."""
        hint = super().sizeHint()
        return QSize(hint.width() + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 40), hint.height())

    def shown_text(self) -> str:
        """What there is room for."""
        elide = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(self.text(), elide, self.contentsRect().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, cut with an ellipsis."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter, self.shown_text())
