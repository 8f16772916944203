"""A worker with a plugin in it: loads it, and hands what it hears to the run under way."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection
from typing import Any

from aigc_studio.api.description import Description
from aigc_studio.api.fitting import Misfit
from aigc_studio.host.memory import VARIABLE, is_ordered, told
from aigc_studio.host.process import Surroundings, WorkerProcess
from aigc_studio.host.records import PluginRecord, PluginSource
from aigc_studio.translation import _, in_a_row, language, localized

SILENT_SECONDS = 1.5
"""A worker that beats every second is held up after this, by something that holds Python's lock."""

KILL_SECONDS = 2.0
"""How long is waited for workers that were ended by force."""

_PLAIN = Surroundings()


class Worker:
    """One worker process. Without a source it is a spare, which a plugin can be loaded into later.

    Raises `OSError` when the interpreter cannot be started.
    """

    def __init__(
        self, source: PluginSource | None = None, surroundings: Surroundings = _PLAIN
    ) -> None:
        self.source = source
        self.surroundings = surroundings
        self.stamp = ""
        self.title = source.name if source else ""
        self.warmed = False
        self.has_worked = False
        self.fallen_silent = 0.0
        self._replies: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._listener: Callable[[dict[str, Any] | None], None] | None = None
        self._lock = threading.Lock()
        self._ended = False
        self._loading = False
        interpreter = source.interpreter if source else ""
        self.process = WorkerProcess(interpreter, self._hear, surroundings)
        if not interpreter:
            self.process.send(do="settle", paths=[os.path.abspath(p) for p in sys.path if p])

    def warm_up(self, torch: bool = True) -> None:
        """Have it import torch before anybody asks, or only what every plugin needs."""
        self.process.send(do="warm", torch=torch)

    def load(self, source: PluginSource, seconds: float) -> PluginRecord:
        """Load a plugin, blocking for at most this long; the record says what came of it."""
        self.source, self.title = source, source.name
        self.process.note(f"{source.name} ({source.path or source.target}), pid {self.process.pid}")
        self._loading = True
        self.process.send(do="load", source=source.to_json(), language=language())
        due = time.monotonic() + seconds
        while (left := due - time.monotonic()) > 0:
            try:
                reply = self._replies.get(timeout=left)
            except queue.Empty:
                break
            if reply is None:
                return self._failed(source, self._too_old(source) or self.how_it_ended())
            if reply["is"] in ("loaded", "refused"):
                return self._record(source, reply)
        self.process.kill()
        sentence = _("The plugin {name} did not say what it is within {seconds} seconds.")
        return self._failed(source, sentence.format(name=source.name, seconds=round(seconds)))

    def _too_old(self, source: PluginSource) -> str:
        """A sentence when the plugin's own Python knows no `-P`, which 3.11 brought; else empty."""
        from aigc_studio.needs import PYTHON

        said = self.process.log_tail() if source.interpreter else ""
        if not ("option" in said and "-P" in said):
            return ""
        sentence = _(
            "The Python {path} of the plugin {name} is too old: {version} or newer is needed."
        )
        version = ".".join(map(str, PYTHON))
        return sentence.format(path=source.interpreter, name=source.name, version=version)

    def _record(self, source: PluginSource, reply: dict[str, Any]) -> PluginRecord:
        self._loading = False
        if reply["is"] == "refused":
            details = reply["details"] or self.process.log_tail()
            place = reply["place"] or {"file": "", "line": 0}
            return PluginRecord(
                source,
                reply["state"],
                reason=_with_a_way(source, reply["reason"]),
                details=details,
                file=place["file"],
                line=place["line"],
            )
        try:
            about = Description.from_json(reply["description"])
        except ValueError as error:  # the worker has looked already: it was tampered with
            self.process.end_for(str(error))
            return self._failed(source, self.how_it_ended())
        if source.distribution:
            from aigc_studio.host.packages.papers import with_papers

            about = with_papers(about, source)
        self.title = localized(about.title)
        return PluginRecord(
            source,
            "ready",
            about,
            warnings=tuple(reply["warnings"]),
            outdated=tuple(reply["outdated"]),
            home=reply["home"],
            imports_torch=reply["torch"],
        )

    def _failed(self, source: PluginSource, sentence: str) -> PluginRecord:
        return PluginRecord(source, "failed", None, sentence, self.process.log_tail())

    def serve(self, listener: Callable[[dict[str, Any] | None], None], **command: Any) -> None:
        """Send a `run` and tell `listener` what comes, in order, with None when the worker ends."""
        with self._lock:
            self._listener = listener
            ended = self._ended
        if ended:
            listener(None)
        else:
            self.process.send(do="run", **command)

    def release(self) -> None:
        """The run is over: its listener hears nothing more."""
        with self._lock:
            self._listener = None

    def _hear(self, document: dict[str, Any] | None) -> None:
        if document is not None:
            self.warmed = self.warmed or document["is"] == "warmed"
            if document["is"] == "hello" and isinstance(document.get("pid"), int):
                self.process.guard.note_worker(document["pid"])
            self.has_worked = self.has_worked or document["is"] == "events"
        with self._lock:
            listener = self._listener
            self._ended = self._ended or document is None
        if listener is not None:
            listener(document)
        elif document is None or (self._loading and document["is"] in ("loaded", "refused")):
            self._replies.put(document)
        elif document["is"] not in ("hello", "warmed"):
            raise Misfit(_("it spoke without being asked"))

    def is_stuck(self, seconds: float) -> bool:
        """Whether it has been silent for this long, and nobody here keeps it waiting.

        Three times as long before its first event: a cold disk takes its time over torch's
        libraries, and nothing else of the process can run meanwhile.
        """
        process = self.process
        patience = seconds if self.has_worked else 3 * seconds
        return not process.listening and time.monotonic() - process.last_heard > patience

    @property
    def importing(self) -> bool:
        """Whether it is in the middle of an `import`: it says so, or cannot say anything while the
        system loads a library for it."""
        return self.process.importing or time.monotonic() - self.process.last_heard > SILENT_SECONDS

    def end_as_stuck(self, seconds: float) -> None:
        """Kill it for being silent."""
        self.fallen_silent = seconds
        self.process.kill()

    def outgrows(self) -> bool:
        """Whether it takes more memory than it may, where its warden cannot tell; it is ended then.

        Where there is a warden that measures, that ends it by itself.
        """
        if not self.process.guard.measure():
            return False
        self.process.kill()
        return True

    def close(self, seconds: float) -> None:
        """End it in good order, and by force after this time."""
        close_all([self], seconds)

    def how_it_ended(self) -> str:
        """Two sentences for a worker that ended by itself: which plugin, how, and what now."""
        if self.process.guard.too_large:
            return self._too_large()
        what = self._what_happened().format(
            name=self.title,
            problem=self.process.fault,
            seconds=round(self.fallen_silent),
            signal=_signal_name(self.process.exit_status or 0),
            status=self.process.exit_status,
        )
        hope = _("Nothing else was affected. Try again; if it happens again, tell its author.")
        return in_a_row([what, hope])

    def _too_large(self) -> str:
        if self.surroundings.in_window and not is_ordered():
            sentence = _(
                "The plugin {name} used {taken} of memory, and a plugin may use {limit}: it was "
                "ended. Ask it for less, or allow it more in Settings."
            )
        else:
            sentence = _(
                "The plugin {name} used {taken} of memory, and a plugin may use {limit}: it was "
                "ended. Ask it for less, or allow it more with {variable}."
            )
        guard = self.process.guard
        return sentence.format(
            name=self.title,
            taken=told(guard.too_large, guard.limit),
            limit=told(guard.limit),
            variable=VARIABLE,
        )

    def _what_happened(self) -> str:
        status = self.process.exit_status or 0
        if self.fallen_silent:
            return _("The plugin {name} gave no sign of life for {seconds} s and was ended.")
        if self.process.fault:
            return _("The plugin {name} did not keep to the rules: {problem}.")
        if self.process.was_killed and status != 0:
            return _("The plugin {name} was ended by the studio.")
        if sys.platform != "win32" and status == -signal.SIGKILL:
            return _(
                "The worker of the plugin {name} was killed from outside (SIGKILL), "
                "as happens when memory runs out."
            )
        if status < 0 or status > 255:
            return _("The plugin {name} crashed ({signal}).")
        return _("The plugin {name} ended its own worker (exit status {status}).")


def close_all(workers: Collection[Worker], seconds: float) -> None:
    """End workers in good order, and all by force that are still there after this time."""
    for worker in workers:
        worker.process.end()
    for worker in _still_there(workers, seconds):
        worker.process.kill()
    _still_there(workers, KILL_SECONDS)


def _still_there(workers: Collection[Worker], seconds: float) -> list[Worker]:
    """Those that have not ended after so many seconds, which all of them have together."""
    due = time.monotonic() + seconds
    return [each for each in workers if not each.process.wait(due - time.monotonic())]


def _signal_name(status: int) -> str:
    if status > 255:
        return hex(status)
    try:
        return signal.Signals(-status).name
    except ValueError:
        return str(-status)


def _with_a_way(source: PluginSource, reason: str) -> str:
    """Why a plugin was refused, and how it gets what it lacks, where that is the reason."""
    if "ModuleNotFoundError" not in reason:
        return reason
    from aigc_studio.host.packages.requirements import way_to_get

    return in_a_row(filter(None, (reason, way_to_get(source))))
