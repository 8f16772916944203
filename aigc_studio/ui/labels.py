"""A label for words of any length in a place of any width."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


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
        self.setToolTip(text)

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
