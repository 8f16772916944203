"""From the prompt panel to the board: what is asked for, its candidates, and accepting them."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.jobs import Job
from aigc_studio.translation import _
from aigc_studio.ui.window.files.missing import model_missing
from aigc_studio.ui.window.making.acceptor import ACCEPTED, Acceptor
from aigc_studio.ui.window.making.artifacts import Artifacts
from aigc_studio.ui.window.making.asked import Asked, Result, previewed
from aigc_studio.ui.window.making.growing import Growing

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.jobs import JobError
    from aigc_studio.project import CandidateRecord, Change, Project
    from aigc_studio.project.accepting import Acceptance
    from aigc_studio.project.joining import Part
    from aigc_studio.ui.candidates.small import Glimpse
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.target import Target
    from aigc_studio.ui.window.making.acceptor import Boxes
    from aigc_studio.ui.window.making.arrivals import Arrivals
    from aigc_studio.ui.window.making.looks import Looks

_REMEMBERED = 32
"""Requests that are remembered, so that more like it can be asked for."""


class Session(QObject):
    """Turns prompts into jobs, and candidates into items. Knows no widget: it tells by signals."""

    candidates_added = Signal(list)
    """CandidateRecords that wait: those that came together."""
    candidate_added = Signal(object)
    """Each of them, after that."""
    glimpse_read = Signal()
    """What `glimpse` was asked for is there now."""
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
        self._glimpses: Artifacts[Glimpse] = Artifacts()
        self._reading: set[str] = set()
        self._remarked = 0
        self._told: list[str] = []
        self._expected: set[str] = set()
        """Ids of candidates that were just made, and come into the tray now."""
        self._requests: OrderedDict[str, Asked] = OrderedDict()
        self.artifacts: Artifacts[Artifact] = Artifacts()
        self.acceptor = Acceptor(studio, self.artifacts, self)
        self.acceptor.accepted.connect(self._note_accepted)
        self._own: list[Job] = []
        self.last: Job | None = None
        self.making: Asked | None = None
        """What was asked for last."""
        self.growing = Growing(studio, self)
        self.growing.kept.connect(self.take)
        self._told_busy = False
        studio.project_changed.connect(self._follow)
        studio.history.stack.indexChanged.connect(self._forget_remark)
        studio.jobs.job_changed.connect(self._note_job)
        self._follow(studio.project)

    @functools.cached_property
    def _looks(self) -> Looks:
        """What is only looked at; made when something is asked for."""
        from aigc_studio.ui.window.making.looks import Looks

        looks = Looks(self._studio, self)
        looks.looked.connect(self.looked)
        looks.failed.connect(self.refuse)
        return looks

    @functools.cached_property
    def _arrivals(self) -> Arrivals:
        """Results on their way into the tray; made when the first comes."""
        from aigc_studio.ui.window.making.arrivals import Arrivals

        arrivals = Arrivals(self._studio, self.growing, self._note_expected, self)
        arrivals.began.connect(self.batch_began)
        return arrivals

    # Asking

    def ask(self, prompt: Prompt, target: Target | None = None) -> Job | None:
        """Start what the prompt says; None when it cannot be (the window has been told why)."""
        from aigc_studio.ui.window.making.keeper import Keeper

        asked = self._asked(prompt, target)
        if asked is None:
            return None
        self.refused.emit(prompt.generator, {}, "")
        self._take_back_told()
        self._looks.give_way()
        record = self._studio.record(prompt.generator)
        job = self._studio.jobs.submit(record, asked.verb, asked.wanted, asked.title, asked.keep)
        job.progress_changed.connect(self.progressed)
        project = self._studio.project
        keeper = Keeper(job, asked, project, self.growing.follow(job, asked, project))
        keeper.came.connect(self.take)
        keeper.told.connect(self.tell)
        keeper.failed.connect(self.refuse)
        job.candidate_received.connect(keeper.take)
        job.message_received.connect(keeper.tell)
        job.finished.connect(keeper.settle)
        self._own = [*(each for each in self._own if not each.state.ended), job]
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

    def ask_more(self, id: str) -> None:
        """Ask for more like a candidate, or say why that cannot be done."""
        wish = self.more_like(id)
        if self.is_busy:
            sentence = _("Something is being made: wait for it, or press Esc to cancel it.")
            self._studio.say(sentence)
        elif wish is None:
            sentence = _("What this was made from has changed since, so there is no more like it.")
            self._studio.say(sentence)
        else:
            self.ask(*wish)

    def preview(self, prompt: Prompt, target: Target | None = None) -> None:
        """Show what it would look like, where that is wanted; only the newest wish counts."""
        asked = self._asked(previewed(prompt), target)
        if asked is not None and asked.is_live:
            self._looks.preview(asked)

    def sketch(self, prompt: Prompt) -> Job | None:
        """Have some made that are only looked at, and kept nowhere: the job alone tells of them
        (each a `Look`), and of what is wrong. None when they cannot be made now."""
        asked = self._asked(prompt, None)
        return self._looks.sketch(asked) if asked is not None and asked.is_live else None

    @Slot()
    def cancel(self) -> bool:
        """Cancel all that is asked for, trainings apart. False when there was nothing."""
        return self._studio.jobs.cancel_asked()

    @Slot()
    def give_up(self) -> None:
        """The board is left: what is still being made for it is wanted no more, and what is asked
        for on the next one need not wait for it."""
        own, self._own = self._own, []
        for job in own:
            job.cancel()

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

    @Slot(object, object, object, str)
    def take(self, project: Project, asked: Asked, result: Result, grew: str = "") -> None:
        """A result is in the store: keep it in the tray, and then show it.

        `grew` is the id that it had in `growing`, if it was seen there.
        """
        self._arrivals.take(project, asked, result, grew)

    def _note_expected(self, id: str, asked: Asked, result: Result) -> None:
        """This result comes into the tray with this id: have ready what it is shown by."""
        self._expected.add(id)
        if result.content.medium != "image":  # of a picture its content says how large it is
            self.artifacts[id] = result.artifact
        self._glimpses[id] = result.glimpse
        self._requests[asked.id] = asked
        while len(self._requests) > _REMEMBERED:
            self._requests.popitem(last=False)

    def accept(
        self,
        ids: list[str],
        place: tuple[float, float] | None = None,
        spots: Boxes | None = None,
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
        self.give_up()
        self._shown = {}
        self._glimpses, self._reading = Artifacts(), set()
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
        returned = [record.id for record in new if record.id not in self._expected]
        self._expected.difference_update(record.id for record in new)
        if new:
            self.candidates_added.emit(new)
        for record in new:
            self.candidate_added.emit(record)
        if returned:
            self.candidates_returned.emit(returned)

    def glimpse(self, id: str) -> Glimpse | None:
        """What the small picture of a candidate shows; None while it is being read."""
        found = self._glimpses.get(id)
        if found is not None or id in self._reading or id not in self._shown:
            return found
        glimpses, reading = self._glimpses, self._reading
        from aigc_studio.ui.window.making.made_part import glimpse_of

        store, record = self._studio.project.store, self._shown[id]
        reading.add(id)

        def keep(glimpse: Glimpse) -> None:
            glimpses[id] = glimpse
            reading.discard(id)
            self.glimpse_read.emit()

        # One that cannot be read stays among those that are being read: it is said once.
        self._studio.errands.run_in_order(
            lambda: glimpse_of(store, record), keep, self._studio.say_error
        )
        return None

    def new_part(self, id: str) -> Part | None:
        """Where in a candidate the new lies, as far as that is known by now; None where it is all
        of it."""
        from aigc_studio.ui.window.making.made_part import made_part

        found, record = self._glimpses.get(id), self._shown.get(id)
        if found is not None:
            return found.part
        return made_part(record) if record is not None else None

    # How it goes

    @Slot(str, str)
    def tell(self, sentence: str, level: str) -> None:
        """Show what a run had to say, until the next one begins or another board is shown."""
        self._told.append(sentence)
        self._studio.say(sentence, level)

    def _take_back_told(self) -> None:
        told, self._told = self._told, []
        for sentence in told:
            self._studio.taken_back.emit(sentence)

    @Slot(object)
    @Slot(object, str)
    def refuse(self, error: JobError, generator: str = "") -> None:
        """Say why something was not made, but for what a plugin's author is told."""
        told = {} if self._studio.is_for_author(error) else error.by_field
        self.refused.emit(generator, told, error.details)

    @Slot(object)
    def _note_job(self, job: Job) -> None:
        if not job.apart:
            self._tell_busy()

    def _tell_busy(self) -> None:
        busy, before = self.is_busy, self._told_busy
        self._told_busy = busy
        if busy != before:
            self.busy_changed.emit(busy)
