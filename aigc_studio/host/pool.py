"""Workers kept at hand: a warm one for the generator in use, a spare, a fresh one for training."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio import late
from aigc_studio.api.errors import StudioError
from aigc_studio.host.delivery import Delivery
from aigc_studio.host.process import Surroundings
from aigc_studio.host.records import PluginRecord, PluginSource
from aigc_studio.host.reserve import Reserve
from aigc_studio.host.run import Run, RunState
from aigc_studio.host.run_errors import RunError, RunFailed, broken
from aigc_studio.host.worker import Worker, close_all
from aigc_studio.host.workplaces import Workplaces
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api.events import Event
    from aigc_studio.api.requests import Request
    from aigc_studio.host import describing
else:
    describing = late.module("aigc_studio.host.describing")

READY_DELAY = 1.0
"""Seconds after which one is made ready for the next save: first this one is tried out."""
SPARE_DELAY = 3.0
"""Seconds after which a used spare is replaced: first the person's own request has the cores."""


def default_threads() -> int:
    """All cores but one, which the window keeps."""
    return max(1, (os.cpu_count() or 1) - 1)


class WorkerPool:
    """Starts runs, and keeps up to `keep` idle workers with their plugins loaded.

    `folder` is where requests and results cross; it is made when missing, and only what pools put
    there is removed. `threads` are those that a worker's torch may start with; a request's own
    number has the last word. A busy worker that is silent for `silence` seconds is ended.
    `variables` and `cwd` are what workers find around them. `memory` is how many bytes a worker and
    all that it starts may take (None: as usual, `memory.usual_limit`); `in_window` says that this
    is chosen in the settings, and not by a variable. Nothing here but `close` blocks.
    """

    def __init__(
        self,
        folder: Path,
        threads: int | None = None,
        *,
        silence: float = 10.0,
        keep: int = 1,
        variables: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        memory: int | None = None,
        in_window: bool = False,
    ) -> None:
        self.threads = threads or default_threads()
        self._surroundings = Surroundings(
            self.threads, dict(variables or {}), cwd, memory, in_window
        )
        self._silence = silence
        self._keep = keep
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._spare = Reserve(self._empty_worker, torch=True, delay=SPARE_DELAY)
        """For whatever plugin is asked for next."""
        self._ready = Reserve(self._empty_worker, torch=False, delay=READY_DELAY)
        """For the plugin that is being written, at its next save."""
        self._renewed: dict[PluginSource | None, str] = {}
        self._closed = threading.Event()
        self._watched = False
        self._workplaces = Workplaces(Path(folder), self._closed)

    def start(
        self,
        record: PluginRecord,
        verb: str,
        request: Request,
        *,
        on_event: Callable[[Event], None] | None = None,
        on_end: Callable[[Run], None] | None = None,
        fresh: bool = False,
        processes: int = 1,
    ) -> Run:
        """Have a plugin do something, in a warm worker or (`fresh`) in one of its own.

        Several `processes` train together, in a worker of their own (not on Windows).

        Returns at once; all that goes wrong is the run's error. A request without a folder gets
        one that is removed when the run ends, or with the pool if checkpoints lie in it.
        """
        run = Run(record, verb, request, on_event, on_end)
        apart = fresh or processes > 1 or verb != "generate" or record.state != "ready"
        apart = apart or "aigc_studio.wire" not in sys.modules  # who asks first imports it, .3 s
        worker = None if apart else self._take_idle(record)
        if worker is not None:
            # There is nothing to wait for, and no picture to write: a thread would be a detour.
            self._begin(run, fresh, processes, worker)
            return run
        threading.Thread(
            target=self._begin,
            args=(run, fresh or processes > 1, processes),
            name=f"run-{run.id}",
            daemon=True,
        ).start()
        return run

    def warm(self, record: PluginRecord | None = None) -> None:
        """Make ready: a spare with torch imported, or a worker with this plugin loaded."""
        if record is None:
            self._spare.lasting = True
            threading.Thread(target=self._spare.make, daemon=True).start()
        elif record.state == "ready":
            threading.Thread(target=self._warm_plugin, args=(record,), daemon=True).start()

    def is_warm(self, record: PluginRecord) -> bool:
        """Whether a worker has this plugin in it, so that what is asked of it begins at once."""
        with self._lock:
            workers = [*self._idle, *self._busy]
        return any(
            worker.source == record.source and worker.stamp == record.stamp for worker in workers
        )

    def reload(self, source: PluginSource, *, often: bool = False) -> PluginRecord:
        """Read a plugin's code as it is now, in a worker that is kept for what is asked of it next.

        Blocks until it has said what it is: the record says what came of it. Workers that have the
        code of before and wait for work are ended; those at work go on, and end after it. Where
        this comes `often`, a worker is made ready for the next time.
        """
        from aigc_studio.host.discovery import fault
        from aigc_studio.host.stamps import says, stamp

        # The spare has torch in it: it is for those that say so.
        light = not source.interpreter and not says(source, b"torch")
        mark = stamp(source)
        record = PluginRecord(source, "failed", reason=fault(source), stamp=mark)
        if record.reason:
            return record
        try:
            worker = self._new_worker(record, ready=self._ready.take() if light else None)
        except RunFailed as error:
            return replace(record, reason=str(error))
        self._watch()
        worker.stamp = mark
        record = replace(worker.load(source, describing.DESCRIBE_SECONDS), stamp=mark)
        with self._lock:
            self._renewed[source] = mark
            spent = [each for each in self._idle if self._is_former(each)]
            self._idle = [each for each in self._idle if each not in spent]
        threading.Thread(target=close_all, args=(spent, 6.0), daemon=True).start()
        self.give_back(worker, spent=record.state != "ready")
        if often and light:
            self._ready.make_soon()
        return record

    def log_of(self, source: PluginSource) -> Path | None:
        """The log of the worker that has a plugin in it, of several the one that was used last."""
        with self._lock:
            workers = [*self._idle, *self._busy]
        logs = [each.process.log for each in workers if each.source == source]
        return logs[-1] if logs else None

    def limit_memory(self, memory: int | None) -> None:
        """From now on workers may take so much; those that wait for work are replaced."""
        with self._lock:
            self._surroundings = replace(self._surroundings, memory=memory)
            spent, self._idle = self._idle, []
        spare = self._spare.give_up()
        spent = [*spent, *spare, *self._ready.give_up()]
        threading.Thread(target=close_all, args=(spent, 6.0), daemon=True).start()
        if spare:
            self.warm()

    def close(self, seconds: float = 6.0) -> None:
        """End all workers. Actions under way are closed, and checkpoint first if they can."""
        with self._lock:
            self._closed.set()
            workers, self._idle = [*self._idle, *self._busy], []
        waiting = [
            each for one in (self._spare, self._ready) for each in one.give_up(for_good=True)
        ]
        close_all([*workers, *waiting], seconds)
        self._workplaces.remove()

    # A run's way

    def _begin(self, run: Run, fresh: bool, processes: int, worker: Worker | None = None) -> None:
        place = None
        try:
            from aigc_studio.wire import encode_request

            place = self._workplaces.new()
            exchange = place.folder
            request = run.request
            if request.folder == Path():
                request = replace(request, folder=place.work)
            document = encode_request(run.verb, request, exchange)
            together = (processes, exchange / "meeting") if processes > 1 else None
            if worker is None:
                worker = self._worker_for(run, fresh, together)
            else:
                run.take_worker(worker)
            give_back = partial(self.give_back, worker)
            delivery = Delivery(run, worker, place, self._workplaces, give_back, fresh=fresh)
            if run.asked == "cancel":
                delivery.end(RunState.CANCELLED)
            else:
                command: dict[str, Any] = {"run": run.ticket, "request": document}
                command |= {"files": str(exchange), "aside": fresh}
                run.begin(worker, command, delivery.hear)
        except BaseException as error:
            failed = error.error if isinstance(error, RunFailed) else broken(error)
            if worker is not None:
                self.give_back(worker, spent=True)
            run.finish(RunState.FAILED, failed)
            if place is not None and not self._workplaces.keep_clean(place):
                self._workplaces.leave(place)

    def _worker_for(self, run: Run, fresh: bool, together: tuple[int, Path] | None) -> Worker:
        """A worker with the run's plugin in it, marked busy. Raises `RunFailed`."""
        record = run.record
        if record.state != "ready":
            raise RunFailed(RunError(record.reason, details=record.details, mendable=True))
        worker = None if fresh else self._take_idle(record)
        if worker is not None:
            run.take_worker(worker)
            return worker
        worker = self._new_worker(record, together)
        run.take_worker(worker)
        return self._loaded(worker, record)

    def _new_worker(
        self,
        record: PluginRecord,
        together: tuple[int, Path] | None = None,
        ready: Worker | None = None,
    ) -> Worker:
        try:
            if ready is not None:
                worker = ready
            elif together is not None:
                processes, meeting = together
                around = replace(self._surroundings, processes=processes, meeting=meeting)
                worker = Worker(record.source, around)
            else:
                worker = self._take_spare(record) or Worker(record.source, self._surroundings)
        except OSError as error:
            sentence = _("The Python {path} of the plugin {name} cannot be started: {problem}.")
            path, problem = record.source.interpreter, error.strerror or error
            name = record.source.name
            failed = RunError(sentence.format(path=path, name=name, problem=problem))
            raise RunFailed(failed) from error
        with self._lock:
            self._busy.add(worker)
            closed = self._closed.is_set()
        if closed:
            worker.process.end()
        return worker

    def _loaded(self, worker: Worker, record: PluginRecord) -> Worker:
        self._watch()
        found = worker.load(record.source, describing.DESCRIBE_SECONDS)
        if found.state != "ready":
            self.give_back(worker, spent=True)
            raise RunFailed(RunError(found.reason, details=found.details))
        worker.stamp = record.stamp
        return worker

    def _take_idle(self, record: PluginRecord) -> Worker | None:
        with self._lock:
            for worker in reversed(self._idle):
                same = worker.source == record.source and worker.stamp == record.stamp
                if same and worker.process.alive and not worker.is_stuck(self._silence):
                    self._idle.remove(worker)
                    self._busy.add(worker)
                    return worker
        return None

    def give_back(self, worker: Worker, *, spent: bool) -> None:
        """Keep a worker for the next run, or end it when it is spent or one too many."""
        worker.release()
        with self._lock:
            self._busy.discard(worker)
            ending = [worker]
            # One of before `limit_memory` may take what no worker may any more.
            former = worker.surroundings is not self._surroundings or self._is_former(worker)
            if not (spent or former or self._closed.is_set()) and worker.process.alive:
                self._idle.append(worker)
                ending = self._idle[: -self._keep] if self._keep else list(self._idle)
                self._idle = self._idle[len(ending) :]
        for each in ending:
            threading.Thread(target=each.close, args=(6.0,), daemon=True).start()

    def _is_former(self, worker: Worker) -> bool:
        """Whether it has code in it that is another by now."""
        source = worker.source
        return source in self._renewed and worker.stamp != self._renewed[source]

    def _empty_worker(self) -> Worker:
        return Worker(surroundings=self._surroundings)

    def _take_spare(self, record: PluginRecord) -> Worker | None:
        return None if record.source.interpreter else self._spare.take()

    # The watch

    def _warm_plugin(self, record: PluginRecord) -> None:
        worker = self._take_idle(record)
        try:
            worker = worker or self._loaded(self._new_worker(record), record)
        except StudioError:
            return  # the run that needs it will say why
        self.give_back(worker, spent=False)

    def _watch(self) -> None:
        with self._lock:
            if self._watched:
                return
            self._watched = True
        threading.Thread(target=self._look_after, name="worker-watch", daemon=True).start()

    def _look_after(self) -> None:
        interval = min(1.0, self._silence / 4)
        last = time.monotonic()
        while not self._closed.wait(interval):
            now = time.monotonic()
            # This process was itself asleep (a lid closed, Ctrl+Z): give everybody a fresh start.
            slept, last = now - last > interval + 2.0, now
            self._end_those_not_alone()
            with self._lock:
                busy = list(self._busy)
            for worker in busy:
                worker.outgrows()
                if slept:
                    worker.process.last_heard = now
                elif worker.is_stuck(self._silence):
                    worker.end_as_stuck(self._silence)

    def _end_those_not_alone(self) -> None:
        """Idle workers that started something after all, in a thread of their plugin's say."""
        with self._lock:
            spent = [each for each in self._idle if each.process.guard.left_running(soon=False)]
            self._idle = [each for each in self._idle if each not in spent]
        if spent:
            threading.Thread(target=close_all, args=(spent, 6.0), daemon=True).start()
