"""The controls of the train dialog, laid out; what they do is the dialog's."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.library.identity import titled
from aigc_studio.library.summaries import rights
from aigc_studio.translation import _, language, localized, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.form import SchemaForm, Section
from aigc_studio.ui.labels import Label, shortened
from aigc_studio.ui.library.asking import in_line, no_default
from aigc_studio.ui.library.facts import Facts
from aigc_studio.ui.library.formats import examples_text, split_text
from aigc_studio.ui.training.mosaic import Mosaic

if TYPE_CHECKING:
    from aigc_studio.api import Description
    from aigc_studio.library import DatasetInfo, ModelInfo
    from aigc_studio.ui.training.lessons import Lessons

_LARGEST_SEED = 2**31 - 1


class TrainPage(QWidget):
    """Everything in the dialog. `length_changed` when minutes or steps changed."""

    length_changed = Signal()

    def __init__(self, description: Description, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._operations = description.of_verb("train")
        self.forms: dict[str, SchemaForm] = {}
        self._make_data()
        self._make_length()
        self._make_rest()
        self._lay_out(dialog)
        self.draw_button.setVisible(str(description.medium) == "image")
        no_default(self)
        self.accept.setDefault(True)
        self._show_operation()

    def _make_data(self) -> None:
        self.generator = _combo(_("Generator"))
        self.dataset = _combo(_("Learn from"))
        self.import_button = QPushButton(icons.icon("import"), _("Your own…"))
        self.import_button.setToolTip(_("Import files, a folder or an archive of your own"))
        self.draw_button = QPushButton(icons.icon("brush"), _("Draw…"))
        self.draw_button.setToolTip(_("Draw the examples yourself, with mouse or pen"))
        self.about = _line("secondary")
        self.mosaic = Mosaic(flat=True)
        self.mosaic.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.rights = Section(_("Licence and credit"))
        self.rights_facts = Facts()
        self.rights.column.addWidget(self.rights_facts)
        self.remarks = _line("warning")
        self.packs_section = Section(_("Fetch a sample pack"))
        self.packs = self.packs_section.column
        self._lacked_data = False
        self.model = _combo(_("Start from"))
        self.operation = _combo(_("What to train"))
        for each in self._operations:
            self.operation.addItem(localized(each.title), each.id)
        self.operation.currentIndexChanged.connect(self._show_operation)

    def _make_length(self) -> None:
        self.by_minutes = QRadioButton(_("Minutes"))
        self.by_minutes.setChecked(True)
        self.by_steps = QRadioButton(_("Steps"))
        self.minutes = QDoubleSpinBox(minimum=0.1, maximum=10_000, value=5, decimals=1)
        self.minutes.setSuffix(_(" min"))
        self.minutes.setAccessibleName(_("Minutes to train"))
        self.steps = QSpinBox(minimum=1, maximum=100_000_000, value=2000, singleStep=500)
        self.steps.setGroupSeparatorShown(True)
        self.steps.setAccessibleName(_("Steps to train"))
        self.steps.setEnabled(False)
        self.seed = QSpinBox(minimum=0, maximum=_LARGEST_SEED)
        self.buys = _line("secondary")
        for spin in (self.minutes, self.steps, self.seed):
            in_line(spin)
            spin.setFixedWidth(124)
        self.by_minutes.toggled.connect(self._note_length)
        self.minutes.valueChanged.connect(self.length_changed)
        self.steps.valueChanged.connect(self.length_changed)

    def _make_rest(self) -> None:
        self.seed.setAccessibleName(_("Seed"))
        self.seed.setToolTip(_("The same seed, data and steps give the same model"))
        self.dice = QToolButton()
        self.dice.setIcon(icons.icon("dice"))
        self.dice.setToolTip(_("Another seed"))
        self.dice.setAccessibleName(_("Another seed"))
        self.dice.clicked.connect(self._roll)
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Name of the model"))
        self.estimate = _line("secondary")
        self.error = _line("error")
        self.accept = QPushButton(icons.icon("train", "on_accent"), _("Train"))
        self.accept.setMinimumHeight(theme.MAIN_HEIGHT)
        theme.set_kind(self.accept, "primary")
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setMinimumHeight(theme.MAIN_HEIGHT)

    def _lay_out(self, dialog: QDialog) -> None:
        self._column = QVBoxLayout()
        self._column.setContentsMargins(*[theme.SECTION] * 4)
        self._column.setSpacing(theme.GRID)
        self._add_data()
        self._add(_("How long"), self._length_row())
        self._column.addWidget(self.buys)
        self._add(_("Name of the model"), self.name)
        self._add(_("Seed"), _row(self.seed, self.dice, None))
        self._column.addSpacing(theme.GAP)
        self._forms = QVBoxLayout()
        self._column.addLayout(self._forms)
        self._column.addStretch(1)
        inside = self._inside = QWidget()
        inside.setLayout(self._column)
        area = self._area = QScrollArea(widgetResizable=True)
        area.setAccessibleName(_("Train"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        line = QFrame()
        theme.set_kind(line, "line")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addWidget(line)
        whole.addLayout(self._foot())
        around = QVBoxLayout(dialog)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self)

    def _foot(self) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.SECTION, theme.GAP, theme.SECTION, theme.SECTION)
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.error)
        last = QHBoxLayout()
        last.setSpacing(theme.GAP)
        last.addWidget(self.estimate, 1)
        for button in (self.cancel, self.accept):
            last.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addLayout(last)
        return foot

    def wanted_height(self) -> int:
        """Pixels of height at which nothing has to be scrolled to."""
        view = self._area.viewport()
        self._inside.ensurePolished()
        self._column.activate()
        return self.height() - view.height() + self._column.totalHeightForWidth(view.width())

    def _add_data(self) -> None:
        self.generator_label = self._add(_("Generator"), self.generator)
        self._add(_("Learn from"), _row(self.dataset, self.import_button, self.draw_button))
        for widget in (self.mosaic, self.about, self.rights, self.remarks, self.packs_section):
            self._column.addWidget(widget)
        self._add(_("Start from"), self.model)
        if len(self._operations) > 1:
            self._add(_("What to train"), self.operation)

    def _add(self, text: str, control: QWidget) -> QLabel:
        label = Label(text)
        theme.set_kind(label, "heading")
        label.setBuddy(control)
        if self._column.count():
            self._column.addSpacing(theme.GAP)
        self._column.addWidget(label)
        self._column.addWidget(control)
        return label

    def _length_row(self) -> QWidget:
        return _row(self.by_minutes, self.minutes, self.by_steps, self.steps, None)

    # What stands in the controls

    def show_learners(self, learners: Sequence[Description], current: str) -> None:
        """Offer the generators that can be trained, where there is a choice."""
        for each in learners:
            icon = icons.icon(str(each.medium), theme.badge(str(each.medium)))
            self.generator.addItem(icon, localized(each.title), each.id)
        self.generator.setCurrentIndex(self.generator.findData(current))
        for part in (self.generator_label, self.generator):
            part.setVisible(len(learners) > 1)

    def fill_datasets(self, datasets: Sequence[DatasetInfo], wanted: str) -> None:
        """List the datasets; `wanted` becomes current, or else the one that was."""
        current = wanted or self.dataset.currentData()
        self.dataset.blockSignals(True)
        self.dataset.clear()
        for each in datasets:
            icon = icons.icon(each.medium, theme.badge(each.medium))
            self.dataset.addItem(icon, f"{each.title} · {examples_text(each.examples)}", each.name)
        if not datasets:
            self.dataset.addItem(_("No data yet: import some or fetch a pack"), "")
        self.dataset.setEnabled(bool(datasets))
        self.dataset.setCurrentIndex(max(self.dataset.findData(current), 0))
        self.dataset.blockSignals(False)

    def fill_models(self, models: Sequence[ModelInfo], wanted: str = "") -> None:
        """List the models that a training can start from; `wanted` (a digest) becomes current."""
        current = wanted or self.model.currentData()
        self.model.blockSignals(True)
        self.model.clear()
        self.model.addItem(_("Nothing: learn from scratch"), "")
        for each in models:
            name = titled(each, models)
            if each.shipped and name == each.title:
                name = _("{name} (comes with the studio)").format(name=name)
            self.model.addItem(icons.icon("chip"), name, each.digest)
        self.model.setCurrentIndex(max(self.model.findData(current), 0))
        self.model.blockSignals(False)

    def show_packs(self, any_pack: bool, any_data: bool) -> None:
        """Offer packs; open where there is nothing else to learn from, and closed once there is."""
        self.packs_section.setVisible(any_pack)
        if any_pack and self._lacked_data != (not any_data):
            self._lacked_data = not any_data
            self.packs_section.set_open(self._lacked_data)

    def show_dataset(self, info: DatasetInfo | None) -> None:
        """Say what is in the dataset that is chosen."""
        parts = []
        if info is not None:
            labels = ngettext("{count} label", "{count} labels", len(info.labels))
            labels = labels.format(count=len(info.labels)) if info.labels else ""
            parts = [split_text(info.train, info.test), labels]
        self.about.setText(" · ".join(part for part in parts if part))
        self.about.setVisible(bool(parts))
        self._show_rights(info)
        self.show_remarks([])

    def _show_rights(self, info: DatasetInfo | None) -> None:
        """Whose the data is stands folded in one line."""
        self.rights.setVisible(info is not None)
        if info is None:
            return
        licence = rights(info.licence, info.pack) or _("not recorded")
        self.rights_facts.show_facts(
            [
                (_("Licence"), licence),
                (_("Credit"), info.credit),
                (_("Consent"), info.consent),
                (_("Source"), info.source),
            ]
        )
        title = _("Licence: {licence}").format(licence=" ".join(licence.split()))
        self.rights.button.setText(shortened(title).replace("&", "&&"))

    def show_lessons(self, lessons: Lessons | None) -> None:
        """Show some of the examples; none: they are being read, or there are none."""
        self.mosaic.show_lessons(lessons)
        self.mosaic.setVisible(lessons is not None)

    def show_buys(self, words: str) -> None:
        """What the time that is chosen buys."""
        self.buys.setText(words)
        self.buys.setVisible(bool(words))

    def show_remarks(self, sentences: Sequence[str]) -> None:
        """What is worth knowing before."""
        self.remarks.setText("\n".join(sentences))
        self.remarks.setVisible(bool(sentences))

    def show_estimate(self, text: str, is_warning: bool) -> None:
        """Time and memory, or why it cannot begin: beside the button that this is about."""
        self.accept.setToolTip("" if self.accept.isEnabled() else text)
        theme.set_kind(self.estimate, "warning" if is_warning else "secondary")
        self.estimate.setText(text)
        self.estimate.setVisible(bool(text))

    def tell(self, sentence: str) -> None:
        """Say what cannot be; empty takes it away."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    def length(self) -> tuple[float | None, int | None]:
        """Minutes and steps; one of them is None."""
        if self.by_minutes.isChecked():
            return self.minutes.value(), None
        return None, self.steps.value()

    def values(self) -> dict[str, Any]:
        """What is worth remembering for the next training, as plain values."""
        return {
            "by_steps": self.by_steps.isChecked(),
            "minutes": self.minutes.value(),
            "steps": self.steps.value(),
            "operation": self.operation_id(),
            "parameters": self.parameters(),
        }

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show what `values` gave before; what does not fit is passed over."""
        minutes, steps = values.get("minutes"), values.get("steps")
        if isinstance(minutes, int | float) and not isinstance(minutes, bool):
            self.minutes.setValue(min(float(minutes), self.minutes.maximum()))
        if type(steps) is int:
            self.steps.setValue(max(1, min(steps, self.steps.maximum())))
        (self.by_steps if values.get("by_steps") is True else self.by_minutes).setChecked(True)
        place = self.operation.findData(values.get("operation"))
        if place >= 0:
            self.operation.setCurrentIndex(place)
            form, parameters = self.forms.get(self.operation_id()), values.get("parameters")
            if form is not None and isinstance(parameters, dict):
                form.set_values(parameters)

    def operation_id(self) -> str:
        """The id of the train operation that is chosen."""
        return str(self.operation.currentData() or "train")

    def parameters(self) -> dict[str, Any]:
        """What the form says."""
        form = self.forms.get(self.operation_id())
        return form.values() if form is not None else {}

    def set_errors(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Show sentences beside their fields; returns those that have none."""
        form = self.forms.get(self.operation_id())
        return form.set_errors(errors) if form is not None else dict(errors)

    @Slot()
    def _show_operation(self) -> None:
        key = self.operation_id()
        for each in self._operations:
            if each.id == key and key not in self.forms:
                form = SchemaForm(each.schema, language())
                self.forms[key] = form
                self._forms.addWidget(form)
        for name, form in self.forms.items():
            form.setVisible(name == key and not form.is_empty())

    @Slot()
    def _note_length(self) -> None:
        self.minutes.setEnabled(self.by_minutes.isChecked())
        self.steps.setEnabled(self.by_steps.isChecked())
        self.length_changed.emit()

    @Slot()
    def _roll(self) -> None:
        self.seed.setValue(random.randrange(1_000_000))


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setIconSize(QSize(16, 16))
    combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    combo.setMinimumContentsLength(12)
    return combo


def _line(kind: str) -> QLabel:
    label = Label(wordWrap=True)
    label.hide()
    theme.set_kind(label, kind)
    return label


def _row(*widgets: QWidget | None) -> QWidget:
    """Widgets side by side; None is room between them."""
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.GAP)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget, int(isinstance(widget, QComboBox)))
    return whole
