"""From the prompt panel to the board: what is asked for, its candidates, and accepting them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Signal, Slot

from aigc_studio.jobs import Job, JobState, TrainingJob
from aigc_studio.translation import _, localized
from aigc_studio.ui.window.missing import model_missing
from aigc_studio.ui.window.places import natural_size
from aigc_studio.ui.window.requests import Asked, EditTarget, Result, previewed, sync

if TYPE_CHECKING:
    from aigc_studio.jobs import JobError
    from aigc_studio.project import CandidateRecord, Change, Item, Project
    from aigc_studio.project.accepting import Acceptance, Accepting
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.window.studio import Studio

_ACCEPTED = "accepted"
"""The subject of what is remarked on where something accepted went."""
_TRIES = 8
"""How often a result is joined anew because the board changed meanwhile."""


class Session(QObject):
    """Turns prompts into jobs, and candidates into items. Knows no widget: it tells by signals."""

    candidate_added = Signal(object, object)
    """A CandidateRecord that waits, and its artifact."""
    candidates_gone = Signal(list)
    """Ids that wait no longer."""
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
        self._being_accepted: set[str] = set()
        self._remarked = 0
        self.artifacts: dict[str, Any] = {}
        self.last: Job | None = None
        self._arrived: list[tuple[Project, Asked, Result]] = []
        self._arrival = QTimer(self, singleShot=True, interval=0)
        self._arrival.timeout.connect(self._take_arrived)
        studio.project_changed.connect(self._follow)
        studio.history.stack.indexChanged.connect(self._forget_remark)
        studio.jobs.job_changed.connect(self._note_job)
        studio.jobs.preview_ready.connect(self.looked)
        studio.jobs.preview_failed.connect(self._refuse)
        self._follow(studio.project)

    # Asking

    def ask(self, prompt: Prompt, target: EditTarget | None = None) -> Job | None:
        """Start what the prompt says; None when it cannot be (the window has been told why)."""
        asked = self._asked(prompt, target)
        if asked is None:
            return None
        self.refused.emit(prompt.generator, {}, "")
        record = self._studio.record(prompt.generator)
        job = self._studio.jobs.submit(
            record, asked.verb, _request_of(asked), asked.title, asked.keep
        )
        job.progress_changed.connect(self.progressed)
        keeper = _Keeper(self, job, asked, self._studio.project)
        job.candidate_received.connect(keeper.take)
        job.message_received.connect(keeper.tell)
        job.finished.connect(keeper.settle)
        self.last = job
        self.begun.emit()
        self._tell_busy()
        return job

    def preview(self, prompt: Prompt, target: EditTarget | None = None) -> None:
        """Show what it would look like; only the newest wish counts."""
        asked = self._asked(previewed(prompt), target)
        if asked is not None:
            record = self._studio.record(prompt.generator)
            self._studio.jobs.preview(record, asked.verb, _request_of(asked), asked.look)

    @Slot()
    def cancel(self) -> bool:
        """Cancel all that is asked for, trainings apart. False when there was nothing."""
        jobs = self._studio.jobs.under_way()
        for job in jobs:
            job.cancel()
        return bool(jobs)

    def _asked(self, prompt: Prompt, target: EditTarget | None) -> Asked | None:
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

    def take(self, project: Project, asked: Asked, result: Result) -> None:
        """A result is in the store: keep it in the tray, and then show it.

        Those that come together go into the journal together.
        """
        self._arrived.append((project, asked, result))
        if not self._arrival.isActive():
            self._arrival.start()

    @Slot()
    def _take_arrived(self) -> None:
        arrived, self._arrived = self._arrived, []
        project = self._studio.project
        here = [(asked, result) for origin, asked, result in arrived if origin is project]
        if not here:
            return
        records, first = [], ""
        for asked, result in here:
            id = project.candidates.new_id()
            first = first if asked.id else id
            record = asked.record(id, result)
            self.artifacts[record.id] = result.artifact
            records.append(record)
        try:
            project.candidates.add(*records)
        except Exception as error:
            self._studio.say_error(error)
            return
        if first:
            self.batch_began.emit(first)
        results, store = [result for _asked, result in here], project.store
        self._studio.errands.run_in_order(
            lambda: sync(store, results), None, self._studio.say_error
        )

    def accept(self, ids: list[str], place: tuple[float, float] | None = None) -> bool:
        """Put candidates on the board (or in the place of what they were made from).

        With a `place` (board units) they become new items, the first with its middle there.
        """
        acceptance = self._accepted(ids, place)
        if acceptance is None or not self._studio.do(acceptance.command):
            return False
        if acceptance.remark:
            self._remarked = self._studio.history.stack.index()
            self._studio.say(acceptance.remark, "warning", subject=_ACCEPTED)
        self.items_accepted.emit(list(acceptance.command.ids))
        self.parts_accepted.emit(dict(acceptance.parts))
        return True

    def _accepted(self, ids: list[str], place: tuple[float, float] | None) -> Acceptance | None:
        """The command that accepts, for the board as it is when it has been made.

        None when nothing of it waits: while it is joined, they may be accepted or thrown away.
        """
        project = self._studio.project
        for _time in range(_TRIES):
            asked = [id for id in dict.fromkeys(ids) if self._waits(id)]
            if not asked or project is not self._studio.project:
                return None
            accepting = self.accepting(asked, place)
            self._being_accepted.update(asked)
            try:
                acceptance = self._made(accepting)
            finally:
                self._being_accepted.difference_update(asked)
            if acceptance is None or project is not self._studio.project:
                return None
            command = project.candidates.fit(acceptance.command)
            try:
                command.check(project.board)
            except ValueError:
                continue  # a stroke came in between: it is kept as well
            if all(self._waits(id) for id in asked):
                return replace(acceptance, command=command)
        self._studio.say(
            _("The board changed again and again while this was accepted: accept it once more."),
            "warning",
        )
        return None

    def _waits(self, id: str) -> bool:
        """Whether a candidate waits, and is not being accepted while the window goes on."""
        waiting = {record.id for record in self._studio.project.candidates.list()}
        return id in waiting and id not in self._being_accepted

    def accepting(self, ids: list[str], place: tuple[float, float] | None = None) -> Accepting:
        """What accepting these candidates would do now; nothing is done yet."""
        tray, sizes = self._studio.project.candidates, {}
        for id in ids:
            artifact = self.artifacts.get(id)
            if artifact is not None and artifact.medium == "text":
                sizes[id] = natural_size(tray.record(id).content, artifact)
        places = {}
        if place:
            # What is dropped hangs at the pointer by its middle.
            first = tray.record(ids[0]).content
            width, height = natural_size(first, self.artifacts.get(ids[0]))
            places[ids[0]] = (place[0] - width / 2, place[1] - height / 2, width, height)
        return tray.accepting(*ids, places=places, sizes=sizes, use="add" if place else None)

    def foresee(self, id: str, show: Callable[[Any, Item | None], None]) -> None:
        """Have it shown what accepting a candidate would give: an artifact, and the item that gets
        it, or None when it would be a new one. Later, when it must be joined first.
        """
        project = self._studio.project
        record, artifact = project.candidates.record(id), self.artifacts.get(id)
        accepting = self.accepting([id])
        if accepting.quick:
            show(artifact, project.board.get(record.target) if record.use == "replace" else None)
            return

        def look() -> tuple[Any, Item | None]:
            item = accepting.make().command.after.get(record.target)
            return (project.store.get(item.content) if item else artifact), item

        self._studio.errands.run(look, lambda found: show(*found), self._studio.say_error)

    def _made(self, accepting: Accepting) -> Acceptance | None:
        """Make it: beside the window, as long as it must be read and joined; the window waits."""
        if accepting.quick:
            return accepting.make()
        made: list[Acceptance | None] = []

        def fail(error: Exception) -> None:
            made.append(None)
            self._studio.say_error(error)

        self._studio.errands.run(accepting.make, made.append, fail)
        while not made and not self._studio.closed:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, 20)
        return made[0] if made else None

    def discard(self, ids: list[str]) -> None:
        """Throw candidates away; the window offers to bring them back."""
        waiting = {record.id for record in self._studio.project.candidates.list()}
        gone = [id for id in ids if id in waiting]
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
        return list(self._shown.values())

    @Slot(int)
    def _forget_remark(self, index: int) -> None:
        """Where something went is not told any more once it has gone from there."""
        if index < self._remarked:
            self._remarked = 0
            self._studio.taken_back.emit(_ACCEPTED)

    @Slot(object)
    def _follow(self, project: Project) -> None:
        self._shown = {}
        self.artifacts = {}
        self.candidates_reset.emit()
        project.listeners.append(lambda change: self._hear(project, change))
        self._sync()

    def _hear(self, project: Project, change: Change) -> None:
        if project is self._studio.project and change.kind == "candidates":
            self._sync()

    def _sync(self) -> None:
        records = {record.id: record for record in self._studio.project.candidates.list()}
        gone = [id for id in self._shown if id not in records]
        if gone:
            self.candidates_gone.emit(gone)
        new = [record for id, record in records.items() if id not in self._shown]
        self._shown = records
        for record in new:
            self._show(record)

    def _show(self, record: CandidateRecord) -> None:
        artifact = self.artifacts.get(record.id)
        if artifact is not None:
            self.candidate_added.emit(record, artifact)
            return
        store = self._studio.project.store

        def show(found: Any) -> None:
            self.artifacts[record.id] = found
            if record.id in self._shown:
                self.candidate_added.emit(record, found)

        self._studio.errands.run_in_order(
            lambda: store.get(record.content), show, self._studio.say_error
        )

    # How it goes

    @Slot(object)
    def _refuse(self, error: JobError) -> None:
        self.refused.emit("", error.by_field, error.details)

    @Slot(object)
    def _note_job(self, job: Job) -> None:
        if not isinstance(job, TrainingJob):
            self._tell_busy()

    def _tell_busy(self) -> None:
        self.busy_changed.emit(bool(self._studio.jobs.under_way()))


def _request_of(asked: Asked) -> Any:
    """For what reads no artifact the request itself, else the function that makes it."""
    return asked.request if asked.verb == "edit" else asked.request()


class _Keeper(QObject):
    """Follows one job from its first candidate to its end."""

    def __init__(self, session: Session, job: Job, asked: Asked, project: Project) -> None:
        super().__init__(job)
        self._session = session
        self._job = job
        self._asked = asked
        self._project = project

    @Slot(object)
    def take(self, result: Result) -> None:
        self._session.take(self._project, self._asked, result)

    @Slot(object)
    def tell(self, message: Any) -> None:
        self._session._studio.say(localized(message.text), message.level)

    @Slot()
    def settle(self) -> None:
        error = self._job.error
        if self._job.state is not JobState.FAILED or error is None:
            return
        self._session.refused.emit(self._job.generator, error.by_field, error.details)
