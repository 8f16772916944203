"""Two models' measures beside each other, the better of each marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from aigc_studio.library.cards import part
from aigc_studio.library.measures import in_common, most_worth, own_words, rank, told_measure
from aigc_studio.translation import _, labelled
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import ElidedLabel, Label

if TYPE_CHECKING:
    from aigc_studio.library.measures import Own

MOST = 4
"""Measures that are told, those of most worth: what they make is to be seen below."""
_ICON = 16


class MeasureTable(QWidget):
    """A column for each of two cards; hidden while they have no measure in common."""

    def __init__(self, own: Own | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own = own
        self.rows: list[tuple[str, str, str]] = []
        """What is told: the words of either side, and which is better (`left`, `right`, empty)."""
        self._note = Label(_("They were measured on different data."), self, wordWrap=True)
        theme.set_kind(self._note, "secondary")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SECTION)
        self._grid.setVerticalSpacing(2)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)

    def show_cards(self, cards: Sequence[Mapping[str, Any]]) -> None:
        """Show what these two have in common."""
        while item := self._grid.takeAt(0):
            widget = item.widget()
            if widget is not None and widget is not self._note:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        for name in most_worth(in_common(cards, self._own), MOST):
            self._add(name, cards)
        different = bool(self.rows) and _differ(cards)
        self._note.setVisible(different)
        if different:
            self._grid.addWidget(self._note, len(self.rows), 0, 1, 2)
        self.setVisible(bool(self.rows))

    def _add(self, name: str, cards: Sequence[Mapping[str, Any]]) -> None:
        ranks = [rank(card, name, self._own) for card in cards]
        better = "left" if ranks[0] < ranks[1] else "right" if ranks[1] < ranks[0] else ""
        told = []
        for column, card in enumerate(cards):
            words = own_words(card, self._own)
            title, value = told_measure(card["metrics"], name, words)
            told.append(labelled(title, value))
            side = _side(title, value, better == ("left", "right")[column])
            self._grid.addWidget(side, len(self.rows), column)
        self.rows.append((told[0], told[1], better))


def _side(title: str, value: str, better: bool) -> QWidget:
    """One value, with a mark where it is the better one. Where there is little room its title is
    cut, never the number."""
    side = QWidget()
    mark, text, number = Label(), ElidedLabel(title), Label(value)
    mark.setFixedSize(_ICON, _ICON)
    if better:
        mark.setPixmap(icons.pixmap("check", "accent", _ICON, side.devicePixelRatioF()))
        mark.setToolTip(_("Better"))
        mark.setAccessibleName(_("Better"))
        words = labelled(title, value)
        text.setAccessibleName(_("{words} (better)").format(words=words))
    else:
        theme.set_kind(text, "secondary")
        theme.set_kind(number, "secondary")
    row = QHBoxLayout(side)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.GRID)
    row.addWidget(mark)
    row.addWidget(text, 1)
    row.addWidget(number)
    return side


def _differ(cards: Sequence[Mapping[str, Any]]) -> bool:
    """Whether both say on what they were measured, and it is not the same."""
    data = [part(part(card, "evaluation"), "data").get("fingerprint") for card in cards]
    return all(data) and data[0] != data[1]
