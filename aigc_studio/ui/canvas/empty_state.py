"""What an empty board says: one line, and buttons that do it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label


class EmptyState(QWidget):
    """Lies in the middle of an empty canvas."""

    generate_requested = Signal()
    draw_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SECTION)
        self.line = Label()
        self.line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_kind(self.line, "secondary")
        column.addWidget(self.line)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        self.generate = QPushButton(icons.icon("generate", "on_accent"), "")
        theme.set_kind(self.generate, "primary")
        self.generate.clicked.connect(self.generate_requested)
        self.draw = QPushButton(icons.icon("brush"), "")
        self.draw.clicked.connect(self.draw_requested)
        for button in (self.generate, self.draw):
            # A click leaves the focus with the canvas, so that its keys work.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setMinimumHeight(theme.MAIN_HEIGHT)
        row.addStretch(1)
        row.addWidget(self.generate)
        row.addWidget(self.draw)
        row.addStretch(1)
        column.addLayout(row)
        self.speak()

    def speak(self) -> None:
        """Say everything in the language that is spoken now."""
        self.line.setText(_("Generate something, draw with the brush, or drop files here."))
        self.generate.setText(_("Generate"))
        self.generate.setToolTip(_("Make something with the generator at the right (Ctrl+Enter)"))
        self.draw.setText(_("Draw"))
        self.draw.setToolTip(_("Take the brush and draw on a new sheet (B)"))
        self.adjustSize()
