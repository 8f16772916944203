"""One action in a worker, from the asking side."""

from __future__ import annotations

import contextlib
import functools
import itertools
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aigc_studio.api.fitting import Misfit
from aigc_studio.host.mail import Mail
from aigc_studio.host.run_errors import RunError, RunFailed, misbehaved
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api.events import Annotation, Event
    from aigc_studio.api.requests import Request
    from aigc_studio.host.records import PluginRecord
    from aigc_studio.host.worker import Worker
    from aigc_studio.wire.annotations import Said
    from aigc_studio.wire.fitting import Count

CANCEL_SECONDS = 0.7
"""How long a cancelled worker has to close its action before it is killed."""

_numbers = itertools.count(1)


class RunState(Enum):
    """Where a run is. The last four are ends."""

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
        return self not in (RunState.STARTING, RunState.RUNNING, RunState.PAUSED)


class Run:
    """One action. `on_event` and `on_end` are called on a reader thread, in order.

    Without `on_event` the events wait for `events()`, and the worker waits for whoever reads them.
    `was_killed` and `worker_ended` say whether this side killed its worker, and whether the worker
    ended before the action did; `closing` that the action has heard of its end, and writes down
    what it keeps. `ticket` is what its worker calls it: not to be guessed, so that no line of one
    run is taken for another's. `outdated` says, at the end, where the plugin has used what goes
    away: for its author.
    """

    def __init__(
        self,
        record: PluginRecord,
        verb: str,
        request: Request,
        on_event: Callable[[Event], None] | None = None,
        on_end: Callable[[Run], None] | None = None,
    ) -> None:
        self.id = next(_numbers)
        self.ticket = f"{self.id}-{secrets.token_hex(8)}"
        self._made: Count | None = None
        self._said: Said | None = None
        self.record = record
        self.verb = verb
        self.request = request
        self.error: RunError | None = None
        self.outdated: tuple[str, ...] = ()
        self._state = RunState.STARTING
        self._on_event = on_event
        self._on_end = on_end
        self._mail = Mail()
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._timers: list[threading.Timer] = []
        self._worker: Worker | None = None
        self._served = False
        self._asked = ""
        self._paused = False
        self.was_killed = False
        self.worker_ended = False
        self.closing = False

    @property
    def state(self) -> RunState:
        """Where it is now."""
        return self._state

    @property
    def pid(self) -> int:
        """The process id of its worker, 0 before it has one."""
        return self._worker.process.pid if self._worker else 0

    @property
    def log(self) -> Path | None:
        """The log file of its worker, None before it has one."""
        return self._worker.process.log if self._worker else None

    def events(self) -> Iterator[Event]:
        """What comes, until the end. Raises `RunFailed` (a `StudioError`) when the run failed."""
        for call in self._mail.read():
            try:
                event = call()
            except Misfit as error:
                failed = misbehaved(self.record, error)
                self.kill()
                self.finish(RunState.FAILED, failed)
                raise RunFailed(failed) from error
            yield event
        if self.error is not None:
            raise RunFailed(self.error)

    def pause(self) -> None:
        """Hold the action at its next event."""
        self._paused = True
        self._wish("pause")

    def resume(self) -> None:
        """Go on after a pause."""
        self._paused = False
        self._wish("resume")

    def stop(self, *, promptly: bool = False) -> None:
        """Close the action at its next event; what it checkpointed stays.

        `promptly`: one that has not heard of it after `CANCEL_SECONDS` is killed.
        """
        self._asked = self._asked or "stop"
        self._wish("stop")
        if promptly:
            self._later(lambda: None if self.closing else self.kill())

    def cancel(self) -> None:
        """Throw the action away: it ends within a second, by force if it must."""
        with self._lock:
            first = self._asked != "cancel"
            self._asked = "cancel"
        if first and not self._over.is_set():
            self._wish("cancel")
            self._later(self.kill)

    def wait(self, timeout: float | None = None) -> bool:
        """Whether it has ended, after waiting for it for at most so many seconds."""
        return self._over.wait(timeout)

    def _later(self, call: Callable[[], None]) -> None:
        timer = threading.Timer(CANCEL_SECONDS, call)
        timer.daemon = True
        with self._lock:
            if not self._state.ended:
                self._timers.append(timer)
                timer.start()

    def _wish(self, wish: str) -> None:
        if wish in ("stop", "cancel"):
            self._mail.let_go()
        with self._lock:
            if self._served and self._worker is not None:
                self._worker.process.send(do=wish, run=self.ticket)

    def kill(self) -> None:
        """End its worker this instant, as a crash would: the run fails unless it was cancelled."""
        with self._lock:
            if self._worker is not None and not self._over.is_set():
                self.was_killed = True
                self._worker.process.kill()

    # What the pool and the reader thread do with it

    @property
    def asked(self) -> str:
        """`stop`, `cancel`, or empty."""
        return self._asked

    @property
    def cold(self) -> bool:
        """Whether its worker has never given anything: what it loads now the next run needs too."""
        return self._worker is None or not self._worker.has_worked

    @property
    def importing(self) -> bool:
        """Whether its plugin is still being loaded, or its action still imports: not to be waited
        for twice."""
        return not self._served or (self._worker is not None and self._worker.importing)

    def take_worker(self, worker: Worker) -> None:
        """From now on a cancelled run can kill this worker."""
        with self._lock:
            self._worker = worker

    def begin(self, worker: Worker, command: dict[str, Any], listen: Any) -> None:
        """Send the request, and what was asked of the run before there was a worker."""
        with self._lock:
            worker.serve(listen, **command)
            self._served = True
            for wish in ("pause",) * self._paused + (self._asked,) * bool(self._asked):
                self._wish(wish)

    def take_state(self, name: str) -> None:
        """The worker says `started`, `paused`, `resumed` or `closing`."""
        with self._lock:
            if name == "closing":
                self.closing = True
            elif not self._state.ended:
                self._state = RunState.PAUSED if name == "paused" else RunState.RUNNING

    def take_events(self, documents: list[dict[str, Any]], folder: Path) -> None:
        """Decode events, drop their files, and tell them; nothing more once it was cancelled.

        Short candidates that wait for `events()` are decoded by who reads them: two busy threads
        of one Python wait for one another. Files are read here, as they go with the run. Raises
        `Misfit` for what is no event, for more of them than one run may give, and for what is said
        of no part of its artifact.
        """
        for document in documents:
            if self._asked == "cancel":
                return
            self._count(document)
            if self._on_event is None and _is_inline(document):
                letter = functools.partial(_decode, document, folder)
                self._mail.put(letter, _growing(document))
                continue
            event = _decode(document, folder)
            if self._said is not None and document["type"] == "annotation":
                self._said.check(cast("Annotation", event))
            if self._on_event is None:
                self._mail.put(functools.partial(_same, event), _growing(document))
            else:
                _call(self._on_event, event)

    def _count(self, document: Mapping[str, Any]) -> None:
        kind = document.get("type")
        if kind == "annotation":
            self._count_said()
        if kind not in ("candidate", "partial"):
            return
        if self._made is None:
            from aigc_studio.wire.fitting import Count

            self._made = Count(self.request)
        if kind == "candidate":
            self._made.add(document.get("strip"))
        else:
            self._made.check(document.get("number"))

    def _count_said(self) -> None:
        if self._said is None:
            from aigc_studio.wire.annotations import Said

            self._said = Said(self.request)
        self._said.count()

    def finish(self, state: RunState, error: RunError | None = None) -> None:
        """Come to an end, once. A cancelled run is cancelled, whatever became of its worker."""
        with self._lock:
            if self._over.is_set() or self._state.ended:
                return
            if self._asked == "cancel":
                state, error = RunState.CANCELLED, None
            self.error = error
            self._state = state
            for timer in self._timers:
                timer.cancel()
        self._mail.end()
        if self._on_end is not None:
            _call(self._on_end, self)
        self._over.set()


def _growing(document: Mapping[str, Any]) -> int | None:
    """The number of the result that grows, of which only the latest counts; None for all else."""
    return document.get("number") if document.get("type") == "partial" else None


def _same(event: Event) -> Event:
    return event


def _is_inline(document: Mapping[str, Any]) -> bool:
    artifact = document.get("artifact")
    return isinstance(artifact, dict) and "data" in artifact


def _decode(document: dict[str, Any], folder: Path) -> Event:
    """The event, its files gone. Raises `Misfit`."""
    from aigc_studio.wire import decode_event

    try:
        event = decode_event(document, folder)
    except OSError as error:
        sentence = _("what it made cannot be read: {problem}")
        raise Misfit(sentence.format(problem=error.strerror or error)) from error
    for name in _files_of(document):
        with contextlib.suppress(OSError):
            (folder / name).unlink()
    return event


def _files_of(document: Mapping[str, Any]) -> list[str]:
    """The files in which an event's artifact and mask came."""
    from aigc_studio.wire.artifacts import is_plain_name

    found = []
    for part, key in (("artifact", "file"), ("selection", "mask")):
        place = document.get(part)
        if isinstance(place, dict) and is_plain_name(place.get(key)):
            found.append(place[key])
    return found


def _call(function: Callable[[Any], Any], value: Any) -> None:
    """Call back into the studio; its bugs are its own and must not stop the reader thread."""
    try:
        function(value)
    except Exception:
        import logging

        logging.getLogger(__name__).exception("a callback of a run broke")
