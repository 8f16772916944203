"""The training monitor of one job: what its signals say goes to the panel, what is asked, to it."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from aigc_studio.jobs import Errands
from aigc_studio.jobs.gesture import gesture
from aigc_studio.translation import _
from aigc_studio.ui.training.monitor_panel import TrainingMonitor

if TYPE_CHECKING:
    from aigc_studio.jobs import Job

__all__ = ["Monitor", "TrainingMonitor"]

_PATIENCE = 250
"""Milliseconds that metrics are gathered before they are drawn."""
_SLICE = 2000
"""Metrics that are drawn in one go: some milliseconds of work."""


class Monitor(TrainingMonitor):
    """Watches a training job, from now on or from its beginning: what it noted is shown too.

    `try_model` carries the job when the person asks for the model as it stands. Of one that failed:
    `keep_wanted` (its best), `again_wanted`, `discard_wanted`.
    """

    try_model = Signal(object)
    keep_wanted = Signal(object)
    again_wanted = Signal(object)
    discard_wanted = Signal(object)

    def __init__(self, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job = job
        self._waiting: deque[Any] = deque(job.metrics)
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self._draw_at_rest)
        training = getattr(job, "training", None)
        timed = training is not None and bool(training.document.get("minutes"))
        title, about = training.name if training is not None else job.title, job.record.description
        own = about.metrics if about is not None else None
        minutes = training.document.get("minutes") if training is not None else None
        self.show_training(title, timed=timed, own=own, minutes=minutes)
        for each in training.document.get("looks", ()) if training is not None else ():
            self.add_look(each["step"], each["metrics"])
        self._errands = Errands(self)
        if training is not None:
            self._look_at_data(Path(training.document["dataset"]["path"]))
        self._draw_some()
        for preview in getattr(job, "previews", ()):
            self.add_preview(preview)
        if job.progress is not None:
            self.set_progress(job.progress)
        job.metric_received.connect(self._take_metric)
        job.preview_received.connect(self.add_preview)
        job.progress_changed.connect(self.set_progress)
        job.checkpoint_received.connect(self._take_checkpoint)
        job.state_changed.connect(self._take_state)
        self.pause_requested.connect(job.pause)
        self.resume_requested.connect(job.resume)
        self.stop_requested.connect(job.stop)
        self.cancel_requested.connect(job.cancel)
        self.try_requested.connect(self._ask_to_try)
        self.failed_row.keep_requested.connect(self._ask_to_keep)
        self.failed_row.again_requested.connect(self._ask_again)
        self.failed_row.discard_requested.connect(self._ask_to_discard)
        self._take_state(job.state)

    def _look_at_data(self, folder: Path) -> None:
        from aigc_studio.ui.training.lessons import read_lessons

        self._errands.run(lambda: read_lessons(folder), self.show_lessons, self._tell_missing)

    def _tell_missing(self, _error: Exception) -> None:
        self.lessons.show_missing(_("The data can no longer be looked at: it is gone or damaged."))

    @Slot(object)
    def _take_metric(self, metric: Any) -> None:
        self._waiting.append(metric)
        if not self._timer.isActive():
            self._timer.start(_PATIENCE)

    @Slot(object)
    def _take_checkpoint(self, checkpoint: Any) -> None:
        self.add_look(checkpoint.step, checkpoint.metrics)

    @Slot()
    def _draw_at_rest(self) -> None:
        """Draw what waits, but not under a hand that paints: it would feel it."""
        if gesture.is_under_way:
            self._timer.start(_PATIENCE)
        else:
            self._draw_some()

    def _draw_some(self) -> None:
        """Draw what waits, a slice in a turn: one opened late has a hundred thousand to show."""
        count = min(len(self._waiting), _SLICE)
        self.add_metrics([self._waiting.popleft() for _n in range(count)])
        if self._waiting:
            self._timer.start(0)

    @Slot(object)
    def _take_state(self, state: Any) -> None:
        self._draw_some()
        self.set_state(state)
        error = self.job.error
        failed = self.state() == "failed"
        self.set_error(error.sentence if error and failed else "")
        training = getattr(self.job, "training", None)
        if failed and training is not None:
            whole = training.best() is not None
            self.failed_row.offer(True, whole, training.can_go_on)
            self.try_button.setEnabled(whole)

    @Slot()
    def _ask_to_try(self) -> None:
        self.try_model.emit(self.job)

    @Slot()
    def _ask_to_keep(self) -> None:
        self.keep_wanted.emit(self.job)

    @Slot()
    def _ask_again(self) -> None:
        self.again_wanted.emit(self.job)

    @Slot()
    def _ask_to_discard(self) -> None:
        self.discard_wanted.emit(self.job)
