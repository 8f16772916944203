"""Workers forked from a process that has imported already what workers import (`forking`): 0.3 s of
the processor less for each, and 3 s less for each with torch. So is pip, which begins in 0.6 s.

What a new Python alone does (its variables, a plugin's own Python) has a new one also here, and so
have the tests marked `processes`: how a worker is started, where it stands in the system (its
lines, its environment, its warden), and what differs from one process to the next. Several
processes that train together are forked by torch's launcher.

What takes seconds to import is imported once in a run: the processes of `pytest -n`, and those that
a test starts with `-p forked`, each have a child of the same one. Where something is to come out
alike in another process there is a second one: what is forked has the order of sets of its parent.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import leaks
import pytest

FOLDERS = {"cli", "host", "packages", "packaging", "plugins", "testing"}
"""Those of the tests whose workers are forked."""
FORKING = Path(__file__).with_name("forking.py")
NEW_PYTHON = ("AIGC_STUDIO_FOLLOW", "AIGC_STUDIO_OWN_PYTHON")
FOLDER = "AIGC_TESTS_NURSERY"
"""The variable that says where those of a run are spoken to; whoever has none makes one."""
HEEDED = {"PYTHONPATH", "PYTHONWARNINGS", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
"""Variables of Python that a forked child heeds, or that it need not."""


class Nursery:
    """The process that workers are forked from, for as long as this one lasts."""

    def __init__(self, known: str, again: bool) -> None:
        self._lock = threading.Lock()
        self._line = _line_to(known, f"{known or 'plain'}{'-again' * again}")
        self.pid = int.from_bytes(self._line.recv(8, socket.MSG_WAITALL), "big")

    def bear(self, request: dict[str, Any], *descriptors: int) -> int:
        """Fork a child with these descriptors for 0, 1, 2, its report and its end: its number."""
        with self._lock:
            data = json.dumps(request).encode()
            socket.send_fds(self._line, [len(data).to_bytes(4, "big")], list(descriptors))
            self._line.sendall(data)
            answer = self._line.recv(8)
        if not answer:
            raise OSError("the nursery has ended")
        return int.from_bytes(answer, "big")


def prepare() -> None:
    """Say where the nurseries of this run are spoken to, before it starts others of its kind."""
    if FOLDER not in os.environ:
        folder = os.environ[FOLDER] = tempfile.mkdtemp(prefix="aigc-nursery-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _line_to(known: str, name: str) -> socket.socket:
    """A line to the one of this run of this name, which is begun where there is none."""
    from aigc_studio.locks import Lock

    prepare()
    path = Path(os.environ[FOLDER], name)
    line = socket.socket(socket.AF_UNIX)
    with Lock(path.with_suffix(".lock"), seconds=60):
        try:
            line.connect(str(path))
        except OSError:  # not begun yet, or ended with all that it was there for
            _begin(path, known)
            line.connect(str(path))
    return line


def _begin(path: Path, known: str) -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    environment.pop("PYTHONWARNINGS", None)  # each child heeds its own
    path.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "-P", str(FORKING), str(path), known],
        env=environment, start_new_session=True, check=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


class Born:
    """A child of a nursery: its number, and how it ended."""

    def __init__(self, nursery: Nursery, request: dict[str, Any], *descriptors: int) -> None:
        self._end, end = os.pipe()
        self._lock = threading.Lock()
        self.returncode: int | None = None
        try:
            self.pid = nursery.bear(request, *descriptors, end)
        finally:
            os.close(end)

    def __del__(self) -> None:
        os.close(self._end)

    def poll(self) -> int | None:
        """As `Popen.poll`."""
        with self._lock:
            if self.returncode is None and select.select([self._end], [], [], 0)[0]:
                told = os.read(self._end, 16)
                self.returncode = int(told) if told else -signal.SIGKILL
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """As `Popen.wait`."""
        if self.poll() is None:
            select.select([self._end], [], [], timeout)
            if self.poll() is None:
                raise subprocess.TimeoutExpired("a worker", timeout or 0.0)
        return self.returncode


class Child(Born):
    """What `subprocess.Popen` is to a process: two lines, a number, and how it ended."""

    def __init__(self, nursery: Nursery, request: dict[str, Any], log: int, report: int) -> None:
        commands, mine = os.pipe()
        replies, theirs = os.pipe()
        try:
            super().__init__(nursery, request, commands, theirs, log, report)
        finally:
            os.close(commands)
            os.close(theirs)
            self.stdin, self.stdout = os.fdopen(mine, "wb"), os.fdopen(replies, "rb")

    def kill(self) -> None:
        """As `Popen.kill`."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """As `Popen.send_signal`."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *error: object) -> None:
        """As that of `Popen`: its lines are closed, and its end is waited for."""
        self.stdin.close()
        self.stdout.close()
        self.wait()


_nurseries: dict[tuple[str, bool], Nursery] = {}
_making = threading.Lock()


def nursery(known: str, *, again: bool = False) -> Nursery:
    """The one of this process that has imported "torch", "pip", the "shell" or none (""), or the
    second such; it is begun when it is first needed."""
    with _making:
        if (known, again) not in _nurseries:
            made = Nursery(known, again)
            leaks.forking.add(made.pid)
            _nurseries[known, again] = made
        return _nurseries[known, again]


def program(path: Path, *words: object) -> Child | subprocess.Popen[bytes]:
    """A file of Python that imports torch, run with these words: what it prints is its `stdout`."""
    command = [str(path), *map(str, words)]
    if sys.platform != "linux":
        return subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE)
    request = {"environment": dict(os.environ), "folder": os.getcwd(), "program": command}
    return Child(nursery("torch"), request, 2, 2)


PIP = [sys.executable, "-P", "-m", "pip"]


def _opened(command: Sequence[str], **options: Any) -> Child | subprocess.Popen[bytes]:
    """`subprocess.Popen` for `programs`: a pip of this Python is forked."""
    from aigc_studio.programs import LEASH

    if tuple(command[: len(LEASH)]) == LEASH:  # it ends with the nursery
        command = command[len(LEASH) + 1 :]
    if list(command[: len(PIP)]) != PIP or "--python" in command:
        return subprocess.Popen(command, **options)
    folder = str(options["cwd"] or os.getcwd())
    request = {"environment": options["env"], "folder": folder, "pip": command[len(PIP) :]}
    output = options["stdout"].fileno()
    child = Child(nursery("pip"), request, output, output)
    child.stdin.close()
    child.stdout.close()
    return child


@contextmanager
def forked_workers(*, again: bool = False) -> Iterator[None]:
    """In this block, workers that are started are forked, `again` from another process than those
    before; and so is pip."""
    from aigc_studio import family, programs
    from aigc_studio.host import process, stamps, worker

    class ForkedProcess(process.WorkerProcess):
        def __init__(self, interpreter: str, heard: Callable[..., None], around: Any) -> None:
            source = getattr(getattr(heard, "__self__", None), "source", None)
            # Whether a plugin imports torch when it is described is asked of a plain one.
            asked = around is not worker._PLAIN
            self._torch = bool(asked and source and stamps.says(source, b"torch"))
            super().__init__(interpreter, heard, around)

        def _started(self, interpreter: str, surroundings: process.Surroundings) -> Any:
            environment = surroundings.environment()
            if interpreter != sys.executable or needs_new_python(environment):
                return super()._started(interpreter, surroundings)
            child = None
            try:
                request = {
                    "environment": environment | {family.MARK: self.guard.mark},
                    "folder": str(surroundings.cwd or os.getcwd()),
                    "limit": self.guard.words[1],
                }
                with self.log.open("ab") as log:
                    report = int(self.guard.words[0])
                    parent = nursery("torch" if self._torch else "", again=again)
                    child = Child(parent, request, log.fileno(), report)
            finally:
                self.guard.take(child)  # type: ignore[arg-type]
            return child

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "WorkerProcess", ForkedProcess)
        patch.setattr(
            programs, "subprocess", SimpleNamespace(**vars(subprocess) | {"Popen": _opened})
        )
        yield


@contextmanager
def forked_instead() -> Iterator[None]:
    """In this block, workers that would be new processes are forked; elsewhere than on Linux they
    stay what they are, and so does a thread."""
    from aigc_studio.host import process, worker

    plain = sys.platform == "linux" and vars(worker)["WorkerProcess"] is process.WorkerProcess
    with forked_workers() if plain else nullcontext():
        yield


def is_forked(test: pytest.Item) -> bool:
    """Whether the workers of this test are forked."""
    if test.get_closest_marker("processes") is not None:
        return False
    # Elsewhere than on Linux, what threads had begun is not forked well.
    return sys.platform == "linux" and test.path.parent.name in FOLDERS


def is_alike(test: pytest.Item) -> bool:
    """Whether something is to come out alike in another process (a test of the kit's)."""
    return test.name == "test_same_seed"


def needs_new_python(environment: dict[str, str]) -> bool:
    """Whether something in these variables is heeded only when a Python begins."""
    own = {name for name in environment if name.startswith("PYTHON")} - HEEDED
    changed = any(environment[name] != os.environ.get(name) for name in own)
    return changed or any(name in environment for name in NEW_PYTHON)
