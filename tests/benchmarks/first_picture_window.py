"""A child of `first_results.py`: the app from its start to its first generated picture.

Prints the seconds from `AIGC_STUDIO_STARTED` to the paint after the first candidate has come.
"""

from __future__ import annotations

import os
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer

from aigc_studio import app


class FirstPicture(QObject):
    """Presses Generate once there is a generator, and tells when its first result was painted."""

    def __init__(self) -> None:
        super().__init__()
        self._came = False
        self._asked = False
        self._timer = QTimer(self, interval=5)
        self._timer.timeout.connect(self._ask)

    def begin(self) -> None:
        """The window has been painted for the first time."""
        window.session.candidates_added.connect(self._note)
        window.board_area.view.viewport().installEventFilter(self)
        self._timer.start()

    def _ask(self) -> None:
        panel = window.panel
        if panel.generator() == "gan-digits" and not panel.why_not():
            self._timer.stop()
            panel.middle.page().prompt.setPlainText("3")
            panel.run()

    def _note(self, _records: object) -> None:
        self._came = True
        window.board_area.view.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The board is painted."""
        if self._came and event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, tell)
        return False


def tell() -> None:
    """The paint is done."""
    sys.stdout.write(f"{time.time() - float(os.environ['AIGC_STUDIO_STARTED'])}\n")
    sys.stdout.flush()
    for job in window.studio.jobs.jobs:
        job.cancel()
    window.studio.jobs.close()
    os._exit(0)


app.tune_interpreter()
application = app.make_application()
window = app.open_window(application)
first = FirstPicture()
window.filled.connect(first.begin)
application.exec()
