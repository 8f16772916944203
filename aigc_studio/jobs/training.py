"""A training as a job: its checkpoints are noted as they come, its best one becomes a model."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from aigc_studio.api.events import Checkpoint
from aigc_studio.jobs.errands import Errands
from aigc_studio.jobs.job import Job, JobState
from aigc_studio.translation import _, language

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.library.models import ModelStore
    from aigc_studio.library.trainings import Training

_log = logging.getLogger(__name__)

PREVIEWS_KEPT = 60
CHECKPOINTS_KEPT = 20
"""A plugin that never thins out has thousands, each with a card."""


class TrainingJob(Job):
    """A training under way. `published` carries the ModelInfo once the best checkpoint is a model.

    `model` is what came of it in the end; `is_settled`: nothing more will be written or removed.
    Done and stopped publish; cancelled throws the folder away; failed keeps it when there is a
    checkpoint in it, so that it can go on.
    """

    apart = True
    published = Signal(object)
    publish_failed = Signal(str)
    settled = Signal()
    """Nothing more will be written or removed."""

    def __init__(
        self,
        record: PluginRecord,
        training: Training,
        models: ModelStore,
        name: str,
        title: str,
        parent: QObject | None,
        threads: int = 1,
        device: str = "cpu",
    ) -> None:
        super().__init__(record, "train", title, parent)
        self.training = training
        self.models = models
        self.model_name = name
        self.model: ModelInfo | None = None
        self.threads = threads
        self.device = device
        self.previews: list[Any] = []
        self.checkpoints: list[Any] = []
        self.prepare = self._make_request
        self.keep = self._note
        self.left_for_later = False
        self.is_settled = False
        self._errands = Errands(self)
        self.preview_received.connect(self._collect_preview)
        self.checkpoint_received.connect(self._collect_checkpoint)
        self.finished.connect(self._settle)

    def leave_for_later(self) -> None:
        """Checkpoint and end without a model; the next start offers to go on."""
        self.left_for_later = True
        self.stop()

    def publish_so_far(self) -> None:
        """Make a model of the newest checkpoint, named after its step; `published` tells."""

        def named(newest: Checkpoint) -> str:
            return _("{name} at step {step}").format(name=self.model_name, step=newest.step)

        def publish() -> ModelInfo | None:
            return self.training.publish(self.models, named, newest=True)

        self._errands.run(publish, self._tell, self._tell_failure)

    def _make_request(self) -> Any:
        return self.training.request(device=self.device, threads=self.threads, language=language())

    def _note(self, event: Any) -> Any:
        if isinstance(event, Checkpoint):
            self.training.note_checkpoint(event)
        return event

    def _collect_preview(self, event: Any) -> None:
        self.previews.append(event)
        # The first stays as what it began with; of the others the newest are of interest.
        if len(self.previews) > PREVIEWS_KEPT:
            del self.previews[1]

    def _collect_checkpoint(self, event: Any) -> None:
        self.checkpoints.append(event)
        del self.checkpoints[:-CHECKPOINTS_KEPT]

    def _settle(self) -> None:
        if self.left_for_later:
            self._errands.run(self._leave, self._end, self._log_failure)
        elif self.state in (JobState.DONE, JobState.STOPPED):
            self._errands.run(self._publish, self._end_published, self._end_unpublished)
        elif self.state is JobState.CANCELLED:
            self._errands.run(self._discard, self._end, self._log_failure)
        else:
            self._errands.run(self._note_failure, self._end, self._log_failure)

    def _leave(self) -> None:
        self.training.note("paused")
        self.training.release()

    def _publish(self) -> ModelInfo | None:
        self.training.note("done" if self.state is JobState.DONE else "stopped", hold=True)
        try:
            model = self.training.publish(self.models, self.model_name)
            # What was trained is in the model now; the checkpoints are of no further use.
            self.training.discard()
        finally:
            self.training.release()
        return model

    def _discard(self) -> None:
        # A worker that had to be killed may have held the folder a moment ago.
        if self.run is not None:
            self.run.wait(2.0)
        self.training.release()
        self.training.discard()

    def _note_failure(self) -> None:
        # What was refused before it began leaves nothing; what crashed loses no more than seconds.
        if not self.training.can_go_on:
            self._discard()
        else:
            self.training.note("failed", self.error.sentence if self.error else "")

    def _end_published(self, model: ModelInfo | None) -> None:
        self.model = model
        self._tell(model)
        self._end(None)

    def _end_unpublished(self, error: Exception) -> None:
        self._tell_failure(error)
        self._end(None)

    def _end(self, _nothing: object) -> None:
        self.is_settled = True
        self.settled.emit()

    def _tell(self, model: ModelInfo | None) -> None:
        if model is None:
            self.publish_failed.emit(
                _("“{title}” has no checkpoint yet, so there is no model.").format(title=self.title)
            )
        else:
            self.published.emit(model)

    def _tell_failure(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError):
            _log.error("a model could not be published", exc_info=error)
        self.publish_failed.emit(str(error))

    def _log_failure(self, error: Exception) -> None:
        _log.warning("a training folder could not be settled: %s", error)
        self._end(None)
