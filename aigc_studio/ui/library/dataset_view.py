"""One dataset: its facts, its split, its examples to look through and mend."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.api import limits
from aigc_studio.jobs import Errands
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.form import Section
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import ask_to_delete, hint
from aigc_studio.ui.library.attribute_filters import AttributeFilters
from aigc_studio.ui.library.attribute_table import AttributePanel
from aigc_studio.ui.library.dataset_facts import facts_of, rights_of
from aigc_studio.ui.library.example_grid import ExampleGrid
from aigc_studio.ui.library.facts import Facts, SplitBar
from aigc_studio.ui.library.formats import examples_text
from aigc_studio.ui.library.rights_dialog import RightsDialog

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo, DatasetStore
    from aigc_studio.library.rows import Browser

AT_ONCE = 5_000
"""Examples that are looked through at once; of more, what fits is found beside the window."""


class DatasetView(QWidget):
    """Shows a dataset. `changed` carries its `DatasetInfo` after a change; `failed` a sentence;
    `damaged` its name, and the sentence that says why it cannot be opened; `training_wanted` its
    name and medium; `adding_wanted` its name: more is to join it."""

    training_wanted = Signal(str, str)
    adding_wanted = Signal(str)
    changed = Signal(object)
    failed = Signal(str)
    damaged = Signal(str, str)

    def __init__(self, store: DatasetStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._errands = Errands(self)
        self._info: DatasetInfo | None = None
        self._browser: Browser | None = None
        self._asked = self._finding = 0
        self.title = Label()
        theme.set_kind(self.title, "title")
        self.train = QPushButton(icons.icon("train"), _("Use for training…"))
        self.train.setToolTip(_("Train a model on this data"))
        self.train.clicked.connect(self._ask_training)
        self.add = QPushButton(icons.icon("plus"), _("Add…"))
        self.add.setToolTip(_("Let more files join this data"))
        self.add.clicked.connect(self._ask_adding)
        self.edit = QPushButton(icons.icon("edit"), _("Rights and split…"))
        self.edit.setToolTip(_("Licence, credit, source, consent, and how much is held out"))
        self.edit.clicked.connect(self._ask_rights)
        self.split = SplitBar()
        self.facts, self.about = Facts(), Facts()
        self.rights = Section(_("Licence and source"))
        self.rights.column.addWidget(self.about)
        self.grid = ExampleGrid()
        self.grid.selectionModel().selectionChanged.connect(self._show_chosen)
        self.grid.examples.modelReset.connect(self._show_chosen)
        self._make_filter()
        self._make_actions()
        self._lay_out()
        self._show_chosen()

    def _make_filter(self) -> None:
        self.filters, self.attributes = AttributeFilters(), AttributePanel()
        self.filters.changed.connect(self._filter)
        self.words = QLineEdit(placeholderText=_("Search names and labels"))
        self.words.setClearButtonEnabled(True)
        self.words.setAccessibleName(_("Search examples"))
        self.label = QComboBox()
        self.label.setAccessibleName(_("Show label"))
        self.part = QComboBox()
        self.part.setAccessibleName(_("Show part"))
        parts: tuple[tuple[str, dict[str, Any]], ...] = (
            (_("All examples"), {}),
            (_("To learn from"), {"split": "train", "excluded": False}),
            (_("Held out"), {"split": "test", "excluded": False}),
            (_("Left out"), {"excluded": True}),
        )
        for text, wanted in parts:
            self.part.addItem(text, wanted)
        self.words.textChanged.connect(self._filter)
        self.label.currentIndexChanged.connect(self._filter)
        self.part.currentIndexChanged.connect(self._filter)

    def _make_actions(self) -> None:
        self.count = Label()
        theme.set_kind(self.count, "secondary")
        self.new_label = QComboBox(editable=True)
        self.new_label.setMinimumWidth(110)
        self.new_label.setAccessibleName(_("New label"))
        hint(self.new_label, _("Label"))
        self.relabel = QPushButton(_("Set label"))
        self.relabel.setToolTip(_("Give the selected examples this label; empty removes it"))
        self.relabel.clicked.connect(self._relabel)
        self.leave_out = QPushButton(icons.icon("eye-off"), _("Leave out"))
        self.leave_out.setToolTip(_("Nothing is learnt from them; they stay on disk"))
        self.leave_out.clicked.connect(self._leave_out)
        self.take_back = QPushButton(icons.icon("eye"), _("Include again"))
        self.take_back.clicked.connect(self._take_back)
        self.remove = QPushButton(icons.icon("trash", "danger"), _("Delete…"))
        theme.set_kind(self.remove, "danger")
        self.remove.setToolTip(_("Delete the selected examples for good"))
        self.remove.clicked.connect(self._ask_remove)

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(theme.GAP)
        filters.addWidget(self.words, 1)
        filters.addWidget(self.label)
        filters.addWidget(self.part)
        filters.addWidget(self.filters.chooser)
        middle = QHBoxLayout()
        middle.setSpacing(theme.PADDING)
        middle.addWidget(self.grid, 1)
        middle.addWidget(self.attributes)
        actions = QHBoxLayout()
        actions.setSpacing(theme.GAP)
        actions.addWidget(self.count, 1)
        for widget in (
            self.new_label, self.relabel, self.leave_out, self.take_back, self.remove,
        ):  # fmt: skip
            actions.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SECTION, theme.PADDING, theme.PADDING, theme.PADDING)
        layout.setSpacing(theme.GAP)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title, 1)
        head.addWidget(self.add)
        head.addWidget(self.edit)
        head.addWidget(self.train)
        layout.addLayout(head)
        layout.addWidget(self.split)
        layout.addWidget(self.facts)
        layout.addWidget(self.rights)
        layout.addLayout(filters)
        layout.addWidget(self.filters)
        layout.addLayout(middle, 1)
        layout.addLayout(actions)

    def show_dataset(self, info: DatasetInfo) -> None:
        """Show a dataset; its examples come when they are read."""
        other = self._info is None or self._info.name != info.name
        self._info = info
        self.title.setText(info.title)
        self.split.show_split(info.train, info.test)
        self.facts.show_facts(facts_of(info))
        self.about.show_facts(rights_of(info))
        self._fill_labels(info, other)
        self.attributes.show_attributes(info.attributes, info.word)
        if other:
            self.filters.clear()
        self.filters.show_attributes(info.attributes, info.examples, info.word)
        if other:
            self._browser = None
            self.grid.show_examples(None, [])
        self._asked += 1
        asked, name = self._asked, info.name
        self._errands.run(
            lambda: self._store.browse(name),
            lambda browser: self._show_browser(asked, browser),
            lambda error: self._tell_damage(asked, name, error),
        )

    def _show_browser(self, asked: int, browser: Browser) -> None:
        if asked == self._asked:
            self._browser = browser
            in_texts = browser.medium == "text"
            self.words.setPlaceholderText(
                _("Search in the texts") if in_texts else _("Search names and labels")
            )
            self._filter()

    def _fill_labels(self, info: DatasetInfo, other: bool) -> None:
        wanted = None if other else self.label.currentData()
        self.label.blockSignals(True)
        self.label.clear()
        self.label.addItem(_("All labels"), None)
        # A list of more would hold up the window; the field beside it finds the others.
        labels = list(itertools.islice(info.labels.items(), limits.CHOICES))
        for label, count in labels:
            self.label.addItem(f"{label} ({count:,})", label)
        if info.labels and sum(info.labels.values()) < info.examples:
            self.label.addItem(_("No label"), "")
        self.label.setCurrentIndex(max(self.label.findData(wanted), 0))
        self.label.setVisible(bool(info.labels))
        self.label.blockSignals(False)
        self.new_label.clear()
        self.new_label.addItems([label for label, _count in labels])
        self.new_label.setCurrentText("")

    @Slot()
    def _filter(self) -> None:
        browser = self._browser
        if browser is None:
            return
        find = partial(
            browser.find,
            label=self.label.currentData(),
            words=self.words.text(),
            attributes=self.filters.wanted(),
            **self.part.currentData(),
        )
        self._finding += 1
        within = browser.medium == "text" and self.words.text().strip()
        if within or len(browser) > AT_ONCE:
            finding = self._finding  # which takes its time
            self._errands.run(find, lambda numbers: self._show_numbers(finding, browser, numbers))
        else:
            self.grid.show_examples(browser, find())

    def _show_numbers(self, finding: int, browser: Browser, numbers: list[int]) -> None:
        if finding == self._finding and browser is self._browser:
            self.grid.show_examples(browser, numbers)

    @Slot()
    def _show_chosen(self) -> None:
        chosen, shown = self.grid.chosen(), len(self.grid.examples.numbers)
        browser = self._browser if self._info is not None and self._info.excluded else None
        left_out = [browser is not None and browser.is_excluded(each) for each in chosen]
        for button in (self.relabel, self.new_label, self.remove):
            button.setEnabled(bool(chosen))
        self.leave_out.setEnabled(not all(left_out))
        self.take_back.setEnabled(any(left_out))
        self.take_back.setVisible(bool(self._info and self._info.excluded))
        text = _("{shown} shown").format(shown=f"{shown:,}")
        if chosen:
            text = _("{chosen} of {shown} selected").format(
                chosen=f"{len(chosen):,}", shown=f"{shown:,}"
            )
        self.count.setText(text)
        if self._browser is not None and self.attributes.isVisibleTo(self):
            browser = self._browser
            self.attributes.show_values([browser.info(each).attributes for each in chosen[:2000]])

    @Slot()
    def _relabel(self) -> None:
        label = self.new_label.currentText()
        labels = dict.fromkeys(self.grid.chosen(), label)
        self._change(lambda name: self._store.relabel(name, labels))

    @Slot()
    def _leave_out(self) -> None:
        chosen = self.grid.chosen()
        self._change(lambda name: self._store.exclude(name, chosen))

    @Slot()
    def _take_back(self) -> None:
        chosen = self.grid.chosen()
        self._change(lambda name: self._store.exclude(name, chosen, False))

    @Slot()
    def _ask_training(self) -> None:
        if self._info is not None:
            self.training_wanted.emit(self._info.name, self._info.medium)

    @Slot()
    def _ask_adding(self) -> None:
        if self._info is not None:
            self.adding_wanted.emit(self._info.name)

    @Slot()
    def _ask_rights(self) -> None:
        if self._info is not None:
            dialog = RightsDialog(self._info, self._store, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.changed.connect(self.changed)
            dialog.open()

    @Slot()
    def _ask_remove(self) -> None:
        chosen = self.grid.chosen()
        question = _("Delete {examples} for good?").format(examples=examples_text(len(chosen)))
        consequence = _("They cannot be brought back. To keep them on disk, leave them out.")
        ask_to_delete(
            self,
            question,
            consequence,
            lambda: self._change(lambda name: self._store.remove(name, chosen)),
        )

    def _change(self, action: Callable[[str], Any]) -> None:
        if self._info is None:
            return
        name = self._info.name
        self._errands.run_in_order(lambda: action(name), self.changed.emit, self._tell_failure)

    def _tell_damage(self, asked: int, name: str, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError):
            raise error
        if asked == self._asked:
            self._info = None  # or it would show its grid again when it is mended
            self.damaged.emit(name, str(error))

    def _tell_failure(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError):
            raise error
        self.failed.emit(str(error))
