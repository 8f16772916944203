"""Buttons in the prompt panel for what can be told of the selected item."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from aigc_studio.translation import localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import tip
from aigc_studio.ui.prompt.verbs import EditVerb


class ExplainRow(QWidget):
    """A quiet button for each thing that can be told of the item. `chosen` carries the verb."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._verbs: list[EditVerb] = []
        self._titles: list[str] = []
        self._wanted = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GRID)
        self.hide()

    def show_verbs(self, verbs: list[EditVerb]) -> None:
        """Offer these; what is there already stays as it is."""
        titles = [verb.title for verb in verbs]
        if (verbs, titles) != (self._verbs, self._titles):
            self._verbs, self._titles = verbs, titles
            self._fill()
        self.setVisible(self._wanted and bool(verbs))

    def set_wanted(self, wanted: bool) -> None:
        """The page that it belongs to is shown, or another."""
        self._wanted = wanted
        self.setVisible(wanted and bool(self._verbs))

    def buttons(self) -> list[QPushButton]:
        """The buttons, in order."""
        items = (self._column.itemAt(n) for n in range(self._column.count()))
        widgets = (item.widget() for item in items if item)
        return [each for each in widgets if isinstance(each, QPushButton)]

    def _fill(self) -> None:
        for button in self.buttons():
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        for verb in self._verbs:
            self._column.addWidget(self._button(verb), 0, Qt.AlignmentFlag.AlignLeft)

    def _button(self, verb: EditVerb) -> QPushButton:
        help = localized(verb.operation.help)
        button = QPushButton(icons.icon("heat", "accent"), verb.title.replace("&", "&&"))
        button.setIconSize(QSize(16, 16))
        button.setAccessibleName(verb.title)
        button.setAccessibleDescription(help)
        button.setToolTip(tip(help))
        theme.set_kind(button, "link")
        button.clicked.connect(lambda: self.chosen.emit(verb))
        return button
