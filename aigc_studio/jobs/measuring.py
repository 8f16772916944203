"""Measuring a model as a job: in a worker of its own, and what comes of it is kept in its card."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aigc_studio.jobs.errands import Errands
from aigc_studio.jobs.job import Job, JobState
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api import EvaluateRequest, Preview
    from aigc_studio.host import PluginRecord
    from aigc_studio.library.evaluation import Unseen
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.library.models import ModelStore

    Found = tuple[Unseen, EvaluateRequest]

_log = logging.getLogger(__name__)

GIVE_UP_MS = 1000
"""So long one whose time is over may take to its next event; then it is cut off."""


class MeasuringJob(Job):
    """Measures `model`. Cancelled, failed or cut off, it leaves the model as it was.

    `find` looks for examples that the model has not seen, on another thread; a `StudioError` of it
    is the job's error. Of two `limits`, in seconds, it ends after the first (from its first event)
    once anything is measured, and after the second (from its beginning) in any case, whether or not
    its generator still says anything; what was measured is kept. `measured` carries the
    model as it is kept now; `came_to_nothing` the sentence that says why, empty for one that was
    cancelled. One of the two comes, last of all.
    """

    apart = True
    measured = Signal(object)
    came_to_nothing = Signal(str)

    def __init__(
        self,
        record: PluginRecord,
        model: ModelInfo,
        models: ModelStore,
        find: Callable[[], Found],
        parent: QObject | None,
        limits: tuple[float, float] | None = None,
    ) -> None:
        super().__init__(record, "evaluate", _title(model), parent)
        self.model = model
        self.unseen: Unseen | None = None
        self._models, self._find = models, find
        self._errands = Errands(self)
        self._limits = limits
        self._soon = QTimer(self, singleShot=True)
        self._late = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._stop_with_something)
        self._late.timeout.connect(self._end_in_any_case)
        self._gave_up = False
        self._shown: Preview | None = None
        self.preview_received.connect(self._show)
        self.state_changed.connect(self._watch)
        self.prepare = self._prepare
        self.finished.connect(self._settle)

    def _prepare(self) -> Any:
        self.unseen, request = self._find()
        return request

    @Slot(object)
    def _watch(self, state: object) -> None:
        if self._limits is None:
            return
        soon, late = self._limits
        if state is JobState.STARTING:
            self._late.start(round(1000 * late))
        elif state is JobState.RUNNING:
            self._soon.start(round(1000 * soon))

    @Slot()
    def _stop_with_something(self) -> None:
        if self.metrics:
            self.stop()
        else:
            self.metric_received.connect(self.stop)

    @Slot()
    def _end_in_any_case(self) -> None:
        """A generator that hangs yields no event at which it could be stopped."""
        self._gave_up = True
        self.stop()
        QTimer.singleShot(GIVE_UP_MS, self, self.cancel)

    @Slot(object)
    def _show(self, preview: Preview) -> None:
        """Something to look at beside the numbers: the last one is kept."""
        self._shown = preview

    @Slot()
    def _settle(self) -> None:
        self._soon.stop()
        self._late.stop()
        if self.state is JobState.CANCELLED and not self._gave_up:
            self.came_to_nothing.emit("")
        elif self.state is JobState.FAILED:
            self.came_to_nothing.emit(self.error.sentence if self.error else "")
        elif not self.metrics:
            self.came_to_nothing.emit(self._nothing())
        else:
            self._errands.run(self._keep, self._tell, self._tell_failure)

    def _nothing(self) -> str:
        sentence = _("The plugin {name} measured nothing.")
        if self.state in (JobState.STOPPED, JobState.CANCELLED):
            sentence = _("The plugin {name} measured nothing in the time that it had.")
        return sentence.format(name=self.record.title)

    def _keep(self) -> ModelInfo:
        about = self.record.description
        found = {each.name: each.value for each in self.metrics}
        told = self.unseen.about() if self.unseen is not None else {}
        own = about.metrics if about is not None else None
        return self._models.note_metrics(self.model, found, told, own, self._shown)

    def _tell(self, model: ModelInfo) -> None:
        self.model = model
        self.measured.emit(model)

    def _tell_failure(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError):
            _log.error("what was measured could not be kept", exc_info=error)
        self.came_to_nothing.emit(str(error))


def _title(model: ModelInfo) -> str:
    return _("Measure “{name}”").format(name=model.title)
