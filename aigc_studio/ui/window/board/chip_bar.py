"""The bar at the caret of a text: pieces that may come next, as chips with their probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton

from aigc_studio.translation import _, enumerated
from aigc_studio.ui import icons, theme
from aigc_studio.ui.canvas import BoardView
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.canvas.items.text_type import type_face
from aigc_studio.ui.labels import Label

WIDEST = 160
"""Pixels of the words of a chip; longer ones are cut with dots."""
SENTENCE = 420
"""Pixels of a sentence in the bar."""


@dataclass(frozen=True)
class ChipWords:
    """What stands on a chip, its share in percent, and what is told under the pointer."""

    words: str
    share: str = ""
    tip: str = ""


class Chip(QAbstractButton):
    """One piece. It never takes the keyboard: that stays where the text is written."""

    def __init__(self, about: ChipWords) -> None:
        super().__init__()
        self.about = about
        self.is_current = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(enumerated(filter(None, (about.words, about.share))))
        self.setToolTip(about.tip)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """As wide as its words, within reason."""
        width = min(QFontMetrics(type_face()).horizontalAdvance(self.about.words), WIDEST)
        share = self._share_width()
        return QSize(2 * theme.GAP + max(width + 2, 12) + share, theme.CONTROL_HEIGHT)

    def _share_width(self) -> int:
        if not self.about.share:
            return 0
        return theme.GAP + QFontMetrics(theme.readout_font(12)).horizontalAdvance(self.about.share)

    def show_current(self, on: bool) -> None:
        """Show that the keys would take this one."""
        self.is_current = on
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is over it."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: object) -> None:
        """A tinted ground, the words, and quieter the share."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            amount = 0.24 if self.isDown() else 0.18 if self.underMouse() else 0.11
            painter.setBrush(theme.mixed("badge_text", "surface", amount))
            edge = QPen(theme.colour("accent"), 2) if self.is_current else Qt.PenStyle.NoPen
            painter.setPen(edge)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)
            place = self.rect().adjusted(theme.GAP, 0, -theme.GAP, 0)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.setFont(theme.readout_font(12))
            painter.setPen(theme.colour("muted" if self.isEnabled() else "disabled"))
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, self.about.share)
            self._paint_words(painter, place.adjusted(0, 0, -self._share_width(), 0))

    def _paint_words(self, painter: QPainter, place: QRect) -> None:
        painter.setFont(type_face())
        painter.setPen(theme.colour("text" if self.isEnabled() else "disabled"))
        words = painter.fontMetrics().elidedText(
            self.about.words, Qt.TextElideMode.ElideMiddle, place.width()
        )
        sides = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, sides, words)


class ChipBar(QObject):
    """Fills a `FloatingBar` below the caret. `chosen` carries the number of a chip, from 0 on."""

    chosen = Signal(int)
    closed = Signal()

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self.bar = FloatingBar(view, "below", begins=True)
        self.bar.setAccessibleName(_("What may come next"))
        self.chips: list[Chip] = []
        self.current = -1
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setContentsMargins(theme.GAP, 0, theme.GRID, 0)
        theme.set_kind(self.words, "secondary")
        self.hint = Label()
        self.hint.setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        theme.set_kind(self.hint, "secondary")
        self.close = QToolButton()
        self.close.setIcon(icons.icon("close", "muted"))
        self.close.setToolTip(_("Stop picking (Esc)"))
        self.close.setAccessibleName(_("Stop picking"))
        self.close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.close.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        self.close.clicked.connect(self.closed)
        for widget in (self.words, self.hint, self.close):
            self.bar.row.addWidget(widget)
        self.words.hide()
        self.hint.hide()

    def offer(self, chips: Sequence[ChipWords], hint: str) -> None:
        """Show these, and by which keys they are taken."""
        self._clear()
        self.words.hide()
        for number, about in enumerate(chips):
            chip = Chip(about)
            chip.clicked.connect(lambda _checked=False, number=number: self.chosen.emit(number))
            self.bar.row.insertWidget(number, chip)
            chip.show()
            self.chips.append(chip)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._fit()
        said = [chip.accessibleName() for chip in self.chips]
        self._announce(enumerated(said))

    def say(self, sentence: str, tip: str = "", *, problem: bool = False) -> None:
        """Say why there is nothing to pick, in one line."""
        self._clear()
        self.hint.hide()
        theme.set_kind(self.words, "warning" if problem else "secondary")
        metrics = self.words.fontMetrics()
        self.words.setText(metrics.elidedText(sentence, Qt.TextElideMode.ElideRight, SENTENCE))
        self.words.setToolTip(tip or sentence)
        self.words.show()
        self._announce(sentence)

    def wait(self) -> None:
        """What is shown is of a place that is left: it cannot be taken any more."""
        for chip in self.chips:
            chip.setEnabled(False)
        self.point_at(-1)

    def point_at(self, number: int) -> None:
        """Show which chip the keys would take; -1: none."""
        self.current = number
        for place, chip in enumerate(self.chips):
            chip.show_current(place == number)
        if 0 <= number < len(self.chips):
            focused = QAccessibleEvent(self.chips[number], QAccessible.Event.Focus)
            QAccessible.updateAccessibility(focused)

    def _fit(self) -> None:
        """As many as there is room for; the hint goes before the chips do."""
        room = self.bar.room().width()
        if self.bar.sizeHint().width() > room:
            self.hint.hide()
        while len(self.chips) > 1 and self.bar.sizeHint().width() > room:
            self._drop(self.chips.pop())

    def _clear(self) -> None:
        for chip in self.chips:
            self._drop(chip)
        self.chips, self.current = [], -1

    def _drop(self, chip: Chip) -> None:
        self.bar.row.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _announce(self, sentence: str) -> None:
        if QAccessible.isActive() and sentence:
            from PySide6.QtGui import QAccessibleAnnouncementEvent

            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.bar, sentence))
