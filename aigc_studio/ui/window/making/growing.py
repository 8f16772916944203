"""Results that are still being made: what there is of each, and stopping with that kept."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aigc_studio.jobs import Job, JobState

if TYPE_CHECKING:
    from aigc_studio.api import Partial
    from aigc_studio.project import Project
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.asked import Asked, Growth, Result

KEEP_MS = 700
"""So long a generator may take to its next event once it was stopped; then what is there counts."""
GIVE_UP_MS = 10_000
"""So long one that was stopped may hold its worker; it is cancelled then."""

_numbers = itertools.count(1)


@dataclass(eq=False)
class Sprout:
    """One result that grows. `id` is what the strip knows it by: no candidate has such a one.

    `growth` is what is shown of it, and `news` what is not made ready to be shown yet.
    """

    id: str
    asked: Asked
    number: int
    growth: Growth | None = None
    news: Partial | None = None


class Growing(QObject):
    """All results that grow, by their ids. The session tells it of jobs and of what they became."""

    appeared = Signal(str)
    grew = Signal(str)
    gone = Signal(list)
    """Ids of those that no candidate came of."""
    changed = Signal()
    """There is something that can be kept now, or no longer."""
    kept = Signal(object, object, object, str)
    """What there was of one when its making ended, as `Keeper.came` carries what was finished."""

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self.studio = studio
        self.wanted = ""
        """The one that somebody looks at: it is made ready before others."""
        self._sprouts: dict[str, Sprout] = {}
        self._former: dict[str, str] = {}
        self._growers: list[Grower] = []

    def follow(self, job: Job, asked: Asked, project: Project) -> Grower:
        """A job begins: show what grows in it."""
        grower = Grower(self, job, asked, project)
        self._growers.append(grower)
        return grower

    def __contains__(self, id: object) -> bool:
        return id in self._sprouts

    def get(self, id: str) -> Sprout | None:
        """The one with this id, as long as it grows."""
        return self._sprouts.get(id)

    @property
    def can_keep(self) -> bool:
        """Whether there is something to stop and keep."""
        return any(grower.can_keep for grower in self._growers)

    @property
    def is_stopping(self) -> bool:
        """Whether what was stopped has not ended yet."""
        return any(grower.stopping for grower in self._growers)

    @Slot()
    def stop_and_keep(self) -> None:
        """End what grows; what there is of it become candidates."""
        for grower in list(self._growers):
            if grower.can_keep:
                grower.stop()

    def former(self, id: str) -> str:
        """What a candidate that has just come was called while it grew; empty if it never did."""
        return self._former.pop(id, "")

    def forget(self) -> None:
        """Another project is shown: what grows for the former one is not seen any more."""
        for grower in self._growers:
            grower.sprouts.clear()
        gone = list(self._sprouts)
        self._sprouts.clear()
        self._former.clear()
        if gone:
            self.gone.emit(gone)
        self.changed.emit()

    # What the session and the growers tell

    def add(self, sprout: Sprout) -> None:
        """One more grows."""
        self._sprouts[sprout.id] = sprout
        self.appeared.emit(sprout.id)

    def become(self, id: str, candidate: str) -> None:
        """It is a candidate now: it is shown in its place from now on."""
        if self._sprouts.pop(id, None) is not None:
            self._former[candidate] = id

    def drop(self, ids: list[str]) -> None:
        """Nothing comes of these."""
        ids = [id for id in ids if self._sprouts.pop(id, None) is not None]
        if ids:
            self.gone.emit(ids)

    def end(self, grower: Grower) -> None:
        """A job is over, and all that it left."""
        self._growers.remove(grower)
        grower.deleteLater()
        self.changed.emit()


class Grower(QObject):
    """Follows what grows in one job, and keeps what is left of it when the job ends."""

    def __init__(self, growing: Growing, job: Job, asked: Asked, project: Project) -> None:
        super().__init__(growing)  # a job may outlive the window
        self._growing = growing
        self._job = job
        self._asked = asked
        self._project = project
        self.sprouts: dict[int, Sprout] = {}
        self.stopping = False
        self.closed = False
        """What comes from now on is not wanted: it was stopped, and is kept as it was then."""
        self._joins = self._told = False
        self._limit = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._limit.timeout.connect(self._keep_in_time)
        job.partial_received.connect(self._take)
        job.finished.connect(self._settle)

    @property
    def can_keep(self) -> bool:
        """Whether something of it can be kept that is not finished."""
        return bool(self.sprouts) and not self.stopping and not self.closed

    def came(self, number: int) -> str:
        """A result has come. The id that it grew under, or empty."""
        sprout = self.sprouts.pop(number, None)
        if sprout is not None and not self._job.growing:
            self._growing.changed.emit()
        return sprout.id if sprout is not None else ""

    def stop(self) -> None:
        """End it at its next event, and keep what there is by then."""
        self.stopping = True
        self._job.stop()
        self._limit.start()
        self._growing.changed.emit()

    # What there is

    @Slot(object)
    def _take(self, event: Partial) -> None:
        growing = self._growing
        if self.closed or self._project is not growing.studio.project:
            return
        sprout = self.sprouts.get(event.number)
        if sprout is None:
            sprout = Sprout(f"growing-{next(_numbers)}", self._asked, event.number)
            self.sprouts[event.number] = sprout
        sprout.news = event
        if self._asked.grows_at_once(event):
            sprout.news = None
            self._show(sprout, self._asked.grown(event))
        else:
            self._join_next()

    def _join_next(self) -> None:
        """Have one brought into its place beside the window: the one that is looked at first."""
        waiting = [sprout for sprout in self.sprouts.values() if sprout.news is not None]
        if self._joins or not waiting:
            return
        sprout = next((each for each in waiting if each.id == self._growing.wanted), waiting[0])
        event, sprout.news = sprout.news, None
        assert event is not None
        self._joins = True
        self._growing.studio.errands.run(
            partial(self._asked.grown, event), partial(self._joined, sprout), self._not_joined
        )

    def _joined(self, sprout: Sprout, growth: Growth) -> None:
        self._joins = False
        if self.sprouts.get(sprout.number) is sprout and not self.closed:
            self._show(sprout, growth)
        self._join_next()

    def _not_joined(self, error: Exception) -> None:
        self._joins = False
        if not self._told:  # once, and not thirty times a second
            self._told = True
            self._growing.studio.say_error(error)
        self._join_next()

    def _show(self, sprout: Sprout, growth: Growth) -> None:
        first, sprout.growth = sprout.growth is None, growth
        if first:
            self._growing.add(sprout)
            self._growing.changed.emit()
        else:
            self._growing.grew.emit(sprout.id)

    # What is left

    @Slot()
    def _settle(self) -> None:
        """The job has ended: what it did not finish is kept, unless it was cancelled."""
        self._limit.stop()
        if self._job.state is JobState.CANCELLED or self._project is not self._project_now():
            self._drop()
        else:
            self._keep()
        self.stopping = False
        self._growing.end(self)

    @Slot()
    def _keep_in_time(self) -> None:
        """It takes its time over its next event: nobody waits for that."""
        self._keep()
        QTimer.singleShot(GIVE_UP_MS, self._job, self._job.cancel)
        self._growing.changed.emit()

    def _keep(self) -> None:
        if self.closed:
            return
        self.closed = True
        for number, event in sorted(self._job.growing.items()):
            sprout = self.sprouts.pop(number, None)
            id = sprout.id if sprout is not None else ""
            self._growing.studio.errands.run_in_order(
                partial(self._asked.stopped, event),
                partial(self._kept, id),
                partial(self._not_kept, id),
            )
        self._drop()

    def _kept(self, id: str, result: Result) -> None:
        self._growing.kept.emit(self._project, self._asked, result, id)

    def _not_kept(self, id: str, error: Exception) -> None:
        self._growing.drop([id])
        self._growing.studio.say_error(error)

    def _drop(self) -> None:
        self.closed = True
        ids = [sprout.id for sprout in self.sprouts.values()]
        self.sprouts.clear()
        self._growing.drop(ids)

    def _project_now(self) -> Any:
        return self._growing.studio.project
