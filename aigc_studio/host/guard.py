"""What the studio knows and does of a worker's warden, its parent process (`worker.warden`)."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from aigc_studio import family

_whole = re.compile("[0-9]{1,18}")

FORCE_SECONDS = 1.0
"""How long a warden may take over ending a family, before that is done from here."""


class Guard:
    """The warden of one worker whose family may take `limit` bytes (0: any number).

    `too_large` is how much it took when it was ended for that, else 0. Where there is no warden
    (Windows) the process is the worker itself, and its job object ends the family.
    """

    def __init__(self, limit: int = 0) -> None:
        self.limit = limit
        self.too_large = 0
        self.mark = secrets.token_hex(8)
        self._worker = 0
        self._in_order = False
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None
        self._report, self._far_end = os.pipe() if os.name == "posix" else (-1, -1)
        if self._report >= 0:
            os.set_blocking(self._report, False)

    @property
    def words(self) -> list[str]:
        """What the worker's module is told on its command line."""
        return [str(self._far_end), str(self.limit)]

    @property
    def settings(self) -> dict[str, Any]:
        """What `Popen` is told besides."""
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
            return {"creationflags": flags}
        return {"start_new_session": True, "pass_fds": (self._far_end,)}

    def take(self, process: subprocess.Popen[bytes] | None) -> None:
        """The process was started, or (None) could not be."""
        self._process = process
        if self._far_end >= 0:
            os.close(self._far_end)
            self._far_end = -1
        if process is None:
            self._close()

    @property
    def worker(self) -> int:
        """The number of the process that the plugin runs in."""
        self._hear()
        return self._worker or (self._process.pid if self._process else 0)

    def note_worker(self, pid: int) -> None:
        """What the worker says of itself, where no warden does: a launcher may stand between."""
        self._worker = self._worker or pid

    def left_running(self, *, soon: bool = True) -> bool:
        """Whether there is more of the family than the worker; `soon`: and not about to end.

        Without that, and where it is not told at once, it is not asked.
        """
        if not soon:
            return family.HAS_PROC and bool(self._others())
        return bool(self._others()) and not _soon(lambda: not self._others())

    def _others(self) -> set[int]:
        assert self._process is not None
        pid = self._process.pid
        # Twice: the list in /proc may leave one out while another ends.
        return {*family.descendants(pid), *family.descendants(pid)} - {self.worker}

    def end(self) -> None:
        """End worker and family at once; returns before they have ended."""
        process = self._process
        assert process is not None
        if os.name != "posix":
            with contextlib.suppress(OSError):
                process.kill()
            return
        with contextlib.suppress(OSError):
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGCONT)
        self._timer = threading.Timer(FORCE_SECONDS, self._force)
        self._timer.daemon = True
        self._timer.start()

    def _force(self) -> None:
        """The warden does not do it (it was stopped, or starves): do it from here.

        It goes last: while it is there, what was detached comes to it and can be found below it.
        """
        process = self._process
        due = time.monotonic() + FORCE_SECONDS
        while process is not None and process.poll() is None:
            if not _end_below(process.pid) and time.monotonic() > due:
                with contextlib.suppress(OSError):
                    process.kill()
                return  # its end is noticed, and `settle` looks for what is left
            time.sleep(0.05)

    def settle(self) -> None:
        """The process has ended: hear what its warden had to say, and end what that left undone."""
        if self._timer is not None:
            self._timer.cancel()
        self._hear()
        if os.name == "posix" and not self._in_order:
            self._end_marked()
        self._close()

    def _end_marked(self) -> None:
        """End every process that carries the mark of this worker, whoever its parent is by now."""
        import psutil

        for _attempt in range(5):  # one may start another while we look
            found = [each for each in psutil.process_iter() if self._is_marked(each)]
            if not found:
                return
            for process in found:
                with contextlib.suppress(psutil.Error, OSError):
                    # It asks whether the number still stands for the process that was looked at.
                    process.kill()
            psutil.wait_procs(found, 0.2)

    def _is_marked(self, process: Any) -> bool:
        import psutil

        with contextlib.suppress(psutil.Error, OSError):
            return bool(process.environ().get(family.MARK) == self.mark)
        return False

    def measure(self) -> bool:
        """Where the warden cannot measure: whether the family takes too much; notes how much."""
        if family.HAS_PROC or not self.limit or self._process is None:
            return False
        pids = [self._process.pid, *family.descendants(self._process.pid)]
        taken = family.memory(pids, self.limit)
        if taken > self.limit:
            self.too_large = taken
        return taken > self.limit

    def _hear(self) -> None:
        """Read what the warden has written so far."""
        with self._lock, contextlib.suppress(OSError):
            while self._report >= 0 and (data := os.read(self._report, 4096)):
                for line in data.decode("ascii", "replace").split("\n"):
                    self._take_line(line.split())

    def _take_line(self, words: list[str]) -> None:
        # Any process of this person can write into a pipe: what no warden says is passed over.
        match words:
            case ["worker", number] if _whole.fullmatch(number):
                self._worker = int(number)
            case ["memory", taken, _limit] if _whole.fullmatch(taken):
                self.too_large = int(taken)
            case ["done"]:
                self._in_order = True

    def _close(self) -> None:
        with self._lock:
            if self._report >= 0:
                os.close(self._report)
            self._report = -1


def _end_below(pid: int) -> bool:
    """Kill the living processes below `pid`; whether there were any."""
    import psutil

    found = []
    with contextlib.suppress(psutil.Error):
        found = psutil.Process(pid).children(recursive=True)
    for each in found:
        with contextlib.suppress(psutil.Error):
            each.kill()
    return any(family.is_alive(each.pid) for each in found)


def _soon(condition: Callable[[], bool]) -> bool:
    for _attempt in range(5):
        if condition():
            return True
        time.sleep(0.02)
    return condition()
