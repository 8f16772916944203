"""What happens when something unforeseen does: a line in the log, a sentence in the window."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, qInstallMessageHandler

from aigc_studio import folders
from aigc_studio.files import make_private
from aigc_studio.jobs import Mailbox

LOG_NAME = "studio.log"
_LIMIT = 2_000_000
_QUIET_SECONDS = 2.0

_log = logging.getLogger("aigc_studio")


def keep_log() -> None:
    """Log to a file of the log folder, the last one kept beside it when it has grown large."""
    root = logging.getLogger()
    if any(isinstance(handler, logging.FileHandler) for handler in root.handlers):
        return
    path = folders.log_folder() / LOG_NAME
    try:
        make_private(path.parent)
        if path.exists() and not path.is_file():
            return  # a pipe would be waited for at the first line
        if path.exists() and path.stat().st_size > _LIMIT:
            os.replace(path, path.with_suffix(".1.log"))
        handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)


class CrashGuard(QObject):
    """Takes uncaught errors of every thread: logs them, and tells `show(details)` on this one."""

    def __init__(self, show: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._mailbox = Mailbox(self)
        self._last = 0.0
        self._previous = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._take
        threading.excepthook = self._take_from_thread
        self._qt = qInstallMessageHandler(_log_qt)

    def close(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._previous
        qInstallMessageHandler(self._qt)
        self._mailbox.close()

    def _take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            from PySide6.QtWidgets import QApplication

            QApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        _log.error("uncaught:\n%s", details)
        # An error in a paintEvent comes with every frame: once in a while is enough to be told.
        if time.monotonic() - self._last > _QUIET_SECONDS:
            self._last = time.monotonic()
            self._mailbox.post(self._show, details)

    def _take_from_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._take(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }
    logging.getLogger("qt").log(levels.get(kind, logging.ERROR), "%s", message)
