"""What is being made, in its place: a skeleton, how far it is, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRectF, QTimer, Slot

from aigc_studio.jobs import JobState
from aigc_studio.translation import _, localized
from aigc_studio.ui.canvas.staging.bars import MakingBar
from aigc_studio.ui.labels import shortened

if TYPE_CHECKING:
    from aigc_studio.jobs import Job
    from aigc_studio.project import CandidateRecord, Item
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.asked import Asked
    from aigc_studio.ui.window.making.session import Session
    from aigc_studio.ui.window.making.spots import Spots

_SETTLE_MS = 150
"""What is made sooner than this shows no skeleton: nothing blinks."""
_KNOWN = 64
_WORDS = 48
"""Characters that a plugin may say of how far it is: the bar is as wide as its words."""

_Kind = tuple[str, str, str]
_Size = tuple[float, float]


class MakingLine(QObject):
    """Follows the newest job from its press to its end, unless something finished is looked at."""

    def __init__(self, studio: Studio, session: Session, view: BoardView, spots: Spots) -> None:
        super().__init__(view)
        self._studio = studio
        self._session = session
        self._view = view
        self._stage = view.stage
        self._spots = spots
        self._job: Job | None = None
        self._warm = True
        self._rests = False
        self._sizes: dict[_Kind, _Size] = {}
        self.bar = MakingBar(view)
        self.bar.cancelled.connect(session.cancel)
        self.bar.kept.connect(session.growing.stop_and_keep)
        session.growing.changed.connect(self._show_growing)
        self._later = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._later.timeout.connect(self._show)
        self._stage.changed.connect(self._place_bar)
        session.candidates_added.connect(self._note_sizes)

    def begin(self) -> None:
        """Something was asked for (`session.making`)."""
        self.end()
        job, asked = self._session.last, self._session.making
        if job is None or asked is None or job.state.ended:
            return
        self._job, self._warm = job, self._studio.jobs.is_warm(job.record)
        job.progress_changed.connect(self._show_progress)
        job.state_changed.connect(self._show_state)
        job.finished.connect(self.end)
        self._rests = False
        self._show_growing()
        self._show_state(job.state)
        self._reveal(asked)
        self._later.start()

    def rest(self) -> None:
        """Something finished is looked at, or the board: what is being made goes on unseen."""
        self._later.stop()
        self._rests = True
        self.bar.stay_by(None)
        if self._stage.skeleton is not None:
            self._stage.end()

    def wake(self) -> None:
        """What is being made is looked at (again)."""
        self._rests = False
        self._place_bar()

    @property
    def place(self) -> QRectF | None:
        """Where it will lie, as far as that is known."""
        asked = self._session.making
        return self._place_of(asked)[0] if asked is not None else None

    @Slot()
    def end(self) -> None:
        """All is there, or nothing comes any more."""
        self._later.stop()
        job, self._job = self._job, None
        if job is None:
            return
        job.progress_changed.disconnect(self._show_progress)
        job.state_changed.disconnect(self._show_state)
        job.finished.disconnect(self.end)
        self.bar.stay_by(None)
        self.bar.show_progress(0, 0)
        if self._stage.skeleton is not None:
            self._stage.end()

    @Slot()
    def _show(self) -> None:
        asked = self._session.making
        if self._job is None or asked is None:
            return
        if self._stage.is_empty:
            place, target = self._place_of(asked)
            turned = target.rotation if target is not None else 0.0
            self._stage.wait(place, turned, over=target is not None)
        else:
            self._place_bar()

    @Slot()
    def _place_bar(self) -> None:
        shown = self._job is not None and not self._later.isActive() and not self._rests
        self.bar.stay_by(self._stage.place if shown else None)

    def _reveal(self, asked: Asked) -> None:
        """Have the place in sight of whoever has just asked for it."""
        place, target = self._place_of(asked)
        seen = self._view.seen()
        if not seen.intersects(place) or (target is None and not seen.contains(place)):
            self._view.reveal(place)

    def _place_of(self, asked: Asked) -> tuple[QRectF, Item | None]:
        """Where it will lie, as far as that is known, and the item whose place it takes."""
        items = asked.target.items if asked.target else ()
        if items and asked.replaces:
            item = self._studio.project.board.get(items[0].id) or items[0]
            return QRectF(item.x, item.y, item.width, item.height), item
        spot = self._stage.place if not self._stage.is_empty else None
        if spot is not None:
            return spot, None
        beside = self._studio.project.board.get(items[0].id) if items else None
        return self._spots.guess(self._size_of(asked), beside), None

    def _size_of(self, asked: Asked) -> _Size:
        """As large as the last of its kind was; else as things of its medium are."""
        from aigc_studio.project import Content, placing

        known = self._sizes.get(_kind_of(asked))
        medium: Any = str(asked.description.medium)
        like = Content(medium, "", {"width": 1, "height": 1})
        return known or placing.natural_size(like)

    @Slot(list)
    def _note_sizes(self, records: list[CandidateRecord]) -> None:
        from aigc_studio.project import placing

        asked, first = self._session.making, records[0]
        made_by = first.provenance
        if asked is None or made_by is None or made_by.generator != asked.description.id:
            return
        if len(self._sizes) >= _KNOWN:
            self._sizes.clear()
        self._sizes[_kind_of(asked)] = placing.natural_size(first.content)

    # What is said

    @Slot()
    def _show_growing(self) -> None:
        growing = self._session.growing
        self.bar.show_keep(growing.can_keep)
        if growing.is_stopping:
            self.bar.say(_("Stopping…"))
        self._place_bar()

    @Slot(object)
    def _show_state(self, state: JobState) -> None:
        if state is JobState.QUEUED:
            self.bar.say(_("Waiting for its turn…"))
        elif state is JobState.STARTING and not self._warm:
            self.bar.say(_("Warming up the model…"))
        else:
            self.bar.say(_("Being made…"))

    @Slot(object)
    def _show_progress(self, progress: Any) -> None:
        words = shortened(localized(progress.text), _WORDS)
        if words and not self._session.growing.is_stopping:
            self.bar.say(words)
        self.bar.show_progress(progress.step, progress.total)
        self._place_bar()


def _kind_of(asked: Asked) -> _Kind:
    return asked.description.id, asked.prompt.operation, asked.prompt.prompt
