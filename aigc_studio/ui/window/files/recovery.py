"""After a crash: what was being worked on is offered, and brought back or discarded."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from aigc_studio import late
from aigc_studio.project import Project
from aigc_studio.translation import _, in_a_row, language, ngettext
from aigc_studio.ui.labels import shortened
from aigc_studio.ui.window.message_bar import Aside

if TYPE_CHECKING:
    from aigc_studio.project import lost
    from aigc_studio.ui.studio import Actions, Studio
    from aigc_studio.ui.window.files.documents import Documents
else:
    lost = late.module("aigc_studio.project.lost")

_OFFER = "recovery"
"""The subject of the offer."""
_IN_A_LINE = 3
_IN_A_LIST = 12
"""Projects that are named in the message and in the question; of more, how many more."""
_NAME = 60
"""Characters of a file's name."""


class Recovery(QObject):
    """Offers the sessions that were cut off, the newest first; one at a time is brought back."""

    def __init__(self, studio: Studio, documents: Documents, window: QWidget) -> None:
        super().__init__(documents)
        self._studio = studio
        self._documents = documents
        self._window = window

    def offer(self, told: str = "") -> None:
        """Look for sessions that were cut off, and offer them.

        `told` was said a moment ago, and is said with the offer that lies over it.
        """
        self._studio.errands.run(
            lost.find, lambda found: self._offer(found, told), self._studio.say_error
        )

    def _offer(self, found: lost.Lost, told: str) -> None:
        here = self._studio.project.folder
        found = {folder: seen for folder, seen in found.items() if folder != here}
        folders = list(found)
        if not folders:
            self._studio.taken_back.emit(_OFFER)  # another window has them
            return
        sentence = ngettext(
            "The studio ended before all was saved. {count} project has unsaved work: {names}.",
            "The studio ended before all was saved. {count} projects have unsaved work: {names}.",
            len(folders),
        ).format(count=len(folders), names=_in_a_line(list(found.values())))
        actions: Actions = [
            (_("Bring back"), lambda: self._recover(folders[0], found[folders[0]].file)),
            (_("Discard"), Aside(lambda: self._ask_to_discard(found))),
        ]
        self._studio.say(
            in_a_row(filter(None, (told, sentence))), "warning", actions, subject=_OFFER
        )

    def _recover(self, folder: Path, file: Path | None) -> None:
        def note(project: Project) -> None:
            told = self._tell(project)
            self._documents.opening.tell_copy(project)
            self.offer(told)

        def fail(error: Exception) -> None:
            self._studio.say_error(error)
            self.offer()  # what is left of them: another window may have taken this one up

        def begin() -> None:
            from aigc_studio.jobs.drives import answers
            from aigc_studio.ui.window.files.arriving import Arriving

            arriving = Arriving(self._studio, self._documents)
            # All that is brought back lies here: the drive of its file may be gone for good.
            claim = file is None or answers(os.path.exists, [file.parent])[0] is not None
            self._studio.errands.run_in_order(
                lambda: Project.recover(folder, claim=claim),
                # Left, it is not closed, which would remove it: the next start offers it again.
                lambda project: arriving.meet(project, lambda: note(project), self.offer),
                fail,
            )

        self._documents.when_settled(begin)

    def _tell(self, project: Project) -> str:
        """Say how much of a session is back, and where the journal of a damaged one is kept."""
        recovery = project.recovery
        kind, sentence = "info", _("Everything that you had kept is back.")
        if recovery is not None and recovery.typed:
            sentence = _("Everything that you had kept is back, and so is what you were typing.")
        if recovery is not None and recovery.lost:
            kind = "warning"
            sentence = ngettext(
                "The journal of the session is damaged: {count} step is back, and what could not "
                "be read is kept as {path}.",
                "The journal of the session is damaged: {count} steps are back, and what could not "
                "be read is kept as {path}.",
                recovery.steps,
            ).format(count=recovery.steps, path=recovery.damaged)
        if project.damage:
            kind, sentence = "warning", in_a_row([sentence, project.damage[0]])
        details = "\n".join(project.damage)
        self._studio.say(sentence, kind, details=details, subject="recovered")
        return sentence

    def _ask_to_discard(self, found: lost.Lost) -> None:
        """They are gone for good then: name each of them first."""
        if self._documents.question is not None:
            return  # another question is open
        buttons = QMessageBox.StandardButton
        self._documents.question = question = QMessageBox(self._window)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setIcon(QMessageBox.Icon.Warning)
        question.setTextFormat(Qt.TextFormat.PlainText)
        # The box is no wider than its sentence: a longer title would be cut.
        question.setWindowTitle("AIGC Studio")
        sentence = ngettext(
            "Discard the unsaved work of {count} project for good?",
            "Discard the unsaved work of {count} projects for good?",
            len(found),
        )
        question.setText(sentence.format(count=len(found)))
        question.setInformativeText(_in_a_list(list(found.values())))
        question.setStandardButtons(buttons.Discard | buttons.Cancel)
        question.setDefaultButton(buttons.Cancel)
        question.setEscapeButton(buttons.Cancel)

        def answer(_result: int) -> None:
            self._documents.question = None
            if question.standardButton(question.clickedButton()) == buttons.Discard:
                self._studio.taken_back.emit(_OFFER)
                self._throw_away(found)

        question.finished.connect(answer)
        question.finished.connect(self._documents.answered)
        question.open()

    def _throw_away(self, found: lost.Lost) -> None:
        """Remove lost sessions as they were offered, and no one that a window has taken up."""

        def tell(kept: int) -> None:
            if kept:
                sentence = ngettext(
                    "{count} project was not discarded: it is open in another window.",
                    "{count} projects were not discarded: they are open in another window.",
                    kept,
                ).format(count=kept)
                self._studio.say(sentence, "warning")
                self.offer(sentence)  # or it was changed there, and the window is gone again

        self._studio.errands.run(lambda: lost.discard(found), tell, self._studio.say_error)


def _in_a_line(found: Sequence[lost.Seen]) -> str:
    return _("; ").join(_some(found, _IN_A_LINE))


def _in_a_list(found: Sequence[lost.Seen]) -> str:
    return "\n".join(_some(found, _IN_A_LIST))


def _some(found: Sequence[lost.Seen], most: int) -> Iterable[str]:
    """What the first of them are called; of the others, how many there are."""
    yield from map(_called, found[:most])
    more = len(found) - most
    if more > 0:
        yield ngettext("and {count} more", "and {count} more", more).format(count=more)


def _called(seen: lost.Seen) -> str:
    """A lost project for a person: its file, and when it was changed last."""
    name = _("not saved yet")
    if seen.file is not None:
        # A file may have a name that UTF-8, and so Qt, cannot hold.
        plain = seen.file.name.encode("utf-8", "replace").decode()
        name = _("“{name}”").format(name=shortened(plain, _NAME))
    if not seen.changed:
        return name
    moment = QDateTime.fromSecsSinceEpoch(int(seen.changed))
    time = QLocale(language()).toString(moment, QLocale.FormatType.ShortFormat)
    return _("{name} (last changed {time})").format(name=name, time=time)
