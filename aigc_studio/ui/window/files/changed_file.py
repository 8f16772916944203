"""The question before a project's file is replaced that somebody else has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from aigc_studio.files import beside
from aigc_studio.translation import _


def changed_question(window: QWidget, path: Path, answer: Callable[[str], None]) -> QMessageBox:
    """Ask, and tell `answer`: `replace`, `elsewhere` (under another name) or `""` (not at all)."""
    question = QMessageBox(window)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.setIcon(QMessageBox.Icon.Warning)
    question.setTextFormat(Qt.TextFormat.PlainText)
    # The box is no wider than its sentence: a longer title would be cut.
    question.setWindowTitle("AIGC Studio")
    question.setText(_("“{name}” was changed by another window or program.").format(name=path.name))
    question.setInformativeText(
        _(
            "It is no longer the file that was opened or saved here. If you replace it, what is "
            "there now stays beside it as {former}."
        ).format(former=beside(path, "~").name)
    )
    role = QMessageBox.ButtonRole
    elsewhere = question.addButton(_("Save as another file"), role.AcceptRole)
    replace = question.addButton(_("Replace it"), role.DestructiveRole)
    cancel = question.addButton(QMessageBox.StandardButton.Cancel)
    question.setDefaultButton(elsewhere)
    question.setEscapeButton(cancel)

    def tell(_result: int) -> None:
        clicked = question.clickedButton()
        chosen = "elsewhere" if clicked is elsewhere else ""
        answer("replace" if clicked is replace else chosen)

    question.finished.connect(tell)
    return question
