"""What the status bar says of jobs under way, and of files that take their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from aigc_studio.jobs import Errands, Job, JobQueue
from aigc_studio.translation import _, ngettext

if TYPE_CHECKING:
    from aigc_studio.ui.window.status import StatusLine

_SETTLE_MS = 120
"""What is done sooner than this is never mentioned: nothing blinks."""
_LONG_MS = 700
"""So long reading or writing a file may take before it is mentioned."""


class WorkLine(QObject):
    """Keeps the status bar true."""

    def __init__(self, jobs: JobQueue, errands: Errands, status: StatusLine) -> None:
        super().__init__(status)
        self._jobs = jobs
        self._status = status
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self.refresh)
        self._at_files = QTimer(self, singleShot=True, interval=_LONG_MS)
        self._at_files.timeout.connect(self._say_files)
        self._files_long = False
        errands.queue_changed.connect(self._note_files)
        jobs.job_added.connect(self._follow)
        jobs.job_changed.connect(self._wake)

    @Slot(object)
    def _follow(self, job: Job) -> None:
        job.progress_changed.connect(self._wake)
        self._wake()

    @Slot()
    def _wake(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot(bool)
    def _note_files(self, busy: bool) -> None:
        if not busy:
            self._at_files.stop()
            if self._files_long:
                self._files_long = False
                self.refresh()
        elif not self._files_long and not self._at_files.isActive():
            self._at_files.start()

    @Slot()
    def _say_files(self) -> None:
        self._files_long = True
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is under way now."""
        live = [job for job in self._jobs.jobs if not job.state.ended]
        if not live:
            self._status.show_work(_("Working on files…") if self._files_long else "")
            return
        job = live[0]
        text = job.title
        if len(live) > 1:
            text = ngettext("{count} job", "{count} jobs", len(live)).format(count=len(live))
        progress = job.progress
        total = progress.total if progress else 0
        self._status.show_work(text, progress.step if progress and total else 0, total)
