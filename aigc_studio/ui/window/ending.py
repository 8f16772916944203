"""Ending when the system asks: the session ends, the terminal is closed, Ctrl+C where it was begun.

Nothing is asked then, because nobody may be there to answer: what is not saved stays to be brought
back, trainings keep their last good state, and the workers end.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer, Slot

from aigc_studio.jobs import Mailbox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from aigc_studio.ui.window.window import StudioWindow

_log = logging.getLogger(__name__)

LIMIT = 4.0
"""Seconds that files, imports and trainings have to come to an end before the window goes."""
STUCK = 12.0
"""Seconds after which the process ends though its window has not: it hangs, say."""
SESSION = 30.0
"""Seconds after the system has said that the session ends in which closing asks nothing."""
_LOOK_MS = 50
_NAMES = ("SIGTERM", "SIGHUP", "SIGINT", "SIGBREAK")


class Ending(QObject):
    """Closes `window` without a question when a signal or the system's session asks for it."""

    def __init__(self, window: StudioWindow, application: QApplication) -> None:
        super().__init__(window)
        self._window = window
        self._application = application
        self._until = self._session_ends = 0.0
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._end_if_settled)
        self._mailbox = Mailbox(self, prompt=True)
        self._signals = Signals(lambda: self._mailbox.post(self.end))
        window.installEventFilter(self)
        application.commitDataRequest.connect(self._note_session)
        application.aboutToQuit.connect(self._let_go)

    def close(self) -> None:
        """Heed nothing any more."""
        self._signals.close()
        self._mailbox.close()

    @Slot()
    def end(self) -> None:
        """Settle what is under way, and close within seconds."""
        if self._until or self._window.studio.closed:
            return
        self._begin()
        self._look.start()
        self._end_if_settled()

    def _begin(self) -> None:
        self._until = time.monotonic() + LIMIT
        self._settle()
        for job in self._window.studio.jobs.trainings:
            if not job.is_ending:  # else the person has said what becomes of it
                job.leave_for_later()

    def _is_due(self) -> bool:
        """Whether there is nothing to wait for any more, or no time."""
        under_way = self._window.closing.is_writing or self._window.studio.jobs.unsettled
        return not under_way or time.monotonic() >= self._until

    @Slot()
    def _end_if_settled(self) -> None:
        if not self._is_due():
            return
        self._look.stop()
        self._let_go()
        # Other windows may be open, and dialogs that are waited for in a loop of their own.
        self._application.exit(0)

    @Slot()
    def _let_go(self) -> None:
        """Close the window now, whatever ends the program; no question holds it up."""
        if not self._window.studio.closed:
            self._finish()
            self._window.closing.let()
            self._window.close()

    def _finish(self) -> None:
        """Give files and trainings their time: who ends a session waits until this returns, and
        nobody turns the event loop after it."""
        if not self._until:
            self._begin()
        while not self._is_due():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            time.sleep(_LOOK_MS / 1000)
        self._settle()

    def _settle(self) -> None:
        """What is typed or drawn becomes steps, which the journal has."""
        try:
            self._window.documents.about_to_settle.emit()
            self._window.board_area.view.exchange.finish_drawings()
        except Exception:  # a full disk, say: what was there before is kept all the same
            _log.exception("what was under way could not be kept")

    # The session of the system

    @Slot(object)
    def _note_session(self, _manager: object) -> None:
        """It may end now: somebody else can still hold it up, so the window stays till it is told
        to close."""
        self._session_ends = time.monotonic() + SESSION
        self._settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the window close unasked when the session ends."""
        ends = event.type() == QEvent.Type.Close and time.monotonic() < self._session_ends
        if ends and not self._window.studio.closed:
            self._finish()
            self._window.closing.let()
        return False


class Signals:
    """Hears the signals that ask a program to end, and calls `asked` from another thread.

    Python runs nothing of its own while Qt waits, so a thread reads what the system writes into a
    socket. It also ends the process where the window does not, and at a second Ctrl+C at once.
    """

    def __init__(self, asked: Callable[[], object]) -> None:
        self._asked = asked
        self._heard, self._told = socket.socketpair()
        self._told.setblocking(False)
        self._former = {each: signal.getsignal(each) for each in _ours()}
        for each in self._former:
            signal.signal(each, _nothing)
        self._wakeup = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, name="signals", daemon=True).start()

    def close(self) -> None:
        """Leave the signals as they were; who hangs at the end is ended all the same."""
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._former.items():
            signal.signal(number, handler)
        self._told.close()

    def _listen(self) -> None:
        is_asked = False
        with self._heard:
            while data := self._heard.recv(1):
                number = data[0]
                if number not in self._former:
                    continue
                if is_asked and number == signal.SIGINT:
                    os._exit(128 + number)
                if not is_asked:
                    is_asked = True
                    last = threading.Timer(STUCK, os._exit, (128 + number,))
                    last.daemon = True
                    last.start()
                    self._asked()


def _ours() -> list[int]:
    """The signals that would end this process: who runs it may have it ignore some (nohup)."""
    found = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return [number for number in found if signal.getsignal(number) is not signal.SIG_IGN]


def _nothing(_number: int, _frame: Any) -> None:
    """It is heard by the thread."""
