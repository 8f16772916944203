"""A model makes something that it is known by: for models that came without samples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.jobs import JobState
from aigc_studio.translation import _, language, localized

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Description, Operation
    from aigc_studio.jobs import Job
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.studio import Studio

_COUNTS = {"image": 16, "text": 3, "melody": 1}
_SEED = 1


class Sampling(QObject):
    """Asks generators for samples of their models, as a person would ask for anything else.

    `settled(digest)` when it is over with a model, well or not; `failed` carries a sentence.
    """

    settled = Signal(str)
    failed = Signal(str)

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio

    @Slot(object)
    def start(self, model: ModelInfo) -> Job | None:
        """Have a model make a few things, and keep them as its samples."""
        from aigc_studio.api import StudioError

        try:
            record = self._studio.record(model.generator)
        except StudioError as error:
            self._refuse(model, str(error))
            return None
        about = record.description
        operations = about.of_verb("generate") if about else ()
        if about is None or not operations:
            self._refuse(model, _("This generator makes nothing new by itself."))
            return None
        title = _("Sample of “{name}”").format(name=model.title)
        request = _request(about, operations[0], model)
        job = self._studio.jobs.submit(record, "generate", request, title)
        keeper = _Keeper(self, self._studio, job, model)
        job.candidate_received.connect(keeper.take)
        job.finished.connect(keeper.settle)
        return job

    def _refuse(self, model: ModelInfo, sentence: str) -> None:
        self.failed.emit(sentence)
        self.settled.emit(model.digest)


class _Keeper(QObject):
    """Gathers what one job makes; lives as long as the job does."""

    def __init__(self, sampling: Sampling, studio: Studio, job: Job, model: ModelInfo) -> None:
        super().__init__(job)
        self._sampling, self._studio, self._job, self._model = sampling, studio, job, model
        self._made: list[Artifact] = []

    @Slot(object)
    def take(self, candidate: Any) -> None:
        """One of them is there."""
        self._made.append(candidate.artifact)

    @Slot()
    def settle(self) -> None:
        """All are there, or as many as will come."""
        error = self._job.error
        if not self._made:
            if self._job.state is not JobState.CANCELLED:
                sentence = _("The model {name} made nothing, so there is no sample.")
                told = error.sentence if error else sentence.format(name=self._model.title)
                self._sampling.failed.emit(told)
            self._end()
            return
        made, model, store = self._made, self._model, self._studio.model_store

        def keep() -> Path:
            from aigc_studio.api.samples import gathered

            return store.keep_samples(model, gathered(made))

        self._studio.errands.run_in_order(keep, self._note, self._tell)

    def _note(self, _path: object) -> None:
        self._studio.refresh_models()
        self._end()

    def _tell(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if isinstance(error, StudioError):
            self._sampling.failed.emit(str(error))
        else:
            self._studio.say_error(error)
        self._end()

    def _end(self) -> None:
        self._sampling.settled.emit(self._model.digest)


def _request(about: Description, operation: Operation, model: ModelInfo) -> Any:
    from aigc_studio.api import GenerateRequest

    prompt = localized(operation.prompt_example) if operation.prompt == "required" else ""
    return GenerateRequest(
        operation=operation.id,
        prompt=prompt,
        count=_COUNTS[str(about.medium)],
        seed=_SEED,
        model=Path(model.folder),
        language=language(),
    )
