"""Measuring models: when a person wants it, and briefly by itself when a training has made one."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.jobs import JobState
from aigc_studio.jobs.measuring import MeasuringJob
from aigc_studio.translation import _, in_a_row, language

if TYPE_CHECKING:
    from aigc_studio.api import Operation, Progress
    from aigc_studio.jobs import Job
    from aigc_studio.library.evaluation import Unseen
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.studio import Studio


class Measuring(QObject):
    """Measures models, each in a process of its own, beside all else.

    `changed(digest)`: it begins, goes on or ends with a model. `measured` carries a model whose
    card says now how good it is. `failed` carries a sentence, where a person had asked.
    """

    changed = Signal(str)
    measured = Signal(object)
    failed = Signal(str)

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._jobs: dict[str, MeasuringJob] = {}
        self._waiting: deque[ModelInfo] = deque()

    def job(self, digest: str) -> Job | None:
        """The job that measures the model of this digest now; None where none does."""
        return self._jobs.get(digest)

    def is_under_way(self, digest: str) -> bool:
        """Whether a model is being measured, or waits for that."""
        return digest in self._jobs or any(each.digest == digest for each in self._waiting)

    def progress(self, digest: str) -> Progress | None:
        """How far it is, where that is known."""
        job = self._jobs.get(digest)
        return job.progress if job is not None else None

    def begin(self, model: ModelInfo, dataset: str) -> None:
        """Measure a model on the held-out part of a dataset, as the person wants it."""
        if model.digest not in self._jobs:
            self._waiting = deque(e for e in self._waiting if e.digest != model.digest)
            self._start(model, dataset, brief=False)

    def begin_briefly(self, model: ModelInfo) -> None:
        """Measure a model that was just made on its own data, one after the other; if the person
        did not switch that off, and the generator can."""
        if not self._studio.settings.preference("measure_models"):
            return
        about = self._description(model)
        if about is not None and "evaluate" in about.verbs:
            self._waiting.append(model)
            self._next()
            self.changed.emit(model.digest)

    def cancel(self, digest: str) -> None:
        """Do not measure it: the model stays as it was."""
        self._waiting = deque(each for each in self._waiting if each.digest != digest)
        job = self._jobs.get(digest)
        if job is not None:
            job.cancel()
        else:
            self.changed.emit(digest)

    def _next(self) -> None:
        while self._waiting and not self._jobs:  # one that cannot be measured holds up no other
            self._start(self._waiting.popleft(), "", brief=True)

    def _start(self, model: ModelInfo, dataset: str, *, brief: bool) -> None:
        from aigc_studio.api import StudioError
        from aigc_studio.library import evaluation

        try:
            record = self._studio.record(model.generator)
            operation = evaluation.check_plugin(model, record.description)
        except StudioError as error:
            self._refuse(model, str(error), brief=brief)
            self.changed.emit(model.digest)
            return
        job = MeasuringJob(
            record,
            model,
            self._studio.model_store,
            lambda: self._find(model, operation, dataset, brief=brief),
            self,
            (evaluation.BRIEF_SECONDS, evaluation.PATIENT_SECONDS) if brief else None,
        )
        self._jobs[model.digest] = job
        job.progress_changed.connect(lambda _progress: self.changed.emit(model.digest))
        job.measured.connect(self._note)
        job.came_to_nothing.connect(lambda sentence: self._end_in_vain(job, sentence, brief=brief))
        self._studio.jobs.start_apart(job)
        self.changed.emit(model.digest)

    def _find(
        self, model: ModelInfo, operation: Operation, dataset: str, *, brief: bool
    ) -> tuple[Unseen, Any]:
        """What to measure on, and what the generator is asked. Not on the UI thread."""
        from aigc_studio.api import StudioError
        from aigc_studio.library import evaluation

        store, threads = self._studio.dataset_store, self._studio.jobs.pool.threads
        if not dataset:
            own = evaluation.own_data(model, store.list())
            if own is None:
                sentence = _("The data that the model {name} learnt from is no longer here.")
                raise StudioError(sentence.format(name=model.title))
            dataset = own.name
        about = self._description(model)
        medium = str(about.medium) if about is not None else ""
        most = evaluation.BRIEF_EXAMPLES if brief else None
        unseen = evaluation.find_unseen(model, store.open(dataset, "test"), store, medium, most)
        request = evaluation.request_for(
            model,
            unseen,
            operation,
            threads=max(1, threads // 2) if brief else threads,
            device=self._studio.settings.preference("device"),
            language=language(),
        )
        return unseen, request

    def _description(self, model: ModelInfo) -> Any:
        found = [each.description for each in self._studio.ready if each.description]
        return next((each for each in found if each.id == model.generator), None)

    @Slot(object)
    def _note(self, model: ModelInfo) -> None:
        self._jobs.pop(model.digest, None)
        self.measured.emit(model)
        self.changed.emit(model.digest)
        self._studio.refresh_models()
        self._next()

    def _end_in_vain(self, job: MeasuringJob, sentence: str, *, brief: bool) -> None:
        self._jobs.pop(job.model.digest, None)
        self.changed.emit(job.model.digest)
        if sentence:
            # By itself, what the data does not allow is no news: the card says that nothing was
            # measured, and who asks for it hears why. That a plugin broke is.
            broke = job.state is JobState.FAILED and job.run is not None
            self._refuse(job.model, sentence, brief=brief and not broke)
        self._next()

    def _refuse(self, model: ModelInfo, sentence: str, *, brief: bool) -> None:
        if not brief:
            told = _("The model {name} was not measured.").format(name=model.title)
            self.failed.emit(in_a_row([told, sentence]))
