"""What the studio knows and does of a worker's warden, its parent process (`worker.warden`)."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from aigc_studio import family

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

    def left_running(self) -> bool:
        """Whether there is more of the family than the worker, and not just about to end."""
        return bool(self._others()) and not _soon(lambda: not self._others())

    def _others(self) -> set[int]:
        assert self._process is not None
        return set(family.descendants(self._process.pid)) - {self.worker}

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
        """The warden does not do it (it was stopped, or starves): do it from here."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(OSError):
            process.kill()
        self._end_marked()

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

        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                # `kill` asks whether the number still stands for the process that was looked at.
                if process.environ().get(family.MARK) == self.mark:
                    process.kill()

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
        if words[:1] == ["worker"]:
            self._worker = int(words[1])
        elif words[:1] == ["memory"]:
            self.too_large = int(words[1])
        elif words == ["done"]:
            self._in_order = True

    def _close(self) -> None:
        with self._lock:
            if self._report >= 0:
                os.close(self._report)
            self._report = -1


def _soon(condition: Callable[[], bool]) -> bool:
    for _attempt in range(5):
        if condition():
            return True
        time.sleep(0.02)
    return condition()
