"""Workers that are threads of the test's own process, with everything of a worker but the process.

A test of the window that starts processes spends its time on them. Here the same pool, runs, lines,
fence and plugins stand, and only `WorkerProcess` is another: its plugin runs on a thread. What a
thread cannot do (crash, hang, be killed in the middle of something, take memory) is tested with
true processes; `tests/host/test_host_runs.py` holds both kinds to the same tests.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import pytest

from aigc_studio import translation
from aigc_studio.api import Event, Progress
from aigc_studio.api.hookspecs import API_VERSION
from aigc_studio.api.requests import Request
from aigc_studio.host.guard import Guard
from aigc_studio.host.process import Surroundings, WorkerProcess
from aigc_studio.worker import process as worker_process
from aigc_studio.worker.control import Control
from aigc_studio.worker.outbox import INTERVAL
from aigc_studio.worker.streams import Line

FIRST_PID = 4_200_000
"""Above the numbers that Linux gives to processes."""

_pids = itertools.count(FIRST_PID)


@contextmanager
def thread_workers() -> Iterator[None]:
    """In this block, workers that are started are threads."""
    # A worker speaks the language of its request; here that is the language of the whole process.
    former = translation.language()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aigc_studio.host.worker.WorkerProcess", ThreadProcess)
        patch.setattr("aigc_studio.host.process.Guard", ThreadGuard)
        patch.setattr("aigc_studio.worker.process.step_back", lambda: None)
        try:
            yield
        finally:
            translation.set_language(former)


class Script:
    """What the test plugin `scripted` does: it plays one line of the script for each action.

    A line is events that are yielded in turn, an exception that is raised, and `threading.Event`s
    that are waited for. `requests` are those that came. Only workers that are threads can play it.
    """

    def __init__(self) -> None:
        self.lines: deque[Sequence[Event | Exception | threading.Event]] = deque()
        self.requests: list[Request] = []

    def will(self, *line: Event | Exception | threading.Event) -> None:
        """Have this played when the lines before it have been."""
        self.lines.append(line)

    def play(self, request: Request) -> Iterator[Event]:
        """The next line; nothing when there is none."""
        self.requests.append(request)
        progress = Progress(0, 0)
        for step in self.lines.popleft() if self.lines else ():
            if isinstance(step, threading.Event):
                # Progress is where an action that was cancelled or stopped meanwhile ends. It is
                # the last again: a worker that has much to send leaves out those before it.
                while not step.wait(0.01):
                    yield progress
            elif isinstance(step, Exception):
                raise step
            else:
                progress = step if isinstance(step, Progress) else progress
                yield step


script = Script()
"""The script of the test that runs; `tests/gui/conftest.py` clears it."""


class ThreadProcess(WorkerProcess):
    """A `WorkerProcess` whose child is a thread."""

    def _started(self, interpreter: str, surroundings: Surroundings) -> Any:
        if interpreter != sys.executable:
            raise OSError("a thread has the interpreter of its process")
        child = ThreadChild()
        self.guard.take(cast("subprocess.Popen[bytes]", child))
        return child


class ThreadGuard(Guard):
    """A guard of a family of one."""

    @property
    def worker(self) -> int:
        """The number that stands for its process."""
        assert self._process is not None
        return self._process.pid

    def left_running(self, *, soon: bool = True) -> bool:
        """A thread's plugin is asked for no children here."""
        return False

    def end(self) -> None:
        """End it as a kill would."""
        assert self._process is not None
        self._process.kill()

    def measure(self) -> bool:
        """Its memory is everybody's."""
        return False

    def settle(self) -> None:
        """Nothing is left of it."""
        self._close()


class ThreadChild:
    """What `subprocess.Popen` is to a process: two lines, a number, and how it ended."""

    def __init__(self) -> None:
        self.pid = next(_pids)
        commands, theirs = os.pipe()
        mine, self._replies = os.pipe()
        self.stdin = os.fdopen(theirs, "wb")
        self.stdout = os.fdopen(mine, "rb")
        self.returncode: int | None = None
        self._over = threading.Event()
        self._control = ThreadControl()
        self._worker = ThreadWorker(Line(self._replies), self._control)
        self._commands = os.fdopen(commands, "rb")
        for task in (self._read, self._beat, self._serve):
            threading.Thread(target=task, name=f"worker-{self.pid}", daemon=True).start()

    def poll(self) -> int | None:
        """As `Popen.poll`."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """As `Popen.wait`."""
        if not self._over.wait(timeout):
            raise subprocess.TimeoutExpired("a thread", timeout or 0.0)
        return self.returncode

    def kill(self) -> None:
        """Nothing more is heard of it; the thread itself goes on until its next `yield`."""
        self._end(-signal.SIGKILL)
        self._control.quit()

    def send_signal(self, number: int) -> None:
        """Whatever asks a process to end ends it."""
        if number != signal.SIGCONT:
            self.kill()

    def _end(self, status: int) -> None:
        if self.returncode is None:
            self.returncode = status
            os.close(self._replies)
            self._worker.end()
            self._over.set()

    def _read(self) -> None:
        with self._commands as commands:
            self._control.read(commands)

    def _beat(self) -> None:
        self._worker.beat()

    def _serve(self) -> None:
        self._worker.greet(self.pid)
        while (command := self._control.next_command()) is not None:
            self._worker.obey(command)
        self._end(0)


class ThreadControl(Control):
    """A `Control` whose end is not the end of the process."""

    def read(self, stream: io.BufferedReader) -> None:
        """Take commands until the end of file."""
        with contextlib.suppress(OSError, ValueError):
            for line in stream:
                self._take(json.loads(line))
        self.quit()

    def quit(self) -> None:
        """The line of commands has ended."""
        with self._condition:
            self.ending = "quit"
            self._condition.notify_all()


class ThreadWorker(worker_process.Worker):
    """A `Worker` that leaves what belongs to the whole process as it is."""

    def __init__(self, line: Line, control: Control) -> None:
        super().__init__(line, control)
        self._ended = False
        self._open = line

    def greet(self, pid: int) -> None:
        """Say that it is there."""
        self._open.send("hello", pid=pid, api=API_VERSION, python="thread")

    def obey(self, command: dict[str, Any]) -> None:
        """Do one command, but for those that would change the process."""
        if command["do"] == "warm":
            self._open.send("warmed", torch=False)
        elif command["do"] != "settle":
            super().obey(command)

    def beat(self) -> None:
        """Beat until the end, and send news held back."""
        while not self._ended:
            self._open.send("beat")
            if self._waiting.wait(worker_process.BEAT_SECONDS) and not self._ended:
                threading.Event().wait(INTERVAL)
                self._waiting.clear()
                self._flush()

    def end(self) -> None:
        """Stop beating."""
        self._ended = True
        self._waiting.set()
