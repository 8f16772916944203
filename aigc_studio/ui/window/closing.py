"""Closing the window: what is being written is waited for, and what becomes of trainings under way
and of unsaved work is asked first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from aigc_studio.jobs import TrainingJob
from aigc_studio.translation import _, ngettext

if TYPE_CHECKING:
    from aigc_studio.ui.library.work import Work
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.files.documents import Documents

CHECKPOINT_LIMIT_MS = 15_000
"""How long trainings have to write their last checkpoint before the window closes regardless."""
_CLOSING = "closing"
"""The subject of what is said meanwhile."""


class Closing(QObject):
    """Asks one question after the other; `allowed` is true once all of them are answered.

    `answered` tells that a question has gone.
    """

    answered = Signal()

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._documents: Documents | None = None
        self.allowed = self._asking = self._at_files = self._hurried = False
        self.keeps = False
        """Whether it closes unasked: what is not saved is kept, to be brought back."""
        self.question: QMessageBox | None = None
        self._waiting: list[TrainingJob] = []
        self._told: list[TrainingJob] = []
        """Trainings that were told how to end: however long that takes, nobody is asked again."""
        self._known: object = None
        self._then = self._ask_about_work
        self._limit = QTimer(self, singleShot=True, interval=CHECKPOINT_LIMIT_MS)
        self._limit.timeout.connect(self._end_waiting)
        studio.errands.written.connect(self._note_written)
        studio.network_used.connect(self._note_network)

    def ask(self, documents: Documents) -> None:
        """Ask all that there is to ask, and close the window in the end.

        Where there was nothing to ask, `allowed` is true at once, and the caller closes: a window
        cannot be closed from within its own close event.
        """
        if self.question is not None or self._waiting:
            return
        self._documents = documents
        self._asking, self._hurried = True, False
        self._wait_for_files(self._ask_about_work)
        self._asking = False

    def let(self) -> None:
        """Allow it unasked, because the system does not wait for answers."""
        self.allowed = self.keeps = True

    @property
    def is_writing(self) -> bool:
        """Whether half of something would be left: a file, or what is imported or installed."""
        return bool(self._studio.errands.writing or self._kept_work())

    # Files that are being written or fetched: half of one is no use, and a save that is under way
    # is no unsaved work

    def _wait_for_files(self, then: Callable[[], None]) -> None:
        """Do `then` where there are none; else say what is waited for, and how not to."""
        if self._studio.errands.writing:
            sentence = _("Files are still being written; the studio closes afterwards.")
        elif self._studio.fetching:
            sentence = _("Something is still being fetched; the studio closes afterwards.")
        elif kept := self._kept_work():
            for each in kept:
                each.rested.connect(self._note_written, Qt.ConnectionType.UniqueConnection)
            sentence = _(
                "Something is still being imported or installed; the studio closes afterwards."
            )
        else:
            self._at_files = False
            then()
            return
        self._at_files, self._then = True, then
        self._studio.say(
            sentence,
            "info",
            [(_("Don't wait"), self._hurry), (_("Don't quit"), self._leave_files)],
            subject=_CLOSING,
        )

    def _kept_work(self) -> list[Work]:
        """What is under way in other windows and would be there afterwards."""
        from aigc_studio.ui.library.work import Work

        works = self._window.findChildren(Work)
        return [each for each in works if each.running and each.keeps]

    @Slot(bool)
    def _note_written(self, well: bool) -> None:
        if self._at_files and not self.allowed:
            self._studio.taken_back.emit(_CLOSING)
            # Why it failed is to be read.
            self._wait_for_files(self._then) if well else self._leave_files()

    @Slot(bool)
    def _note_network(self, used: bool) -> None:
        if not used:
            self._note_written(self._studio.fetched_well)

    @Slot()
    def _leave_files(self) -> None:
        self._at_files = False

    @Slot()
    def _hurry(self) -> None:
        """Wait for no files, those that are still to come neither."""
        self._at_files, self._hurried = False, True
        self._then()

    def _ask_about_work(self) -> None:
        self._at_files = False
        if self._documents is not None:
            self._documents.when_settled(self._ask_about_trainings)

    def _ask_about_trainings(self) -> None:
        if self.question is not None or self._waiting:
            return  # it is being asked, or was answered
        trainings = self._trainings()
        if not trainings:
            self._wait_for([])
            return
        self.question = question = QMessageBox(self._window)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setIcon(QMessageBox.Icon.Question)
        question.setTextFormat(Qt.TextFormat.PlainText)
        # The box is no wider than its sentence: a longer title would be cut.
        question.setWindowTitle("AIGC Studio")
        sentence = ngettext(
            "“{title}” is still learning. What should happen to it?",
            "{count} trainings are still under way. What should happen to them?",
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
        ends = {"later": "leave_for_later", "keep": "stop", "cancel": "cancel"}
        self._wait_for([(job, ends[chosen[0]]) for job in self._trainings()])

    def _trainings(self) -> list[TrainingJob]:
        """Those whose end nobody has chosen yet."""
        return [job for job in self._studio.jobs.trainings if job not in self._told]

    def _wait_for(self, asked: list[tuple[TrainingJob, str]]) -> None:
        """Have trainings end, and close when they have, and when those that ended before are models
        by then."""
        self._waiting = self._studio.jobs.unsettled
        self._known = self._work()
        for job in list(self._waiting):
            job.settled.connect(self._note_settled)
            job.publish_failed.connect(self._stay)
        for job, end in asked:
            self._told.append(job)
            getattr(job, end)()
        if not self._waiting:
            self._end_waiting()
            return
        self._limit.start()
        self._studio.say(
            _("The training writes its last checkpoint; the studio closes afterwards."),
            "info",
            [(_("Don't wait"), self._end_waiting)],
            subject=_CLOSING,
        )

    def _work(self) -> object:
        """What is on the board, to see whether it is still the same."""
        project = self._studio.project
        return project, project.journal.changes

    @Slot()
    def _note_settled(self) -> None:
        job = self.sender()
        if job in self._waiting:
            self._waiting.remove(job)
            if not self._waiting:
                self._end_waiting()

    @Slot()
    def _stay(self) -> None:
        """What was to be kept is not, and the window has said why: that is to be read."""
        self._limit.stop()
        self._waiting = []
        self._studio.taken_back.emit(_CLOSING)

    @Slot()
    def _end_waiting(self) -> None:
        self._limit.stop()
        self._waiting = []
        if self._hurried:
            self._end()
        else:
            self._wait_for_files(self._end)  # of which more may have come meanwhile

    def _end(self) -> None:
        if self._work() != self._known:  # somebody went on meanwhile
            self._ask_about_work()
        else:
            self._close()

    @Slot()
    def _close(self) -> None:
        self.allowed = True
        if not self._asking:
            self._window.close()
