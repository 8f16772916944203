"""The life of a worker: join a plugin, run actions one after the other, end with the parent."""

from __future__ import annotations

import faulthandler
import os
import platform
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from aigc_studio import translation
from aigc_studio.api import deprecations
from aigc_studio.api.errors import StudioError
from aigc_studio.api.fitting import plain_words
from aigc_studio.api.hookspecs import API_VERSION
from aigc_studio.api.limits import DETAILS, SENTENCE
from aigc_studio.worker import group, threads
from aigc_studio.worker.action import run_action
from aigc_studio.worker.control import Control
from aigc_studio.worker.late_compiler import compile_late
from aigc_studio.worker.outbox import INTERVAL, Outbox
from aigc_studio.worker.outcomes import Outcome
from aigc_studio.worker.plugin import Plugin, PluginRefused, join, unexpected
from aigc_studio.worker.standing import Standing
from aigc_studio.worker.streams import Line, claim, limit_log
from aigc_studio.worker.warmth import get_ready, step_back, warm_up

BEAT_SECONDS = 1.0
_IMPORTER = "<frozen importlib._bootstrap>"
"""Where Python's own code for an `import` stands, in every frame of it."""


def main() -> NoReturn:
    """Serve the parent until its end of the line closes, then leave at once."""
    commands, line = claim()
    faulthandler.enable(sys.stderr)
    # Ctrl+C in a shell is for the parent: it says what is to become of the action.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if group.wanted() > 1:  # the launcher ends all when one has; this one has to say why
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    compile_late()
    control = Control(Standing())
    worker = Worker(line, control)
    threading.Thread(target=control.read, args=(commands,), daemon=True).start()
    threading.Thread(target=worker.beat, daemon=True).start()
    line.send("hello", pid=os.getpid(), api=API_VERSION, python=platform.python_version())
    status = 0
    try:
        with threads.heard():
            while (command := control.next_command()) is not None:
                worker.obey(command)
    except BaseException:
        traceback.print_exc()
        status = 1
    if group.size() > 1 and not worker.left_in_order:
        status = 1  # the launcher ends the others then
    sys.stderr.flush()
    group.end_launcher()
    # Tearing down torch takes half a second, and there is nothing left to save.
    os._exit(status)


def is_importing(thread: int) -> bool:
    """Whether this thread is in the middle of an `import`."""
    frame = sys._current_frames().get(thread)
    while frame is not None:
        if frame.f_code.co_filename == _IMPORTER:
            return True
        frame = frame.f_back
    return False


class Worker:
    """One process with at most one plugin in it."""

    def __init__(self, line: Line, control: Control) -> None:
        self._line = line
        self._control = control
        self._plugin: Plugin | None = None
        self._outbox: Outbox | None = None
        self._waiting = threading.Event()
        self._busy = 0
        """The thread that obeys a command now."""
        self._source: dict[str, Any] = {}
        self.left_in_order = False

    def beat(self) -> None:
        """Tell the parent every second that this process is alive, and whether it is importing;
        send news held back."""
        due = time.monotonic()
        while True:
            if time.monotonic() >= due:
                self._line.send("importing" if is_importing(self._busy) else "beat")
                limit_log()
                due = time.monotonic() + BEAT_SECONDS
            if self._waiting.wait(max(0.0, due - time.monotonic())):
                time.sleep(INTERVAL)
                self._waiting.clear()
                self._flush()

    def _flush(self) -> None:
        outbox = self._outbox
        if outbox is not None:
            try:
                outbox.send_due()
            except BaseException:  # the plugin's own objects; this thread tells that we live
                traceback.print_exc()

    def obey(self, command: dict[str, Any]) -> None:
        """Do one command of the parent's."""
        wish, self._busy = command["do"], threading.get_ident()
        if wish == "settle":
            sys.path[:] = [*command["paths"], *(p for p in sys.path if p not in command["paths"])]
        elif wish == "warm":
            get_ready()
            self._line.send("warmed", torch=command.get("torch", True) and warm_up())
        elif wish == "load":
            translation.set_language(command.get("language", "en"))
            self._load(command["source"])
        elif wish == "run":
            self._run(command)

    def _load(self, source: dict[str, Any]) -> None:
        began = time.monotonic()
        had_torch = "torch" in sys.modules
        try:
            self._plugin = join(source)
            self._source = source
        except Exception as error:
            refusal = error if isinstance(error, PluginRefused) else unexpected(source, error)
            reason = plain_words(refusal.reason, SENTENCE, 20)
            details = refusal.details[-DETAILS:]
            place = refusal.place and refusal.place.to_json()
            self._line.send(
                "refused", state=refusal.state, reason=reason, details=details, place=place
            )
            return
        self._line.send(
            "loaded",
            description=self._plugin.document,
            home=self._plugin.home,
            warnings=self._plugin.warnings,
            outdated=_outdated(),
            seconds=time.monotonic() - began,
            torch="torch" in sys.modules and not had_torch,
        )

    def _act(
        self,
        plugin: Plugin,
        request: dict[str, Any],
        outbox: Outbox,
        told: Callable[[str], None],
    ) -> Outcome:
        """Run the action; a training with the other processes, where there are several."""
        if request["verb"] != "train" or max(group.wanted(), group.size()) == 1:
            return run_action(plugin, request, self._control, outbox, told)
        try:
            group.lead(self._source, request)
        except StudioError as error:
            return Outcome("failed", str(error), mendable=True)
        outcome = run_action(plugin, request, self._control, outbox, told, group.check_shared)
        return group.explained(outcome)

    def _run(self, command: dict[str, Any]) -> None:
        run = command["run"]
        if command.get("aside") or command["request"]["verb"] == "train":
            step_back()  # what has a worker of its own is nothing that a person waits for
        if self._plugin is None:
            outcome = Outcome("failed", sentence="no plugin was loaded")
        else:
            outbox = Outbox(self._line, run, Path(command["files"]), self._waiting)
            self._outbox = outbox
            told = lambda state: self._line.send(state, run=run)  # noqa: E731
            outcome = self._act(self._plugin, command["request"], outbox, told)
            self._outbox = None
        self._control.note_end()
        self.left_in_order = outcome.state != "failed"
        self._line.send("ended", run=run, outdated=_outdated(), **outcome.to_json())


def _outdated() -> list[str]:
    """Where the plugin has used what goes away, until now."""
    return [str(use) for use in deprecations.uses()]
