"""The project as a file: new, open, save, and the question before work is lost."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from aigc_studio.project import Project, claims, file_marks, saving
from aigc_studio.translation import _
from aigc_studio.ui.window.files.missing import MissingNotice
from aigc_studio.ui.window.files.recovery import Recovery

if TYPE_CHECKING:
    from aigc_studio.project import Change, Snapshot
    from aigc_studio.ui.studio import Actions, Studio
    from aigc_studio.ui.window.files.opening import Opening

SUFFIX = ".aigc"
_SAVING = "saving"
"""The subject of messages: what came of the last try holds, and only while its project is here."""

Next: TypeAlias = Callable[[], None] | None
"""What is done once a board is saved, or where nothing comes of it; None for nothing."""


class Documents(QObject):
    """Opens and saves the studio's project, off the UI thread."""

    title_changed = Signal()
    about_to_settle = Signal()
    """The project will be saved or left: what is under way on the canvas is to become commands."""
    about_to_leave = Signal()
    """It is saved so as to be left: what is still being made for it would come too late."""
    answered = Signal()
    """A question or a file dialog has gone: the canvas may have the keyboard again."""

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self.question: QMessageBox | None = None
        self.saving = self._choosing = False
        self._waiting: tuple[Callable[[], None], Next] | None = None
        self._asked: Next = None  # what the question about unsaved work stands before
        self._saves = self._saves_told = 0
        self._written: dict[Path, file_marks.Mark] = {}
        self.missing = MissingNotice(studio, self)
        self.recovery = Recovery(studio, self, window)
        studio.project_changed.connect(self._follow)
        studio.history.stack.cleanChanged.connect(self._tell_title)
        for over in (self.answered, self.title_changed):
            over.connect(self._take_turn_soon)
        self._follow(studio.project)

    @property
    def project(self) -> Project:
        """The project that is worked on."""
        return self._studio.project

    @property
    def name(self) -> str:
        """What the title bar calls it."""
        if self.project.path is None and self.project.mended_from is not None:
            return _("{name} (repaired)").format(name=self.project.mended_from.stem)
        if self.project.path is None and self.project.copied_from is not None:
            return _("{name} (copy)").format(name=self.project.copied_from.stem)
        return self.project.path.stem if self.project.path else _("Untitled")

    @property
    def unsaved(self) -> bool:
        """Whether closing it would lose work: changes, or candidates that are not in its file."""
        return self.project.unsaved

    # New and open

    @Slot()
    def new(self) -> None:
        """An empty board, after the question about unsaved work."""
        self.when_settled(self._start_anew)

    @Slot()
    def ask_open(self) -> None:
        """Let the person choose a project."""
        dialog = QFileDialog(self._window, _("Open Project"), self._start_folder())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilter(_("AIGC Studio projects (*.aigc)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open)
        dialog.finished.connect(self.answered)
        dialog.open()

    @Slot(str)
    def open(self, path: str | Path) -> None:
        """Open a project, after the question about unsaved work."""
        self.when_settled(lambda: self.opening.open(Path(path)))

    @functools.cached_property
    def opening(self) -> Opening:
        """Reads files, and says what came of it; made when one is first opened."""
        from aigc_studio.ui.window.files.opening import Opening

        return Opening(self._studio, self, self._window)

    def _start_anew(self) -> None:
        if "opening" in vars(self):
            self.opening.give_up()
        try:
            self._studio.show_project(Project.new())
        except Exception as error:
            self._studio.say_error(error)

    # Save

    @Slot()
    def save(self) -> None:
        """Save where it was saved last, or ask where."""
        self._save_then(None)

    @Slot()
    def save_as(self) -> None:
        """Ask for a name and save under it."""
        self._ask_save(None)

    def save_to(
        self, path: Path, then: Next = None, otherwise: Next = None, *, replace: bool = False
    ) -> None:
        """Write the project to `path` on another thread, then do `then`; `otherwise` where nothing
        comes of it.

        A file of the project's own that somebody else changed is asked about, unless it is to be
        `replace`d; one that another window has open is refused.
        """
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        self.about_to_settle.emit()
        if then:
            self.about_to_leave.emit()
        project, self._saves = self.project, self._saves + 1
        number = self._saves
        snapshot = project.snapshot()
        write = self._writing(snapshot, path, replace)
        self.saving = True
        self.title_changed.emit()

        def done(saved: saving.Saved) -> None:
            if number < self._saves_told:  # its drive did not answer, and it was saved elsewhere
                saved.release()
                if otherwise:
                    otherwise()
                return
            self._saves_told = number
            self._note_saved(project, snapshot, saved)
            if then:
                then()

        def failed(error: Exception) -> None:
            self._fail_to_save(error, path, then, otherwise)

        self._studio.errands.write(write, done, failed, at=path.parent)

    def _writing(self, snapshot: Snapshot, path: Path, replace: bool) -> Callable[[], saving.Saved]:
        """What writes the project that is open now, on any thread."""
        expecting, written = self.project.expecting(), self._written

        def write() -> saving.Saved:
            expected = None if replace else expecting(path)
            # The save before this one may not be noted yet: what it wrote is nobody else's change.
            expected = written.get(path, expected) if expected else None
            saved = saving.write(snapshot, path, expected=expected)
            written[path] = saved.mark
            return saved

        return write

    def _save_then(self, then: Next, otherwise: Next = None) -> None:
        if self.project.path is None:
            self._ask_save(then, otherwise)
        else:
            self.save_to(self.project.path, then, otherwise)

    def _ask_save(self, then: Next, otherwise: Next = None) -> None:
        dialog = QFileDialog(self._window, _("Save Project"), self._start_folder())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilter(_("AIGC Studio projects (*.aigc)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("aigc")
        dialog.selectFile(self.name)
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path), then, otherwise))
        if otherwise:
            dialog.rejected.connect(otherwise)
        self._choosing = True
        dialog.finished.connect(self._note_chosen)
        dialog.open()

    @Slot()
    def _note_chosen(self) -> None:
        self._choosing = False
        self.answered.emit()

    def _note_saved(self, project: Project, snapshot: Snapshot, saved: saving.Saved) -> None:
        self.saving = False
        path = saved.path
        try:
            project.note_saved(snapshot, path, saved)
        except Exception as error:
            self._studio.say_error(error)
            return
        if project is self.project and not project.modified:
            self._studio.history.stack.setClean()
        self._studio.settings.add_recent_file(path)
        self.title_changed.emit()
        self._studio.say(_("Saved as {name}.").format(name=path.name), subject=_SAVING)

    def _fail_to_save(self, error: Exception, path: Path, then: Next, otherwise: Next) -> None:
        self.saving = False
        self.title_changed.emit()
        if isinstance(error, file_marks.FileChanged) and self.question is None:
            self._ask_about_changed(path, then, otherwise)
            return
        if otherwise:  # what was to come next is given up
            otherwise()
            then = None
        if isinstance(error, claims.OpenElsewhere):
            actions: Actions = [(_("Save as another file"), lambda: self._ask_save(then))]
            self._studio.say(str(error), "error", actions, subject=_SAVING)
        else:
            self._studio.say_error(error, _SAVING)

    def _ask_about_changed(self, path: Path, then: Next, otherwise: Next) -> None:
        """Somebody else changed the project's file: ask before it is replaced."""
        from aigc_studio.ui.window.files.changed_file import changed_question

        def answer(what: str) -> None:
            self.question = None
            if what == "replace":
                self.save_to(path, then, otherwise, replace=True)
            elif what == "elsewhere":
                self._ask_save(then, otherwise)
            elif otherwise:
                otherwise()

        self.question = changed_question(self._window, path, answer)
        self.question.finished.connect(self.answered)
        self.question.open()

    # Before work is lost

    def when_settled(self, then: Callable[[], None], otherwise: Next = None) -> None:
        """Do `then` when nothing unsaved would be lost: at once, or after the person's answer;
        `otherwise` where the answer is to stay, or it could not be saved."""
        self.about_to_settle.emit()
        if not self.unsaved:
            then()
            return
        if self.question is not None:  # something is being asked already: this comes after it
            self._wait_in_turn(then, otherwise)
            return
        from aigc_studio.ui.window.files.unsaved import unsaved_question

        def answer(what: str) -> None:
            self.question = self._asked = None
            if what == "save":
                # While it was written, another candidate may have come.
                self._save_then(lambda: self.when_settled(then, otherwise), otherwise)
            elif what == "leave":
                then()
                self._take_turn(settled=True)
            elif otherwise:
                otherwise()

        self._asked = then
        self.question = unsaved_question(self._window, self.project, self.name, answer)
        self.question.finished.connect(self.answered)
        self.question.open()

    def _wait_in_turn(self, then: Callable[[], None], otherwise: Next) -> None:
        """Do it, or ask about it, once what is being asked is answered and done: of several that
        come meanwhile the last counts. What is being asked about already is not asked again."""
        left = otherwise
        if then != self._asked:
            left = self._waiting[1] if self._waiting is not None else None
            self._waiting = then, otherwise
        if left:
            left()

    @Slot()
    def _take_turn_soon(self) -> None:
        # What the answer leads to is under way by then.
        if self._waiting is not None:
            QTimer.singleShot(0, self, self._take_turn)

    def _take_turn(self, settled: bool = False) -> None:
        """Go on with what waited; `settled`: the person has let go of what was there."""
        if self._waiting is None or self.question is not None or self.saving or self._choosing:
            return
        (then, otherwise), self._waiting = self._waiting, None
        if not self._window.isVisible():  # the answer was to leave the studio
            if otherwise:
                otherwise()
        elif settled:
            then()
        else:
            self.when_settled(then, otherwise)

    # Following the project

    @Slot(object)
    def _follow(self, project: Project) -> None:
        project.listeners.append(self._hear)
        self._written = {}
        self._studio.taken_back.emit(_SAVING)
        self.title_changed.emit()

    def _hear(self, change: Change) -> None:
        self.title_changed.emit()

    @Slot(bool)
    def _tell_title(self, _clean: bool) -> None:
        self.title_changed.emit()

    def _start_folder(self) -> str:
        from aigc_studio.ui.library.last_folder import first_folder

        project = self.project
        path = project.path or project.mended_from or project.copied_from
        recent = () if path else self._studio.settings.recent_files()
        return first_folder(path and path.parent, *(each.parent for each in recent))
