"""One action on its way through a worker, as the window sees it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from aigc_studio.api.events import (
    Candidate,
    Checkpoint,
    Event,
    Message,
    Metric,
    Partial,
    Preview,
    Progress,
)
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, PluginSource, Run, RunError

CANCEL_LIMIT_MS = 900
"""The host kills a worker that has not answered after 0.7 s; after this the job ends regardless."""

_numbers = itertools.count(1)


class JobState(Enum):
    """Where a job is. The last four are ends."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self in _ENDS


_ENDS = (JobState.DONE, JobState.STOPPED, JobState.CANCELLED, JobState.FAILED)


@dataclass(frozen=True)
class JobError:
    """Why a job failed: one sentence, the field it belongs to, sentences by field, a traceback.

    Where a plugin broke: `file` and `line` of its own code and its worker's `log`, if known.
    `mendable` is as in `RunError`; `source` is the plugin that it came from, if from one.
    """

    sentence: str
    parameter: str = ""
    details: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    log: str = ""
    mendable: bool = False
    source: PluginSource | None = None

    @property
    def by_field(self) -> dict[str, str]:
        """The sentences by field name; that of no field stands under an empty name."""
        if self.errors:
            return dict(self.errors)
        return {self.parameter: self.sentence}


class Job(QObject):
    """A job. Its signals come on the UI thread; `request` is there once it has been prepared.

    `candidate_received` carries what `keep` made of the candidate (it ran on the reader thread,
    so that a result is on disk before it is shown), or the candidate itself; so it is with each
    annotation in `annotations_received`, which brings many at a time. `partial_received`
    carries as much of an `api.Partial`: of those of one number that came while this thread was busy
    only of the newest, and none of a result that has come. `number` is that of the result which
    was told last, as the plugin counts.
    """

    state_changed = Signal(object)
    progress_changed = Signal(object)
    metric_received = Signal(object)
    preview_received = Signal(object)
    candidate_received = Signal(object)
    partial_received = Signal(object)
    message_received = Signal(object)
    checkpoint_received = Signal(object)
    annotations_received = Signal(list)
    finished = Signal()
    apart = False
    """Whether it has a worker of its own, and takes no turns with what else is asked for."""

    def __init__(self, record: PluginRecord, verb: str, title: str, parent: QObject | None) -> None:
        super().__init__(parent)
        self.id = f"job-{next(_numbers)}"
        self.record = record
        self.verb = verb
        self.title = title
        self.generator = record.description.id if record.description else record.source.name
        self.request: Any = None
        self.prepare: Callable[[], Any] | None = None
        self.keep: Callable[[Any], Any] | None = None
        self.state = JobState.QUEUED
        self.error: JobError | None = None
        self.private = False
        """Whether nobody but who asked for it wants to hear of it."""
        self.run: Run | None = None
        self.progress: Progress | None = None
        self.metrics: list[Metric] = []
        self.number = 0
        self.growing: dict[int, Partial] = {}
        """The newest `Partial` of each result that has not come yet, by its number."""
        self._strips: dict[str, int] = {}
        self._results = 0
        self.started_at = 0.0
        self.ended_at = 0.0
        self._run_ended = False
        self._asked = ""
        self._limit = QTimer(self, singleShot=True, interval=CANCEL_LIMIT_MS)
        self._limit.timeout.connect(self._give_up)

    @property
    def seconds(self) -> float:
        """How long it has been under way, or was."""
        if not self.started_at:
            return 0.0
        return (self.ended_at or time.monotonic()) - self.started_at

    @property
    def memory(self) -> int:
        """Bytes that its worker holds now; 0 when that is not known."""
        from aigc_studio.jobs.memory import resident_bytes

        return resident_bytes(int(getattr(self.run, "pid", None) or 0)) if self.run else 0

    @property
    def ignores_events(self) -> bool:
        """Whether nobody wants to hear more: it has ended, or was cancelled. From any thread."""
        return self.state.ended or self._asked == "cancel"

    def pause(self) -> None:
        """Hold the action at its next event."""
        if self.run and self.state is JobState.RUNNING:
            self.run.pause()
            self.set_state(JobState.PAUSED)

    def resume(self) -> None:
        """Go on after a pause."""
        if self.run and self.state is JobState.PAUSED:
            self.run.resume()
            self.set_state(JobState.RUNNING)

    def stop(self) -> None:
        """Close the action and keep what it has made; a job still queued is cancelled."""
        self._ask("stop")

    @property
    def unwanted(self) -> bool:
        """Whether it is to be thrown away, though it may not have ended yet."""
        return self._asked == "cancel"

    @property
    def is_ending(self) -> bool:
        """Whether it was asked to end, though it may not have yet."""
        return bool(self._asked)

    def cancel(self) -> None:
        """Throw the job away. It ends within a second, whatever its worker does."""
        self._ask("cancel")

    def _ask(self, what: str) -> None:
        if self.state.ended:
            return
        self._asked = what
        if not self.started_at:
            self.end(JobState.CANCELLED)
            return
        if what == "cancel":
            self._limit.start()
        if self.run:
            self.run.cancel() if what == "cancel" else self.run.stop()

    # What the queue tells it, on the UI thread

    def leave_queue(self) -> None:
        """It is to begin. From any thread; whoever looks on is told by `begin`."""
        self.started_at = time.monotonic()

    def begin(self) -> None:
        """It has left the queue, on the UI thread."""
        if not self.started_at:
            self.leave_queue()
        if self.state is JobState.QUEUED:
            self.set_state(JobState.STARTING)

    def take_run(self, run: Run) -> None:
        """Its worker has been asked."""
        self.run = run
        if self.state.ended:
            run.cancel()
        elif self._asked:
            self._ask(self._asked)
        if self._run_ended:
            self.take_end()

    def take_event(self, event: Event, kept: Any) -> None:
        """Something came from the worker; `kept` is what `keep` made of a candidate."""
        if self.ignores_events:
            return
        if self.state is JobState.STARTING:
            self.set_state(JobState.RUNNING)
        if isinstance(event, Candidate):
            self.number = self._number_of(event)
            self.growing.pop(self.number, None)
            self.candidate_received.emit(kept)
            return
        if isinstance(event, Partial):
            if event.number < self._results:
                return
            self.number, self.growing[event.number] = event.number, event
        if isinstance(event, Progress):
            self.progress = event
        elif isinstance(event, Metric):
            self.metrics.append(event)
        self._signal_of(event).emit(kept if isinstance(event, Partial) else event)

    def _number_of(self, event: Candidate) -> int:
        """Which result a candidate is, as the plugin counts: the frames of a strip are one."""
        number = self._strips.get(event.strip) if event.strip else None
        if number is None:
            number, self._results = self._results, self._results + 1
            if event.strip:
                self._strips[event.strip] = number
        return number

    def take_annotations(self, kept: list[Any]) -> None:
        """Some more was said of the item that it is to explain."""
        if self.ignores_events:
            return
        if self.state is JobState.STARTING:
            self.set_state(JobState.RUNNING)
        self.annotations_received.emit(kept)

    def _signal_of(self, event: Event) -> SignalInstance:
        signals: dict[type, Any] = {
            Progress: self.progress_changed,
            Metric: self.metric_received,
            Preview: self.preview_received,
            Partial: self.partial_received,
            Message: self.message_received,
            Checkpoint: self.checkpoint_received,
        }
        found: SignalInstance = signals[type(event)]
        return found

    def take_end(self) -> None:
        """Its run has ended: take over how."""
        self._run_ended = True
        if self.run is None or self.state.ended:
            return
        state = JobState[self.run.state.name]
        if not state.ended:
            state = JobState.FAILED
        # A worker that had to be killed because it was cancelled has not failed.
        if self._asked == "cancel":
            state = JobState.CANCELLED
        error = self.run.error if state is JobState.FAILED else None
        self.end(state, _error_of(error, self.record.source) if error else None)

    def fail(self, error: JobError) -> None:
        """It could not be started, or what it made could not be kept: its worker need not go on."""
        if self.run is not None and not self.state.ended:
            self.run.cancel()
        self.end(JobState.CANCELLED if self._asked == "cancel" else JobState.FAILED, error)

    def end(self, state: JobState, error: JobError | None = None) -> None:
        """Come to an end, once."""
        if self.state.ended:
            return
        self._limit.stop()
        self.ended_at = time.monotonic()
        if state is JobState.FAILED:
            self.error = error or JobError(
                _("“{title}” ended without saying why.").format(title=self.title)
            )
        self.set_state(state)
        self.finished.emit()

    def set_state(self, state: JobState) -> None:
        """Take a state and say so."""
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _give_up(self) -> None:
        self.end(JobState.CANCELLED)


def _error_of(error: RunError, source: PluginSource) -> JobError:
    return JobError(
        error.sentence,
        error.parameter,
        error.details,
        dict(error.errors),
        error.file,
        error.line,
        error.log,
        error.mendable,
        source,
    )
