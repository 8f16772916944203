"""`--here`: the plugin in this very process, so that a debugger and `print` have the terminal.

What comes of it is what comes of a worker: the same seeds, the same checks, the same crossing of
the border. What a worker guards (memory, crashes, a plugin that never answers) nobody guards here.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aigc_studio.api import Description, Event, StudioError
from aigc_studio.cli import signals
from aigc_studio.host import PluginRecord, PluginSource, RunError, RunFailed, default_threads
from aigc_studio.host.packages.papers import with_papers
from aigc_studio.host.run_errors import error_of
from aigc_studio.host.stamps import stamp
from aigc_studio.translation import _
from aigc_studio.wire import decode_event, encode_event, encode_request
from aigc_studio.wire.places import kind_of
from aigc_studio.worker import threads
from aigc_studio.worker.action import begin, performed
from aigc_studio.worker.control import Control
from aigc_studio.worker.late_compiler import compile_late
from aigc_studio.worker.outcomes import Outcome, failed
from aigc_studio.worker.plugin import Plugin, PluginRefused, join

if TYPE_CHECKING:
    from aigc_studio.api.requests import Request

_joined: dict[tuple[PluginSource, str], Plugin] = {}
"""Imported once: an import that ran twice would come to its breakpoints twice."""


class Running(Protocol):
    """What the shell needs of an action that runs, in a worker (`host.Run`) or here."""

    @property
    def record(self) -> PluginRecord:
        """The plugin."""

    def events(self) -> Iterator[Event]:
        """What comes, until the end. Raises `RunFailed`."""

    def stop(self, *, promptly: bool = False) -> None:
        """Close the action at its next event; what it checkpointed stays."""

    def cancel(self) -> None:
        """Throw it away."""

    def kill(self) -> None:
        """End it this instant."""

    def wait(self, timeout: float | None = None) -> bool:
        """Whether it has ended, after so many seconds at most."""


@dataclass(frozen=True)
class HereRecord(PluginRecord):
    """A record of a plugin that was joined in this process. `quiet`: standard output is for one
    JSON document, so that what the plugin prints goes to standard error."""

    plugin: Plugin | None = None
    quiet: bool = False


def joined(source: PluginSource, *, quiet: bool) -> HereRecord:
    """Import a plugin and have it describe itself, here. Raises `StudioError`."""
    if source.interpreter:
        sentence = _("The plugin {name} has a Python of its own ({path}): leave --here out.")
        raise StudioError(sentence.format(name=source.name, path=source.interpreter))
    # As a worker finds them, before anything of torch is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("OMP_NUM_THREADS", str(default_threads()))
    compile_late()
    key = (source, stamp(source))
    if key not in _joined:
        with _printing(quiet), _debugging():
            _joined[key] = _join(source)
    plugin = _joined[key]
    about = with_papers(Description.from_json(plugin.document), source)
    return HereRecord(
        source, "ready", about, warnings=plugin.warnings, home=plugin.home, stamp=key[1],
        plugin=plugin, quiet=quiet,
    )  # fmt: skip


def _join(source: PluginSource) -> Plugin:
    try:
        return join(source.to_json())
    except PluginRefused as refusal:
        cause = refusal.__cause__
        if isinstance(cause, KeyboardInterrupt) or _was_left(cause):
            raise cause from None  # type: ignore[misc]
        raise RunFailed(
            RunError(refusal.reason, details=refusal.details, mendable=True)
        ) from refusal


@contextmanager
def running(
    record: HereRecord, verb: str, request: Request, processes: int = 1
) -> Iterator[Running]:
    """One action in this process. Raises `StudioError` for several `processes`."""
    if processes > 1:
        raise StudioError(_("--here is one process: leave --processes out."))
    run = HereRun(record, verb, request)
    try:
        yield run
    finally:
        run.close()


class HereRun:
    """What a `Run` is to the shell, without a worker: whoever reads its events runs the plugin."""

    def __init__(self, record: HereRecord, verb: str, request: Request) -> None:
        self.record = record
        self._verb = verb
        self._control = Control()
        parent = request.folder if request.folder != Path() else None
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        self._files = tempfile.TemporaryDirectory(prefix=".here-", dir=parent)
        self._exchange = Path(self._files.name)
        folder = request.folder if parent is not None else self._exchange / "work"
        threads = request.threads or default_threads()
        self._request = replace(request, folder=folder, threads=threads)
        self._interrupted = False

    def close(self) -> None:
        """Take away what only the crossing needed."""
        self._files.cleanup()

    def stop(self, *, promptly: bool = False) -> None:
        """Close the action at its next event."""
        self._control.ending = self._control.ending or "stop"

    def cancel(self) -> None:
        """Throw the action away, at its next event."""
        self._control.ending = "cancel"

    kill = cancel

    def wait(self, timeout: float | None = None) -> bool:
        """Nothing goes on while nobody reads the events."""
        return True

    def events(self) -> Generator[Event]:
        """What comes. Raises `RunFailed` when the action fails, `KeyboardInterrupt` for Ctrl+C.

        A training closes at its next event at the first Ctrl+C, and is interrupted by the second.
        """
        plugin = self.record.plugin
        assert plugin is not None
        try:
            with _debugging(), self._heeding(), threads.heard():
                yield from self._performed(plugin)
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:
            raise self._failure(failed(plugin, error)) from error
        if self._interrupted:
            raise KeyboardInterrupt

    def _performed(self, plugin: Plugin) -> Generator[Event]:
        document = encode_request(self._verb, self._request, self._exchange)
        with _printing(self.record.quiet):
            request = begin(plugin, document)
        action = performed(
            plugin, self._verb, request, self._control, lambda state: None, lambda remark: None
        )
        with contextlib.closing(action):
            number = 0
            while True:
                with _printing(self.record.quiet):
                    event = next(action, None)
                if event is None:
                    return
                number += 1
                told = encode_event(event, self._exchange, f"event-{number}")
                yield decode_event(told, self._exchange)

    def _heeding(self) -> contextlib.AbstractContextManager[None]:
        if self._verb != "train":
            return contextlib.nullcontext()
        return signals.heeded(self._stop_first)

    def _stop_first(self) -> bool:
        first, self._interrupted = not self._interrupted, True
        if first:
            self.stop()
        return first

    def _failure(self, outcome: Outcome) -> RunFailed:
        document = outcome.to_json() | {"details": outcome.details}  # uncut
        error = error_of(document, self.record, "", Path())
        return RunFailed(replace(error, log=""))


def _was_left(error: BaseException | None) -> bool:
    """Whether somebody has ended the debugger."""
    return error is not None and kind_of(error) == "BdbQuit"


@contextmanager
def _debugging() -> Iterator[None]:
    """Who leaves the debugger leaves the command."""
    try:
        yield
    except BaseException as error:
        if _was_left(error):
            raise KeyboardInterrupt(_("The debugger was closed.")) from None
        raise


@contextmanager
def _printing(quiet: bool) -> Iterator[None]:
    """What a plugin prints goes to the terminal, and not into a JSON document."""
    if quiet:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    else:
        yield
