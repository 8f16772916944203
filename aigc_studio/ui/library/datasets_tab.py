"""The Datasets tab: what is there at the left, the one that is current at the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.jobs import Errands
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import NameDialog, ask_to_delete
from aigc_studio.ui.library.damaged_page import DamagedPage
from aigc_studio.ui.library.dataset_list import DatasetList
from aigc_studio.ui.library.dataset_view import DatasetView
from aigc_studio.ui.library.entries import Entry
from aigc_studio.ui.library.examples import ExamplePictures
from aigc_studio.ui.library.formats import examples_text, size_text

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo, DatasetStore
    from aigc_studio.ui.library.import_dialog import ImportDialog


class DatasetsTab(QWidget):
    """`datasets_changed` after any change; `packs_asked` when the person wants sample data;
    `training_wanted(dataset, medium)` when a model is to be trained on it."""

    training_wanted = Signal(str, str)

    datasets_changed = Signal()
    packs_asked = Signal()
    failed = Signal(str)

    def __init__(self, store: DatasetStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._errands = Errands(self)
        self.infos: dict[str, DatasetInfo] = {}
        self.broken: dict[str, str] = {}
        self._wanted = ""
        self.dialog: ImportDialog | None = None
        self.setAcceptDrops(True)
        self.list = DatasetList(_("Datasets"))
        self.list.entry_chosen.connect(self._show)
        self._pictures = ExamplePictures(store, self)
        self._pictures.loaded.connect(self.list.viewport().update)
        self.total = Label()
        theme.set_kind(self.total, "secondary")
        self.view = DatasetView(store)
        self.view.changed.connect(self._note_change)
        self.view.failed.connect(self.failed)
        self.view.damaged.connect(self._note_damage)
        self.view.training_wanted.connect(self.training_wanted)
        self.view.adding_wanted.connect(lambda name: self.import_paths([], name))
        self.damaged = DamagedPage()
        self.damaged.mend_asked.connect(self._mend)
        self._make_buttons()
        self._lay_out()

    def _make_buttons(self) -> None:
        self.add = QPushButton(icons.icon("import"), _("Import…"))
        self.add.setToolTip(_("Make a dataset of a folder or of files"))
        self.add.clicked.connect(self.ask_import)
        self.draw = QPushButton(icons.icon("brush"), _("Draw…"))
        self.draw.setToolTip(_("Draw the examples yourself, with mouse or pen"))
        self.draw.clicked.connect(self.ask_to_draw)
        self.packs = QPushButton(_("Sample packs"))
        self.packs.setToolTip(_("Data to begin with, from the package index"))
        self.packs.clicked.connect(self.packs_asked)
        self.rename = QPushButton(icons.icon("edit"), _("Rename…"))
        self.rename.clicked.connect(self._ask_name)
        self.delete = QPushButton(icons.icon("trash", "danger"), _("Delete…"))
        theme.set_kind(self.delete, "danger")
        self.delete.clicked.connect(self._ask_delete)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.add)
        buttons.addWidget(self.draw)
        more = QHBoxLayout()
        more.setSpacing(theme.GAP)
        more.addWidget(self.rename)
        more.addWidget(self.delete)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        column.setSpacing(theme.GAP)
        column.addLayout(buttons)
        column.addWidget(self.packs)
        column.addWidget(self.list, 1)
        column.addWidget(self.total)
        column.addLayout(more)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._empty())
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.damaged)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.stack)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([260, 700])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _empty(self) -> QWidget:
        page = QWidget()
        title = Label(_("No data yet"))
        theme.set_kind(title, "title")
        self.hint = text = Label(
            _(
                "Drop a folder of pictures, texts or tunes here, or fetch a sample pack. "
                "Sub-folders become labels."
            ),
            wordWrap=True,
        )
        theme.set_kind(text, "secondary")
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        add = QPushButton(icons.icon("import", "on_accent"), _("Import…"))
        theme.set_kind(add, "primary")
        add.clicked.connect(self.ask_import)
        packs = QPushButton(_("Sample packs"))
        packs.clicked.connect(self.packs_asked)
        draw = QPushButton(icons.icon("brush"), _("Draw…"))
        draw.clicked.connect(self.ask_to_draw)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addStretch(1)
        row.addWidget(add)
        row.addWidget(draw)
        row.addWidget(packs)
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.setSpacing(theme.PADDING)
        column.addStretch(1)
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(text)  # not aligned: a label that wraps would lose its lower lines
        column.addLayout(row)
        column.addStretch(2)
        return page

    @Slot()
    def refresh(self) -> None:
        """List what is on disk anew."""
        store = self._store
        self._errands.run_in_order(lambda: (store.list(), store.broken()), self._fill)

    def show_dataset(self, name: str) -> None:
        """Make a dataset current, now or when it is listed."""
        self._wanted = "" if self.list.choose(name) else name

    def _fill(self, found: tuple[list[DatasetInfo], Sequence[tuple[Path, str]]]) -> None:
        infos, broken = found
        self.infos = {info.name: info for info in infos}
        self.broken = {folder.name: sentence for folder, sentence in broken}
        self.list.fill(
            [
                *(self._entry(info) for info in infos),
                *(Entry(name, _("damaged"), "warning", "warning") for name in self.broken),
            ]
        )
        if self._wanted:
            self.show_dataset(self._wanted)
        total = sum(info.size for info in infos)
        self.total.setText(_("{size} on disk").format(size=size_text(total)) if infos else "")
        self._show(self.list.current())

    def _entry(self, info: DatasetInfo) -> Entry:
        about = f"{examples_text(info.examples)} · {size_text(info.size)}"

        def paint(painter: QPainter, spot: QRect) -> None:
            self._pictures.paint(painter, spot, info)

        icon, role = info.medium, theme.badge(info.medium)
        return Entry(info.name, about, icon, role, paint, info.title)

    @Slot(str)
    def _show(self, name: str) -> None:
        info = self.infos.get(name)
        damage = self.broken.get(name, "")
        self.stack.setCurrentIndex(2 if damage else 1 if info else 0)
        self.rename.setEnabled(info is not None)
        self.delete.setEnabled(info is not None or bool(damage))
        if damage:
            self.damaged.show_damage(name, damage)
        elif info is not None:
            self.view.show_dataset(info)

    @Slot(str, str)
    def _note_damage(self, name: str, sentence: str) -> None:
        """Its table can be read in part: that is found only when it is opened."""
        if name == self.list.current():
            self.damaged.show_damage(name, sentence, can_mend=True)
            self.stack.setCurrentIndex(2)

    @Slot(str)
    def _mend(self, name: str) -> None:
        self._errands.run_in_order(
            lambda: self._store.mend(name), self._note_delete, self._tell_failure
        )

    @Slot(object)
    def _note_change(self, info: DatasetInfo) -> None:
        self.infos[info.name] = info
        self.refresh()
        self.datasets_changed.emit()

    @Slot()
    def ask_import(self) -> None:
        """Open the import dialog with nothing chosen yet."""
        self.import_paths([])

    def import_paths(self, paths: list[Path], into: str = "") -> None:
        """Open the import dialog on these files and folders; they join a dataset where one is
        named, unless something else is chosen there."""
        from aigc_studio.ui.library.import_dialog import ImportDialog

        self.dialog = ImportDialog(self._store, self, into if into in self.infos else "")
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.destroyed.connect(self._forget_dialog)
        self.dialog.imported.connect(self._note_import)
        self.dialog.open()
        if paths:
            self.dialog.set_paths(paths)

    @Slot()
    def ask_to_draw(self) -> None:
        """Open the pad, where examples are drawn by hand."""
        from aigc_studio.ui.drawing.dialog import open_pad

        open_pad(self._store, (), self).made.connect(self._note_import)

    @Slot()
    def _forget_dialog(self) -> None:
        self.dialog = None

    @Slot(str)
    def _note_import(self, name: str) -> None:
        self._wanted = name
        self.refresh()
        self.datasets_changed.emit()

    @Slot()
    def _ask_name(self) -> None:
        name = self.list.current()
        dialog = NameDialog(_("Rename"), name, lambda new: self._store.rename(name, new), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._note_import(dialog.name.text().strip()))
        dialog.open()

    @Slot()
    def _ask_delete(self) -> None:
        name = self.list.current()
        title = self.infos[name].title if name in self.infos else name
        ask_to_delete(
            self,
            _("Delete the dataset {name}?").format(name=title),
            _("It cannot be brought back. Models made of it stay."),
            lambda: self._errands.run_in_order(
                lambda: self._store.delete(name), self._note_delete, self._tell_failure
            ),
        )

    def _note_delete(self, _nothing: object) -> None:
        self.refresh()
        self.datasets_changed.emit()

    def _tell_failure(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError | OSError):
            raise error
        self.failed.emit(str(error))
