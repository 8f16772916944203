"""What is looked for among the plugins: words, a medium, a state."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.library.formats import medium_text
from aigc_studio.ui.plugins.words import STATES, state_text


class Filters(QWidget):
    """A line of three choices; `changed` when one of them is another."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(placeholderText=_("Search"), clearButtonEnabled=True)
        self.search.setAccessibleName(_("Search plugins"))
        self.search.textChanged.connect(self._tell)
        self.medium = QComboBox()
        self.medium.setAccessibleName(_("Medium"))
        self.medium.addItem(_("All media"), "")
        self.state = QComboBox()
        self.state.setAccessibleName(_("State"))
        self.state.addItem(_("All states"), "")
        for state in STATES:
            self.state.addItem(state_text(state), state)
        for box in (self.medium, self.state):
            box.currentIndexChanged.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.search, 1)
        row.addWidget(self.medium)
        row.addWidget(self.state)

    def offer(self, media: Collection[str], count: int) -> None:
        """The media that there are; with one plugin there is nothing to choose."""
        chosen = self.medium.currentData()
        self.medium.blockSignals(True)
        while self.medium.count() > 1:
            self.medium.removeItem(1)
        for medium in sorted(media):
            self.medium.addItem(medium_text(medium), medium)
        self.medium.setCurrentIndex(max(self.medium.findData(chosen), 0))
        self.medium.blockSignals(False)
        self.setVisible(count > 1)

    def let_in(self, words: str, medium: str, state: str) -> bool:
        """Whether a plugin with these words is looked for."""
        wanted = self.search.text().strip().lower().split()
        return (
            all(each in words for each in wanted)
            and self.medium.currentData() in ("", medium)
            and self.state.currentData() in ("", state)
        )

    def clear(self) -> None:
        """Look for all."""
        self.search.clear()
        self.medium.setCurrentIndex(0)
        self.state.setCurrentIndex(0)

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()
