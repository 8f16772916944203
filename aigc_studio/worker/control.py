"""What the parent wants: commands in order, and what takes effect at the next `yield`."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aigc_studio.worker.standing import Standing

CLOSING_SECONDS = 5.0
"""How long an action may take to close itself once the parent is gone."""


class Control:
    """Filled by the thread that reads commands, asked by the thread that runs the action.

    `ending` is empty, `stop`, `cancel` or `quit`; the last also when standard input has ended.
    `standing` notes where an action stands that does not heed a `cancel`.
    """

    def __init__(self, standing: Standing | None = None) -> None:
        self._standing = standing
        self._condition = threading.Condition()
        self._commands: deque[dict[str, Any]] = deque()
        self._paused = False
        self._run: Any = None
        self.ending = ""

    def read(self, stream: io.BufferedReader) -> None:
        """Take commands until the end of file, and see that the process ends after it."""
        try:
            for line in stream:
                self._take(json.loads(line))
        except (OSError, ValueError) as error:
            print(f"the line of commands broke: {error!r}", file=sys.stderr)  # noqa: T201
        with self._condition:
            self.ending = "quit"
            self._condition.notify_all()
        timer = threading.Timer(CLOSING_SECONDS, os._exit, (1,))
        timer.daemon = True
        timer.start()

    def _take(self, command: dict[str, Any]) -> None:
        wish = command["do"]
        with self._condition:
            if wish == "run" and self.ending != "quit":
                self._run, self._paused, self.ending = command["run"], False, ""
            if wish not in ("pause", "resume", "stop", "cancel"):
                self._commands.append(command)
            elif command.get("run") != self._run:
                pass  # it came too late: that run has ended, and the next one is another's
            elif wish in ("pause", "resume"):
                self._paused = wish == "pause"
            elif self.ending != "quit":
                self.ending = wish
                if wish == "cancel" and self._standing is not None:
                    self._standing.begin()
            self._condition.notify_all()

    def note_end(self) -> None:
        """The action has ended: nothing is to be noted of it."""
        with self._condition:
            self._run = None
            if self._standing is not None:
                self._standing.end()

    def next_command(self) -> dict[str, Any] | None:
        """Wait for a command; None at the end of the line."""
        with self._condition:
            self._condition.wait_for(lambda: self._commands or self.ending == "quit")
            if self.ending == "quit":
                return None
            return self._commands.popleft()

    def hold(self, told: Callable[[str], None]) -> str:
        """Stay while paused, telling `paused` and `resumed`; give `ending`."""
        with self._condition:
            waits = self._paused and not self.ending
        if waits:
            told("paused")
            with self._condition:
                self._condition.wait_for(lambda: self.ending or not self._paused)
            told("resumed")
        return self.ending
