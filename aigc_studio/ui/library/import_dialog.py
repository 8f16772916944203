"""Import: choose files, see what would be used and why not, name it, and watch it come in."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
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
from aigc_studio.jobs.drives import is_folder
from aigc_studio.library.names import proper_name
from aigc_studio.translation import _, enumerated, ngettext
from aigc_studio.ui import theme
from aigc_studio.ui.labels import tip
from aigc_studio.ui.library.formats import examples_text, labels_text
from aigc_studio.ui.library.import_page import ImportPage
from aigc_studio.ui.library.last_folder import last_folder, note_folder
from aigc_studio.ui.library.work import ProgressLine, Work, elided
from aigc_studio.ui.local_paths import paths_of
from aigc_studio.ui.screen_room import fit

if TYPE_CHECKING:
    from aigc_studio.library import DatasetStore, ImportOptions, Preflight
    from aigc_studio.library.texts.previews import TextPreview

_SETTLE_MS = 250
"""How long a person must rest from changing options before the files are looked at again."""


class ImportDialog(QDialog):
    """`imported` carries the name of the new dataset."""

    imported = Signal(str)

    def __init__(self, store: DatasetStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Import data"))
        self.setAcceptDrops(True)
        fit(self, 900, 720)
        self._store = store
        self.paths: list[Path] = []
        self.found: Preflight | None = None
        self._preview: TextPreview | None = None
        self._named = ""  # what is wrong with the name
        self.looking = Work(self)
        self.importing = Work(self)
        self.page = ImportPage(ProgressLine(self.looking), ProgressLine(self.importing), self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.look)
        self._connect()
        self._show_found()

    def _connect(self) -> None:
        page = self.page
        page.choose_folder.clicked.connect(self._choose_folder)
        page.choose_files.clicked.connect(self._choose_files)
        page.paste.clicked.connect(self.paste)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.activated.connect(self.paste)
        page.medium_changed.connect(self._start_settling)
        page.options.changed.connect(self._start_settling)
        page.frame.changed.connect(self._start_settling)
        page.near_twins.changed.connect(self._start_settling)
        page.name.textChanged.connect(self._show_name)
        page.accept.clicked.connect(self._import)
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
        self.looking.start(lambda: _guess(paths))

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
        if not self.importing.running:
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
        self.looking.start(lambda: _keep(words))

    # Looking before

    @Slot()
    def _start_settling(self) -> None:
        if self.paths:
            self._settle.start()

    @Slot()
    def look(self) -> None:
        """Look at the files with the options as they are now."""
        from aigc_studio.api import StudioError

        if not self.paths:
            return
        self.found = None
        self._tell("")
        try:
            options = self.page.chosen_options()
        except StudioError as error:
            self._tell(str(error))
            return
        paths, medium = list(self.paths), self.page.medium()
        store, share = self._store, self.page.told()["test_share"]
        self.page.looking.begin(_("Looking at the files"))
        self.looking.start(lambda: _look(store, paths, medium, options, share))
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
        if found.people and self.page.options.take_for_people():
            return  # it settles, and looks again
        self.found, self._preview = found, preview
        self._show_found()

    def _show_found(self) -> None:
        found = self.found
        are_pictures = self.page.medium() == "image"
        self.page.table.show_files(found.rows if found else (), pictures=are_pictures)
        if found or not self.paths:
            self.page.preview.show_preview(self._preview)
        self.page.options.show_form(found.options.split_text if found else "")
        if found and found.medium == "image":
            self.page.frame.show_files(found.rows)
        self.page.summary.setText(_summary(found) if found else "")
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

    @Slot()
    def _import(self) -> None:
        page = self.page
        store, paths, name = self._store, list(self.paths), page.name.text()
        medium, options = page.medium(), page.chosen_options()
        told = page.told()
        self._tell("")
        page.importing.begin(_("Importing"))
        self.importing.start(
            lambda: store.import_files(paths, name, medium, options, **told), keeps=True
        )
        self._show_state()

    @Slot(object)
    def _finish(self, _value: object) -> None:
        from aigc_studio.library.names import checked_name

        self.imported.emit(checked_name(self.page.name.text()))
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
        if not name.strip():
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
        ready = usable and bool(self.page.name.text().strip()) and not busy
        self.page.accept.setEnabled(ready)
        self.page.set_locked(busy)
        count = self.found.examples if self.found and usable else 0
        self.page.accept.setText(
            _("Import {examples}").format(examples=examples_text(count)) if count else _("Import")
        )

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


def _guess(paths: list[Path]) -> Generator[Any, None, str]:
    """The medium of most of the files, found out beside the window."""
    from aigc_studio.api import Progress
    from aigc_studio.library.checks import guess_medium

    yield Progress(0, 0)
    return guess_medium(paths)[0]


def _keep(words: str) -> Generator[Any, None, Path]:
    """The pasted text as a file."""
    from aigc_studio.api import Progress
    from aigc_studio.library.unpacking import pasted

    yield Progress(0, 0)
    return pasted(words.encode("utf-8", "surrogatepass"), _("Pasted text"))


def _look(
    store: DatasetStore, paths: list[Path], medium: Any, options: ImportOptions, test_share: float
) -> Generator[Any, None, tuple[Preflight, TextPreview | None]]:
    """What `checks.look` finds, whether the same is here already, and how a text is read."""
    found = yield from _look_over(store, paths, medium, options, test_share)
    if medium != "text":
        return found, None
    from aigc_studio.library.texts.previews import preview

    # The one in which something was guessed is the one to be looked at.
    rows = sorted(found.rows, key=lambda row: (not row.used, not row.remarks))
    return found, preview(rows[0].path, rows[0].name, found.options) if rows else None


def _look_over(
    store: DatasetStore, paths: list[Path], medium: Any, options: ImportOptions, test_share: float
) -> Generator[Any, None, Preflight]:
    from aigc_studio.library import checks

    found = yield from checks.look(paths, medium, options, test_share)
    same = store.same_as(found)
    if not same:
        return found
    remark = _("These examples are already here as the dataset {name}: this makes a second copy.")
    return replace(found, remarks=(remark.format(name=same), *found.remarks))


def _summary(found: Preflight) -> str:
    used = ngettext("{count} file used", "{count} files used", len(found.used))
    skipped = ngettext("{count} skipped", "{count} skipped", len(found.skipped))
    parts = [used.format(count=f"{len(found.used):,}")]
    if found.skipped:
        parts.append(skipped.format(count=f"{len(found.skipped):,}"))
    parts.append(examples_text(found.examples))
    if found.attributes:
        count = len(found.attributes)
        columns = ngettext("{count} attribute", "{count} attributes", count)
        parts.append(columns.format(count=count))
    if found.labels:
        parts.append(_("labels: {labels}").format(labels=labels_text(found.labels, 8)))
    return " · ".join(parts)
