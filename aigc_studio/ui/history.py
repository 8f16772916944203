"""One undo stack: each step is a project command, and the project does, undoes and redoes it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import Localized, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.project import Command, Project, Provenance

_log = logging.getLogger(__name__)


class History(QObject):
    """The QUndoStack of a project, which keeps the commands themselves (and the journal).

    `verb_of` gives a generator's own words for one of its operations (ids), or "" where it does not
    know: steps of files that were written before steps kept those words are called by them.
    """

    failed = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        verb_of: Callable[[str, str], Localized] = lambda _generator, _operation: "",
    ) -> None:
        super().__init__(parent)
        self._verb_of = verb_of
        self.stack = QUndoStack(self)
        self._project: Project | None = None
        self.reading = False

    def show(self, project: Project) -> None:
        """Take over the history of another project, without doing anything to its board."""
        self._project = project
        self.reading = True
        try:
            self.stack.clear()
            # Told once, with the last of them: whoever listens does something at each.
            commands = project.history
            blocked = self.stack.blockSignals(True)
            for command in commands[:-1]:
                self.stack.push(Step(self, command))
            self.stack.blockSignals(blocked)
            for command in commands[-1:]:
                self.stack.push(Step(self, command))
            self.stack.setIndex(project.position)
        finally:
            self.reading = False
        if not project.modified:
            self.stack.setClean()
        elif self.stack.isClean():
            self.stack.resetClean()

    def title_of(self, command: Command) -> str:
        """What a step is called: an edit by its verb, in the language that is spoken now."""
        if command.label or command.kind != "regenerate":
            return command.title
        made = {(by.generator, by.operation) for by in _makers(command)}
        if len(made) != 1:
            return command.title
        ((generator, operation),) = made
        # Of a generator that is not here, its id for it is still truer than no verb at all.
        label = self._verb_of(generator, operation) or operation.replace("-", " ").capitalize()
        return replace(command, label=label).title

    @Slot()
    def name_again(self) -> None:
        """Other generators are known now: call the steps by what those say."""
        for number in range(self.stack.count()):
            step = self.stack.command(number)
            if isinstance(step, Step) and step.command.kind == "regenerate":
                step.setText(self.title_of(step.command))
        self.stack.undoTextChanged.emit(self.stack.undoText())
        self.stack.redoTextChanged.emit(self.stack.redoText())

    def close(self) -> None:
        """Tell nobody any more: a stack that is taken down would still say that it is empty now,
        to listeners that are being taken down as well."""
        self.stack.blockSignals(True)

    def do(self, command: Command, *, merge: bool = False) -> bool:
        """Do it, and make it the newest step. False when it could not be done (`failed` says why).

        The project writes its journal first, so an error leaves board and history as they were.
        With `merge` it becomes one with the latest step, where `Project.do` allows it.
        """
        if self._project is None:
            return False
        position = self._project.position
        try:
            self._project.do(command, merge=merge)
        except (StudioError, OSError, ValueError) as error:
            self._tell(error)
            return False
        latest = self._latest()
        if merge and latest is not None and self._project.position == position:
            latest.command = self._project.history[position - 1]
            return True
        self.reading = True
        try:
            self.stack.push(Step(self, command))
        finally:
            self.reading = False
        if self.stack.index() != self._project.position:
            self.show(self._project)  # it has forgotten its oldest steps
        return True

    def go(self, position: int) -> None:
        """Undo, or do again, until so many steps are done, however many that takes at once."""
        if self._project is None:
            return
        try:
            self._project.go(position)
        except (StudioError, OSError, ValueError) as error:
            self._tell(error)
            self.stack.indexChanged.emit(self.stack.index())  # whoever asked shows where it is
            return
        self.reading = True
        try:
            self.stack.setIndex(position)
        finally:
            self.reading = False

    def _latest(self) -> Step | None:
        """The step that undo would take back."""
        step = self.stack.command(self.stack.index() - 1) if self.stack.index() else None
        return step if isinstance(step, Step) else None

    def move(self, command: Command, forward: bool) -> None:
        """Called by a step that the stack undoes or redoes."""
        if self.reading or self._project is None:
            return
        try:
            if forward:
                self._project.redo(command)
            else:
                self._project.undo(command)
        except (StudioError, OSError, ValueError) as error:
            self._tell(error)
            # The stack has moved and the project has not: read it anew, once Qt is out of it.
            QTimer.singleShot(0, self._show_again)

    @Slot()
    def _show_again(self) -> None:
        if self._project is not None:
            self.show(self._project)

    def _tell(self, error: Exception) -> None:
        _log.error("a step of the history failed", exc_info=error)
        if isinstance(error, StudioError):
            self.failed.emit(str(error))
        elif isinstance(error, OSError):
            sentence = _("The change could not be written to disk, so it was not made: {reason}")
            self.failed.emit(sentence.format(reason=error.strerror or error))
        else:
            self.failed.emit(_("The change does not fit the board, so it was not made."))


def _makers(command: Command) -> list[Provenance]:
    """The provenance of what an edit put into items, as far as it is known."""
    items = (item for item in command.after.values() if item is not None)
    made = [item.provenance for item in items if item.provenance is not None]
    return [by for by in made if by.verb == "edit" and by.operation]


class Step(QUndoCommand):
    """A command of the project as a step of the stack."""

    def __init__(self, history: History, command: Command) -> None:
        super().__init__(history.title_of(command))
        self._history = history
        self.command = command

    def undo(self) -> None:
        """Go back before it."""
        self._history.move(self.command, forward=False)

    def redo(self) -> None:
        """Go on after it."""
        self._history.move(self.command, forward=True)
