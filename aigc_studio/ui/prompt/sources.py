"""Which generator and which of its models: the head of the prompt panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from aigc_studio.api import Description, Measure
from aigc_studio.library.identity import SHORT, label, recalled, titled, usual
from aigc_studio.library.summaries import numbers, plain_line
from aigc_studio.translation import _, labelled, language, localized, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.controls import Choice
from aigc_studio.ui.labels import Label, tip
from aigc_studio.ui.library.entries import EntryPainter
from aigc_studio.ui.model_pictures import ModelButton, model_entry
from aigc_studio.ui.prompt.values import medium_title

_POPUP_WIDTH = 264


class GeneratorRow(QWidget):
    """A combo box of the generators that are ready, and the way to those that are not. The one in
    use stays in it when it fails.

    `changed` carries the record that is chosen, `plugins_requested` asks for the Plugins window.
    """

    changed = Signal(object)
    plugins_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records: list[Any] = []
        self._told: list[Any] = []
        label = Label(_("Generator"))
        self.combo = Choice()
        self.combo.setIconSize(QSize(16, 16))
        self.combo.setAccessibleName(_("Generator"))
        label.setBuddy(self.combo)
        self._more = QToolButton()
        self._more.setIcon(icons.icon("plugins", "muted"))
        self._more.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self._more.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        self._more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._more.setToolTip(_("Plugins…"))
        self._more.setAccessibleName(_("Open the Plugins window"))
        self._broken = _link()
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        row.setSpacing(theme.GRID)
        row.addWidget(self.combo, 1)
        row.addWidget(self._more)
        column.addWidget(label)
        column.addLayout(row)
        column.addWidget(self._broken, 0, Qt.AlignmentFlag.AlignLeft)
        self.combo.currentIndexChanged.connect(self._chosen)
        self._more.clicked.connect(self.plugins_requested)
        self._broken.clicked.connect(self.plugins_requested)
        theme.scheme_changed.connect(self.combo.update)

    def set_records(self, records: Sequence[Any], wanted: str = "") -> None:
        """Offer the records that are ready; keeps the choice, or takes `wanted`, or the first."""
        current, told = self.record(), list(records)
        if current is not None and not wanted and told == self._told:
            return
        self._told = told
        wanted = wanted or (current.description.id if current else "")
        known = [each for each in records if each.description]
        self._records = [
            each for each in known if each.state == "ready" or _is_kept(each, wanted, known)
        ]
        others = [each for each in records if each not in self._records]
        broken = sum(each.state in ("failed", "incompatible") for each in others)
        self.combo.blockSignals(True)
        self.combo.clear()
        for record in self._records:
            about: Description = record.description
            badge = icons.icon(str(about.medium), theme.badge(str(about.medium)))
            if record.state != "ready":
                badge = icons.icon("warning", "danger")
            self.combo.addItem(badge, localized(about.title), about.id)
            medium, summary = medium_title(str(about.medium)), localized(about.summary)
            self.combo.setItemData(
                self.combo.count() - 1,
                tip(labelled(medium, summary) if summary else medium),
                Qt.ItemDataRole.ToolTipRole,
            )
        self.combo.setCurrentIndex(max(0, self.combo.findData(wanted)) if self._records else -1)
        self.combo.blockSignals(False)
        self.combo.setEnabled(bool(self._records))
        text = ngettext("{n} plugin does not work…", "{n} plugins do not work…", broken)
        self._broken.setText(text.format(n=broken))
        self._broken.setVisible(broken > 0)
        now = self.record()
        # Whoever is typing a prompt must not be disturbed because plugins were looked at again.
        if _said(current) != _said(now) or now is None:
            self._chosen()

    def record(self) -> Any:
        """The record that is chosen, or None."""
        index = self.combo.currentIndex()
        return self._records[index] if 0 <= index < len(self._records) else None

    def description(self) -> Description | None:
        """What the one that is chosen says of itself."""
        record = self.record()
        return record.description if record else None

    def descriptions(self) -> list[Description]:
        """What those that are ready say of themselves."""
        return [record.description for record in self._records if record.state == "ready"]

    def fault(self) -> Any:
        """The record that is chosen if it does not work as it is now, or None."""
        record = self.record()
        return record if record is not None and record.state != "ready" else None

    def choose(self, generator: str) -> bool:
        """Choose a generator by its id; False when it is not there."""
        index = self.combo.findData(generator)
        if index >= 0:
            self.combo.setCurrentIndex(index)
        return index >= 0

    def _chosen(self) -> None:
        words = self.combo.itemData(self.combo.currentIndex(), Qt.ItemDataRole.ToolTipRole)
        self.combo.setToolTip(words or "")
        self.changed.emit(self.record())


class ModelRow(QWidget):
    """What the model makes, a combo box of the generator's models, and one plain line about it.

    `changed` fires when another model is chosen, `train_requested` when there is none to choose,
    `opened` with the name of the model that a person wants to look at.
    """

    changed = Signal()
    train_requested = Signal()
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: list[Any] = []
        self._all: list[Any] = []
        self.complete = True
        self.recall: Callable[[str], tuple[str, str]] = lambda _generator: ("", "")
        """Name and digest of the model that the person chose for a generator before."""
        self.picked = False
        """Whether the person chose the one that is shown; else it was there by itself."""
        self._trains, self._medium = False, ""
        self._own: Mapping[str, Measure] | None = None
        self.heading = Label(_("Model"))
        self.combo = Choice()
        self.combo.setAccessibleName(_("Model"))
        # Open, it shows what each of them makes; closed, the picture beside it does.
        self.combo.view().setItemDelegate(EntryPainter(self.combo))
        self.combo.view().setMinimumWidth(_POPUP_WIDTH)
        self.heading.setBuddy(self.combo)
        self.picture = ModelButton(QSize(80, 64))
        self.picture.clicked.connect(lambda: self.opened.emit(self.picture.model_digest))
        self.about = Label()
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        theme.set_kind(self.about, "secondary")
        self._train = _link()
        self._train.setText(_("Train one…"))
        self._lay_out()
        self.combo.currentIndexChanged.connect(self._chosen)
        self.combo.activated.connect(self._confirmed)
        self._train.clicked.connect(self.train_requested)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(self.combo)
        column.addWidget(self.about)
        column.addWidget(self._train, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.GRID)
        whole.addWidget(self.heading)
        whole.addLayout(row)

    def set_models(self, models: Sequence[Any], complete: bool = True) -> None:
        """All models of all generators; until they are `complete`, none yet does not mean none."""
        self._all, self.complete = list(models), complete

    def show_for(self, about: Description) -> None:
        """Offer those of one generator; hidden where it neither has nor makes models.

        The choice stays; where there is none yet the one of before is taken, and else the usual
        one, which is never one of the person's own while there is one that came along.
        """
        generator, trains, medium = about.id, "train" in about.verbs, str(about.medium)
        before = self.model()
        self._trains, self._medium, self._own = trains, medium, about.metrics
        self._models = [model for model in self._all if model.generator == generator]
        kept = self._kept(before, generator)
        self.combo.blockSignals(True)
        self.combo.clear()
        for model in self._models:
            self.combo.addItem(_title(model, self._models), model.digest)
            entry = model_entry(self.combo.itemText(self.combo.count() - 1), model, medium)
            for role, value in entry.roles().items():
                self.combo.setItemData(self.combo.count() - 1, value, role)
        self.combo.setCurrentIndex(self._models.index(kept) if kept is not None else -1)
        self.combo.blockSignals(False)
        self.setVisible(bool(self._models) or trains)
        self._show()
        if self.model() is not before:
            self.changed.emit()

    def of(self, generator: str) -> list[Any]:
        """The models of a generator, which need not be the one in use."""
        return [model for model in self._all if model.generator == generator]

    def begun_with(self, generator: str) -> Any:
        """What a generator is used with until another model is chosen: the one of before, or else
        the usual one of the language spoken; None where it has none."""
        return self._recalled(generator) or usual(self.of(generator), language())

    def _recalled(self, generator: str) -> Any:
        name, digest = self.recall(generator)
        return recalled(self.of(generator), digest, name)

    def _kept(self, before: Any, generator: str) -> Any:
        """What is shown of a generator's models after `before`; `picked` says by whose choice."""
        stays = before is not None and before.generator == generator
        models = self.of(generator)
        kept = recalled(models, before.digest, before.name) if stays else self._recalled(generator)
        self.picked = kept is not None and (self.picked or not stays)
        return kept or usual(models, language())

    def model(self) -> Any:
        """The model that is chosen, or None."""
        index = self.combo.currentIndex()
        return self._models[index] if 0 <= index < len(self._models) else None

    def word(self) -> str:
        """What the shell calls the model that is chosen: its name, or its digest beside a twin."""
        model = self.model()
        if model is None:
            return ""
        alone = label(model, self._models) == model.name
        return str(model.name if alone else model.digest[:SHORT])

    def choose(self, name: str, digest: str = "") -> bool:
        """Choose a model by its digest, or by its name where no digest is known.

        False when it is not there, though another one may have its name. One that is there by
        itself is chosen by this as well.
        """
        found = recalled(self._models, digest, name)
        if found is not None and found is self.model():
            self._confirmed()
        elif found is not None:
            self.combo.setCurrentIndex(self._models.index(found))
        return found is not None

    def answers(self, name: str, digest: str) -> bool:
        """Whether what is chosen is what something was made with: this model, or none."""
        model = self.model()
        return bool(model.answers(digest, name)) if model is not None else not (digest or name)

    def is_missing(self) -> bool:
        """Whether the generator learns, but has no model yet."""
        return self._trains and not self._models

    def _confirmed(self) -> None:
        """The one that was shown by itself is chosen; another one was told as it came in view."""
        if not self.picked:
            self._chosen()

    def _chosen(self) -> None:
        self.picked = True
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        model = self.model()
        self.combo.setVisible(bool(self._models))
        self._train.setVisible(self.is_missing() and self.complete)
        self.picture.show_model(model, self._medium)
        self.picture.setVisible(model is not None)
        nothing = _("There is no model yet.") if self.complete else _("Looking for models…")
        line = nothing if model is None else plain_line(model.card, self._own)
        self.about.setText(line)
        self.about.setVisible(bool(line))
        told = numbers(model.card, self._own) if model is not None else ""
        self.about.setToolTip(tip(told))
        self.about.setAccessibleDescription(told)


def _title(model: Any, models: Sequence[Any]) -> str:
    """What the box calls a model: two of one name are told apart."""
    title = titled(model, models)
    if model.shipped and title == model.title:
        return _("{name} (included)").format(name=title)
    return title


def _is_kept(record: Any, wanted: str, known: Sequence[Any]) -> bool:
    """Whether a generator that fails stays to choose: it is in use, and no other has its name."""
    same = [each for each in known if each.description.id == wanted]
    return record in same and record.state in ("failed", "incompatible") and len(same) == 1


def _said(record: Any) -> Any:
    """What a record's generator says of itself; equal when nothing has changed."""
    return record and record.description.to_json()


def _link() -> QPushButton:
    button = QPushButton()
    theme.set_kind(button, "link")
    button.hide()
    return button
