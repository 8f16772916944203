"""The ear of a job: what its run says on a reader thread is posted to the UI thread.

A busy window falls behind nowhere: of what grows it hears the newest, and of thousands of
annotations many at a time.
"""

from __future__ import annotations

import errno
import logging
import threading
import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from aigc_studio.api.events import Annotation, Candidate, Checkpoint, Partial, Progress
from aigc_studio.jobs.job import JobError
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, Run
    from aigc_studio.jobs.job import Job
    from aigc_studio.jobs.mailbox import Mailbox

_log = logging.getLogger(__name__)

_A_TURN = 5_000
"""Annotations that a window is told of at a time."""
_SAID_SECONDS = 1 / 30
"""Between two times that it is told of them."""


class Ear:
    """What the run of a job calls on its reader thread: `event` and `end`.

    `ended` is called there as well, before the job hears of it; `outdated` on the UI thread, where
    the plugin has used what goes away.
    """

    def __init__(
        self,
        job: Job,
        mailbox: Mailbox,
        outdated: Callable[[PluginRecord, tuple[str, ...]], None],
        ended: Callable[[Job], None],
    ) -> None:
        self._job = job
        self._mailbox = mailbox
        self._outdated = outdated
        self._ended = ended
        self._said: list[Any] = []
        self._asked = False
        self._told_at = 0.0
        self._partials: dict[tuple[int, int], tuple[Partial, Any]] = {}
        self._progress: Progress | None = None
        self._results = 0
        self._lock = threading.Lock()

    def event(self, event: Any) -> None:
        """The run tells something: what is kept is kept now, and told soon."""
        if self._job.ignores_events:
            return
        if not isinstance(event, Partial):
            self._mailbox.wait_for_room()
        kept = event
        keeps = isinstance(event, Candidate | Checkpoint | Partial | Annotation)
        if self._job.keep is not None and keeps:
            try:
                kept = self._job.keep(event)
            except Exception as error:
                _log.exception("a result could not be kept")
                self._mailbox.post(self._job.fail, _keep_error(self._job, error))
                return
        if isinstance(event, Partial):
            self._renew(event, kept)
        elif isinstance(event, Annotation):
            self._gather(kept)
        elif isinstance(event, Progress):
            self._progress = event
            self._mailbox.post(self._advance, event)
        else:
            self._results += isinstance(event, Candidate)
            self._mailbox.post(self._job.take_event, event, kept)

    def _renew(self, event: Partial, kept: Any) -> None:
        """Of one result, what was not looked at yet gives way: a busy window falls behind nowhere.

        The call that was posted first keeps its place, and no result is overtaken.
        """
        place = (self._results, event.number)
        with self._lock:
            waits = place in self._partials
            self._partials[place] = (event, kept)
        if not waits:
            self._mailbox.post(self._tell, place)

    def _advance(self, event: Progress) -> None:
        """How far it is, unless it is farther by now, which will be told in a moment."""
        if event is self._progress:
            self._job.take_event(event, event)

    def _tell(self, place: tuple[int, int]) -> None:
        with self._lock:
            event, kept = self._partials.pop(place)
        self._job.take_event(event, kept)

    # Annotations: thousands may come, and the window hears of many at a time

    def _gather(self, kept: Any) -> None:
        with self._lock:
            self._said.append(kept)
            if self._asked:
                return
            self._asked = True
        self._mailbox.post(self._tell_soon)

    def _tell_soon(self) -> None:
        """On the UI thread: now, or when a while has gone since the last time."""
        left = self._told_at + _SAID_SECONDS - time.monotonic()
        QTimer.singleShot(max(round(left * 1000), 0), self._tell_said)

    def _tell_said(self) -> None:
        with self._lock:
            some, self._said = self._said[:_A_TURN], self._said[_A_TURN:]
            more = self._asked = bool(self._said)
        self._told_at = time.monotonic()
        if some:
            self._job.take_annotations(some)
        if more:
            QTimer.singleShot(0, self._tell_said)

    def _tell_rest(self) -> None:
        """On the reader thread, before the end: what still waits to be told."""
        with self._lock:
            rest, self._said = self._said, []
        for start in range(0, len(rest), _A_TURN):
            self._mailbox.post(self._job.take_annotations, rest[start : start + _A_TURN])

    def end(self, run: Run) -> None:
        """The run has ended, and says nothing more."""
        self._tell_rest()
        if run.outdated:
            self._mailbox.post(self._outdated, run.record, run.outdated)
        self._ended(self._job)
        self._mailbox.post(self._job.take_end)


def _keep_error(job: Job, error: Exception) -> JobError:
    """Why a result was not kept: the disk, where it was the disk, or what the plugin made."""
    from aigc_studio.api import StudioError
    from aigc_studio.wire.places import problem_of

    details = "".join(traceback.format_exception(error))
    if isinstance(error, StudioError):
        return JobError(str(error), details=details)
    if not isinstance(error, OSError):
        sentence = _("What the plugin {name} made could not be kept: {problem}.")
        name = job.record.title
        return JobError(sentence.format(name=name, problem=problem_of(error)), details=details)
    sentence = _("A result could not be written to disk: {reason}.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = _(
            "A result could not be written to disk: {reason}. Free up some space and try again."
        )
    return JobError(sentence.format(reason=error.strerror or error), details=details)
