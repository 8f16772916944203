"""The question before a board is left that is not saved as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from aigc_studio.translation import _, ngettext

if TYPE_CHECKING:
    from aigc_studio.project import Project


def unsaved_question(
    window: QWidget, project: Project, name: str, answer: Callable[[str], None]
) -> QMessageBox:
    """Ask, and tell `answer`: `save`, `leave` (it is lost) or `""` (stay)."""
    buttons = QMessageBox.StandardButton
    question = QMessageBox(window)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.setIcon(QMessageBox.Icon.Question)
    question.setTextFormat(Qt.TextFormat.PlainText)
    # The box is no wider than its sentence: a longer title would be cut.
    question.setWindowTitle("AIGC Studio")
    sentence, loss = _words(project, name)
    question.setText(sentence)
    question.setInformativeText(loss)
    question.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    # Qt's own word is “Discard”, which says the same of the whole board and of its changes.
    question.button(buttons.Discard).setText(_("Don't save"))
    question.setDefaultButton(buttons.Save)

    def tell(_result: int) -> None:
        chosen = {buttons.Save: "save", buttons.Discard: "leave"}
        answer(chosen.get(question.standardButton(question.clickedButton()), ""))

    question.finished.connect(tell)
    return question


def _words(project: Project, name: str) -> tuple[str, str]:
    """What is asked before a project is left, and what would be lost."""
    from aigc_studio.project.candidates import number_of

    waiting = number_of(project.unsaved_candidates)
    if project.modified:
        loss = ngettext(
            "Otherwise they are lost, and so is {count} candidate that waits.",
            "Otherwise they are lost, and so are {count} candidates that wait.",
            waiting,
        )
        loss = loss.format(count=waiting) if waiting else _("Otherwise they are lost.")
        return _("Save the changes to “{name}”?").format(name=name), loss
    if project.path is None:
        sentence = ngettext(
            "{count} candidate waits on “{name}”, which is not saved.",
            "{count} candidates wait on “{name}”, which is not saved.",
            waiting,
        )
    else:
        sentence = ngettext(
            "{count} candidate waits that came after “{name}” was saved.",
            "{count} candidates wait that came after “{name}” was saved.",
            waiting,
        )
    loss = ngettext(
        "Save the project to keep it; otherwise it is lost.",
        "Save the project to keep them; otherwise they are lost.",
        waiting,
    )
    return sentence.format(count=waiting, name=name), loss
