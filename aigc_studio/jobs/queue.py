"""The queue: who may use a generator's worker, and when.

Generate and edit share one warm worker for each generator and take turns; a live preview fits in
between and gives way; every training has a worker of its own.
"""

from __future__ import annotations

import errno
import functools
import logging
import threading
import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aigc_studio.api.events import Annotation, Candidate, Checkpoint, Partial, Progress
from aigc_studio.jobs.job import Job, JobError
from aigc_studio.jobs.mailbox import Mailbox
from aigc_studio.jobs.previews import Previews
from aigc_studio.jobs.training import TrainingJob
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, Run, WorkerPool
    from aigc_studio.library.models import ModelStore
    from aigc_studio.library.trainings import Training

_log = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 10.0
CLOSE_SECONDS = 1.0
A_TURN = 5_000
"""Annotations that a window is told of at a time."""
SAID_SECONDS = 1 / 30
"""Between two times that it is told of them."""


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

    def close(self) -> None:
        """Cancel what runs except trainings, which checkpoint and can be resumed."""
        self._previews.close()
        self._mailbox.close()
        for job in self.jobs:
            if not job.state.ended and not isinstance(job, TrainingJob):
                job.cancel()
        if "pool" not in vars(self):
            return
        # Trainings write a last checkpoint; nothing else is worth waiting for.
        self.pool.close(CHECKPOINT_SECONDS if self.trainings else CLOSE_SECONDS)

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
        post = self._mailbox.post
        hear = _Ear(job, self._mailbox, self.outdated.emit, self._hand_over)
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


class _Ear:
    """What a run calls on its reader thread: nothing here touches the job but by post."""

    def __init__(
        self,
        job: Job,
        mailbox: Mailbox,
        outdated: Callable[[PluginRecord, tuple[str, ...]], None],
        ended: Callable[[Job], None],
    ) -> None:
        self._job = job
        self._mailbox = mailbox
        self._outdated = outdated
        self._ended = ended
        self._said: list[Any] = []
        self._asked = False
        self._told_at = 0.0
        self._partials: dict[tuple[int, int], tuple[Partial, Any]] = {}
        self._progress: Progress | None = None
        self._results = 0
        self._lock = threading.Lock()

    def event(self, event: Any) -> None:
        if self._job.ignores_events:
            return
        if not isinstance(event, Partial):
            self._mailbox.wait_for_room()
        kept = event
        keeps = isinstance(event, Candidate | Checkpoint | Partial | Annotation)
        if self._job.keep is not None and keeps:
            try:
                kept = self._job.keep(event)
            except Exception as error:
                _log.exception("a result could not be kept")
                self._mailbox.post(self._job.fail, _keep_error(self._job, error))
                return
        if isinstance(event, Partial):
            self._renew(event, kept)
        elif isinstance(event, Annotation):
            self._gather(kept)
        elif isinstance(event, Progress):
            self._progress = event
            self._mailbox.post(self._advance, event)
        else:
            self._results += isinstance(event, Candidate)
            self._mailbox.post(self._job.take_event, event, kept)

    def _renew(self, event: Partial, kept: Any) -> None:
        """Of one result, what was not looked at yet gives way: a busy window falls behind nowhere.

        The call that was posted first keeps its place, and no result is overtaken.
        """
        place = (self._results, event.number)
        with self._lock:
            waits = place in self._partials
            self._partials[place] = (event, kept)
        if not waits:
            self._mailbox.post(self._tell, place)

    def _advance(self, event: Progress) -> None:
        """How far it is, unless it is farther by now, which will be told in a moment."""
        if event is self._progress:
            self._job.take_event(event, event)

    def _tell(self, place: tuple[int, int]) -> None:
        with self._lock:
            event, kept = self._partials.pop(place)
        self._job.take_event(event, kept)

    # Annotations: thousands may come, and the window hears of many at a time

    def _gather(self, kept: Any) -> None:
        with self._lock:
            self._said.append(kept)
            if self._asked:
                return
            self._asked = True
        self._mailbox.post(self._tell_soon)

    def _tell_soon(self) -> None:
        """On the UI thread: now, or when a while has gone since the last time."""
        left = self._told_at + SAID_SECONDS - time.monotonic()
        QTimer.singleShot(max(round(left * 1000), 0), self._tell_said)

    def _tell_said(self) -> None:
        with self._lock:
            some, self._said = self._said[:A_TURN], self._said[A_TURN:]
            more = self._asked = bool(self._said)
        self._told_at = time.monotonic()
        if some:
            self._job.take_annotations(some)
        if more:
            QTimer.singleShot(0, self._tell_said)

    def _tell_rest(self) -> None:
        """On the reader thread, before the end: what still waits to be told."""
        with self._lock:
            rest, self._said = self._said, []
        for start in range(0, len(rest), A_TURN):
            self._mailbox.post(self._job.take_annotations, rest[start : start + A_TURN])

    def end(self, run: Run) -> None:
        self._tell_rest()
        if run.outdated:
            self._mailbox.post(self._outdated, run.record, run.outdated)
        self._ended(self._job)
        self._mailbox.post(self._job.take_end)


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


def _keep_error(job: Job, error: Exception) -> JobError:
    """Why a result was not kept: the disk, where it was the disk, or what the plugin made."""
    from aigc_studio.api import StudioError
    from aigc_studio.wire.places import problem_of

    details = "".join(traceback.format_exception(error))
    if isinstance(error, StudioError):
        return JobError(str(error), details=details)
    if not isinstance(error, OSError):
        sentence = _("What the plugin {name} made could not be kept: {problem}.")
        name = job.record.title
        return JobError(sentence.format(name=name, problem=problem_of(error)), details=details)
    sentence = _("A result could not be written to disk: {reason}.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = _(
            "A result could not be written to disk: {reason}. Free up some space and try again."
        )
    return JobError(sentence.format(reason=error.strerror or error), details=details)
