"""The Models tab: what training made and what came with the studio, and their cards."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.jobs import Errands
from aigc_studio.library.evaluation import choices, own_data
from aigc_studio.library.identity import titled
from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import NameDialog, ask_to_delete
from aigc_studio.ui.library.damaged_page import DamagedPage
from aigc_studio.ui.library.entries import Entry, EntryList
from aigc_studio.ui.library.formats import size_text
from aigc_studio.ui.library.model_order import ModelOrder
from aigc_studio.ui.library.model_view import ModelView
from aigc_studio.ui.model_pictures import medium_of_card, model_entry

if TYPE_CHECKING:
    from aigc_studio.api import Description, Measure, Progress
    from aigc_studio.library import DatasetInfo, DatasetStore, ModelInfo, ModelStore
    from aigc_studio.ui.library.model_exchange import ModelExchange


class ModelsTab(QWidget):
    """`models_changed` after any change; `failed` and `told` carry a sentence.

    `use_wanted`, `train_wanted` and `sample_wanted` carry the model that is to be used, trained on,
    or to make something that it is known by. `measure_wanted` carries one and the name of the data
    that it is to be measured on, `measure_cancelled` one that is not to be measured after all.
    """

    models_changed = Signal()
    use_wanted = Signal(object)
    train_wanted = Signal(object)
    sample_wanted = Signal(object)
    measure_wanted = Signal(object, str)
    measure_cancelled = Signal(object)
    failed = Signal(str)
    told = Signal(str)

    def __init__(
        self, store: ModelStore, datasets: DatasetStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._datasets = store, datasets
        self._errands = Errands(self)
        self.write = self._errands.write
        """Writes models and reports; the window's own, so that it does not close meanwhile."""
        self.models: dict[str, ModelInfo] = {}
        self._wanted = ""
        self.list = EntryList(_("Models"))
        self.list.entry_chosen.connect(self._show)
        self.order = ModelOrder()
        self.order.currentIndexChanged.connect(self._list_again)
        self.total = Label(wordWrap=True)
        theme.set_kind(self.total, "secondary")
        self.broken = Label(wordWrap=True)
        theme.set_kind(self.broken, "warning")
        self.broken.hide()
        self.view = ModelView()
        self.view.use_wanted.connect(self.use_wanted)
        self.view.train_wanted.connect(self.train_wanted)
        self.view.sample_wanted.connect(self._ask_sample)
        self.view.measure_wanted.connect(self._ask_data)
        self.view.measuring.chosen.connect(self._measure)
        self.view.measure_cancelled.connect(self.measure_cancelled)
        self.measuring_of: Callable[[str], tuple[bool, Progress | None]] = lambda _digest: (
            False,
            None,
        )
        self._generators: Mapping[str, Description] = {}
        self._sampled: set[str] = set()
        self.damaged = DamagedPage()
        self.damages: dict[str, str] = {}
        self._make_buttons()
        self._lay_out()

    @functools.cached_property
    def exchange(self) -> ModelExchange:
        """Takes models from files and writes them to some; made for the first of these."""
        from aigc_studio.ui.library.model_exchange import ModelExchange

        made = ModelExchange(self._store, lambda *work: self.write(*work), self._tell_failure, self)
        made.taken.connect(self._note_import)
        made.told.connect(self.told)
        return made

    def _make_buttons(self) -> None:
        self.add = QPushButton(icons.icon("import"), _("Import…"))
        self.add.setToolTip(_("Take a model from an .aigcmodel file; nothing in it is run"))
        self.add.clicked.connect(self._choose_import)
        self.export = QPushButton(icons.icon("export"), _("Export…"))
        self.export.setToolTip(_("Write the model and its card to one file, or a report on it"))
        self.export.clicked.connect(self._choose_export)
        self.rename = QPushButton(icons.icon("edit"), _("Rename…"))
        self.rename.clicked.connect(self._ask_name)
        self.delete = QPushButton(icons.icon("trash", "danger"), _("Delete…"))
        theme.set_kind(self.delete, "danger")
        self.delete.clicked.connect(self._ask_delete)

    def _lay_out(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for row, buttons in (
            (top, (self.add, self.export)),
            (bottom, (self.rename, self.delete)),
        ):
            row.setSpacing(theme.GAP)
            for button in buttons:
                row.addWidget(button)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(*[theme.PADDING] * 4)
        column.setSpacing(theme.GAP)
        column.addLayout(top)
        column.addWidget(self.order)
        column.addWidget(self.list, 1)
        column.addWidget(self.broken)
        column.addWidget(self.total)
        column.addLayout(bottom)
        empty = Label(_("No models yet. Train one, or import an .aigcmodel file."))
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        theme.set_kind(empty, "secondary")
        self.stack = QStackedWidget()
        self.stack.addWidget(empty)
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

    @Slot()
    def refresh(self) -> None:
        """List what is on disk anew."""
        store = self._store
        self._errands.run_in_order(lambda: (store.list(), store.broken()), self._fill)

    def show_model(self, model: str) -> None:
        """Make a model current, now or when it is listed: by digest, or else by name.

        Of two of one name that is the person's own.
        """
        exact = [title for title, each in self.models.items() if each.digest == model]
        found = exact or [title for title, each in self.models.items() if each.name == model]
        self._wanted = "" if found and self.list.choose(found[0]) else model

    def _fill(self, found: tuple[list[ModelInfo], list[tuple[Path, str]]]) -> None:
        models, broken = found
        self.damages = {
            folder.name: sentence
            for folder, sentence in broken
            if folder.parent == self._store.folder
        }
        broken = [each for each in broken if each[0].name not in self.damages]
        self.models = {titled(model, models): model for model in models}
        self.order.offer(self.models, self._own_words())
        self._list_again()
        if self._wanted:
            self.show_model(self._wanted)
        own = sum(model.size for model in models if not model.shipped)
        self.total.setText(_("{size} on disk, without those of the studio").format(
            size=size_text(own)
        ) if models else "")  # fmt: skip
        sentence = ngettext(
            "{count} folder holds no model that can be read: {reason}",
            "{count} folders hold no model that can be read: {reason}",
            len(broken),
        )
        self.broken.setVisible(bool(broken))
        if broken:
            self.broken.setText(sentence.format(count=len(broken), reason=broken[0][1]))
        self._show(self.list.current())

    def _own_words(self) -> Mapping[str, Mapping[str, Measure]]:
        return {name: each.metrics for name, each in self._generators.items()}

    @Slot()
    def _list_again(self) -> None:
        """List the models in the order that is chosen."""
        models = self.order.in_order(self.models)
        self.list.fill(
            [
                *(self._entry(title, model) for title, model in models.items()),
                *(Entry(name, _("damaged"), "warning", "warning") for name in self.damages),
            ]
        )

    def _entry(self, title: str, model: ModelInfo) -> Entry:
        generator = self._generators.get(model.generator)
        medium = str(generator.medium) if generator else medium_of_card(model.card)
        entry, about = model_entry(title, model, medium), self.order.about(model)
        return replace(entry, about=about) if about else entry

    def show_generators(self, generators: Mapping[str, Description]) -> None:
        """The generators that are ready, by id: they tell what can be done with models."""
        self._generators = dict(generators)
        self.order.offer(self.models, self._own_words())
        self._show(self.list.current())

    def note_sample(self, digest: str) -> None:
        """A sample that was asked for is there, or will not come."""
        self._sampled.discard(digest)
        self.refresh()

    @Slot(object)
    def _ask_sample(self, model: ModelInfo) -> None:
        self._sampled.add(model.digest)
        self.view.show_sampling(True)
        self.sample_wanted.emit(model)

    @Slot(object)
    def _ask_data(self, model: ModelInfo) -> None:
        """On which data: what is there is looked up, and where there are several, chosen."""
        generator = self._generators.get(model.generator)
        medium = str(generator.medium) if generator else medium_of_card(model.card)

        def look() -> list[tuple[str, str]]:
            datasets = self._datasets.list()
            own = own_data(model, datasets)
            return [
                (each.name, _data_title(each, own)) for each in choices(model, medium, datasets)
            ]

        def offer(found: list[tuple[str, str]]) -> None:
            shown = self.view.model
            if found and shown is not None and shown.digest == model.digest:
                self.view.measuring.offer(found)
            elif not found:
                sentence = _(
                    "There is no data here that the model {name} could be measured on: import some "
                    "with a part held out, or fetch a sample pack."
                )
                self.failed.emit(sentence.format(name=model.title))

        self._errands.run(look, offer, self._tell_failure)

    @Slot(str)
    def _measure(self, dataset: str) -> None:
        if self.view.model is not None:
            self.measure_wanted.emit(self.view.model, dataset)

    @Slot(str)
    def note_measuring(self, digest: str) -> None:
        """Measuring a model has begun, goes on or has ended."""
        if self.view.model is not None and self.view.model.digest == digest:
            self.view.show_measuring(*self.measuring_of(digest))

    @Slot(str)
    def _show(self, name: str) -> None:
        model = self.models.get(name)
        damage = "" if model else self.damages.get(name, "")
        self.stack.setCurrentIndex(2 if damage else 1 if model else 0)
        self.export.setEnabled(model is not None)
        own = model is not None and not model.shipped
        for button in (self.rename, self.delete):
            button.setEnabled(own)
            button.setToolTip("" if own or model is None else _("It comes with the studio"))
        if model is not None:
            self.view.show_model(model, self._generators.get(model.generator))
            self.view.show_sampling(model.digest in self._sampled)
            self.view.show_measuring(*self.measuring_of(model.digest))
        elif damage:
            self.delete.setEnabled(True)
            self.damaged.show_damage(name, damage)

    @Slot()
    def _choose_import(self) -> None:
        self.exchange.choose_import()

    @Slot(object)
    def _note_import(self, model: ModelInfo) -> None:
        self._wanted = model.name
        self.told.emit(_("The model {name} is here now.").format(name=model.title))
        self._note_change(None)

    @Slot()
    def _choose_export(self) -> None:
        model = self.models[self.list.current()]
        self.exchange.choose_export(model, self._own_words().get(model.generator))

    @Slot()
    def _ask_name(self) -> None:
        name = self.models[self.list.current()].name
        dialog = NameDialog(_("Rename"), name, lambda new: self._store.rename(name, new), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._note_rename(dialog.name.text().strip()))
        dialog.open()

    def _note_rename(self, name: str) -> None:
        self._wanted = name
        self._note_change(None)

    @Slot()
    def _ask_delete(self) -> None:
        title = self.list.current()
        model = self.models.get(title)
        name, called = (model.name, model.title) if model is not None else (title, title)
        ask_to_delete(
            self,
            _("Delete the model {name}?").format(name=called),
            _("It cannot be brought back. What it made stays on your boards."),
            lambda: self._do(lambda: self._store.delete(name), self._note_change),
        )

    def _do(self, action: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._errands.run_in_order(action, done, self._tell_failure)

    def _note_change(self, _nothing: object) -> None:
        self.refresh()
        self.models_changed.emit()

    def _tell_failure(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError | OSError):
            raise error
        self.failed.emit(str(error))


def _data_title(info: DatasetInfo, own: DatasetInfo | None) -> str:
    """What a dataset is called among those to measure on."""
    if own is not None and info.name == own.name:
        return _("{name} (what it learnt from)").format(name=info.title)
    return info.title
