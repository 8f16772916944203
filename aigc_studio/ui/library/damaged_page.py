"""What stands in the place of a dataset or a model that cannot be read: why, and what now."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme


class DamagedPage(QWidget):
    """A name and a sentence; `mend_asked` carries the name, where something can be mended."""

    mend_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        theme.set_kind(self.title, "title")
        self.sentence = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        theme.set_kind(self.sentence, "warning")
        self.mend = QPushButton(_("Leave out what is damaged"))
        self.mend.setToolTip(
            _("Keep the examples that can be read. The table stays in the folder as it is now.")
        )
        self.mend.clicked.connect(lambda: self.mend_asked.emit(self.title.text()))
        row = QHBoxLayout()
        row.addWidget(self.mend)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.SECTION] * 4)
        column.setSpacing(theme.PADDING)
        column.addWidget(self.title)
        column.addWidget(self.sentence)
        column.addLayout(row)
        column.addStretch(1)

    def show_damage(self, name: str, sentence: str, can_mend: bool = False) -> None:
        """Show what is damaged."""
        self.title.setText(name)
        self.sentence.setText(sentence)
        self.mend.setVisible(can_mend)
