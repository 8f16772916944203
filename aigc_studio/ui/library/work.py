"""Long work of the library beside the window: an iterator run on a thread, that can be broken off.

And the line that shows it in place: what, how far, how long still, and a way out.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QVBoxLayout, QWidget

from aigc_studio.jobs import Mailbox
from aigc_studio.translation import _, localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.formats import time_text
from aigc_studio.ui.progress_bars import show_progress

_log = logging.getLogger(__name__)

_SELDOM = 1 / 20
"""Seconds between two steps that are told; the others are left out."""


class Work(QObject):
    """One iterator of Progress on a thread of its own. Signals come on the UI thread.

    `done` carries what the iterator returned; `failed` a sentence; `ended` comes last, always.
    With `keeps` something is there afterwards: whoever closes the window waits for that. `rested`
    tells that there is nothing more to wait for, and whether it went well.
    """

    progressed = Signal(object)
    done = Signal(object)
    failed = Signal(str)
    ended = Signal()
    rested = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox(self)
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None
        self.running = self.keeps = False
        self.was_cancelled = False
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._end_with_application)

    def start(self, steps: Callable[[], Iterator[Any]], *, keeps: bool = False) -> None:
        """Run what `steps` gives; work that was under way is broken off first and not told."""
        self.close()
        self._cancelled = threading.Event()
        self._mailbox = Mailbox(self)
        self.running, self.keeps, self.was_cancelled = True, keeps, False
        self._thread = threading.Thread(
            target=_walk, args=(steps, self._cancelled, self._mailbox, self), daemon=True
        )
        self._thread.start()

    @Slot()
    def cancel(self) -> None:
        """Break off at the next step; `ended` comes when it has let go."""
        self.was_cancelled = self.running
        self._cancelled.set()

    @Slot()
    def close(self) -> None:
        """Break off and tell nothing any more."""
        self._cancelled.set()
        self._mailbox.close()
        self._mailbox.deleteLater()
        self._mailbox = Mailbox(self)
        self._rest(True)

    @Slot()
    def _end_with_application(self) -> None:
        self.close()
        self.wait(2.0)  # pip must not outlive the window

    def wait(self, seconds: float = 5.0) -> bool:
        """Whether the thread has ended, waiting for it up to so long."""
        if self._thread is not None:
            self._thread.join(seconds)
            return not self._thread.is_alive()
        return True

    def _rest(self, well: bool) -> None:
        was_running, self.running = self.running, False
        if was_running:
            self.rested.emit(well)

    def _finish(self, kind: str, value: Any) -> None:
        self.running = False
        if kind == "done":
            self.done.emit(value)
        elif kind == "failed":
            self.failed.emit(value)
        self.ended.emit()
        self.rested.emit(kind != "failed" and not isinstance(value, Exception))


def _walk(
    steps: Callable[[], Iterator[Any]], cancelled: threading.Event, mailbox: Mailbox, work: Work
) -> None:
    """Runs on the thread: walks the iterator, posts what is worth telling."""
    from aigc_studio.api import StudioError

    try:
        value, told = None, 0.0
        iterator = steps()
        while True:
            if cancelled.is_set():
                close = getattr(iterator, "close", None)
                if close is not None:
                    close()
                mailbox.post(work._finish, "cancelled", None)
                return
            try:
                event = next(iterator)
            except StopIteration as end:
                value = end.value
                break
            if time.monotonic() - told >= _SELDOM and not cancelled.is_set():
                told = time.monotonic()
                mailbox.post(work.progressed.emit, event)
        mailbox.post(work._finish, "done", value)
    except StudioError as error:
        mailbox.post(work._finish, "failed", str(error))
    except OSError as error:
        _log.exception("work of the library failed")
        reason = error.strerror or type(error).__name__
        sentence = _("It was interrupted ({reason}): try again. The log says more.").format(
            reason=reason
        )
        mailbox.post(work._finish, "failed", sentence)
    except Exception as error:
        _log.exception("work of the library failed")
        sentence = _("Something went wrong: {error}. The log says more.").format(error=error)
        mailbox.post(work._finish, "failed", sentence)


class ProgressLine(QWidget):
    """Shows a `Work` in place: text, bar, time left, and a button that breaks it off."""

    def __init__(self, work: Work, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._began = 0.0
        self.text = Label()
        self.text.setMinimumWidth(120)
        theme.set_kind(self.text, "secondary")
        self.left = Label()
        self.left.setFont(theme.readout_font())
        theme.set_kind(self.left, "secondary")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(_("Progress"))
        self.cancel = QToolButton()
        self.cancel.setIcon(icons.icon("cancel"))
        self.cancel.setToolTip(_("Stop; nothing half done stays"))
        self.cancel.setAccessibleName(_("Stop"))
        self.cancel.clicked.connect(work.cancel)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.text, 1)
        head.addWidget(self.left)
        head.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(head)
        layout.addWidget(self.bar)
        work.progressed.connect(self._show)
        work.ended.connect(self.hide)
        self.hide()

    def begin(self, text: str) -> None:
        """Show it, with nothing done yet."""
        self._began = time.monotonic()
        self.text.setText(text)
        self.left.clear()
        show_progress(self.bar, 0, 0)
        self.show()

    @Slot(object)
    def _show(self, event: Any) -> None:
        self.text.setText(elided(localized(event.text), 60))
        if event.total > 0:
            show_progress(self.bar, event.step, event.total)
        self.left.setText(self._left(event.step, event.total))

    def _left(self, step: int, total: int) -> str:
        gone = time.monotonic() - self._began
        if not 0 < step < total or gone < 2:
            return ""
        return _("about {time} left").format(time=time_text(gone * (total - step) / step))


def elided(text: str, most: int) -> str:
    """A text of at most so many characters, cut in the middle."""
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"
