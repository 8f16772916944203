"""Programs that fetch or build something in a folder, and end when they are not wanted any more."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from aigc_studio import family
from aigc_studio.files import bytes_below
from aigc_studio.translation import _

PAUSE = 0.1
"""Seconds between two looks at a program."""
PATIENCE = 300.0
"""Seconds after which one that brings nothing more is given up."""


_CODE = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
for name in ("SIGPIPE", "SIGXFSZ"):
    signal.signal(getattr(signal, name), signal.SIG_DFL)
os.execvp(sys.argv[2], sys.argv[2:])
"""
"""Becomes a program that is killed when the thread that started it is gone (PR_SET_PDEATHSIG), and
begins as one that Python has not begun in."""
LEASH = (sys.executable, "-I", "-S", "-c", _CODE)
"""What stands before a process id and a command on Linux: a studio that is killed has nobody to end
what it fetches."""

_OUT_OF_TIME = (
    "certificate is not yet valid", "certificate has expired", "CERT_NOT_YET_VALID",
    "CERT_HAS_EXPIRED",
)  # fmt: skip
"""What pip and npm say of a server that shows a certificate of another day."""


def why_untrusted(said: str) -> str:
    """What to tell a person whose program was refused because today is no day of the server's
    certificate; empty when it was not. The clock of this computer is wrong then, nearly always, but
    a server may have forgotten its certificate."""
    if not any(sign in said for sign in _OUT_OF_TIME):
        return ""
    sentence = _(
        "No connection can be trusted, because by this computer's clock the other side's "
        "certificate does not hold today. If today is not {date}, set the clock; if it is, try "
        "again later."
    )
    return sentence.format(date=time.strftime("%Y-%m-%d"))


class Stalled(Exception):
    """Nothing more has come for `PATIENCE` seconds."""


class Program:
    """A program that is started now; whatever it says goes into the file `log`.

    Use it in a `with`: at its end the program has ended, and all that it started. Raises `OSError`
    when it cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        environment: Mapping[str, str],
        cwd: Path | None = None,
    ) -> None:
        self._log = log
        options: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {}
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                _leashed(command, environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=cwd,
                **options,
            )

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_error: object) -> None:
        process = self._process
        if process.poll() is None:
            # A build has processes of its own.
            if sys.platform == "win32":
                for pid in (*family.descendants(process.pid), process.pid):
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGTERM)  # ended at once: it has no other signal
            else:
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @property
    def status(self) -> int:
        """Its exit status, below 0 for one that was ended; 0 while it runs."""
        return self._process.returncode or 0

    @property
    def said(self) -> str:
        """All that it has said."""
        return self._log.read_text("utf-8", "replace")

    def arriving(self, folder: Path, every: float = 0.0) -> Iterator[int]:
        """The bytes that lie in `folder`, counted once in so many seconds, until it has ended.

        Yields some ten times a second. Raises `Stalled`.
        """
        seen, since, looked = 0, time.monotonic(), float("-inf")
        while self._process.poll() is None:
            now = time.monotonic()
            if now - looked >= every:
                looked, arrived = now, bytes_below(folder)
                if arrived != seen:
                    seen, since = arrived, now
                elif now - since > PATIENCE:
                    raise Stalled
            yield seen
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(PAUSE)


def _leashed(command: Sequence[str], environment: Mapping[str, str]) -> Sequence[str]:
    if sys.platform != "linux" or not shutil.which(command[0], path=environment.get("PATH")):
        return command
    return [*LEASH, str(os.getpid()), *command]
