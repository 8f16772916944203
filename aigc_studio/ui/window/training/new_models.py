"""Models that a training made, in whole or as it stands: told, tried, and used in the panel."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.jobs import JobState, TrainingJob
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.studio import Studio


class NewModels(QObject):
    """Brings what a training made into the prompt panel, when the person wants it.

    `chosen` (generator, model, digest): the panel is to use it. `decided` carries a model that the
    person wants to use. `try_wanted`: to see at once what it makes. `in_use(generator, digest)`
    says whether the panel uses a model now.

    A model that was just made can be used at once. Where it, or its generator, must first be found,
    the wish is held, and what is asked for meanwhile is made with it (`hold`).
    """

    chosen = Signal(str, str, str)
    decided = Signal(object)
    try_wanted = Signal()

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self.in_use: Callable[[str, str], bool] = lambda _generator, _digest: False
        self._tried: set[TrainingJob] = set()
        self._publishing: set[TrainingJob] = set()
        self._snapshots: dict[TrainingJob, ModelInfo] = {}
        self._wanted: tuple[ModelInfo, str, bool] | None = None
        self._held: Callable[[], object] | None = None
        """What was asked for while the panel did not offer what it is to be made with."""
        self._outrun = ""

    def attempt(self, job: TrainingJob) -> None:
        """The person wants the model of a training: the newest there is, whatever its state."""
        if job.model is not None:
            self.use(job.model)
        elif job.state.ended and job.state is not JobState.FAILED:
            self._tried.add(job)  # its model is on the way; if none comes, that is told
            if job.is_settled:
                self.tell_none(job)
        elif job.training.newest() is not None:
            self._publish(job)
        elif job.state.ended:
            self.tell_none(job)
        else:
            self._await_first(job)

    def _publish(self, job: TrainingJob) -> None:
        """Make a model of the newest checkpoint, unless that is one already, or just being made."""
        if job in self._publishing:
            return
        known, newest = self._snapshots.get(job), job.training.newest()
        same = known is not None and newest is not None and known.card.get("step") == newest.step
        # Not whether it is listed: the list may be on its way.
        if known is not None and same and known.folder.is_dir():
            self._use_once_listed(known, _as_it_stands(), at_once=True)
            return
        self._tried.add(job)
        self._publishing.add(job)
        job.publish_failed.connect(self._note_failure)
        job.publish_so_far()

    def _await_first(self, job: TrainingJob) -> None:
        """There is no checkpoint yet: the wish is remembered, and met as soon as there is one."""
        if job not in self._tried:
            self._tried.add(job)
            job.checkpoint_received.connect(self._take_first)
        self._studio.say(
            _("Its first model comes in a few seconds; it is chosen as soon as it is there."),
            subject=_CHOSEN,
        )

    @Slot(object)
    def _take_first(self, _checkpoint: object) -> None:
        job = self.sender()
        if isinstance(job, TrainingJob):
            job.checkpoint_received.disconnect(self._take_first)
            if job in self._tried and not job.state.ended:
                self._publish(job)

    @Slot(str)
    def _note_failure(self, _sentence: str) -> None:
        job = self.sender()
        if isinstance(job, TrainingJob):
            self._publishing.discard(job)

    def note(self, model: ModelInfo, job: TrainingJob | None, *, seen: bool = False) -> str:
        """A model was made. Gives the sentence that tells so, for those who do not look; nothing
        is said beside a card that is `seen` and says the same."""
        self._studio.refresh_models()
        sentence = _("The model “{name}” is ready.").format(name=model.title)
        if job is not None and job.model is not model:
            self._note_snapshot(model, job)
            return ""
        if job is not None and self._replaces(job):
            ready = _("The model “{name}” is ready, and it is chosen now.")
            self._use_once_listed(model, _("The model “{name}” is chosen.") if seen else ready)
            return sentence
        if seen:
            return sentence
        use = functools.partial(self.use, model)
        self._studio.say(sentence, actions=[(_("Use it"), use)], subject=_subject(model))
        return sentence

    def use(self, model: ModelInfo) -> None:
        """Choose a model in the panel, as soon as the panel can offer it."""
        self.decided.emit(model)
        self._use_once_listed(model, _("The model “{name}” is chosen."))

    def tell_none(self, job: TrainingJob) -> None:
        """There is nothing to try."""
        self._tried.discard(job)
        self._studio.say(
            _("“{title}” ended before its first checkpoint, so there is no model.").format(
                title=job.title
            ),
            "warning",
        )

    def is_awaited(self, job: TrainingJob) -> bool:
        """Whether the person asked for the model of a training that makes its last one now."""
        return job in self._tried and job.state.ended and not job.is_settled

    @Slot(object)
    def note_asked(self, prompt: Prompt) -> None:
        """Something was asked for: say so when its model is a step that its training has left."""
        self._studio.taken_back.emit(_CHOSEN)
        for job, model in self._snapshots.items():
            asked = (prompt.generator, prompt.model_digest) == (model.generator, model.digest)
            newest = job.checkpoints[-1].step if job.checkpoints else 0
            if asked and self._outrun != model.name and newest > int(model.card.get("step", 0)):
                self._outrun = model.name
                sentence = _("This is made with “{name}”; the training has gone on since.")
                again = functools.partial(self.attempt, job)
                self._studio.say(
                    sentence.format(name=model.title),
                    actions=[(_("Use the newest"), again)],
                    subject=_CHOSEN,
                )

    def _note_snapshot(self, model: ModelInfo, job: TrainingJob) -> None:
        self._tried.discard(job)
        self._publishing.discard(job)
        if job.model is None:  # else the training has ended meanwhile, and its model is newer
            self._snapshots[job] = model
            self._use_once_listed(model, _as_it_stands(), at_once=True)

    def _replaces(self, job: TrainingJob) -> bool:
        """Whether the model of a training is awaited, or its last snapshot is what is used now."""
        snapshot = self._snapshots.pop(job, None)
        awaited = job in self._tried
        self._tried.discard(job)
        in_use = snapshot is not None and self.in_use(snapshot.generator, snapshot.digest)
        return awaited or in_use

    def hold(self, run: Callable[[], object], generator: str = "") -> bool:
        """Whether what was asked for, of a `generator` or of whichever is chosen, waits for a model
        that the person wants to use: it is made with that."""
        if self._wanted is None or generator not in ("", self._wanted[0].generator):
            return False
        self._held = run
        sentence = _("“{name}” is still being looked for; what you asked for is made with it then.")
        self._studio.say(sentence.format(name=self._wanted[0].title), subject=_CHOSEN)
        return True

    def _use_once_listed(self, model: ModelInfo, sentence: str, *, at_once: bool = False) -> None:
        """Choose a model once the panel offers it; `at_once`: and show what it makes."""
        if self._wanted is None:
            # Connected now and not before: the panel hears first of what is new.
            self._studio.records_changed.connect(self._look_again)
            self._studio.models_changed.connect(self._look_again)
        self._wanted, self._held = (model, sentence, at_once), None
        if self._choose_wanted():
            return
        if self._found() is None and model.folder.is_dir():
            self._studio.note_made(model)  # and so it is chosen
        if self._wanted is not None:
            self._studio.refresh_models()
            self._give_up_later()

    def _give_up_later(self) -> None:
        """Behind all lists that were begun by now."""
        if self._wanted is not None:
            give_up = functools.partial(self._give_up, self._wanted[0])
            self._studio.errands.run_in_order(lambda: None, give_up, self._studio.say_error)

    def _found(self) -> ModelInfo | None:
        """The model that is wanted, as the library has it now."""
        if self._wanted is None:
            return None
        wanted = self._wanted[0]
        return self._studio.model(wanted.name, wanted.generator, wanted.digest)

    @Slot()
    def _look_again(self) -> None:
        """Other models, or generators, are known now."""
        if not self._choose_wanted() and self._studio.complete:
            self._give_up_later()

    def _choose_wanted(self) -> bool:
        found = self._found()
        if self._wanted is None or found is None:
            return False
        _model, sentence, at_once = self._wanted
        self.chosen.emit(found.generator, found.name, found.digest)
        if not self.in_use(found.generator, found.digest):
            return False
        held = self._forget_wanted()
        self._studio.taken_back.emit(_subject(found))
        if held is not None:
            held()
        elif at_once:
            self.try_wanted.emit()
        if at_once:
            self._outrun = ""  # that the training goes on is told of what is asked for later
        self._studio.say(
            sentence.format(name=found.title),
            actions=[] if at_once or held else [(_("Generate"), self.try_wanted.emit)],
            subject=_CHOSEN,
        )
        return True

    def _give_up(self, model: ModelInfo, _nothing: object) -> None:
        if self._wanted is None or self._wanted[0] is not model or self._choose_wanted():
            return
        if not self._studio.complete:
            return  # its generator may still come: that is told
        found = self._found()
        self._forget_wanted()
        if found is None:
            sentence = _("The model “{name}” is no longer in the library.")
            self._studio.say(sentence.format(name=model.title), "warning")
        else:
            self._tell_generator(found)

    def _tell_generator(self, model: ModelInfo) -> None:
        """Why a model cannot be chosen that is there: its generator is not."""
        from aigc_studio.api import StudioError

        try:
            self._studio.record(model.generator)
        except StudioError as error:
            self._studio.say_error(error)
            return
        sentence = _("“{name}” cannot be chosen here: its generator is not offered.")
        self._studio.say(sentence.format(name=model.title), "warning")

    def _forget_wanted(self) -> Callable[[], object] | None:
        """It is wanted no longer; what was asked for meanwhile."""
        held, self._held, self._wanted = self._held, None, None
        self._studio.records_changed.disconnect(self._look_again)
        self._studio.models_changed.disconnect(self._look_again)
        return held


_CHOSEN = "model chosen"


def _as_it_stands() -> str:
    return _("“{name}” is chosen: the model as it stands now.")


def _subject(model: ModelInfo) -> str:
    """What a message about a model is about: a later model of a generator takes its place."""
    return f"new model of {model.generator}"
