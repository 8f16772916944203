"""A worker's process and its three lines: commands in, replies out, a log file for the rest."""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from aigc_studio import family, folders
from aigc_studio.api import limits
from aigc_studio.api.fitting import Misfit
from aigc_studio.files import age, make_private, open_plain
from aigc_studio.host.guard import Guard
from aigc_studio.host.memory import usual_limit
from aigc_studio.locks import lives
from aigc_studio.translation import _
from aigc_studio.wire.lines import BadLine, parse_line
from aigc_studio.wire.places import problem_of

_log = logging.getLogger(__name__)

LOGS_KEPT = 30
MOST_IDLE_LINES = 10_000
"""So many lines without events within a second are a flood; while this process is held (Ctrl+Z),
the heartbeats of an hour wait for it."""
TAIL = 8 * 1024
"""The most bytes of a log that go into the details of an error."""

LINE_SECONDS = 4.0
"""How long a process may outlive its line, and a line its process."""

OWN_PYTHON = "AIGC_STUDIO_OWN_PYTHON"
"""Tells a worker that its Python is its plugin's own, which may lack something (`needs`)."""

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Surroundings:
    """What a worker finds around it: how many threads, more variables, its working folder.

    `memory` is how many bytes it and all that it starts may take together; None: as usual.
    `in_window`: a window has it, whose settings have that number unless the environment has.
    `processes`: so many train together, which find each other by files whose path begins with
    `meeting`.
    """

    threads: int = 1
    variables: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    memory: int | None = None
    in_window: bool = False
    processes: int = 1
    meeting: Path | None = None

    def environment(self) -> dict[str, str]:
        """The environment of the process."""
        settings = {
            # Waiting threads sleep: with another process busy, 20 times faster than spinning.
            "OMP_WAIT_POLICY": "PASSIVE",
            "OMP_NUM_THREADS": str(self.threads),
            "PYTHONUNBUFFERED": "1",
        }
        return {**os.environ, **settings, **self._together(), **self.variables}

    def _together(self) -> dict[str, str]:
        """What several processes of one training must know, which speak within this machine."""
        if self.processes == 1 or self.meeting is None:
            return {}
        loopback = "lo0" if sys.platform == "darwin" else "lo"
        return {
            "AIGC_STUDIO_PROCESSES": str(self.processes),
            "AIGC_STUDIO_MEETING": str(self.meeting),
            "GLOO_SOCKET_IFNAME": loopback,
            "NCCL_SOCKET_IFNAME": loopback,
            # Its launcher opens a port to everybody else, which nobody would use.
            "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1",
        }


class WorkerProcess:
    """A child that speaks JSON lines. `heard` is told every reply but heartbeats, then None;
    `importing` is what the last heartbeat said.

    Nothing here blocks but `wait`: a thread writes, a thread reads, a third waits for the end, and
    the log is a file, so that the child can go on writing to it when this process is gone. A line
    that no worker of ours writes ends the child: `fault` says then what it was, and `was_killed`
    that this side ended it. When it has ended, all that it started has (`Guard`). Raises `OSError`
    when the interpreter cannot be started.
    """

    def __init__(
        self,
        interpreter: str,
        heard: Callable[[dict[str, Any] | None], None],
        surroundings: Surroundings,
    ) -> None:
        self._heard = heard
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.log = _new_log()
        self.last_heard = time.monotonic()
        self.listening = False
        self.importing = False
        self.fault = ""
        self.was_killed = False
        self._gone = threading.Event()
        self._line_ended = threading.Event()
        memory = usual_limit() if surroundings.memory is None else surroundings.memory
        self.guard = Guard(memory)
        self._process = self._started(interpreter or sys.executable, surroundings)
        _enlist(self)
        for task in (self._write, self._read, self._await_end):
            threading.Thread(target=task, name=f"worker-{self.pid}", daemon=True).start()

    def _started(self, interpreter: str, surroundings: Surroundings) -> subprocess.Popen[bytes]:
        process = None
        own = {OWN_PYTHON: "1"} if interpreter != sys.executable else {}
        try:
            with self.log.open("ab") as log:
                process = subprocess.Popen(
                    [interpreter, "-P", str(_script()), *self.guard.words],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=surroundings.environment() | own | {family.MARK: self.guard.mark},
                    cwd=surroundings.cwd,
                    **self.guard.settings,
                )
        finally:
            self.guard.take(process)
        return process

    @property
    def pid(self) -> int:
        """The id of the process that the plugin runs in."""
        return self.guard.worker

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    @property
    def exit_status(self) -> int | None:
        """As `subprocess` has it: negative for a signal, None while it runs."""
        return self._process.poll()

    def send(self, **command: Any) -> None:
        """Send one command; silence when nobody is there any more, as the reader will tell."""
        self._outgoing.put(json.dumps(command, allow_nan=False).encode("ascii") + b"\n")

    def end(self) -> None:
        """Close the line of commands: the worker closes its action and leaves."""
        self._outgoing.put(None)

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within this time, and all that it started with it."""
        return self._gone.wait(max(seconds, 0.0))

    def kill(self) -> None:
        """End it and all that it has started, at once."""
        if self.alive:
            self.was_killed = True
            self.guard.end()

    def note(self, text: str) -> None:
        """Write a line into the log, for whoever reads it."""
        line = f"[{time.strftime('%Y-%m-%d %H:%M:%S')}] {text}\n"
        # Not through `open`: a plugin may have put a pipe there, which would wait for a reader.
        flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
        with contextlib.suppress(OSError):
            descriptor = os.open(self.log, flags)
            try:
                os.write(descriptor, line.encode("utf-8", "replace"))
            finally:
                os.close(descriptor)

    def log_size(self) -> int:
        """The bytes in the log now."""
        try:
            return self.log.stat().st_size
        except OSError:
            return 0

    def log_tail(self, start: int = 0) -> str:
        """The end of what the log got since it was `start` bytes long."""
        try:
            with open_plain(self.log) as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(start if start <= size else 0, size - TAIL))
                return file.read(TAIL).decode("utf-8", "replace").strip()
        except OSError:
            return ""

    def _write(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as stream:
            while (data := self._outgoing.get()) is not None:
                stream.write(data)
                stream.flush()

    def _read(self) -> None:
        """Hear the replies until the end, whatever comes and whoever breaks."""
        assert self._process.stdout is not None
        try:
            with self._process.stdout as stream:
                for document in _replies(stream):
                    # A slow listener must not look like a silent worker.
                    self.listening = True
                    self.importing = document["is"] == "importing"
                    if document["is"] not in ("beat", "importing"):
                        self._heard(document)
                    self.last_heard = time.monotonic()
                    self.listening = False
        except BadLine as error:
            self.end_for(_("it wrote into the studio's own line: {problem}").format(problem=error))
        except Misfit as error:  # the plugin's, and said in its sentence
            _log.info("what a worker said could not be taken", exc_info=error)
            self.end_for(str(error))
        except Exception as error:
            _log.exception("what a worker said could not be taken")
            self.end_for(problem_of(error))
        self.listening = False
        self._line_ended.set()
        if not self.wait(LINE_SECONDS):
            self.end_for(_("it closed the line to the studio"))

    def _await_end(self) -> None:
        """Tell the end, once the process is gone and all that it said was heard."""
        self._process.wait()
        self.guard.settle()
        self._gone.set()
        self.end()
        # Not for ever: something that nobody could find may hold the line open.
        while not self._line_ended.wait(LINE_SECONDS):
            if not self.listening and time.monotonic() - self.last_heard > LINE_SECONDS:
                break
        self._heard(None)

    def end_for(self, fault: str) -> None:
        """Kill it for something that it did: a phrase, the first of which counts."""
        self.fault = self.fault or fault
        self.kill()


_processes: weakref.WeakSet[WorkerProcess] = weakref.WeakSet()
"""Those of this process, whose logs are not to go while they live."""
_listing = threading.Lock()


def _enlist(process: WorkerProcess) -> None:
    with _listing:
        _processes.add(process)


def _enlisted() -> list[WorkerProcess]:
    # Locked: workers start on several threads, and no set may grow while it is gone through.
    with _listing:
        return list(_processes)


def _replies(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """What a worker says, line by line. Raises `BadLine`, also for a flood that says nothing."""
    began, idle = time.monotonic(), 0
    while line := stream.readline(limits.LINE_BYTES + 2):
        if not line.endswith(b"\n") and len(line) <= limits.LINE_BYTES:
            return  # half a line: it was killed while writing
        document = parse_line(line.removesuffix(b"\n"))
        if document["is"] != "events":
            idle += 1
        if idle >= MOST_IDLE_LINES:
            if time.monotonic() - began < 1.0:
                raise BadLine(_("{count} lines in a second").format(count=idle))
            began, idle = time.monotonic(), 0
        yield document


def _script() -> Path:
    return Path(__file__).resolve().parent.parent / "worker" / "__main__.py"


def _new_log() -> Path:
    """A log file of its own for a worker; beside other temporary files where logs may not be."""
    try:
        return _log_in(folders.log_folder())
    except OSError:
        return _log_in(Path(tempfile.gettempdir()) / "aigc-studio-logs")


def _log_in(folder: Path) -> Path:
    make_private(folder)
    used = [each.log for each in _enlisted() if not each.wait(0)]
    for old in sorted(folder.glob("worker-*.log"), key=_order)[LOGS_KEPT - 1 :]:
        if old in used or _is_anothers(old):
            continue
        with contextlib.suppress(OSError):
            old.unlink()
    log = folder / f"worker-{os.getpid()}-{next(_numbers)}.log"
    log.touch()
    return log


def _is_anothers(log: Path) -> bool:
    """Whether another window that is open still may write or read it."""
    number = _writer(log)
    return number != os.getpid() and lives(number)


def _writer(log: Path) -> int:
    """The number of the process that began it; 0 where its name says none."""
    number = log.name.split("-")[1]
    return int(number) if number.isdecimal() else 0


def _order(log: Path) -> tuple[bool, float]:
    """Ours are the newest, in the order of their numbers: their times may be of a wrong clock."""
    number = log.stem.rpartition("-")[2]
    if _writer(log) == os.getpid() and number.isdecimal():
        return False, -float(number)
    try:
        return True, age(log.stat().st_mtime)
    except OSError:
        return True, 0.0
