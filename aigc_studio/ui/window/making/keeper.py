"""One job that was asked for: what comes of it reaches the session, until it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.api import limits
from aigc_studio.jobs import Job, JobState
from aigc_studio.translation import localized
from aigc_studio.ui.labels import shortened

if TYPE_CHECKING:
    from aigc_studio.project import Project
    from aigc_studio.ui.window.making.asked import Asked, Result
    from aigc_studio.ui.window.making.growing import Grower


class Keeper(QObject):
    """Follows one job from its first candidate to its end.

    `came` carries the project, what was asked for, a result that is in the store, and the id under
    which it grew. `told` carries words of the generator with their level, `failed` the error and
    the generator's id.
    """

    came = Signal(object, object, object, str)
    told = Signal(str, str)
    failed = Signal(object, str)

    def __init__(self, job: Job, asked: Asked, project: Project, grower: Grower) -> None:
        super().__init__(job)
        self._grower = grower
        self._job = job
        self._asked = asked
        self._project = project

    @Slot(object)
    def take(self, result: Result) -> None:
        """A result is in the store."""
        grew = self._grower.came(self._job.number)
        if not self._grower.closed:
            self.came.emit(self._project, self._asked, result, grew)

    @Slot(object)
    def tell(self, message: Any) -> None:
        """The generator has something to say."""
        words = shortened(localized(message.text), limits.SENTENCE)
        if words:
            self.told.emit(words, message.level)

    @Slot()
    def settle(self) -> None:
        """The job has ended: say why, if it failed."""
        if self._job.state is JobState.DONE and not self._job.growing:
            self._asked.let_go()
        error = self._job.error
        if self._job.state is not JobState.FAILED or error is None:
            return
        self.failed.emit(error, self._job.generator)
