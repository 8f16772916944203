"""The training monitor, following one training job at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aigc_studio.jobs import JobState

if TYPE_CHECKING:
    from aigc_studio.jobs import TrainingJob
    from aigc_studio.ui.monitor import TrainingMonitor


class Watching(QObject):
    """Tells a monitor what a job says, and the job what the person presses."""

    def __init__(self, monitor: TrainingMonitor) -> None:
        super().__init__(monitor)
        self._monitor = monitor
        self.job: TrainingJob | None = None
        monitor.pause_requested.connect(self._pause)
        monitor.resume_requested.connect(self._resume)
        monitor.stop_requested.connect(self._stop)
        monitor.cancel_requested.connect(self._cancel)
        monitor.try_requested.connect(self._try)

    def follow(self, job: TrainingJob) -> None:
        """Show a job from its beginning on, and go on with it."""
        if job is self.job:
            return
        self._leave()
        self.job = job
        monitor = self._monitor
        monitor.show_training(job.title)
        for metric in list(job.metrics):
            monitor.add_metric(metric)
        for preview in list(job.previews):
            monitor.add_preview(preview)
        if job.progress is not None:
            monitor.set_progress(job.progress)
        monitor.set_state(job.state)
        for signal, slot in self._lines(job):
            signal.connect(slot)

    def _leave(self) -> None:
        if self.job is not None:
            for signal, slot in self._lines(self.job):
                signal.disconnect(slot)
            self.job = None

    def _lines(self, job: TrainingJob):  # type: ignore[no-untyped-def]  # noqa: ANN202
        monitor = self._monitor
        return (
            (job.metric_received, monitor.add_metric),
            (job.preview_received, monitor.add_preview),
            (job.progress_changed, monitor.set_progress),
            (job.state_changed, monitor.set_state),
            (job.destroyed, self._forget),
        )

    @Slot()
    def _forget(self) -> None:
        self.job = None

    @Slot()
    def _pause(self) -> None:
        if self.job is not None:
            self.job.pause()

    @Slot()
    def _resume(self) -> None:
        if self.job is not None:
            self.job.resume()

    @Slot()
    def _stop(self) -> None:
        if self.job is not None:
            self.job.stop()

    @Slot()
    def _cancel(self) -> None:
        if self.job is not None:
            self.job.cancel()

    @Slot()
    def _try(self) -> None:
        job = self.job
        if job is not None and job.state in (JobState.RUNNING, JobState.PAUSED):
            job.publish_so_far()
