"""Trainings in the window: the dialog, the monitor, what comes of them, and those cut off."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from aigc_studio.jobs import JobState, TrainingJob
from aigc_studio.translation import _, localized, ngettext
from aigc_studio.ui import icons
from aigc_studio.ui.window.training.new_models import NewModels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.library.models import ModelInfo
    from aigc_studio.library.trainings import Training
    from aigc_studio.ui.studio import Actions, Studio
    from aigc_studio.ui.training.monitor import Monitor


class Trainings(QObject):
    """Starts trainings and follows them to their model.

    `monitor_made` carries the monitor of a job; `watch_began`: the person is to see it;
    `model_chosen` (generator, model, digest): the person wants to work with what came of it;
    `try_wanted`: to see at once what it makes.
    """

    monitor_made = Signal(object)
    watch_began = Signal()
    model_made = Signal(object)
    model_chosen = Signal(str, str, str)
    try_wanted = Signal()

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        self.dialog: Any = None
        self.monitor: Monitor | None = None
        self.new_models = NewModels(studio, self)
        self.new_models.chosen.connect(self.model_chosen)
        self.new_models.try_wanted.connect(self.try_wanted)

    @Slot(str)
    def ask(self, generator: str) -> None:
        """Open the train dialog for a generator."""
        self._open_dialog(generator)

    @Slot(str, str, str)
    def ask_with(self, generator: str, dataset: str = "", model: str = "") -> None:
        """Ask what to learn, with this data or this model to start from (by digest) chosen."""
        self._open_dialog(generator, start_from=model)
        if self.dialog is not None:
            self.dialog.learn_from(dataset)

    def offer_folder(self, folder: Path) -> None:
        """A folder was dropped: it is data to learn from."""
        self._studio.say(
            _("“{name}” is a folder. Train a generator with what is in it?").format(
                name=folder.name
            ),
            "info",
            [(_("Train…"), lambda: self._open_dialog(self._studio.generator, folder))],
            subject="folder",
        )

    def _open_dialog(
        self, generator: str, folder: Path | None = None, start_from: str = ""
    ) -> None:
        from aigc_studio.api import StudioError
        from aigc_studio.ui.window.dialogs import make_train_dialog

        try:
            record = self._studio.record(generator)
        except StudioError as error:
            self._studio.say_error(error)
            return
        if record.description is None or "train" not in record.description.verbs:
            title = localized(record.description.title) if record.description else generator
            sentence = _("{generator} does not learn: choose a generator that can be trained.")
            self._studio.say(sentence.format(generator=title), "warning")
            return
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = make_train_dialog(self._studio, self._window, record, folder)
        self.dialog.start_from(start_from)
        self.dialog.training_ready.connect(self.start)
        self.dialog.open()

    @Slot(object)
    def start(self, training: Training) -> TrainingJob | None:
        """Start (or go on with) a training, and show its monitor."""
        from aigc_studio.api import StudioError

        document = training.document
        try:
            record = self._studio.record(document["generator"])
        except StudioError as error:
            self._studio.say_error(error)
            return None
        title = _("Train {generator}: {name}").format(
            generator=localized(record.description.title) if record.description else "",
            name=training.name,
        )
        job = self._studio.jobs.train(
            record,
            training,
            self._studio.model_store,
            training.name,
            title,
            self._studio.settings.preference("device"),
        )
        job.published.connect(self._note_model)
        job.publish_failed.connect(self._tell_no_model)
        job.finished.connect(self._note_end)
        job.message_received.connect(self._tell_message)
        self.watch(job)
        return job

    @Slot(object)
    def watch(self, job: TrainingJob) -> None:
        """Show the monitor of a training."""
        from aigc_studio.ui.training.monitor import Monitor

        if self.monitor is None or self.monitor.job is not job:
            self.monitor = Monitor(job)
            self.monitor.try_model.connect(self._try)
            self.monitor.keep_wanted.connect(self._keep_best)
            self.monitor.again_wanted.connect(self._try_again)
            self.monitor.discard_wanted.connect(self._discard_failed)
            self.monitor_made.emit(self.monitor)
        self.watch_began.emit()

    @Slot(object)
    def _try(self, job: TrainingJob) -> None:
        self.new_models.attempt(job)

    # What comes of them

    @Slot(object)
    def _note_model(self, model: ModelInfo) -> None:
        job = self.sender()
        sentence = self.new_models.note(model, job if isinstance(job, TrainingJob) else None)
        self.model_made.emit(model)
        if sentence:
            self._notify(sentence)

    @Slot(object)
    def _tell_message(self, message: Any) -> None:
        """What a training says beside its figures: that it collapsed, that it goes on otherwise."""
        self._studio.say(localized(message.text), message.level)

    @Slot(str)
    def _tell_no_model(self, sentence: str) -> None:
        job = self.sender()
        if isinstance(job, TrainingJob) and self.new_models.is_awaited(job):
            return  # a snapshot of a training that has just ended: its own model comes
        self._studio.say(sentence, "warning")

    @Slot()
    def _note_end(self) -> None:
        job = self.sender()
        if not isinstance(job, TrainingJob) or job.state is not JobState.FAILED or not job.error:
            return
        self._notify(job.error.sentence)
        kept = job.training.best() is not None
        if job.error.errors and not kept and self.dialog is not None:
            # What the worker refused is mended where it was asked for.
            self.dialog.set_errors(job.error.by_field)
            self.dialog.open()
            return
        actions: Actions = []
        training = job.training
        if training.can_go_on:
            actions.append((_("Go on from the last checkpoint"), lambda: self.start(training)))
        if kept:
            actions.append((_("Keep the best so far"), lambda: self._keep_best(job)))
        subject = _subject(training)
        self._studio.say(job.error.sentence, "error", actions, job.error.details, subject)

    # Those that failed

    @Slot(object)
    def _keep_best(self, job: TrainingJob) -> None:
        self._leave(job, "stopped")
        self._publish(job.training)

    @Slot(object)
    def _try_again(self, job: TrainingJob) -> None:
        self._studio.taken_back.emit(_subject(job.training))
        if job.training.can_go_on:
            self.start(job.training)
        else:
            self.ask(job.generator)

    @Slot(object)
    def _discard_failed(self, job: TrainingJob) -> None:
        self._leave(job, "cancelled")
        self._discard([job.training])

    def _leave(self, job: TrainingJob, state: str) -> None:
        """A failed training has become something else: nothing offers to go on with it."""
        self._studio.taken_back.emit(_subject(job.training))
        if self.monitor is not None and self.monitor.job is job:
            self.monitor.set_state(state)

    def _publish(self, training: Training) -> None:
        def publish() -> Any:
            model = training.publish(self._studio.model_store)
            if model is not None:
                training.discard()
            return model

        def tell(model: ModelInfo | None) -> None:
            if model is not None:
                self._note_model(model)
                return
            sentence = _("“{name}” has no whole checkpoint, so there is no model to keep.")
            self._studio.say(sentence.format(name=training.name), "warning")

        self._studio.errands.run(publish, tell, self._studio.say_error)

    def _notify(self, sentence: str) -> None:
        # Who looks at the window sees the message bar; the system tells those who do not.
        if QApplication.activeWindow() is not None or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(icons.application_icon(), self)
        self._tray.show()
        self._tray.showMessage("AIGC Studio", sentence)
        QApplication.alert(self._window)

    # Those that were cut off

    @Slot()
    def offer_interrupted(self, asked: bool = False) -> None:
        """Look for trainings that were cut off and offer to go on with them."""
        self._studio.errands.run(
            lambda: (
                self._studio.training_store.interrupted(),
                self._studio.training_store.broken(),
            ),
            lambda found: self._offer(found[0], found[1], asked),
            self._studio.say_error,
        )

    @Slot()
    def look_for_interrupted(self) -> None:
        """The same because the person asks: an answer comes even when there is none."""
        self.offer_interrupted(asked=True)

    def _offer(
        self, found: Sequence[Training], broken: Sequence[tuple[Path, str]], asked: bool
    ) -> None:
        if broken:
            self._tell_broken(broken)
        live = {job.training.id for job in self._studio.jobs.trainings}
        found = [training for training in found if training.id not in live]
        if not found:
            if asked and not broken:
                self._studio.say(_("No training was cut off."))
            return
        sentence = ngettext(
            "The training “{name}” was cut off and can go on where it was.",
            "{count} trainings were cut off and can go on where they were.",
            len(found),
        ).format(name=found[0].name, count=len(found))
        failed = found[0].document.get("error") if found[0].state == "failed" else ""
        if failed and len(found) == 1:
            sentence = _("The training “{name}” failed: {reason}")
            sentence = sentence.format(name=found[0].name, reason=failed)
        actions: Actions = [(_("Resume"), lambda: [self.start(each) for each in found])]
        if any(each.best() is not None for each in found):
            actions.append((_("Keep the best"), lambda: self._publish_all(found)))
        actions.append((_("Discard"), lambda: self._discard(found)))
        self._studio.say(sentence, "warning", actions, subject="cut off")

    def _tell_broken(self, broken: Sequence[tuple[Path, str]]) -> None:
        """One that cannot be read is told with its reason, and can be thrown away."""
        store, errands = self._studio.training_store, self._studio.errands
        keys = [folder.name for folder, _sentence in broken]

        def discard() -> None:
            for key in keys:
                errands.run(partial(store.discard, key), None, self._studio.say_error)

        details = "\n".join(sentence for _folder, sentence in broken)
        self._studio.say(
            broken[0][1], "warning", [(_("Discard"), discard)], details, "damaged training"
        )

    def _publish_all(self, found: Sequence[Training]) -> None:
        for training in found:
            self._publish(training)

    def _discard(self, found: Sequence[Training]) -> None:
        for training in found:
            self._studio.errands.run(training.discard, None, self._studio.say_error)


def _subject(training: Training) -> str:
    """What a message about a training is about."""
    return f"training {training.id}"
