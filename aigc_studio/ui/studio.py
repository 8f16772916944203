"""The floors below, as one window uses them: plugins, workers, jobs, library, project."""

from __future__ import annotations

import functools
import importlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio import folders
from aigc_studio.host import Registry
from aigc_studio.jobs import Errands, JobQueue, Mailbox
from aigc_studio.library.identity import recalled
from aigc_studio.project import Project
from aigc_studio.translation import Localized, _
from aigc_studio.ui.history import History
from aigc_studio.ui.settings import Settings

if TYPE_CHECKING:
    from aigc_studio.api import Description
    from aigc_studio.host import PluginRecord, PluginSource, WorkerPool
    from aigc_studio.jobs import JobError
    from aigc_studio.library.datasets import DatasetStore
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.library.models import ModelStore
    from aigc_studio.library.packs import PackStore
    from aigc_studio.library.trainings import TrainingStore
    from aigc_studio.project import Command
    from aigc_studio.ui.authoring.renewal import Renewal
    from aigc_studio.ui.workers import Workers

_log = logging.getLogger(__name__)

_SWITCHES = "switches"
"""The subject of what is said of the list of plugins that are switched off."""
_HEAVY = ("numpy", "pydantic", "PIL.Image", "aigc_studio.api.parameters")

Actions = list[tuple[str, Callable[[], object]]]


class Studio(QObject):
    """What the parts of a window share. `told` carries (sentence, kind, actions, details, subject).

    `taken_back` carries a sentence, or a subject, that holds no longer. `complete`: plugins and
    models have been listed, so that what is not among them is not here.
    """

    project_changed = Signal(object)
    records_changed = Signal()
    models_changed = Signal()
    heavy_loaded = Signal()
    network_used = Signal(bool)
    told = Signal(str, str, object, str, str)
    taken_back = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = Settings(parent=self)
        self.registry = Registry()
        self.registry.load_cached()
        self.scanning = True
        self.complete = False
        self.jobs = JobQueue(self._make_pool, self)
        self.jobs.outdated.connect(self._note_outdated)
        self.errands = Errands(self)
        self.errands.silent.connect(self._tell_silence)
        self.errands.silent.connect(self._close_former)
        self._mailbox = Mailbox(self)
        self.history = History(self, self._verb_of)
        self.records_changed.connect(self.history.name_again)
        self.history.failed.connect(self._tell_failure)
        self.models: list[ModelInfo] = []
        self._lists_begun = 0
        self._just_made: list[tuple[int, ModelInfo]] = []
        """Models, with how many lists were begun before each, none of which need know it."""
        self.project: Project = Project.new()
        self._former: list[Project] = []
        self.fetching = 0
        """So many things are being fetched over the network."""
        self.fetched_well = True
        """Whether all was fetched that was asked for since nothing was."""
        self.history.show(self.project)
        self._started = False
        self.settings.changed.connect(self._note_setting)
        self.settings.unkept.connect(self._tell_failure)
        self.generator = ""
        self.developed: PluginSource | None = None
        """The plugin that is being developed in this window, if it was opened for one."""
        self.offers_all = True
        """Whether the others may be chosen beside it."""
        self.closed = False

    def _make_pool(self) -> WorkerPool:
        from aigc_studio.ui.workers import make_pool

        return make_pool(self.settings)

    @Slot(str)
    def _note_setting(self, name: str) -> None:
        if name == "memory" and not self.closed:
            self.workers.limit_soon()

    @functools.cached_property
    def workers(self) -> Workers:
        """Keeps what plugins work in warm; made in the window's thread, as its timers are."""
        from aigc_studio.ui.workers import Workers

        return Workers(self.settings, self._chosen, self.jobs)

    # The library, whose modules are not needed before the first paint

    @functools.cached_property
    def model_store(self) -> ModelStore:
        """All models."""
        from aigc_studio.library.models import ModelStore

        return ModelStore()

    @functools.cached_property
    def dataset_store(self) -> DatasetStore:
        """All datasets."""
        from aigc_studio.library.datasets import DatasetStore

        return DatasetStore()

    @functools.cached_property
    def pack_store(self) -> PackStore:
        """All sample packs."""
        from aigc_studio.ui.network import WatchedPacks

        return WatchedPacks(self.tell_network)

    def tell_network(self, used: bool, well: bool = True, /) -> None:
        """Something more is fetched from now on, or no longer. For any thread."""
        self._mailbox.post(self._note_network, used, well)

    def _note_network(self, used: bool, well: bool) -> None:
        before = self.fetching
        self.fetched_well = well and (self.fetched_well or not before)
        self.fetching += 1 if used else -1
        if bool(before) != bool(self.fetching):
            self.network_used.emit(used)

    @functools.cached_property
    def training_store(self) -> TrainingStore:
        """Trainings under way or cut off."""
        from aigc_studio.library.trainings import TrainingStore

        return TrainingStore()

    @functools.cached_property
    def renewal(self) -> Renewal:
        """Reads plugins anew whose code is another by now."""
        from aigc_studio.ui.authoring.renewal import Renewal

        return Renewal(self)

    # Saying something

    def say(
        self,
        sentence: str,
        kind: str = "info",
        actions: Actions | None = None,
        details: str = "",
        subject: str = "",
    ) -> None:
        """Have the window show a sentence (info, warning or error), with what can be done.

        It takes the place of what was said before on the same `subject`.
        """
        self.told.emit(sentence, kind, actions or [], details, subject)

    def say_error(self, error: Exception, subject: str = "") -> None:
        """Show an error: its sentence when it has one for people, else that the log has it."""
        from aigc_studio.api import StudioError

        if isinstance(error, StudioError):
            self.say(str(error), "error", subject=subject)
            return
        _log.error("unforeseen", exc_info=error)
        self.say(
            _("Something went wrong; nothing that you kept is lost. The log says more."),
            "error",
            details=repr(error),
            subject=subject,
        )

    @Slot(str, bool)
    def _tell_silence(self, folder: str, silent: bool) -> None:
        if not silent:
            self.taken_back.emit(f"silent {folder}")
            return
        sentence = _(
            "{folder} does not answer: what is to be read or written there waits until it does. "
            "Look whether its drive is connected; other folders can be used meanwhile."
        )
        self.say(sentence.format(folder=folder), "warning", subject=f"silent {folder}")

    @Slot(str)
    def _tell_failure(self, sentence: str) -> None:
        self.say(sentence, "error")

    # The project

    def show_project(self, project: Project) -> None:
        """Make another project the one that is worked on; the last one is closed."""
        former, self.project = self.project, project
        self.history.show(project)
        self.project_changed.emit(project)
        if former is not project:
            self._former.append(former)
            self._close_former()

    @Slot()
    def _close_former(self) -> None:
        """Close those that were left, after what still reads from them: an export say, or a save,
        which may wait for a drive."""
        if self.errands.is_held_up:
            return
        for former in self._former:
            self.errands.run_in_order(
                former.close, functools.partial(self._forget_former, former), self.say_error
            )

    def _forget_former(self, former: Project, _nothing: object) -> None:
        self._former = [each for each in self._former if each is not former]

    @Slot(object)
    def do(self, command: Command, *, merge: bool = False) -> bool:
        """Do a command as the newest step of the history, or (`merge`) as one with the latest."""
        return self.history.do(command, merge=merge)

    # Generators and models

    @property
    def ready(self) -> list[PluginRecord]:
        """The generators that work."""
        return [each for each in self.registry.records if each.state == "ready"]

    @property
    def offered(self) -> list[PluginRecord]:
        """The plugins that a person may choose from here, working or not."""
        records = self.registry.records
        if self.developed is None or self.offers_all:
            return list(records)
        return [each for each in records if each.source == self.developed]

    def is_for_author(self, error: JobError) -> bool:
        """Whether the plugin that is developed here broke: its band says so, and nothing else."""
        return self.developed is not None and self.developed == error.source and not error.mendable

    def record(self, generator: str) -> PluginRecord:
        """The record of a generator. Raises `StudioError` that says what is there instead."""
        return self.registry.record(generator)

    def model(self, name: str, generator: str, digest: str = "") -> ModelInfo | None:
        """A model by its digest, whatever it is called now, or by name where none is known."""
        models = [each for each in self.models if each.generator == generator]
        return recalled(models, digest, name)

    def about(self, generator: str) -> Description | None:
        """What a generator that works says of itself; None for one that is not here."""
        found = (record.description for record in self.ready)
        return next((each for each in found if each is not None and each.id == generator), None)

    def _verb_of(self, generator: str, operation: str) -> Localized:
        """What a generator that works calls one of its operations; empty for one unknown."""
        about = self.about(generator)
        found = about.operation(operation) if about is not None else None
        return found.title if found is not None else ""

    def use_generator(self, generator: str) -> None:
        """The person chose a generator: have its worker ready before it is asked."""
        if generator != self.generator:
            self.generator = generator
            if self._started:
                self.workers.warm_soon()

    def _chosen(self) -> PluginRecord | None:
        return next((each for each in self.ready if _id_of(each) == self.generator), None)

    def start_up(self) -> None:
        """After the first paint: heavy imports, plugins, models, and later a warm worker."""
        from aigc_studio.ui.listening import hear_by

        hear_by(self.settings)
        self.errands.run(_load_heavy, self._note_loaded, self.say_error)
        self.errands.run(_sweep, None, self.say_error)
        self.refresh_plugins()
        self._started = True
        self.workers.warm_later()

    @Slot()
    def refresh_plugins(self) -> None:
        """Look for new and changed plugins, and list the models anew."""
        self.errands.run(self._refreshed, self._note_records, self.say_error)

    def refresh_models(self) -> None:
        """List the models anew."""
        self._lists_begun += 1
        note = functools.partial(self._note_list, self._lists_begun)
        self.errands.run_in_order(self.model_store.list, note, self.say_error)

    def note_made(self, model: ModelInfo) -> None:
        """A model is there by now, which may be sooner than a list that says so: it is among the
        others at once, and stays there until a list that is begun after this knows better."""
        self._just_made.append((self._lists_begun, model))
        self._tell_models(self.models)

    def _refreshed(self) -> str:
        """What is wrong with the list of those that are switched off, when all are described."""
        from aigc_studio.host.switches import damage

        self.registry.refresh()
        return damage()

    def _note_records(self, damage: str) -> None:
        self.scanning = False
        if damage:
            self.say(damage, "warning", subject=_SWITCHES)
        else:
            self.taken_back.emit(_SWITCHES)
        self.note_renewed()
        self.refresh_models()

    @Slot(object, tuple)
    def _note_outdated(self, record: PluginRecord, sentences: tuple[str, ...]) -> None:
        """For the plugin's author, beside it in the Plugins window: nobody else is bothered."""
        if not set(sentences) <= set(record.outdated):
            note = functools.partial(self.registry.note_outdated, record, sentences)
            self.errands.run(note, self._note_noted, self.say_error)

    def _note_noted(self, is_new: bool) -> None:
        if is_new:
            self.records_changed.emit()

    def note_renewed(self) -> None:
        """A plugin says something else of itself now."""
        self.model_store.plugin_folders = self.registry.model_folders
        self.records_changed.emit()

    def _note_loaded(self, _nothing: object) -> None:
        self.heavy_loaded.emit()

    def _note_list(self, number: int, models: list[ModelInfo]) -> None:
        self._just_made = [made for made in self._just_made if made[0] >= number]
        self._note_models(models)

    def _note_models(self, models: list[ModelInfo]) -> None:
        self.complete = not self.scanning
        self._tell_models(models)

    def _tell_models(self, models: list[ModelInfo]) -> None:
        there = {(each.generator, each.digest) for each in models}
        made = [each for _lists, each in self._just_made]
        self.models = [*(m for m in made if (m.generator, m.digest) not in there), *models]
        self.models_changed.emit()

    def close(self, *, keep: bool = False) -> None:
        """End what runs and let the project go; `keep` what is not saved, to be brought back."""
        from aigc_studio.ui.listening import close_ear

        self.closed = True
        close_ear()
        if "workers" in vars(self):
            self.workers.close()
        self.errands.close()
        self._mailbox.close()
        self.jobs.close(promptly=keep)
        self.history.close()
        # Of one that was left the save may still be under way.
        kept = [self.project, *self._former * bool(self.errands.writing)] if keep else []
        for project in (*self._former, self.project):
            project.leave() if project in kept and project.unsaved else project.close()


def _id_of(record: PluginRecord) -> str:
    return record.description.id if record.description else ""


def _load_heavy() -> None:
    for name in _HEAVY:
        importlib.import_module(name)


def _sweep() -> None:
    """Take away what killed windows and shells left in the cache."""
    from aigc_studio.host import leftovers

    leftovers.sweep(folders.cache_folder() / "workers")
    leftovers.sweep_files(folders.cache_folder())
