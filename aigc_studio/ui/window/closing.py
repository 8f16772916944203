"""Closing the window: what becomes of trainings under way and of unsaved work is asked first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from aigc_studio.jobs import TrainingJob
from aigc_studio.translation import _, ngettext

if TYPE_CHECKING:
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.files.documents import Documents

CHECKPOINT_LIMIT_MS = 15_000
"""How long trainings have to write their last checkpoint before the window closes regardless."""


class Closing(QObject):
    """Asks one question after the other; `allowed` is true once all of them are answered.

    `answered` tells that a question has gone.
    """

    answered = Signal()

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self.allowed = self._asking = False
        self.question: QMessageBox | None = None
        self._waiting: list[TrainingJob] = []
        self._limit = QTimer(self, singleShot=True, interval=CHECKPOINT_LIMIT_MS)
        self._limit.timeout.connect(self._close)

    def ask(self, documents: Documents) -> None:
        """Ask all that there is to ask, and close the window in the end.

        Where there was nothing to ask, `allowed` is true at once, and the caller closes: a window
        cannot be closed from within its own close event.
        """
        if self.question is None and not self._waiting:
            self._asking = True
            documents.when_settled(self._ask_about_trainings)
            self._asking = False

    def _ask_about_trainings(self) -> None:
        trainings = self._studio.jobs.trainings
        if not trainings:
            self._close()
            return
        self.question = question = QMessageBox(self._window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setTextFormat(Qt.TextFormat.PlainText)
        # The box is no wider than its sentence: a longer title would be cut.
        question.setWindowTitle("AIGC Studio")
        sentence = ngettext(
            "“{title}” is still learning. What should happen to it?",
            "{count} trainings are still under way. What shall become of them?",
            len(trainings),
        )
        question.setText(sentence.format(title=trainings[0].title, count=len(trainings)))
        role = QMessageBox.ButtonRole.ActionRole
        later = question.addButton(_("Resume at the next start"), QMessageBox.ButtonRole.AcceptRole)
        keep = question.addButton(_("Stop and keep the best"), role)
        cancel = question.addButton(_("Discard the training"), role)
        stay = question.addButton(_("Don't quit"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(later)
        question.setEscapeButton(stay)
        self.buttons: dict[str, QPushButton] = {
            "later": later,
            "keep": keep,
            "cancel": cancel,
            "stay": stay,
        }
        question.finished.connect(self._answer)
        question.finished.connect(self.answered)
        question.open()

    @Slot(int)
    def _answer(self, _result: int) -> None:
        question, self.question = self.question, None
        if question is None:
            return
        clicked = question.clickedButton()
        chosen = [name for name, button in self.buttons.items() if button is clicked]
        if not chosen or chosen[0] == "stay":
            return
        self._waiting = list(self._studio.jobs.trainings)
        for job in list(self._waiting):
            job.settled.connect(self._note_settled)
            {"later": job.leave_for_later, "keep": job.stop, "cancel": job.cancel}[chosen[0]]()
        self._limit.start()
        self._studio.say(_("The training writes its last checkpoint; the studio closes then."))
        if not self._waiting:
            self._close()

    @Slot()
    def _note_settled(self) -> None:
        job = self.sender()
        if job in self._waiting:
            self._waiting.remove(job)
        if not self._waiting:
            self._close()

    @Slot()
    def _close(self) -> None:
        self._limit.stop()
        self.allowed = True
        if not self._asking:
            self._window.close()
