"""From the prompt panel to the board: what is asked for, its candidates, and accepting them."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aigc_studio.jobs import Job
from aigc_studio.ui.candidates.small import small
from aigc_studio.ui.window.files.missing import model_missing
from aigc_studio.ui.window.making.acceptor import ACCEPTED, Acceptor
from aigc_studio.ui.window.making.artifacts import Artifacts
from aigc_studio.ui.window.making.asked import Asked, Look, Result, previewed, sync
from aigc_studio.ui.window.making.growing import Growing

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.jobs import JobError
    from aigc_studio.project import CandidateRecord, Change, Content, Project
    from aigc_studio.project.accepting import Acceptance
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.target import Target
    from aigc_studio.ui.window.making.acceptor import Spots

_TOGETHER = 16
"""Candidates that go into the journal and the strip in one go: some milliseconds of work, and a
batch of sixteen leaves none over, for which all of the strip would be painted once more."""
_FRAME = 0.016
"""Seconds between two times that candidates are taken: those of one frame come together."""
_REMEMBERED = 32
"""Requests that are remembered, so that more like it can be asked for."""
_PREVIEWS = 8
"""So many live previews at most are still under way when something is asked for."""
_TURN = 100
"""Contents that are synced in one go: saving waits behind it."""
_REST_MS = 200
"""So long after the first of a batch its contents are synced: first it is painted."""


class Session(QObject):
    """Turns prompts into jobs, and candidates into items. Knows no widget: it tells by signals."""

    candidates_added = Signal(list)
    """CandidateRecords that wait: those that came together."""
    candidate_added = Signal(object)
    """Each of them, after that."""
    small_read = Signal()
    """What `small` was asked for is there now."""
    candidates_gone = Signal(list)
    """Ids that wait no longer."""
    candidates_returned = Signal(list)
    """Ids of those that wait although nothing was just made: brought back, or of a board that was
    opened. After `candidates_added`."""
    candidates_reset = Signal()
    looked = Signal(object)
    """A Look: what a live preview shows."""
    begun = Signal()
    """Something was asked for."""
    batch_began = Signal(str)
    """The id of the first candidate of something that was asked for."""
    refused = Signal(str, dict, str)
    """A generator, sentences by field (empty: none any more), and details for its author."""
    busy_changed = Signal(bool)
    progressed = Signal(object)
    items_accepted = Signal(list)
    """Ids of the items that accepting made or changed."""
    parts_accepted = Signal(object)
    """By the id of an item, the words or bars of it that were made, where it was only a part."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._shown: dict[str, CandidateRecord] = {}
        self._smalls = Artifacts()
        self._reading: set[str] = set()
        self._remarked = 0
        self._told: list[str] = []
        self._taking = False
        self._requests: OrderedDict[str, Asked] = OrderedDict()
        self.artifacts = Artifacts()
        self.acceptor = Acceptor(studio, self.artifacts, self)
        self.acceptor.accepted.connect(self._note_accepted)
        self.last: Job | None = None
        self.making: Asked | None = None
        """What was asked for last."""
        self.growing = Growing(studio, self)
        self._arrived: list[tuple[Project, Asked, Result, str]] = []
        self._took_at = 0.0
        self._told_busy = False
        self._unsynced: list[tuple[Content, str]] = []
        self._syncing = False
        self._sync_soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._sync_soon.timeout.connect(self._sync_contents)
        self._arrival = QTimer(self, singleShot=True, interval=0)
        self._arrival.timeout.connect(self._take_arrived)
        studio.project_changed.connect(self._follow)
        studio.history.stack.indexChanged.connect(self._forget_remark)
        studio.jobs.job_changed.connect(self._note_job)
        self._previewed: deque[Asked] = deque(maxlen=_PREVIEWS)
        self._newest: Asked | None = None
        """Of what the newest look that has come was asked."""
        studio.jobs.preview_ready.connect(self._take_look)
        studio.jobs.preview_failed.connect(self._refuse)
        self._follow(studio.project)

    # Asking

    def ask(self, prompt: Prompt, target: Target | None = None) -> Job | None:
        """Start what the prompt says; None when it cannot be (the window has been told why)."""
        from aigc_studio.ui.window.making.keeper import Keeper

        asked = self._asked(prompt, target)
        if asked is None:
            return None
        self.refused.emit(prompt.generator, {}, "")
        self._take_back_told()
        # A look that is still under way comes late: it would cover what was asked for in earnest.
        for former in self._previewed:
            former.is_over = True
        record = self._studio.record(prompt.generator)
        job = self._studio.jobs.submit(
            record, asked.verb, _request_of(asked), asked.title, asked.keep
        )
        job.progress_changed.connect(self.progressed)
        project = self._studio.project
        keeper = Keeper(self, job, asked, project, self.growing.follow(job, asked, project))
        job.candidate_received.connect(keeper.take)
        job.message_received.connect(keeper.tell)
        job.finished.connect(keeper.settle)
        self.last, self.making = job, asked
        self.begun.emit()
        self._tell_busy()
        return job

    def more_like(self, id: str) -> tuple[Prompt, Target | None] | None:
        """What to ask for more like a candidate; None when nobody knows, or it is gone."""
        from aigc_studio.ui.window.making.again import more_like

        project = self._studio.project
        record = project.candidates.record(id)
        return more_like(record, self._requests.get(record.request), project.board)

    def preview(self, prompt: Prompt, target: Target | None = None) -> None:
        """Show what it would look like, where that is wanted; only the newest wish counts."""
        asked = self._asked(previewed(prompt), target)
        if asked is not None and asked.is_live:
            self._previewed.append(asked)
            record = self._studio.record(prompt.generator)
            look = partial(self._look, asked)
            self._studio.jobs.preview(record, asked.verb, _request_of(asked), look)

    def _look(self, asked: Asked, event: Any) -> Any:
        """On the reader thread: what a live preview made, of which the newest is on its way now."""
        look = asked.look(event)
        self._newest = asked  # not before there is one: an older look would give way to nothing
        return look

    @Slot(object)
    def _take_look(self, look: Look) -> None:
        # A busy window falls behind nowhere: what a newer one follows on its heels is not shown.
        superseded = look.asked is not self._newest
        if look.asked is None or not (look.asked.is_over or superseded):
            self.looked.emit(look)

    def sketch(self, prompt: Prompt) -> Job | None:
        """Have some made that are only looked at, and kept nowhere: the job alone tells of them
        (each a `Look`), and of what is wrong. None when they cannot be made now."""
        asked = self._asked(prompt, None)
        if asked is None or not asked.is_live:
            return None
        record = self._studio.record(prompt.generator)
        request = _request_of(asked)
        return self._studio.jobs.preview(record, asked.verb, request, asked.look, private=True)

    @Slot()
    def cancel(self) -> bool:
        """Cancel all that is asked for, trainings apart. False when there was nothing."""
        jobs = self._studio.jobs.under_way()
        for job in jobs:
            job.cancel()
        return bool(jobs)

    def _asked(self, prompt: Prompt, target: Target | None) -> Asked | None:
        from aigc_studio.api import StudioError

        try:
            description = self._studio.record(prompt.generator).description
        except StudioError as error:
            self.refused.emit(prompt.generator, {"": str(error)}, "")
            return None
        if description is None:
            return None
        model = self._studio.model(prompt.model, prompt.generator, prompt.model_digest)
        if model is None and prompt.model:
            self.refused.emit(prompt.generator, {"model": model_missing(self._studio, prompt)}, "")
            return None
        device = self._studio.settings.preference("device")
        return Asked(description, prompt, model, self._studio.project.store, target, device)

    # Candidates

    def take(self, project: Project, asked: Asked, result: Result, grew: str = "") -> None:
        """A result is in the store: keep it in the tray, and then show it.

        Those that come together go into the journal together. `grew` is the id that it had in
        `growing`, if it was seen there.
        """
        self._arrived.append((project, asked, result, grew))
        if len(self._arrived) >= _TOGETHER:
            # Now, so that a flood fills the mailbox and holds up its worker, and not the memory.
            self._take_arrived()
        elif not self._arrival.isActive():
            left = self._took_at + _FRAME - time.monotonic()
            self._arrival.start(max(round(left * 1000), 0))

    @Slot()
    def _take_arrived(self) -> None:
        arrived, self._arrived = self._arrived, []
        self._took_at = time.monotonic()
        project = self._studio.project
        here = [
            (asked, result, grew) for origin, asked, result, grew in arrived if origin is project
        ]
        if not here:
            return
        records, first = [], ""
        for asked, result, grew in here:
            id = project.candidates.new_id()
            self.growing.become(grew, id)
            first = first if asked.id else id
            if result.content.medium != "image":  # of a picture its content says how large it is
                self.artifacts[id] = result.artifact
            self._smalls[id] = result.small
            records.append(asked.record(id, result))
            self._requests[asked.id] = asked
        while len(self._requests) > _REMEMBERED:
            self._requests.popitem(last=False)
        self._taking = True
        try:
            project.candidates.add(*records)
        except Exception as error:
            self.growing.gone.emit([grew for _asked, _result, grew in here])
            self._studio.say_error(error)
            return
        finally:
            self._taking = False
        if first:
            self.batch_began.emit(first)
        self._unsynced += [(result.content, result.latent) for _asked, result, _grew in here]
        if not self._syncing and not self._sync_soon.isActive():
            self._sync_soon.start()

    @Slot()
    def _sync_contents(self) -> None:
        """Have contents on disk for good, in turns: what came during one waits for the next."""
        store, some = self._studio.project.store, self._unsynced[:_TURN]
        self._unsynced = self._unsynced[_TURN:]
        self._syncing = bool(some)
        if some:
            self._studio.errands.run_in_order(
                lambda: sync(store, some), self._note_synced, self._note_unsynced
            )

    def _note_synced(self, _nothing: object) -> None:
        self._sync_contents()

    def _note_unsynced(self, error: Exception) -> None:
        self._studio.say_error(error)
        self._sync_contents()

    def accept(
        self,
        ids: list[str],
        place: tuple[float, float] | None = None,
        spots: Spots | None = None,
    ) -> bool:
        """Put candidates on the board (or in the place of what they were made from).

        With a `place` (board units) they become new items, the first with its middle there; `spots`
        are places of new items by candidate id. Many are accepted soon after: True says that it has
        begun.
        """
        return self.acceptor.accept(ids, place, spots)

    @Slot(object)
    def _note_accepted(self, acceptance: Acceptance) -> None:
        if acceptance.remark:
            self._remarked = self._studio.history.stack.index()
            self._studio.say(acceptance.remark, "warning", subject=ACCEPTED)
        self.items_accepted.emit(list(acceptance.command.ids))
        self.parts_accepted.emit(dict(acceptance.parts))

    def discard(self, ids: list[str]) -> None:
        """Throw candidates away; the window offers to bring them back."""
        gone = [id for id in ids if self._studio.project.candidates.waits(id)]
        if not gone:
            return
        try:
            self._studio.project.candidates.discard(*gone)
        except Exception as error:
            self._studio.say_error(error)

    def restore(self, ids: list[str]) -> None:
        """Bring candidates back that were thrown away."""
        try:
            self._studio.project.candidates.restore(*ids)
        except Exception as error:
            self._studio.say_error(error)

    @property
    def waiting(self) -> list[CandidateRecord]:
        """The candidates that wait."""
        return [each for each in self._studio.project.candidates.list() if each.id in self._shown]

    @property
    def is_busy(self) -> bool:
        """Whether anything that was asked for is under way, trainings apart."""
        return bool(self._studio.jobs.under_way())

    @property
    def any_waiting(self) -> bool:
        """Whether one waits."""
        return bool(self._shown)

    @Slot(int)
    def _forget_remark(self, index: int) -> None:
        """Where something went is not told any more once it has gone from there."""
        if index < self._remarked:
            self._remarked = 0
            self._studio.taken_back.emit(ACCEPTED)

    @Slot(object)
    def _follow(self, project: Project) -> None:
        self._shown = {}
        self._smalls, self._reading = Artifacts(), set()
        self._unsynced = []
        self._requests.clear()
        self._take_back_told()
        self.artifacts.clear()
        self.growing.forget()
        self.candidates_reset.emit()
        project.listeners.append(lambda change: self._hear(project, change))
        self._note_changed(record.id for record in project.candidates.list())

    def _hear(self, project: Project, change: Change) -> None:
        if project is self._studio.project and change.kind == "candidates":
            self._note_changed(change.ids)

    def _note_changed(self, ids: Iterable[str]) -> None:
        """Show those of these candidates that wait now, and the others no longer."""
        tray = self._studio.project.candidates
        ids = list(dict.fromkeys(ids))
        gone = [id for id in ids if id in self._shown and not tray.waits(id)]
        for id in gone:
            del self._shown[id]
        if gone:
            self.candidates_gone.emit(gone)
        new = [tray.record(id) for id in ids if id not in self._shown and tray.waits(id)]
        self._shown |= {record.id: record for record in new}
        if new:
            self.candidates_added.emit(new)
        for record in new:
            self.candidate_added.emit(record)
        if new and not self._taking:
            self.candidates_returned.emit([record.id for record in new])

    def small(self, id: str) -> Artifact | None:
        """The artifact of a candidate, made small for its picture; None while it is being read."""
        found = self._smalls.get(id)
        if found is not None or id in self._reading or id not in self._shown:
            return found
        smalls, reading = self._smalls, self._reading
        from aigc_studio.ui.window.making.made_part import made_span

        store, record = self._studio.project.store, self._shown[id]
        content, part = record.content, made_span(record)
        reading.add(id)

        def keep(artifact: Artifact) -> None:
            smalls[id] = artifact
            reading.discard(id)
            self.small_read.emit()

        # One that cannot be read stays among those that are being read: it is said once.
        self._studio.errands.run_in_order(
            lambda: small(store.get(content), part), keep, self._studio.say_error
        )
        return None

    # How it goes

    def tell(self, sentence: str, level: str) -> None:
        """Show what a run had to say, until the next one begins or another board is shown."""
        self._told.append(sentence)
        self._studio.say(sentence, level)

    def _take_back_told(self) -> None:
        told, self._told = self._told, []
        for sentence in told:
            self._studio.taken_back.emit(sentence)

    @Slot(object)
    def _refuse(self, error: JobError) -> None:
        self.refused.emit("", error.by_field, error.details)

    @Slot(object)
    def _note_job(self, job: Job) -> None:
        if not job.apart:
            self._tell_busy()

    def _tell_busy(self) -> None:
        busy, before = self.is_busy, self._told_busy
        self._told_busy = busy
        if busy != before:
            self.busy_changed.emit(busy)


def _request_of(asked: Asked) -> Any:
    """For what reads nothing of the board the request itself, else the function that makes it."""
    return asked.request if asked.verb == "edit" or asked.prompt.latents else asked.request()
