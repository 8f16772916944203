"""One sentence about what has just happened, with what takes it back."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label


class Notice(QFrame):
    """Hidden while there is nothing to say. `taken_back` carries what `say` was given for it."""

    taken_back = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token: object = None
        self.text = Label(wordWrap=True)
        self.undo = QPushButton(icons.icon("undo"), _("Undo"))
        self.undo.clicked.connect(self._take_back)
        self.close_button = QToolButton()
        self.close_button.setIcon(icons.icon("close", "muted"))
        self.close_button.setToolTip(_("Close"))
        self.close_button.setAccessibleName(_("Close this message"))
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PADDING, theme.GRID, theme.GRID, theme.GRID)
        row.setSpacing(theme.GAP)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        row.addWidget(self.close_button)
        self.hide()

    @Slot(str, str, object)
    def say(self, sentence: str, kind: str, token: object) -> None:
        """Show a sentence (info or error); an empty one takes away what was said."""
        self._token = token
        theme.set_kind(self, f"{kind}_bar")
        self.text.setText(sentence)
        self.undo.setVisible(token is not None)
        self.setVisible(bool(sentence))

    @Slot(str)
    def unsay(self, sentence: str) -> None:
        """Take away what was said, where it is still this."""
        if self.text.text() == sentence:
            self.say("", "info", None)

    @Slot()
    def _take_back(self) -> None:
        token, self._token = self._token, None
        self.undo.hide()
        self.taken_back.emit(token)
