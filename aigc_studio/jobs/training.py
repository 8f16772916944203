"""A training as a job: its checkpoints are noted as they come, its best one becomes a model."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from aigc_studio.jobs.errands import Errands
from aigc_studio.jobs.job import Job, JobError, JobState
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ModelInfo, ModelStore, Training

_log = logging.getLogger(__name__)


class TrainingJob(Job):
    """A training under way. `published` carries the ModelInfo once the best checkpoint is a model.

    Done and stopped publish; cancelled throws the folder away; failed keeps it when there is a
    checkpoint in it, so that it can be resumed.
    """

    published = Signal(object)
    publish_failed = Signal(str)

    def __init__(
        self,
        record: PluginRecord,
        training: Training,
        models: ModelStore,
        name: str,
        title: str,
        parent: QObject | None,
    ) -> None:
        super().__init__(record, "train", title, parent)
        self.training = training
        self.models = models
        self.model_name = name
        self.model: ModelInfo | None = None
        self.previews: list[Any] = []
        self.prepare = training.request
        self.keep = self._note
        self.left_for_later = False
        self._errands = Errands(self)
        self.finished.connect(self._settle)

    def leave_for_later(self) -> None:
        """Checkpoint and end without a model; the next start offers to resume."""
        self.left_for_later = True
        self.stop()

    def try_as_it_stands(self) -> ModelInfo | None:
        """Publish the best checkpoint so far under a name of its own, the training going on."""
        return self.training.publish(self.models, self.models.free_name(self.model_name))

    def _note(self, event: Any) -> Any:
        if type(event).__name__ == "Checkpoint":
            self.training.note_checkpoint(event)
        return event

    def _settle(self) -> None:
        if self.left_for_later:
            return
        if self.state in (JobState.DONE, JobState.STOPPED):
            self._errands.run(self._publish, self._tell, self._tell_failure)
        elif self.state is JobState.CANCELLED or self.training.best() is None:
            self._errands.run(self.training.discard, None, self._log_failure)

    def _publish(self) -> ModelInfo | None:
        return self.training.publish(self.models, self.model_name)

    def _tell(self, model: ModelInfo | None) -> None:
        self.model = model
        if model is None:
            self.publish_failed.emit(
                _("“{title}” ended before its first checkpoint, so there is no model.").format(
                    title=self.title
                )
            )
        else:
            self.published.emit(model)

    def _tell_failure(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError):
            _log.error("a model could not be published", exc_info=error)
        self.error = JobError(str(error))
        self.publish_failed.emit(str(error))

    def _log_failure(self, error: Exception) -> None:
        _log.warning("a training folder could not be removed: %s", error)
