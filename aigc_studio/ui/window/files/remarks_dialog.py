"""Everything that there is to say of several files, to read and to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.screen_room import fit


class RemarksDialog(QDialog):
    """Lists files, each with what there is to say of it: (file, remarks)."""

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Remarks"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 560, 420)
        self.text = QPlainTextEdit("\n\n".join(_shown(file, said) for file, said in rows))
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Remarks"))
        # The keyboard moves through it and marks what is to be copied.
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton(_("Copy all"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.text)
        layout.addWidget(buttons)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def _shown(file: str, said: str) -> str:
    return "\n".join([file, *(f"    {line}" for line in said.splitlines())])
