"""A drive that does not answer any more: whoever asks it anything waits, as behind a network that
is gone. On the UI thread nobody may: who does is noted, with what was called."""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_ASKED = ("stat", "lstat", "scandir", "listdir", "open", "mkdir", "access", "rename", "replace")


class Drive:
    """A folder that answers until it is `unplug`ged."""

    def __init__(self, folder: Path, around: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.waited: list[str] = []
        """What was called on the thread that made this, for each time that it would have waited."""
        self._around = around
        self._ui = threading.current_thread()
        self._answers = threading.Event()
        self._answers.set()
        folder.mkdir()

    def unplug(self) -> None:
        """From now on nothing in it is answered."""
        self._answers.clear()
        self._around.setattr("aigc_studio.jobs.drives.PATIENCE", 0.02)
        self._around.setattr("aigc_studio.jobs.errands.SILENCE_MS", 0)
        for name in _ASKED:
            self._around.setattr(os, name, self._asked(getattr(os, name)))

    def plug(self) -> None:
        """It answers again, all that was asked meanwhile too."""
        self._answers.set()

    def _asked(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*words: Any, **named: Any) -> Any:
            if not self._answers.is_set() and any(self._is_here(word) for word in words):
                if threading.current_thread() is self._ui:
                    self.waited.append("".join(traceback.format_stack(limit=12)))
                    raise TimeoutError
                self._answers.wait()
            return real(*words, **named)

        return ask

    def _is_here(self, word: Any) -> bool:
        if not isinstance(word, str | bytes | os.PathLike):
            return False
        path, here = os.fsdecode(word), str(self.folder)
        return path == here or path.startswith(here + os.sep)
