"""The train dialog: what to learn from, where to start, for how long, with which parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from aigc_studio.api import media
from aigc_studio.jobs import Errands
from aigc_studio.translation import _, in_a_row, localized
from aigc_studio.ui.screen_room import fit, grow
from aigc_studio.ui.training.asked import TrainingAsked as TrainingAsked
from aigc_studio.ui.training.estimate import buys_text, estimate_text, remarks
from aigc_studio.ui.training.lessons import read_lessons
from aigc_studio.ui.training.pack_cards import PackCards
from aigc_studio.ui.training.page import TrainPage

if TYPE_CHECKING:
    from aigc_studio.api import Description
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import DatasetInfo, ModelInfo, SamplePack, Training
    from aigc_studio.ui.training.lessons import Lessons
    from aigc_studio.ui.training.stores import Stores

_SHOWN = 6
"""Examples of each kind that are read for the mosaic."""


_Listed: TypeAlias = "tuple[list[DatasetInfo], list[SamplePack], list[ModelInfo], Sequence[str]]"
"""Data, packs, the generator's models, and the names of all models there are."""


class TrainDialog(QDialog):
    """`training_requested` carries a `TrainingAsked`; then `training_ready` the `Training` that was
    made of it, and the dialog closes. What cannot be is said in place.

    `other_wanted(generator, dataset)`: another of the `learners` is to learn, from this data if it
    can; `data_came(dataset, medium)`: what came in is of a medium that this one does not learn.
    `pack_came` carries a dataset that was fetched, `pack_failed` why one was not; then
    `fetching_ended` comes.
    """

    training_requested = Signal(object)
    training_ready = Signal(object)
    other_wanted = Signal(str, str)
    data_came = Signal(str, str)
    pack_came = Signal(str)
    pack_failed = Signal(str)
    fetching_ended = Signal()

    def __init__(
        self,
        record: PluginRecord,
        stores: Stores,
        folder: Path | None = None,
        parent: QWidget | None = None,
        learners: Sequence[Description] = (),
    ) -> None:
        super().__init__(parent)
        assert record.description is not None
        self._description = record.description
        self._distribution = record.source.distribution
        self._stores = stores
        self._folder = folder
        self._errands = Errands(self)
        last = stores.settings.remembered("train", self._description.id)
        self._wanted = str(last.get("dataset", ""))
        self._came = ""
        self._again: ModelInfo | None = None
        self._start_from = self._drawn = ""
        self._kinds: Sequence[str] = ()
        self._shown: Path | None = None
        self._named = self._listed = False
        self._datasets: dict[str, DatasetInfo] = {}
        self._models: dict[str, ModelInfo] = {}
        self._taken: Sequence[str] = ()
        title = localized(self._description.title)
        self.setWindowTitle(_("Train {generator}").format(generator=title))
        fit(self, 620, 600)  # so that it fits the smallest window; the page scrolls
        self._opened = self.height()
        self.page = TrainPage(self._description, self)
        self.page.set_values(last)
        self.page.show_learners(learners, self._description.id)
        self._packs = PackCards(self._description, stores, self.page.packs, self)
        self._connect()
        self._show_state()

    def _connect(self) -> None:
        page = self.page
        page.dataset.currentIndexChanged.connect(self._propose_name)
        page.dataset.currentIndexChanged.connect(self._show_state)
        page.model.currentIndexChanged.connect(self._show_state)
        page.length_changed.connect(self._show_state)
        page.name.textEdited.connect(self._note_name)
        page.name.textChanged.connect(self._show_state)
        page.import_button.clicked.connect(self._ask_import)
        page.draw_button.clicked.connect(self.draw)
        page.generator.activated.connect(self._ask_other)
        page.accept.clicked.connect(self._ask)
        page.cancel.clicked.connect(self.reject)
        self._packs.came.connect(self._take_dataset)
        self._packs.came.connect(self.pack_came)
        self._packs.failed.connect(self.pack_failed)
        self._packs.ended.connect(self.fetching_ended)

    def start_from(self, digest: str) -> None:
        """Have the model of this digest chosen to start from, once it is listed."""
        self._start_from = digest

    def showEvent(self, event: QShowEvent) -> None:
        """List data and models; a folder that was dropped is offered for import."""
        super().showEvent(event)
        self.refresh()
        if self._folder is not None:
            folder, self._folder = self._folder, None
            self.import_paths([folder])

    @Slot()
    def refresh(self) -> None:
        """List data, packs and models anew."""
        stores, generator = self._stores, self._description.id

        def listed() -> _Listed:
            datasets, packs = stores.dataset_store.list(), stores.pack_store.list()
            models = stores.model_store
            return datasets, packs, models.list(generator), models.names()

        self._errands.run_in_order(listed, self._fill, self._refuse)

    def _fill(self, found: _Listed) -> None:
        datasets, packs, models, self._taken = found
        first, self._listed = not self._listed, True
        medium = self._description.medium
        self._datasets = {each.name: each for each in datasets if each.medium == medium}
        self._models = {each.digest: each for each in models}
        self._find_again()
        self.page.fill_datasets(list(self._datasets.values()), self._wanted)
        if self._wanted in self._datasets:
            self._wanted = ""  # from here on what the person chooses stays
        self._choose_start(models)
        self.page.fill_models(models, self._start_from)
        self._start_from = ""
        any_pack = self._packs.fill(packs, {each.pack for each in datasets})
        self.page.show_packs(any_pack, bool(self._datasets))
        self._propose_name()
        self._show_state()
        self._meet(next((each for each in datasets if each.name == self._came), None))
        if first:
            QTimer.singleShot(0, self, self._open_whole)  # once what was filled in is laid out

    @Slot()
    def _open_whole(self) -> None:
        """As high as what there is to choose, so that the footer cuts no field where the screen
        has room for all; a person who made the dialog another size keeps that."""
        if self.height() == self._opened:
            grow(self, self.page.wanted_height())
            self._opened = self.height()

    @Slot()
    def _propose_name(self) -> None:
        """Call the model after the person's own data; after the generator where they came in a
        pack, which others learn from too. What was typed stays."""
        if self._named:
            return
        data = self._datasets.get(self.page.dataset.currentData() or "")
        title = localized(self._description.title)
        name = _("My {generator}").format(generator=title)
        if data is not None and not data.pack:
            name = data.name[:1].upper() + data.name[1:]
        self.page.name.setText(_free(name, self._taken))

    # Data that is not here yet

    @Slot()
    def _ask_import(self) -> None:
        self.import_paths([])

    def import_paths(self, paths: list[Path]) -> None:
        """Open the import dialog; what it makes is learnt from."""
        from aigc_studio.ui.library.import_dialog import ImportDialog

        dialog = ImportDialog(self._stores.dataset_store, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.page.set_medium(str(self._description.medium))
        dialog.imported.connect(self._take_dataset)
        dialog.open()
        if paths:
            dialog.set_paths(paths)

    def learn_from(self, name: str) -> None:
        """Have the dataset of this name chosen to learn from, once it is listed."""
        self._wanted = name or self._wanted

    def learn_again(self, model: ModelInfo) -> None:
        """Have the data chosen that a model learnt from, whatever it is called by now; that it is
        gone is said, once what there is is listed."""
        self._again = model

    def _find_again(self) -> None:
        from aigc_studio.library.cards import part, words
        from aigc_studio.library.evaluation import own_data

        if self._again is None:
            return
        model, self._again = self._again, None
        found = own_data(model, list(self._datasets.values()))
        if found is not None:
            self._wanted = found.name
        elif name := words(part(model.card, "data"), "name"):
            sentence = _(
                "The data “{name}” that it learnt from is no longer in the library: import it "
                "again, or choose other data."
            )
            self.page.tell(sentence.format(name=name))

    @property
    def generator(self) -> str:
        """The id of the generator that is to learn."""
        return self._description.id

    @property
    def is_fetching(self) -> bool:
        """Whether a pack is on its way."""
        return self._packs.is_fetching

    @Slot(str)
    def _take_dataset(self, name: str) -> None:
        self._wanted = self._came = name
        self.page.tell("")
        self.refresh()

    @Slot()
    def draw(self) -> None:
        """Open the pad, for the kinds that the model knows which it starts from; what is drawn is
        learnt from."""
        from aigc_studio.ui.drawing.dialog import open_pad
        from aigc_studio.ui.drawing.known_kinds import kinds_of

        model = self._models.get(self.page.model.currentData() or "")
        kinds = self._kinds or kinds_of(self._description, model)
        pad = open_pad(self._stores.dataset_store, kinds, self)
        pad.made.connect(self._take_drawn)

    def draw_kinds(self, kinds: Sequence[str]) -> None:
        """Open the pad for these kinds."""
        self._kinds = tuple(kinds)
        self.draw()

    @Slot(str)
    def _take_drawn(self, name: str) -> None:
        self._drawn = name
        self._take_dataset(name)

    def _choose_start(self, models: Sequence[ModelInfo]) -> None:
        """A person's own drawings are learnt from a model on that knows their kinds."""
        drawn = self._datasets.get(self._drawn)
        if drawn is None:
            return  # a list that was begun before there was such data
        self._drawn = ""
        if not self.page.model.currentData():
            from aigc_studio.ui.drawing.known_kinds import start_for

            self._start_from = start_for(drawn.labels, models)

    def _meet(self, came: DatasetInfo | None) -> None:
        """Data has come in: what this generator cannot learn from is not passed over in silence."""
        if came is None:
            return  # what was listed before it came is told after it
        self._came = ""
        if came.medium == self._description.medium:
            return
        sentence = _("{generator} does not learn from “{name}”: it holds {content}.")
        told = {"generator": localized(self._description.title), "name": came.title}
        self.page.tell(sentence.format(content=media.many(came.medium), **told))
        self.data_came.emit(came.name, came.medium)

    @Slot()
    def _ask_other(self) -> None:
        generator = self.page.generator.currentData()
        if generator and generator != self._description.id:
            self.other_wanted.emit(generator, self.page.dataset.currentData() or "")
            # Who comes back while a pack is fetched comes to this dialog.
            own = self.page.generator.findData(self._description.id)
            self.page.generator.setCurrentIndex(own)

    # What was asked

    def asked(self) -> TrainingAsked:
        """What the dialog says now."""
        minutes, steps = self.page.length()
        return TrainingAsked(
            generator=self._description.id,
            dataset=self.page.dataset.currentData() or "",
            operation=self.page.operation_id(),
            name=self.page.name.text().strip(),
            model=self.page.model.currentData() or "",
            minutes=minutes,
            steps=steps,
            seed=self.page.seed.value(),
            parameters=self.page.parameters(),
        )

    @Slot()
    def _ask(self) -> None:
        asked = self.asked()
        self.page.tell("")
        self.page.accept.setEnabled(False)
        self.training_requested.emit(asked)
        self._errands.run(lambda: self._make(asked), self._finish, self._refuse)

    def _make(self, asked: TrainingAsked) -> Training:
        from aigc_studio.library.names import checked_name
        from aigc_studio.library.new_trainings import NewTraining

        stores = self._stores
        name = checked_name(asked.name, stores.model_store.names())
        return stores.training_store.create(
            NewTraining(
                asked.generator,
                stores.dataset_store.open(asked.dataset),
                name=name,
                minutes=asked.minutes,
                steps=asked.steps,
                operation=asked.operation,
                parameters=asked.parameters,
                seed=asked.seed,
                model=self._models.get(asked.model),
                versions={asked.generator: self._description.version},
                distribution=self._distribution,
                measures=self._description.metrics,
            )
        )

    def _finish(self, training: Training) -> None:
        last = {**self.page.values(), "dataset": self.page.dataset.currentData() or ""}
        self._stores.settings.remember(last, "train", self._description.id)
        self.training_ready.emit(training)
        self.accept()

    def _refuse(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError | OSError):
            raise error
        self.page.tell(str(error))
        self.page.accept.setEnabled(True)

    def set_errors(self, errors: Mapping[str, str]) -> None:
        """Show sentences beside their parameters, those without a field at the bottom."""
        left = self.page.set_errors(errors)
        self.page.tell(in_a_row(left.values()))

    @Slot()
    def _note_name(self) -> None:
        self._named = True

    @Slot()
    def _show_state(self) -> None:
        asked = self.asked()
        dataset, model = self._datasets.get(asked.dataset), self._models.get(asked.model)
        self.page.accept.setEnabled(dataset is not None and bool(asked.name))
        self.page.show_dataset(dataset)
        self._look_at(dataset)
        if dataset is None or not asked.name:
            self.page.show_estimate(self._why_not(dataset is None), False)
            return
        classes = bool(self._description.controls.classes)
        self.page.show_remarks(remarks(dataset, model, classes))
        self.page.show_estimate(*estimate_text(dataset, model, asked.minutes))
        self.page.show_buys(buys_text(asked.minutes, asked.steps, self._pace(), self._included()))

    def _look_at(self, dataset: DatasetInfo | None) -> None:
        """Show some examples, once another dataset is chosen."""
        folder = dataset.folder if dataset is not None else None
        if folder == self._shown:
            return
        self._shown = folder
        self.page.show_lessons(None)
        if folder is not None:
            self._errands.run(
                lambda: read_lessons(folder, _SHOWN),
                lambda lessons: self._show_lessons(folder, lessons),
                lambda _error: None,  # what is wrong with it is said where it is used
            )

    def _show_lessons(self, folder: Path, lessons: Lessons) -> None:
        if folder == self._shown:
            self.page.show_lessons(lessons)
            QTimer.singleShot(0, self, self._open_whole)

    def _pace(self) -> float:
        """Steps a minute of the last training of this generator on this computer, or 0."""
        told = self._stores.settings.remembered("pace", self._description.id).get("per_minute")
        known = isinstance(told, int | float) and not isinstance(told, bool) and told > 0
        return float(told or 0) if known else 0.0

    def _included(self) -> ModelInfo | None:
        return next((each for each in self._models.values() if each.shipped), None)

    def _why_not(self, no_data: bool) -> str:
        if no_data and not self._listed:
            return _("Looking at the data…")
        if no_data:
            return _("There is nothing to learn from yet: import data or fetch a pack.")
        return _("Give the model a name.")


def _free(name: str, taken: Sequence[str]) -> str:
    from aigc_studio.library.names import free_name

    return free_name(name, taken)
