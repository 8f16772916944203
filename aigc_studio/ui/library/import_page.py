"""The controls of the import dialog, laid out; what they do is the dialog's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.api import limits
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.form import Section
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.library.asking import hint, in_line, no_default
from aigc_studio.ui.library.check_table import CheckTable
from aigc_studio.ui.library.drop_place import DropPlace
from aigc_studio.ui.library.formats import medium_text
from aigc_studio.ui.library.frame_page import FramePage
from aigc_studio.ui.library.import_options import OptionsForm
from aigc_studio.ui.library.import_target import ImportTarget
from aigc_studio.ui.library.near_twins_page import NearTwinsPage
from aigc_studio.ui.library.text_preview_page import TextPreviewPage
from aigc_studio.ui.library.work import ProgressLine

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo, ImportOptions

_licences = ("CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "Public domain")


class ImportPage(QWidget):
    """Files, medium, options, table, name and rights, and the buttons. Fills its dialog."""

    medium_changed = Signal()

    def __init__(self, looking: ProgressLine, importing: ProgressLine, dialog: QDialog) -> None:
        super().__init__(dialog)
        self.looking, self.importing = looking, importing
        self.table = CheckTable()
        self.options = OptionsForm()
        self.frame = FramePage(self._plain_options)
        self.near_twins = NearTwinsPage(self._plain_options)
        self.preview = TextPreviewPage()
        self.preview.column_chosen.connect(self.options.choose_column)
        self.tabs = QTabWidget()
        self.summary = _line("secondary")
        self.note = _line("secondary")
        """What there is to say of files that come from elsewhere than a disk."""
        self.note.hide()
        self.remarks = _line("warning")
        self.error = _line("error")
        self.error.hide()
        self._make_source()
        self._make_rights()
        self._make_tabs()
        self._lay_out(dialog)
        no_default(self)
        self.accept.setDefault(True)
        self.set_medium("image")

    def _make_source(self) -> None:
        self.path = ElidedLabel()
        theme.set_kind(self.path, "secondary")
        self.choose_folder = QPushButton(icons.icon("folder"), _("Folder…"))
        self.choose_files = QPushButton(icons.icon("open"), _("Files…"))
        self.paste = QPushButton(icons.icon("paste"), _("Paste"))
        self.paste.setToolTip(_("Make a dataset of the text or the files on the clipboard"))
        self._media = QButtonGroup(self)
        self.media: dict[str, QPushButton] = {}
        for medium in ("image", "text", "melody"):
            button = QPushButton(icons.icon(medium, theme.badge(medium)), medium_text(medium))
            button.setCheckable(True)
            self._media.addButton(button)
            self.media[medium] = button
        self._media.buttonClicked.connect(self._note_medium)
        self.drop_place = DropPlace((self.choose_files, self.choose_folder, self.paste))

    def _make_tabs(self) -> None:
        files = QWidget()
        inside = QVBoxLayout(files)
        inside.setContentsMargins(0, theme.GAP, 0, 0)
        inside.addWidget(self.table)
        self.tabs.addTab(files, _("Files"))
        self.tabs.addTab(self.frame, _("Crop"))
        self.tabs.addTab(self.near_twins, _("Near-duplicates"))
        self.tabs.addTab(self.preview, _("Preview"))
        self._of_media = {1: "image", 2: "image", 3: "text"}
        self.frame.sheet.frame_settled.connect(self._cut_to_squares)
        self.options.changed.connect(self.frame.show_results)

    def _make_rights(self) -> None:
        self.name = QLineEdit(placeholderText=_("What to call it"))
        self.name.setMinimumWidth(140)
        self.target = ImportTarget()
        self.licence = QComboBox(editable=True)
        self.licence.addItems(["", _("My own work"), *_licences])
        hint(self.licence, _("Who may use it, for what"))
        self.credit = QLineEdit(placeholderText=_("Who made it"))
        self.source = QLineEdit(placeholderText=_("Where it comes from"))
        self.consent = QLineEdit(placeholderText=_("Who agreed to it"))
        self.consent.setToolTip(_("Who agreed, where people can be recognised"))
        self.test_share = QSpinBox(minimum=0, maximum=90, value=10, suffix=" %")
        self.test_share.setToolTip(
            _("This part is never learnt from: it measures how good a model is")
        )
        in_line(self.test_share)
        self.accept = QPushButton(_("Import"))
        self.accept.setMinimumHeight(theme.MAIN_HEIGHT)
        theme.set_kind(self.accept, "primary")
        self.only = QPushButton(_("Import only"))
        self.only.setMinimumHeight(theme.MAIN_HEIGHT)
        self.only.hide()
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setMinimumHeight(theme.MAIN_HEIGHT)

    def _lay_out(self, dialog: QDialog) -> None:
        self._chosen = QWidget()
        self._chosen.hide()
        self._lay_out_chosen()
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.importing, 1)
        foot.addWidget(self.error, 1)
        foot.addStretch(0)
        for button in (self.cancel, self.only, self.accept):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.PADDING)
        layout.addWidget(self.drop_place, 1)
        layout.addWidget(self._chosen, 1)
        layout.addLayout(foot)
        whole = QVBoxLayout(dialog)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self)

    def _lay_out_chosen(self) -> None:
        """What is there once files are chosen: they, their name, and the rest folded away."""
        self._head = QHBoxLayout()
        self._head.setSpacing(theme.GAP)
        self._head.addWidget(self.path, 1)
        for button in self.media.values():
            self._head.addWidget(button)
        line = QFrame()
        theme.set_kind(line, "line")
        self.more = Section(_("More choices, licence and credit"))
        self.more.column.addWidget(self.options.rest)
        self.more.column.addLayout(self._rights())
        layout = QVBoxLayout(self._chosen)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.PADDING)
        layout.addLayout(self._head)
        layout.addWidget(self.tabs, 1)
        for widget in (self.looking, self.summary, self.note, self.remarks, line):
            layout.addWidget(widget)
        layout.addLayout(self._naming())
        layout.addWidget(self.more)

    def _naming(self) -> QGridLayout:
        """The name, and the choices that matter for the medium."""
        grid = _grid(((_("Import as"), self.target), (_("Name"), self.name)), 2)
        grid.setHorizontalSpacing(theme.SECTION)
        grid.addWidget(self.options, 0, 2, 2, 1)
        self._of_target = (self.target, _label_of(grid, 0))
        self._of_name = (self.name, _label_of(grid, 1))
        self._names = grid
        return grid

    def show_datasets(self, datasets: Sequence[DatasetInfo], wanted: str) -> None:
        """Offer datasets to join, with one of them chosen where it is wanted."""
        medium = self.target.show_datasets(datasets, wanted)
        if medium:
            self.set_medium(medium)
        self._show_names()

    def show_joining(self, options: ImportOptions | None) -> None:
        """Files are to join a dataset, by these options; none: they become one of their own."""
        self.options.fix(options)
        self.test_share.setEnabled(options is None)
        self._show_names()

    def _show_names(self) -> None:
        into = self.target.name()
        for widget in self._of_target:
            widget.setVisible(self.target.count() > 1)
        for widget in self._of_name:
            widget.setVisible(not into)
        self._names.setColumnStretch(1, 0 if into else 1)  # one is as wide as both of them

    def _rights(self) -> QGridLayout:
        fields = (
            (_("Licence"), self.licence), (_("Credit"), self.credit), (_("Source"), self.source),
            (_("Consent"), self.consent), (_("Held out"), self.test_share),
        )  # fmt: skip
        return _grid(fields, len(fields))

    def _show_chosen(self) -> None:
        """Files are there now: the ways to choose others stand over them."""
        if not self._chosen.isHidden():
            return
        self.drop_place.hide()
        for place, button in enumerate((self.choose_files, self.choose_folder, self.paste)):
            self._head.insertWidget(place, button)
        self._chosen.show()

    def medium(self) -> Any:
        """The medium that is chosen."""
        return next(name for name, button in self.media.items() if button.isChecked())

    def set_medium(self, medium: str) -> None:
        """Choose a medium and show its options."""
        self.media[medium].setChecked(True)
        self._show_medium()

    @Slot()
    def _note_medium(self) -> None:
        self._show_medium()
        self.medium_changed.emit()

    def _show_medium(self) -> None:
        medium = self.medium()
        self.options.show_medium(medium)
        self.target.show_medium(medium)
        self._show_names()
        for number, owner in self._of_media.items():
            self.tabs.setTabVisible(number, medium == owner)
        self.tabs.tabBar().setVisible(medium in self._of_media.values())

    @Slot()
    def _cut_to_squares(self) -> None:
        """A frame says what is wanted: no margin is added to what it leaves."""
        fit = self.options.fit
        if self.frame.crop() is not None and fit.currentData() == "pad":
            fit.setCurrentIndex(fit.findData("crop"))

    def set_paths(self, paths: list[Path]) -> None:
        """Other files: without a frame, and with none of them left out."""
        self._show_chosen()
        self.options.forget_people()
        self.frame.forget()
        self.near_twins.set_paths(paths)

    def chosen_options(self) -> ImportOptions:
        """All choices. Raises `StudioError` when they do not go together."""
        options = self._plain_options()
        if self.medium() != "image":
            return options
        return replace(options, left_out=self.near_twins.left_out())

    def _plain_options(self) -> ImportOptions:
        options = self.options.options()
        crop = self.frame.crop()
        return replace(options, crop=crop) if self.medium() == "image" and crop else options

    def told(self) -> dict[str, Any]:
        """What goes with the dataset: licence, credit, source, consent, part held out."""
        return {
            "licence": self.licence.currentText().strip(),
            "credit": self.credit.text().strip(),
            "source": self.source.text().strip(),
            "consent": self.consent.text().strip(),
            "test_share": self.test_share.value() / 100,
        }

    def show_verbs(self, examples: str, *, leads_on: bool) -> None:
        """What is done with so many examples, if they can be used; and then, where it leads on."""
        if self.target.name():
            words = _("Add and train…") if leads_on else _("Add")
            counted = _("Add {examples} and train…") if leads_on else _("Add {examples}")
            only = _("Add only")
        else:
            words = _("Import and train…") if leads_on else _("Import")
            counted = _("Import {examples} and train…") if leads_on else _("Import {examples}")
            only = _("Import only")
        self.accept.setText(counted.format(examples=examples) if examples else words)
        self.only.setText(only)
        self.only.setVisible(leads_on)

    def show_only(self, words: str) -> None:
        """No other files can be chosen than these, which are called so."""
        for button in (self.choose_files, self.choose_folder, self.paste):
            button.hide()
        self.path.setText(words)
        self.path.setToolTip("")

    def show_note(self, sentence: str) -> None:
        """Show what there is to say of where the files come from."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def show_remarks(self, remarks: Sequence[str]) -> None:
        """Show what is worth knowing, a line each."""
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))

    @Slot(object)
    def note_looking(self, event: Any) -> None:
        """Say how many files were looked at; of a long text the bar tells how far it was read."""
        if 0 < event.total <= limits.EXAMPLES:  # else they are bytes
            self.summary.setText(
                _("{step} of {total} files").format(
                    step=f"{event.step:,}", total=f"{event.total:,}"
                )
            )

    def set_locked(self, locked: bool) -> None:
        """While importing nothing can be changed."""
        for widget in (
            self.choose_folder, self.choose_files, self.paste, self.options, self.options.rest,
            self.name, self.target, self.licence, self.credit, self.source, self.consent,
            self.test_share, *self.media.values(), self.frame, self.near_twins, self.preview,
        ):  # fmt: skip
            widget.setEnabled(not locked)
        if self.target.name():  # new ones are split as those that are there were
            self.test_share.setEnabled(False)
        self._show_medium()


def _grid(fields: Sequence[tuple[str, QWidget]], across: int) -> QGridLayout:
    """Fields below their labels, so many in a row."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.GAP)
    grid.setVerticalSpacing(theme.GRID)
    for number, (text, field) in enumerate(fields):
        label = Label(text)
        label.setBuddy(field)
        field.setAccessibleName(text)
        theme.set_kind(label, "secondary")
        row, column = divmod(number, across)
        grid.addWidget(label, 2 * row, column)
        grid.addWidget(field, 2 * row + 1, column)
        grid.setColumnStretch(column, 1)
    return grid


def _label_of(grid: QGridLayout, column: int) -> QWidget:
    item = grid.itemAtPosition(0, column)
    label = item.widget() if item is not None else None
    assert label is not None
    return label


def _line(kind: str) -> QLabel:
    label = Label(wordWrap=True)
    theme.set_kind(label, kind)
    return label
