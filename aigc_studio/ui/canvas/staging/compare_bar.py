"""The dark bar under an item that is compared with what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.canvas.staging.choice import Choice
from aigc_studio.ui.labels import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView


class CompareBar(FloatingBar):
    """Says what is seen, and how it is left (`left`)."""

    left = Signal()

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view, "below", dark=True)
        self.words = Label()
        self.words.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        self.done = Choice("close")
        self.done.clicked.connect(self.left)
        self.row.addWidget(self.words)
        self.row.addWidget(self.done)
        self.speak()

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.speak()
        super().changeEvent(event)

    def speak(self) -> None:
        """Say everything in the language that is spoken now."""
        self.words.setText(_("Before and after"))
        self.setAccessibleName(_("Before and after"))
        self.done.name(_("Done"), _("Show the board as it is"), action="escape")
