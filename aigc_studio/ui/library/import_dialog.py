"""Import: choose files, see what would be used and why not, name it, and watch it come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from aigc_studio.api.spelling import without_odd_bytes
from aigc_studio.jobs import Errands
from aigc_studio.jobs.drives import is_folder
from aigc_studio.library.names import proper_name
from aigc_studio.translation import _, enumerated
from aigc_studio.ui import theme
from aigc_studio.ui.labels import tip
from aigc_studio.ui.library import import_looking
from aigc_studio.ui.library.formats import examples_text
from aigc_studio.ui.library.import_looking import Asked
from aigc_studio.ui.library.import_page import ImportPage
from aigc_studio.ui.library.last_folder import last_folder, note_folder
from aigc_studio.ui.library.work import ProgressLine, Work, elided
from aigc_studio.ui.local_paths import paths_of
from aigc_studio.ui.screen_room import fit

if TYPE_CHECKING:
    from aigc_studio.api import Progress
    from aigc_studio.library import DatasetInfo, DatasetStore, ImportOptions, Preflight
    from aigc_studio.library.texts.previews import TextPreview

_SETTLE_MS = 250
"""How long a person must rest from changing options before the files are looked at again."""


class ImportDialog(QDialog):
    """`imported` carries the name of the dataset that is new, or that the files joined."""

    imported = Signal(str)
    looked = Signal(object)
    """Carries what the last look found."""

    def __init__(self, store: DatasetStore, parent: QWidget | None = None, into: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Import data"))
        self.setAcceptDrops(True)
        fit(self, 900, 720)
        self._store = store
        self.paths: list[Path] = []
        self.found: Preflight | None = None
        self._preview: TextPreview | None = None
        self._named = ""  # what is wrong with the name
        self._wanted = into  # to be chosen once it is listed
        self._fixed: ImportOptions | None = None
        self._can_lead_on = False
        self.leads_on = False
        """Whether the person goes on to a training with what is imported."""
        self._errands = Errands(self)
        self.looking = Work(self)
        self.importing = Work(self)
        self.page = ImportPage(ProgressLine(self.looking), ProgressLine(self.importing), self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.look)
        self._connect()
        self._show_found()
        self._errands.run(store.list, self._fill_targets, self._refuse)

    def _connect(self) -> None:
        page = self.page
        page.choose_folder.clicked.connect(self._choose_folder)
        page.choose_files.clicked.connect(self._choose_files)
        page.paste.clicked.connect(self.paste)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.activated.connect(self.paste)
        page.medium_changed.connect(self._start_settling)
        page.target.chosen.connect(self._take_target)
        page.options.changed.connect(self._start_settling)
        page.frame.changed.connect(self._start_settling)
        page.near_twins.changed.connect(self._start_settling)
        page.name.textChanged.connect(self._show_name)
        page.accept.clicked.connect(self._import)
        page.only.clicked.connect(self._import_only)
        page.cancel.clicked.connect(self.reject)
        self.looking.progressed.connect(page.note_looking)
        self.looking.done.connect(self._take)
        self.looking.failed.connect(self._tell)
        self.looking.ended.connect(self._show_state)
        self.importing.done.connect(self._finish)
        self.importing.failed.connect(self._tell)
        self.importing.ended.connect(self._show_state)

    # What to import

    def set_paths(self, paths: list[Path]) -> None:
        """Look at these files and folders; the medium is that of most of them."""
        self.paths = paths
        shown = [without_odd_bytes(str(path)) for path in paths[:20]]
        names = enumerated(shown, 2)
        self.page.path.setText(elided(names, 90))
        self.page.path.setToolTip(tip("\n".join(shown)))
        if not self.page.name.text() and paths:
            chosen = paths[0].name if is_folder(paths[0]) else paths[0].stem
            self.page.name.setText(proper_name(chosen))
        self.page.set_paths(paths)
        self.found = None
        self._show_found()
        if self.page.target.name() or self._wanted:
            self.look()
        else:
            self.looking.start(lambda: import_looking.guess(paths))

    @Slot()
    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Choose a folder"), last_folder())
        if folder:
            note_folder(Path(folder))
            self.set_paths([Path(folder)])

    @Slot()
    def _choose_files(self) -> None:
        files, _kind = QFileDialog.getOpenFileNames(self, _("Choose files"), last_folder())
        if files:
            note_folder(Path(files[0]))
            self.set_paths([Path(file) for file in files])

    @Slot()
    def paste(self) -> None:
        """Look at the files on the clipboard, or at the text that is there."""
        if not self.importing.running and not self._can_lead_on:
            self._take_words(QGuiApplication.clipboard().mimeData() or QMimeData())

    def _take_words(self, mime: QMimeData) -> None:
        paths = paths_of(mime)
        if paths:
            self.set_paths(paths)
            return
        words = mime.text()
        if not words.strip():
            self._tell(_("There is no text on the clipboard: copy some first."))
            theme.set_kind(self.page.error, "secondary")  # nothing failed
            return
        self.looking.start(lambda: import_looking.keep(words))

    # What they become

    def _fill_targets(self, datasets: list[DatasetInfo]) -> None:
        """Datasets are there that files may join."""
        wanted, self._wanted = self._wanted, ""
        self.page.show_datasets(datasets, wanted)
        if wanted and not self.page.target.name() and self.paths:
            self.set_paths(self.paths)  # it is gone: they become a dataset of their own

    @Slot(str)
    def _take_target(self, name: str) -> None:
        """The files are to join this dataset, or none: what joins is read as what is there was."""
        self._fixed = None
        if name:
            store, take = self._store, partial(self._take_joining, name)
            self._errands.run_in_order(lambda: store.joining_options(name), take, self._refuse)
        else:
            self._take_joining(name, None)

    def _take_joining(self, name: str, options: ImportOptions | None) -> None:
        if name != self.page.target.name():
            return  # another was chosen meanwhile
        if options is not None and self._can_lead_on:
            options = replace(options, crop=None)  # what comes from the board was cut before
        self._fixed = options
        self.page.show_joining(options)
        self._show_name()
        if self.paths:
            self.look()

    def _refuse(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError | OSError):
            raise error
        self._tell(str(error))

    # Looking before

    @Slot()
    def _start_settling(self) -> None:
        if self.paths:
            self._settle.start()

    @Slot()
    def look(self) -> None:
        """Look at the files with the options as they are now."""
        from aigc_studio.api import StudioError

        into = self.page.target.name()
        if not self.paths or self._wanted or (into and self._fixed is None):
            return  # what they become is found out first
        self.found = None
        self._tell("")
        try:
            options = self.page.chosen_options()
        except StudioError as error:
            self._tell(str(error))
            return
        store, share = self._store, self.page.told()["test_share"]
        asked = Asked(list(self.paths), self.page.medium(), options, share, into)
        self.page.looking.begin(_("Looking at the files"))
        self.looking.start(lambda: import_looking.look(store, asked))
        self._show_state()

    @Slot(object)
    def _take(self, value: Any) -> None:
        if isinstance(value, Path):  # what was pasted
            self.set_paths([value])
            return
        if isinstance(value, str):  # the medium that was guessed
            self.page.set_medium(value)
            self.look()
            return
        found, preview = value
        if found.people and self._fixed is None and self.page.options.take_for_people():
            return  # it settles, and looks again
        self.found, self._preview = found, preview
        self._show_found()
        self.looked.emit(found)

    def _show_found(self) -> None:
        found = self.found
        are_pictures = self.page.medium() == "image"
        self.page.table.show_files(found.rows if found else (), pictures=are_pictures)
        if found or not self.paths:
            self.page.preview.show_preview(self._preview)
        self.page.options.show_form(found.options.split_text if found else "")
        if found and found.medium == "image":
            self.page.frame.show_files(found.rows)
        self.page.summary.setText(import_looking.summary(found) if found else "")
        remarks = list(found.remarks) if found else []
        if found and self.page.options.took_for_people:
            from aigc_studio.library.checks import people_text

            remarks.insert(0, people_text())
        self.page.show_remarks(remarks)
        if found and found.problem:
            self._tell(found.problem)
            self.page.more.set_open(True)  # it may name what is chosen there
        elif self._named:
            self._tell(self._named)
        self._show_state()

    # Importing

    def lead_on(self, paths: list[Path], words: str) -> None:
        """Look at these and no others, which are called so, and offer to go on to a training with
        what is imported; `leads_on` says whether it is wanted."""
        self._can_lead_on = True
        self.setAcceptDrops(False)
        self.set_paths(paths)
        self.page.show_only(words)

    @Slot()
    def _import_only(self) -> None:
        self._begin(False)

    @Slot()
    def _import(self) -> None:
        self._begin(self._can_lead_on)

    def _begin(self, leads_on: bool) -> None:
        self.leads_on = leads_on
        page = self.page
        store, paths, name = self._store, list(self.paths), page.name.text()
        medium, options = page.medium(), page.chosen_options()
        told, into = page.told(), page.target.name()
        self._tell("")
        page.importing.begin(_("Importing"))
        steps: Callable[[], Iterator[Progress]]
        if into:
            del told["test_share"]  # new ones are split as those that are there were
            steps = partial(store.add_files, into, paths, options, **told)
        else:
            steps = partial(store.import_files, paths, name, medium, options, **told)
        self.importing.start(steps, keeps=True)
        self._show_state()

    @Slot(object)
    def _finish(self, _value: object) -> None:
        from aigc_studio.library.names import checked_name

        self.imported.emit(self.page.target.name() or checked_name(self.page.name.text()))
        self.accept()

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        theme.set_kind(self.page.error, "error")
        self.page.error.setText(sentence)
        self.page.error.setVisible(bool(sentence))

    @Slot()
    def _show_name(self) -> None:
        """Say what is wrong with a name while it is typed: it is easier to mend than after a look
        at ten thousand files."""
        problem, former = self._name_problem(), self._named
        self._named = problem
        if problem:
            self._tell(problem)
        elif former and self.page.error.text() == former:
            self._tell(self.found.problem if self.found else "")
        self._show_state()

    def _name_problem(self) -> str:
        from aigc_studio.api import StudioError
        from aigc_studio.library.names import checked_name

        name = self.page.name.text()
        if not name.strip() or self.page.target.name():
            return ""
        try:
            checked_name(name, self._store.names())
        except StudioError as error:
            return str(error)
        return ""

    @Slot()
    def _show_state(self) -> None:
        busy = self.importing.running
        usable = self.found is not None and not self.found.problem and not self._named
        into = self.page.target.name()
        ready = usable and bool(into or self.page.name.text().strip()) and not busy
        self.page.accept.setEnabled(ready)
        self.page.set_locked(busy)
        count = self.found.examples if self.found and usable else 0
        self.page.only.setEnabled(ready)
        examples = examples_text(count) if count else ""
        self.page.show_verbs(examples, leads_on=self._can_lead_on)

    def reject(self) -> None:
        """Close; an import under way is broken off, and nothing of it stays."""
        self._break_off()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The same as `reject`."""
        self._break_off()
        super().closeEvent(event)

    def _break_off(self) -> None:
        for work in (self.looking, self.importing, self.page.near_twins.work):
            work.close()
        self.page.table.checks.pictures.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files, folders and texts may be dropped."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()
            self.page.drop_place.set_reached(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It was carried away again."""
        self.page.drop_place.set_reached(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        self.page.drop_place.set_reached(False)
        if not self.importing.running:
            self._take_words(event.mimeData())
