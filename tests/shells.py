"""`aigc-studio …` as a process of its own that is forked (`nursery`), and so are its workers.

It is one all the same: with its own streams, signals and end. What a new Python alone does has a
new one, as have the tests marked `processes`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from nursery import Born, needs_new_python, nursery

COMMAND = [sys.executable, "-m", "aigc_studio"]
"""What the words of a command stand behind."""
PLAIN = ("preexec_fn", "pass_fds", "startupinfo", "shell", "start_new_session", "process_group")
"""What `_execute_child` may be given that only a new process does."""
_code = vars(subprocess.Popen)["_execute_child"].__code__
_given = _code.co_varnames[1 : _code.co_argcount]
_pipes = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")


class Popen(subprocess.Popen[Any]):
    """A `subprocess.Popen` that has a shell of the studio's forked, and starts all else."""

    _born: Born | None = None

    def _execute_child(self, *told: Any) -> None:
        words = dict(zip(_given, told, strict=True))
        if not _is_shell(words["args"], words["env"]) or any(
            words.get(name) not in (None, False, (), -1) for name in PLAIN
        ):
            super()._execute_child(*told)  # type: ignore[misc]
            return
        ends = [words[name] for name in ("p2cread", "c2pwrite", "errwrite")]
        streams = [number if end == -1 else end for number, end in enumerate(ends)]
        request = {
            "environment": dict(words["env"] or os.environ),
            "folder": str(words["cwd"] or os.getcwd()),
            "shell": [str(word) for word in words["args"][len(COMMAND) :]],
        }
        nursery("")  # its workers' is held meanwhile: the next shell would begin it anew
        try:
            self._born = Born(nursery("shell"), request, *streams, streams[2])
        finally:
            self._close_pipe_fds(*(words[name] for name in _pipes))  # type: ignore[attr-defined]
        self.pid = self._born.pid
        self._child_created = True

    def _internal_poll(self, *told: Any, **more: Any) -> int | None:
        if self._born is None:
            found: int | None = super()._internal_poll(*told, **more)  # type: ignore[misc]
            return found
        if self.returncode is None:
            vars(self)["returncode"] = self._born.poll()
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        if self._born is None:
            return int(super()._wait(timeout))  # type: ignore[misc]
        try:
            vars(self)["returncode"] = self._born.wait(timeout)
        except subprocess.TimeoutExpired:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0) from None
        return self.returncode


def _is_shell(command: Any, environment: Mapping[str, str] | None) -> bool:
    # Elsewhere than on Linux, what threads had begun is not forked well.
    if sys.platform != "linux" or not isinstance(command, list | tuple):
        return False
    is_ours = list(command[: len(COMMAND)]) == COMMAND and len(command) > len(COMMAND)
    return is_ours and not needs_new_python(dict(environment or os.environ))
