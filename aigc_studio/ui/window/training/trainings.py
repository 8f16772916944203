"""Trainings in the window: the dialog, the monitor, what comes of them, and those cut off."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from aigc_studio.jobs import JobState, TrainingJob
from aigc_studio.translation import _, localized
from aigc_studio.ui.window.training.answers import Answers
from aigc_studio.ui.window.training.new_models import NewModels

if TYPE_CHECKING:
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.library.trainings import Training
    from aigc_studio.ui.studio import Actions, Studio
    from aigc_studio.ui.training.monitor import Monitor
    from aigc_studio.ui.window.training.interrupted import Interrupted
    from aigc_studio.ui.window.training.left_dialogs import LeftDialogs
    from aigc_studio.ui.window.training.place import TrainingPlace
    from aigc_studio.ui.window.training.tray import Tray

_HOOD = "under_the_hood"
"""The flag that the curves were open."""


class Trainings(QObject):
    """Starts trainings and follows them to their model.

    `place_made` carries what is to stand in the Training tab; `watch_began`: the person is to see
    it; `large_wanted`: as large as can be, or so that the board is seen; `model_chosen` (generator,
    model, digest): the person wants to work with what came of it; `try_wanted`: to see at once what
    it makes; `asked` carries the generator that is to learn.
    """

    asked = Signal(str)
    place_made = Signal(object)
    watch_began = Signal()
    large_wanted = Signal(bool)
    model_made = Signal(object)
    model_chosen = Signal(str, str, str)
    try_wanted = Signal()

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self.dialog: Any = None
        self.monitor: Monitor | None = None
        self.place: TrainingPlace | None = None
        self.new_models = NewModels(studio, self)
        self.new_models.chosen.connect(self.model_chosen)
        self.new_models.try_wanted.connect(self.try_wanted)
        self.answers = Answers(studio, window, self)
        self.answers.use_wanted.connect(self.use)
        self.answers.training_made.connect(self.start)
        self.answers.ask_wanted.connect(self._ask_instead)
        self.answers.anew_wanted.connect(self._ask_anew)
        self.answers.measured.connect(self._note_measured)
        self.unanswered = self.answers.unanswered
        self.unanswered.changed.connect(self._note_answers)
        self.new_models.decided.connect(self.unanswered.answer)

    @functools.cached_property
    def _tray(self) -> Tray:
        from aigc_studio.ui.window.training.tray import Tray

        return Tray(self._window)

    @functools.cached_property
    def interrupted(self) -> Interrupted:
        """Trainings that were cut off: looked for once the window is there."""
        from aigc_studio.ui.window.training.interrupted import Interrupted

        return Interrupted(self._studio, self.start, self._publish, self)

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

    def ask_to_draw(self, generator: str, digest: str = "") -> None:
        """Ask what to learn, with the pad over it to draw that: the kinds of the model of this
        digest, where there is one."""
        from aigc_studio.ui.drawing.known_kinds import kinds_of

        self._open_dialog(generator)
        about = self._studio.record(generator).description if self.dialog is not None else None
        if about is not None:
            found = (each for each in self._studio.models if digest and each.digest == digest)
            self.dialog.draw_kinds(kinds_of(about, next(found, None)))

    @Slot(str, str)
    def _ask_for_kind(self, dataset: str, medium: str) -> None:
        """Data came in that the generator asked about cannot learn: one that can is asked about.
        A person who drops a folder need not know first which generator is for it."""
        from aigc_studio.ui.window.training.learners import learner_of

        generator = learner_of(self._studio, medium)
        if generator:
            self.ask_with(generator, dataset)

    def offer_data(self, place: Path, *, is_zip: bool = False) -> None:
        """A folder, or a zip file, was dropped: it is data to learn from."""
        sentence = _("“{name}” is a folder. Train a generator with what is in it?")
        if is_zip:
            sentence = _("“{name}” is a zip file. Train a generator with what is in it?")
        self._studio.say(
            sentence.format(name=place.name),
            "info",
            [(_("Train…"), lambda: self._open_dialog(self._studio.generator, place))],
            subject="folder",
        )

    @Slot(object, str)
    def learn_from_file(self, path: Path, medium: str) -> None:
        """Ask about a training with what is in a file of a medium."""
        from aigc_studio.ui.window.training.learners import learner_of

        self._open_dialog(learner_of(self._studio, medium), path)

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
            self._left.leave(self.dialog)
        self.dialog = self._left.take(generator) if folder is None else None
        if self.dialog is None:
            self.dialog = make_train_dialog(self._studio, self._window, record, folder)
            self.dialog.training_ready.connect(self.start)
            self.dialog.other_wanted.connect(self.ask_with)
            self.dialog.data_came.connect(self._ask_for_kind)
        self.dialog.start_from(start_from)
        self.dialog.open()
        self.asked.emit(generator)

    @functools.cached_property
    def _left(self) -> LeftDialogs:
        from aigc_studio.ui.window.training.left_dialogs import LeftDialogs

        left = LeftDialogs(self._studio, self)
        left.came.connect(self._list_anew)
        left.train_wanted.connect(self.ask_with)
        return left

    @Slot()
    def _list_anew(self) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.refresh()

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
            self._remember_hood(self.monitor)
            self.monitor.large_wanted.connect(self.large_wanted)
            self._make_place().show_monitor(self.monitor)
            self._note_answers()
        self.watch_began.emit()

    def _remember_hood(self, monitor: Monitor) -> None:
        """The curves are closed until they are opened, and then stay open."""
        settings = self._studio.settings
        monitor.hood_button.setChecked(settings.flag(_HOOD))
        monitor.hood_button.toggled.connect(lambda on: settings.set_flag(_HOOD, on))

    def _make_place(self) -> TrainingPlace:
        """What stands in the Training tab, made when there is something to see."""
        if self.place is None:
            from aigc_studio.ui.window.training.place import TrainingPlace

            self.place = TrainingPlace(self.answers.cards)
            self.place.train_wanted.connect(lambda: self.ask(self._studio.generator))
            self.place_made.emit(self.place)
        return self.place

    @Slot()
    def _note_answers(self) -> None:
        """A model waits for an answer, or waits no longer: its card comes, or goes."""
        if self.unanswered.models():
            self._make_place()
        monitor = self.monitor
        if monitor is None or self.place is None:
            return
        model = monitor.job.model if isinstance(monitor.job, TrainingJob) else None
        waits = model is not None and self.unanswered.waits(model)
        self.place.waiting.leave_out(model.digest if model is not None and waits else "")
        shown = monitor.box.card is not None
        if waits != shown:
            monitor.show_card(self.answers.cards.make(model) if model and waits else None)

    @Slot(object)
    def _note_measured(self, model: ModelInfo) -> None:
        """A card that is made anew says how good the model is, and so does its monitor."""
        monitor = self.monitor
        job = monitor.job if monitor is not None else None
        if monitor is None or not isinstance(job, TrainingJob) or job.model is None:
            return
        if job.model.digest == model.digest:
            job.model = model
            monitor.show_measured(model.card["metrics"])

    @Slot(object)
    def use(self, model: ModelInfo) -> None:
        """The person wants to work with a model: it is chosen, and the board is seen."""
        self._show_board()
        self.new_models.use(model)
        if QApplication.activeWindow() is not self._window:  # it was chosen in the library
            self._window.activateWindow()

    @Slot(object, str)
    def _ask_instead(self, model: ModelInfo, sentence: str) -> None:
        """It cannot go on as it was: what it may learn from is asked for, and why is said there."""
        self._open_dialog(model.generator, start_from=model.digest)
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.page.tell(sentence)
        else:
            self._studio.say(sentence, "error")

    @Slot(object)
    def _ask_anew(self, model: ModelInfo) -> None:
        """The same data, from the beginning, and by other settings."""
        self._open_dialog(model.generator)
        if self.dialog is not None:
            self.dialog.learn_again(model)

    @Slot(object)
    def _try(self, job: TrainingJob) -> None:
        self._show_board()
        self.new_models.attempt(job)

    def _show_board(self) -> None:
        """What a model makes comes onto the board: a large page over it has had its time."""
        if self.monitor is not None and self.monitor.is_large:
            self.large_wanted.emit(False)

    # What comes of them

    @Slot(object)
    def _note_model(self, model: ModelInfo) -> None:
        job = self.sender()
        monitor = self.monitor
        seen = monitor is not None and monitor.job is job and monitor.isVisible()
        own = job if isinstance(job, TrainingJob) else None
        sentence = self.new_models.note(model, own, seen=seen)
        if not isinstance(job, TrainingJob) or job.model is model:
            if self.place is not None and monitor is not None and monitor.job is job:
                self.place.waiting.leave_out(model.digest)  # its card comes beside its curves
            self.answers.note(model)
            self._note_answers()
            self.answers.measuring.begin_briefly(model)
        self.model_made.emit(model)
        if sentence:
            self._tray.notify(sentence)

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
        self._tray.notify(job.error.sentence)
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
        self.interrupted.discard([job.training])

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
            sentence = _("“{name}” has no complete checkpoint, so there is no model to keep.")
            self._studio.say(sentence.format(name=training.name), "warning")

        self._studio.errands.run(publish, tell, self._studio.say_error)

    # Those that were cut off

    def offer_interrupted(self) -> None:
        """Look for trainings that were cut off and offer to go on with them."""
        self.interrupted.offer()

    @Slot()
    def look_for_interrupted(self) -> None:
        """The same because the person asks: an answer comes even when there is none."""
        self.interrupted.offer(asked=True)


def _subject(training: Training) -> str:
    """What a message about a training is about."""
    return f"training {training.id}"
