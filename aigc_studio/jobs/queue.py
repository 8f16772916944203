"""The queue: who may use a generator's worker, and when.

Generate and edit share one warm worker for each generator and take turns; a live preview fits in
between and gives way; every training has a worker of its own.
"""

from __future__ import annotations

import functools
import logging
import threading
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.jobs.job import Job, JobError
from aigc_studio.jobs.mailbox import Mailbox
from aigc_studio.jobs.previews import Previews
from aigc_studio.jobs.training import TrainingJob
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, WorkerPool
    from aigc_studio.library.models import ModelStore
    from aigc_studio.library.trainings import Training

_log = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 10.0
CLOSE_SECONDS = 1.0


class JobQueue(QObject):
    """All jobs of a window. `make_pool` makes what starts the workers, when it is first needed.

    `outdated` carries the record of a plugin that has used what goes away, and where: sentences for
    its author. Nothing here waits for a worker.
    """

    job_added = Signal(object)
    job_removed = Signal(object)
    job_changed = Signal(object)
    preview_ready = Signal(object)
    preview_failed = Signal(object)
    outdated = Signal(object, tuple)

    def __init__(self, make_pool: Callable[[], WorkerPool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_pool = make_pool
        self.jobs: list[Job] = []
        self._mailbox = Mailbox(self)
        self._busy: dict[str, Job] = {}
        self._previews = Previews(self._start_preview)

    @functools.cached_property
    def pool(self) -> WorkerPool:
        """What starts the workers."""
        return self._make_pool()

    @property
    def trainings(self) -> list[TrainingJob]:
        """The trainings that have not ended."""
        jobs = [job for job in self.jobs if isinstance(job, TrainingJob)]
        return [job for job in jobs if not job.state.ended]

    @property
    def unsettled(self) -> list[TrainingJob]:
        """The trainings that have not ended, and those of which a model is just being made."""
        jobs = [job for job in self.jobs if isinstance(job, TrainingJob)]
        return [job for job in jobs if not job.is_settled]

    def under_way(self, generator: str = "") -> list[Job]:
        """The jobs that have not ended (of one generator), but for those that are `apart`."""
        return [
            job
            for job in self.jobs
            if not job.state.ended and not job.apart and generator in ("", job.generator)
        ]

    def submit(
        self,
        record: PluginRecord,
        verb: str,
        request: Any,
        title: str,
        keep: Callable[[Any], Any] | None = None,
    ) -> Job:
        """Queue a generate, edit or evaluate and give its job.

        `request` is a request, or a function that makes it and may take its time: it is called on
        another thread, and a `StudioError` that it raises is the job's error. `keep(candidate)`
        runs on the reader thread before the candidate is told; its result is told instead. So it
        is with annotations.
        """
        job = Job(record, verb, title, self)
        _give_request(job, request)
        job.keep = keep
        self._previews.give_way(job.generator)
        self._note(job)
        begun = self._take_turn(job.generator)
        self.job_added.emit(job)
        if begun is not None:
            begun.begin()
        return job

    def preview(
        self,
        record: PluginRecord,
        verb: str,
        request: Any,
        keep: Callable[[Any], Any] | None = None,
        *,
        private: bool = False,
    ) -> Job | None:
        """Ask for a look: the newest request of a generator wins, older ones are dropped.

        Its candidates, and what there is of them while they are made (or what `keep` makes of both)
        come as `preview_ready`, its error as `preview_failed`; of a `private` one only its job
        tells. Nothing happens, and there is no
        job, while one of the generator is under way.
        """
        job = Job(record, verb, "", self)
        job.private = private
        _give_request(job, request)
        job.keep = keep
        if self._busy.get(job.generator) is None:
            if not private:
                job.candidate_received.connect(self.preview_ready)
                job.partial_received.connect(self.preview_ready)
            job.finished.connect(self._end_preview)
            self._previews.ask(job)
            return job
        job.deleteLater()
        return None

    def cancel_asked(self) -> bool:
        """Cancel all that was asked for, trainings apart. False when there was nothing."""
        jobs = self.under_way()
        for job in jobs:
            job.cancel()
        return bool(jobs)

    def give_way(self, generator: str) -> None:
        """Let no live preview of a generator go on, and none that waits begin."""
        self._previews.give_way(generator)

    def train(
        self,
        record: PluginRecord,
        training: Training,
        models: ModelStore,
        name: str,
        title: str,
        device: str = "cpu",
    ) -> TrainingJob:
        """Start (or go on with) a training in a fresh worker; its model will be called `name`."""
        threads = self.pool.threads
        job = TrainingJob(record, training, models, name, title, self, threads, device)
        self.start_apart(job)
        return job

    def start_apart(self, job: Job) -> None:
        """Start a job in a worker of its own, beside all others."""
        self._note(job)
        self.job_added.emit(job)
        job.begin()
        self._start(job, fresh=True)

    def is_warm(self, record: PluginRecord) -> bool:
        """Whether what is asked of a generator begins at once, or has to be made ready first."""
        return "pool" in vars(self) and self.pool.is_warm(record)

    def remove(self, job: Job) -> None:
        """Take a job that has ended off the list."""
        if job in self.jobs and job.state.ended:
            self.jobs.remove(job)
            self.job_removed.emit(job)
            job.deleteLater()

    def close(self, *, promptly: bool = False) -> None:
        """Cancel what runs except trainings, which checkpoint and can be resumed.

        With `promptly` they have had their time to.
        """
        self._previews.close()
        self._mailbox.close()
        for job in self.jobs:
            if not job.state.ended and not isinstance(job, TrainingJob):
                job.cancel()
        if "pool" not in vars(self):
            return
        # Trainings write a last checkpoint; nothing else is worth waiting for.
        waits = self.trainings and not promptly
        self.pool.close(CHECKPOINT_SECONDS if waits else CLOSE_SECONDS)

    # Turns

    def _note(self, job: Job) -> None:
        self.jobs.append(job)
        job.state_changed.connect(self._note_state)

    @Slot(object)
    def _note_state(self, _state: object) -> None:
        job = self.sender()
        if not isinstance(job, Job):
            return
        self.job_changed.emit(job)
        if job.state.ended and self._busy.get(job.generator) is job:
            del self._busy[job.generator]
            self._start_next(job.generator)

    def _start_next(self, generator: str) -> None:
        begun = self._take_turn(generator)
        if begun is not None:
            begun.begin()

    def _take_turn(self, generator: str) -> Job | None:
        """Start the job whose turn it is, if any: `begin` it once its worker is at it, which works
        while the window shows so."""
        if generator in self._busy or self._previews.running(generator):
            return None
        waiting = [job for job in self.under_way(generator) if not job.started_at]
        if not waiting:
            return None
        job = self._busy[generator] = waiting[0]
        job.leave_queue()
        self._start(job)
        return job

    def _start_preview(self, job: Job) -> None:
        job.leave_queue()
        self._start(job)
        job.begin()

    def _hand_over(self, job: Job) -> None:
        """On the reader thread, at the end of a run: the live preview that waits begins at once."""
        following = self._previews.hand_over(job)
        if following is not None:
            self._mailbox.post(following.begin)
            self._start(following)

    @Slot()
    def _end_preview(self) -> None:
        job = self.sender()
        if not isinstance(job, Job):
            return
        if job.error and not job.private:
            self.preview_failed.emit(job.error)
        self._previews.ended(job)
        job.deleteLater()
        self._start_next(job.generator)

    # Starting, beside the UI thread: encoding a request or a process takes its time

    def _start(self, job: Job, fresh: bool = False) -> None:
        if job.prepare is None:
            self._ask_worker(job, fresh)  # the pool returns at once; a thread would be a detour
            return
        threading.Thread(
            target=self._ask_worker, args=(job, fresh), name=f"start {job.id}", daemon=True
        ).start()

    def _ask_worker(self, job: Job, fresh: bool) -> None:
        from aigc_studio.jobs.ear import Ear

        post = self._mailbox.post
        hear = Ear(job, self._mailbox, self.outdated.emit, self._hand_over)
        try:
            if job.prepare is not None:
                job.request = job.prepare()
            run = self.pool.start(
                job.record,
                job.verb,
                job.request,
                on_event=hear.event,
                on_end=hear.end,
                fresh=fresh,
            )
        except Exception as error:
            post(job.fail, _start_error(job, error))
        else:
            post(job.take_run, run)


def _give_request(job: Job, request: Any) -> None:
    if callable(request):
        job.prepare = request
    else:
        job.request = request


def _start_error(job: Job, error: Exception) -> JobError:
    from aigc_studio.api import StudioError

    if isinstance(error, StudioError):
        return JobError(str(error), parameter=str(getattr(error, "parameter", "")))
    _log.error("a job could not be started", exc_info=error)
    return JobError(
        _("“{title}” could not be started. The log says more.").format(title=job.title),
        details="".join(traceback.format_exception(error)),
    )
