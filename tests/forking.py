"""The process that `nursery` has workers forked from: `python -P forking.py PATH KNOWN`.

It imports what workers do, or `KNOWN`: "torch" besides, or "pip" or the "shell" instead; and runs
nobody's code. Whoever connects to `PATH` has a child of it as a nursery, and it ends with the last
of these. What a nursery forks is given its descriptors, environment and folder, takes new random
states, and goes on in `aigc_studio.worker` where a new Python would begin, in pip, in the shell, or
in a file of a test that trains.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import random
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path
from typing import Any, NoReturn

WORKER = Path(__file__).resolve().parents[1] / "aigc_studio" / "worker"
FIRST_PATHS = [
    os.path.abspath(each) for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each
]


BEGUN = list(warnings.filters)
"""Those of a Python that was told nothing of warnings."""
PATIENCE = 60.0
"""Seconds that the first of those who connect may take."""


def found(path: str, known: str) -> NoReturn:
    """Have a child be the nursery of each that connects, until the last of these has ended."""
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen()
    if os.fork():  # who began it goes on, and connects
        os._exit(0)
    _import_much(known)
    gc.freeze()
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    nurseries: set[int] = set()
    patience: float | None = PATIENCE
    both: list[Any] = [door, wake]
    while ready := select.select(both, [], [], patience)[0]:
        if wake in ready:
            os.read(wake, 512)
            with contextlib.suppress(ChildProcessError):
                while ended := os.waitpid(-1, os.WNOHANG)[0]:
                    nurseries.discard(ended)
        if door in ready:
            nurseries.add(_settle(door, wake, woken))
        patience = None
        if not nurseries:  # whoever finds no path begins another; who has just come is heard
            Path(path).unlink(missing_ok=True)
            patience = 0.0
    os._exit(0)


def _settle(door: socket.socket, *others: int) -> int:
    """The number of a child that is the nursery of the one at the door."""
    line, _address = door.accept()
    if pid := os.fork():
        line.close()
        return pid
    try:
        door.close()
        signal.set_wakeup_fd(-1)
        for each in others:
            os.close(each)
        line.sendall(os.getpid().to_bytes(8, "big"))
        serve(line)
    finally:
        os._exit(1)


def serve(line: socket.socket) -> NoReturn:
    """Fork a child for each request, and tell how each ended, until nobody can ask any more."""
    gc.freeze()
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    ends: dict[int, int] = {}
    while True:
        for ready in select.select([line.fileno(), wake], [], [])[0]:
            if ready == wake:
                os.read(wake, 512)
                _reap(ends)
                continue
            length, descriptors, _flags, _address = socket.recv_fds(line, 4, 5)
            if not length:
                os._exit(0)
            request = json.loads(line.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL))
            pid = os.fork()
            if pid == 0:
                line.close()
                _live(request, descriptors)
            ends[pid] = descriptors.pop()
            for descriptor in descriptors:
                os.close(descriptor)
            line.sendall(pid.to_bytes(8, "big"))


def _reap(ends: dict[int, int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            end = ends.pop(ended[0])
            with contextlib.suppress(OSError):
                os.write(end, str(os.waitstatus_to_exitcode(ended[1])).encode())
            os.close(end)


def _live(request: dict[str, Any], descriptors: list[int]) -> NoReturn:
    """Be a worker that has just been started."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, descriptor in enumerate(descriptors[:3]):
            os.dup2(descriptor, number)
        report = descriptors[3]
        os.closerange(3, report)
        os.closerange(report + 1, 1024)
        _move(request["environment"], request["folder"])
        if "program" in request:
            _run(request["program"])
        if "pip" in request:
            _run_pip(request["pip"])
        if "shell" in request:
            os.close(report)
            _run_shell(request["shell"])
        vars(os)["execv"] = _launch
        _work(str(report), request["limit"])
    finally:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def _work(*words: str) -> None:
    """Be `python -P worker/__main__.py WORD…`."""
    sys.argv = [str(WORKER / "__main__.py"), *words]
    runpy.run_module("aigc_studio.worker.__main__", run_name="__main__")


def _launch(_program: str, words: list[str]) -> None:
    """Be torch's launcher (`python -P -m MODULE WORD…`), whose processes are forked from it."""
    handler = importlib.import_module(
        "torch.distributed.elastic.multiprocessing.subprocess_handler.subprocess_handler"
    )
    handler.SubprocessHandler._popen = lambda _self, _words, environment: Member(environment)
    sys.argv = words[3:]
    runpy.run_module(words[3], run_name="__main__", alter_sys=True)
    os._exit(0)


class Member:
    """One of the processes that train together: what its launcher asks of a `subprocess.Popen`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.returncode: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            self._live(environment)

    def _live(self, environment: dict[str, str]) -> NoReturn:
        try:
            os.setsid()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            _move(environment, os.getcwd())
            _work()
        finally:
            sys.excepthook(*sys.exc_info())
            os._exit(1)

    def poll(self) -> int | None:
        """As `Popen.poll`."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if ended else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """As `Popen.wait`."""
        due = time.monotonic() + (float("inf") if timeout is None else timeout)
        while (status := self.poll()) is None:
            if time.monotonic() > due:
                raise subprocess.TimeoutExpired("a process that trains", timeout or 0.0)
            time.sleep(0.02)
        return status


def _run(words: list[str]) -> NoReturn:
    """Be `python FILE WORD…`, which imports torch's compiler as late as a worker does."""
    vars(sys.modules["aigc_studio.worker.process"])["compile_late"]()
    sys.argv = words
    runpy.run_path(words[0], run_name="__main__")
    sys.stdout.flush()
    os._exit(0)


def _run_pip(words: list[str]) -> NoReturn:
    """Be `python -P -m pip WORD…`, which reads nothing and says all in one place."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    status: Any = 0
    sys.argv = ["pip", *words]
    try:
        runpy.run_module("pip", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(status or 0))


def _run_shell(words: list[str]) -> NoReturn:
    """Be `python -m aigc_studio WORD…`, whose workers are forked as well."""
    status: Any = 0
    for number, name in enumerate(("stdin", "stdout", "stderr")):  # of other kinds than they were
        stream = os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    vars(sys)["stderr"].reconfigure(errors="backslashreplace", line_buffering=True)
    sys.path.insert(0, os.getcwd())
    sys.argv = [str(WORKER.parent / "__main__.py"), *words]
    with sys.modules["nursery"].forked_workers():
        try:
            runpy.run_module("aigc_studio", run_name="__main__", alter_sys=True)
        except SystemExit as end:
            status = end.code
        except BaseException:  # as Python tells it, before what is left to do at the end
            sys.excepthook(*sys.exc_info())
            status = 1
        vars(threading)["_shutdown"]()
        vars(atexit)["_run_exitfuncs"]()
    with contextlib.suppress(OSError):  # the reader has gone
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(int(status or 0))


def _move(environment: dict[str, str], folder: str) -> None:
    """Be where a new Python would be, and as random."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    entries = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    rest = [each for each in sys.path if each not in FIRST_PATHS]
    sys.path[:] = [*map(os.path.abspath, entries), *rest]
    sys.path_importer_cache.clear()
    tempfile.tempdir = None
    _heed_warnings(environment.get("PYTHONWARNINGS", ""))
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    if torch := sys.modules.get("torch"):
        torch.seed()
        torch.set_num_threads(int(environment.get("OMP_NUM_THREADS", "1")))


def _heed_warnings(words: str) -> None:
    """Filter them as a new Python does that is told so: before what it does anyway, and behind what
    modules have asked for since."""
    filters: Any = warnings.filters
    asked = filters[: len(filters) - len(BEGUN)]
    filters[:] = BEGUN
    sys.warnoptions[:] = filter(None, words.split(","))
    vars(warnings)["_processoptions"](sys.warnoptions)
    filters[:0] = asked


def _import_much(known: str) -> None:
    """Import what every worker does, and what those with torch do; or pip's, or the shell's."""
    if known == "pip":
        for name in ("cli.main", "commands.install", "commands.download", "commands.wheel"):
            importlib.import_module(f"pip._internal.{name}")
        return
    runpy.run_path(str(WORKER / "__main__.py"), run_name="nursery")["_find_studio"]()
    if known == "shell":
        _import_shell()
        return
    for name in (
        "process", "warden", "plugin", "action", "results", "loading", "outbox", "hooks", "group",
    ):  # fmt: skip
        importlib.import_module(f"aigc_studio.worker.{name}")
    # A training makes way for a window, and here is none: it would wait for all other tests.
    vars(sys.modules["aigc_studio.worker.process"])["step_back"] = lambda: None
    vars(sys.modules["aigc_studio.worker.warmth"])["step_back"] = lambda: None
    for name in ("aigc_studio.api", "aigc_studio.api.parameters", "PIL.Image", "numpy.random"):
        importlib.import_module(name)
    if known == "torch":
        importlib.import_module("torch")
        importlib.import_module("torch.nn.functional")
        importlib.import_module("safetensors.torch")


def _import_shell() -> None:
    """Import what commands do, and what forks their workers."""
    sys.path.append(str(Path(__file__).parent))
    importlib.import_module("nursery")
    for name in (
        "cli.parser", "cli.console", "cli.asking", "cli.signals", "cli.here", "host.registry",
        "host.describing", "host.discovery", "host.pool", "host.worker", "library.datasets",
        "library.models", "library.drafts", "library.trainings", "project.export", "wire.fitting",
    ):  # fmt: skip
        importlib.import_module(f"aigc_studio.{name}")
    for name in ("PIL.Image", "numpy.random"):
        importlib.import_module(name)


if __name__ == "__main__":
    os.fsync = os.fstat  # type: ignore[assignment]  # as in the tests themselves (`conftest`)
    found(*sys.argv[1:])
