"""The warden: a worker's parent, which sees that nothing of what the worker started outlives it.

A plugin may fork, detach and ignore signals, and the studio may be killed in the middle of it. So a
worker is born as two: the child runs the plugin, the parent runs nothing of anybody's. It waits,
and ends the family when the worker has ended, when the studio asks (SIGTERM) or is gone for longer
than an action may take to close, and when the family takes too much memory. On Linux what was
detached from its parent becomes the warden's own child, so none can hide; elsewhere the worker's
process group is ended, and psutil finds by their mark those that left it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from typing import Any, NoReturn

from aigc_studio import family
from aigc_studio.worker.streams import LOG_LIMIT, limit_log

PARTING_SECONDS = 6.5
"""How long a worker may stay when the studio has closed its line; it leaves after 5 s itself."""

TERMINATION_SECONDS = 0.3
"""What the worker left behind in good order is asked to end before it is made to."""

SLOWEST, FASTEST = 0.25, 0.01
"""Seconds between two looks at memory and log: the closer to the limit, the more often."""

FILLING = 8 << 30
"""Bytes a second that a family is thought to take at most."""

OUT_OF_MEMORY_SCORE = "500"
"""When memory runs out, the kernel takes a worker before it takes the window or the desktop."""


def stand_guard(words: list[str]) -> None:
    """Fork: the child returns and is the worker, the parent watches over it and never returns.

    `words` are a descriptor to report on (`worker <pid>`, `memory <taken> <limit>`, `done`; -1 for
    none) and the most bytes that worker and descendants may take together (0: any number).
    """
    report, limit = (int(word) for word in (*words, "-1", "0")[:2])
    prctl = _prctl()
    prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: orphans among the descendants become ours
    wake = _heed_signals()
    parent = os.getpid()
    worker = os.fork()
    if worker == 0:
        _be_worker(prctl, parent, wake, report)
        return
    try:
        Warden(worker, report, limit).watch(wake[0])
    finally:  # whatever breaks here, the worker must not stay without its warden
        os.kill(worker, signal.SIGKILL)
        os._exit(1)


def end_with_parent() -> None:
    """From now on this process is killed when the one that started it ends (on Linux)."""
    _prctl()(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _prctl() -> Any:
    if sys.platform == "linux":
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            call = ctypes.CDLL(None).prctl
            return lambda option, value: call(option, ctypes.c_ulong(value))
    return lambda _option, _value: -1


_HEEDED = (signal.SIGTERM, signal.SIGCHLD)
_IGNORED = ("SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGTSTP")


def _heed_signals() -> tuple[int, int]:
    """A pipe that a signal wakes its reader by; set before the fork, so that none is missed."""
    wake = os.pipe()
    for end in wake:
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake[1], warn_on_full_buffer=False)
    for number in _HEEDED:
        signal.signal(number, lambda _number, _frame: None)
    return wake


def _be_worker(prctl: Any, parent: int, wake: tuple[int, int], report: int) -> None:
    prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in _HEEDED:
        signal.signal(number, signal.SIG_DFL)
    for descriptor in (*wake, report):
        with contextlib.suppress(OSError):
            os.close(descriptor)
    # A group of its own: what a plugin sends to its whole group does not reach the warden.
    os.setsid()
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write(OUT_OF_MEMORY_SCORE)


class Warden:
    """Watches over the process `worker`, a child of this one, and over all below it."""

    def __init__(self, worker: int, report: int = -1, limit: int = 0) -> None:
        self._worker = worker
        self._report = report
        self._limit = limit
        self._status: int | None = None
        self._asked = False
        self._due = float("inf")
        self._log_size = 0
        self._measured_at = 0.0

    def watch(self, wake: int) -> NoReturn:
        """Wait for the worker's end or bring it about, end what it left, and end as it did."""
        for name in _IGNORED:
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._ask)
        # What only the worker may hold: who reads its line waits for its end.
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        os.close(null)
        self._tell(f"worker {self._worker}")
        poll = select.poll()
        poll.register(wake, select.POLLIN)
        poll.register(0, 0)  # not to read: to hear that nobody can write any more
        pause = FASTEST
        while self._status is None and not self._asked:
            for descriptor, _event in poll.poll(pause * 1000):
                if descriptor == 0:
                    poll.unregister(0)
                    self._due = time.monotonic() + PARTING_SECONDS
                else:
                    _drain(wake)
            self._reap()
            self._asked = self._asked or time.monotonic() > self._due
            pause = min(self._look_at_memory(), self._look_at_log())
        self._end_family(calmly=self._status is not None and not self._asked)
        self._leave()

    def _ask(self, _number: int, _frame: object) -> None:
        self._asked = True

    def _reap(self) -> bool:
        """Take note of every child that has ended: of the worker, and of orphans given to us.

        Gives whether there are others still. Only this is exact: the list in /proc may leave one
        out while another ends.
        """
        try:
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] == self._worker:
                    self._status = ended[1]
        except ChildProcessError:
            return False
        return True

    # What it watches

    def _look_at_memory(self) -> float:
        """See that the family keeps to its limit; the seconds until the next look."""
        if not self._limit or not family.HAS_PROC or self._status is not None:
            return SLOWEST
        began = time.monotonic()
        if began < self._measured_at:
            return self._measured_at - began
        taken = family.memory(family.descendants(os.getpid()), self._limit)
        if taken > self._limit:
            self._tell(f"memory {taken} {self._limit}")
            self._asked = True
        pause = min(max((self._limit - taken) / FILLING, FASTEST), SLOWEST)
        # Where many share much, measuring takes its time: no more than a tenth of ours.
        pause = max(pause, 10 * (time.monotonic() - began))
        self._measured_at = began + pause
        return pause

    def _look_at_log(self) -> float:
        """Begin the log anew when it is too long; look again soon when it grows fast."""
        try:
            former, self._log_size = self._log_size, os.fstat(2).st_size
        except OSError:
            return SLOWEST
        limit_log()
        return 2 * FASTEST if self._log_size - former > LOG_LIMIT // 8 else SLOWEST

    # How it ends

    def _end_family(self, *, calmly: bool) -> None:
        """End all that is left; each that ends hands its own children on to us."""
        if calmly and self._reap():
            self._signal(signal.SIGTERM)
            self._wait(TERMINATION_SECONDS)
        due = time.monotonic() + PARTING_SECONDS
        while self._reap() and time.monotonic() < due:
            self._signal(signal.SIGKILL)
            self._wait(0.005)
        if not family.HAS_PROC:
            self._end_marked()
        elif not self._reap():
            self._tell("done")

    def _signal(self, number: int) -> None:
        """Send it to our children: ours until we ask for them, so no number is another's by now."""
        for pid in {*family.children(os.getpid()), *self._running_worker()}:
            with contextlib.suppress(OSError):
                os.kill(pid, number)
        if not family.HAS_PROC:
            with contextlib.suppress(OSError):
                os.killpg(self._worker, number)

    def _running_worker(self) -> list[int]:
        return [self._worker] if self._status is None else []

    def _wait(self, seconds: float) -> None:
        """Until there are no children left, and no longer than this."""
        due = time.monotonic() + seconds
        while self._reap() and time.monotonic() < due:
            time.sleep(min(0.005, seconds))

    def _end_marked(self) -> None:
        """Where orphans are given to process 1: those that carry the mark of this worker."""
        with contextlib.suppress(ImportError):
            import psutil

            mark = os.environ.get(family.MARK, "")
            for process in psutil.process_iter():
                with contextlib.suppress(psutil.Error):
                    others = process.pid != os.getpid()
                    if mark and others and process.environ().get(family.MARK) == mark:
                        process.kill()

    def _leave(self) -> NoReturn:
        """End as the worker did, so that whoever waits for us hears of it."""
        status = self._status or 0
        if self._status is None:
            status = signal.SIGKILL
        if os.WIFSIGNALED(status):
            import resource

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            number = os.WTERMSIG(status)
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1)

    def _tell(self, line: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._report, f"{line}\n".encode())


def _drain(descriptor: int) -> None:
    with contextlib.suppress(BlockingIOError):
        os.read(descriptor, 512)
