"""From the prompt panel to the board: what is asked for, its candidates, and accepting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aigc_studio.jobs import Job, JobState, TrainingJob
from aigc_studio.translation import localized
from aigc_studio.ui.window.missing import model_missing
from aigc_studio.ui.window.places import places_for
from aigc_studio.ui.window.requests import Asked, EditTarget, Result, previewed, sync

if TYPE_CHECKING:
    from aigc_studio.jobs import JobError
    from aigc_studio.project import CandidateRecord, Change, Project
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.window.studio import Studio


class Session(QObject):
    """Turns prompts into jobs, and candidates into items. Knows no widget: it tells by signals."""

    candidate_added = Signal(object, object)
    """A CandidateRecord that waits, and its artifact."""
    candidates_gone = Signal(list)
    """Ids that wait no longer."""
    candidates_reset = Signal()
    looked = Signal(object)
    """A Look: what a live preview shows."""
    batch_began = Signal(str)
    """The id of the first candidate of something that was asked for."""
    refused = Signal(str, dict, str)
    """A generator, sentences by field (empty: none any more), and details for its author."""
    busy_changed = Signal(bool)
    progressed = Signal(object)
    items_accepted = Signal(list)
    """Ids of the items that accepting made or changed."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._shown: dict[str, CandidateRecord] = {}
        self.artifacts: dict[str, Any] = {}
        self.last: Job | None = None
        self._arrived: list[tuple[Project, Asked, Result]] = []
        self._arrival = QTimer(self, singleShot=True, interval=0)
        self._arrival.timeout.connect(self._take_arrived)
        studio.project_changed.connect(self._follow)
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
            record = _record_of(project.candidates.new_id(), asked, result)
            self.artifacts[record.id] = result.artifact
            records.append(record)
            if not asked.began:
                asked.began, first = True, record.id
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
        project = self._studio.project
        waiting = {record.id for record in project.candidates.list()}
        ids = [id for id in ids if id in waiting]
        if not ids:
            return False
        tray = project.candidates
        new = [id for id in ids if place or tray.record(id).use == "add"]
        contents = [(tray.record(id).content, self.artifacts.get(id)) for id in new]
        beside = project.board.get(tray.record(new[0]).target) if new else None
        spots = places_for(project.board, contents, place, beside)
        if place:
            # What is dropped hangs at the pointer by its middle.
            x, y, width, height = spots[0]
            spots[0] = (x - width / 2, y - height / 2, width, height)
        places = dict(zip(new, spots, strict=True))
        command = tray.accept(*ids, places=places, use="add" if place else None)
        if not self._studio.do(command):
            return False
        self.items_accepted.emit(list(command.ids))
        return True

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


def _record_of(id: str, asked: Asked, result: Result) -> CandidateRecord:
    from aigc_studio.project import CandidateRecord

    items = asked.target.items if asked.target else ()
    one = asked.operation is not None and asked.operation.artifacts == 1
    event = result.event
    return CandidateRecord(
        id=id,
        content=result.content,
        provenance=result.provenance,
        title=event.title,
        latent=result.latent,
        probability=event.probability,
        strip=event.strip,
        position=event.position,
        target=items[0].id if items else "",
        use="replace" if asked.verb == "edit" and one and not event.strip else "add",
    )


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
