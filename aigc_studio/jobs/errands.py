"""Work that would hold up the window: done on another thread, its result told on the UI thread."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from aigc_studio.jobs.mailbox import Mailbox

_log = logging.getLogger(__name__)

SILENCE_MS = 1000
"""So long a drive may take to answer before it is mentioned: a disk that slept is not silent."""


class Errands(QObject):
    """Functions that run beside the window, each on a thread of its own (or in order on one).

    What comes of them waits for a hand that moves on the board, unless they are `prompt`.
    `writing` is how many are under way or wait that write a person's files.
    """

    count_changed = Signal(int)
    queue_changed = Signal(bool)
    """Whether any of those that are done in order is under way or waits."""
    written = Signal(bool)
    """No file of a person's is being written any more; whether all that was, was written well."""
    silent = Signal(str, bool)
    """A folder whose drive does not answer: errands wait for that from now on, or no longer."""

    def __init__(self, parent: QObject | None = None, *, prompt: bool = False) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox(self, prompt=prompt)
        self._waiting: list[tuple[Callable[[], Any], _Ends]] = []
        self._in_order = False
        self._all_well = True
        self._held: dict[Path, list[tuple[Callable[[], Any], _Ends]]] = {}
        self.under_way = self.writing = 0

    def run(
        self,
        function: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call `function` on another thread, then `done(result)` or `failed(error)` on this one.

        Without `failed`, the error goes to `sys.excepthook` as one raised in a slot would.
        """
        self._count(1)
        self._start(function, _Ends(done, failed))

    def run_in_order(
        self,
        function: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        at: Path | None = None,
    ) -> None:
        """As `run`, but one after the other in the order of the calls (saving, say).

        With a folder that it is `at`: where that one's drive does not answer, it waits aside until
        it does, with all that come for the same folder, and those after them go first.
        """
        self._in_turn(function, _Ends(done, failed), at)

    def write(
        self,
        function: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        at: Path | None = None,
    ) -> None:
        """As `run_in_order`, for files of a person's: whoever closes the window waits for them."""
        self._all_well = self._all_well or not self.writing
        self.writing += 1
        self._in_turn(function, _Ends(done, failed, writes=True), at)

    @property
    def is_held_up(self) -> bool:
        """Whether files that are to be written wait for a drive that does not answer."""
        return any(ends.writes for held in self._held.values() for _function, ends in held)

    def close(self) -> None:
        """Tell no results any more."""
        self._mailbox.close()

    def _in_turn(self, function: Callable[[], Any], ends: _Ends, at: Path | None) -> None:
        self._count(1)
        if at is not None and self._hold(at, (function, ends)):
            return
        self._waiting.append((function, ends))
        self._go_on()

    def _hold(self, folder: Path, errand: tuple[Callable[[], Any], _Ends]) -> bool:
        """Whether the errand waits aside for a drive."""
        from aigc_studio.jobs.drives import answers

        if folder not in self._held:
            if answers(os.path.exists, [folder])[0] is not None:
                return False
            self._held[folder] = []
            ends = _Ends(lambda _there: self._let_in(folder), None)
            self._start(lambda: os.path.exists(folder), ends)
            self._count(1)
            QTimer.singleShot(SILENCE_MS, self, lambda: self._tell_silence(folder))
        self._held[folder].append(errand)
        return True

    def _tell_silence(self, folder: Path) -> None:
        if folder in self._held:
            self.silent.emit(str(folder), True)

    def _let_in(self, folder: Path) -> None:
        self._waiting += self._held.pop(folder)
        self.silent.emit(str(folder), False)
        self._go_on()

    def _go_on(self) -> None:
        if not self._in_order and self._waiting:
            self._in_order = True
            self.queue_changed.emit(True)
            function, ends = self._waiting.pop(0)
            ends.ordered = True
            self._start(function, ends)

    def _start(self, function: Callable[[], Any], ends: _Ends) -> None:
        def work() -> None:
            try:
                value = function()
            except Exception as error:
                self._mailbox.post(self._end, ends, None, error)
            else:
                self._mailbox.post(self._end, ends, value, None)

        threading.Thread(target=work, name="errand", daemon=True).start()

    def _end(self, ends: _Ends, value: Any, error: Exception | None) -> None:
        self._count(-1)
        if ends.ordered:
            self._in_order = False
            self._go_on()
            if not self._in_order:
                self.queue_changed.emit(False)
        try:
            ends.tell(value, error)
        finally:
            if ends.writes:
                self._note_written(error is None)

    def _note_written(self, well: bool) -> None:
        self.writing -= 1
        self._all_well = self._all_well and well
        if not self.writing:
            self.written.emit(self._all_well)

    def _count(self, change: int) -> None:
        self.under_way += change
        self.count_changed.emit(self.under_way)


class _Ends:
    def __init__(
        self,
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
        *,
        writes: bool = False,
    ) -> None:
        self.done = done
        self.failed = failed
        self.writes = writes
        self.ordered = False

    def tell(self, value: Any, error: Exception | None) -> None:
        if error is None:
            if self.done:
                self.done(value)
        elif self.failed:
            self.failed(error)
        else:
            raise error
