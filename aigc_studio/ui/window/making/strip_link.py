"""The candidates as the strip shows them: added, looked at, kept, dropped."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from aigc_studio import late
from aigc_studio.translation import _, localized, ngettext
from aigc_studio.ui import artifact_pictures, theme
from aigc_studio.ui.candidates.cells import PICTURE_HEIGHT, Frame
from aigc_studio.ui.prompt.values import medium_title

if TYPE_CHECKING:
    from aigc_studio.project import CandidateRecord
    from aigc_studio.ui.candidates.strip import CandidateStrip
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making import flight
    from aigc_studio.ui.window.making.beside import Beside
    from aigc_studio.ui.window.making.session import Session
    from aigc_studio.ui.window.making.staging import Staging
else:
    flight = late.module("aigc_studio.ui.window.making.flight")

_THROWN_AWAY = "thrown away"
_LEFT_OVER = "left over"
_REDRAW_MS = 120
"""Between two small pictures of what grows."""


class StripLink(QObject):
    """Between the session's candidates, the strip, and the one that is on stage.

    What is left of a request of which something was kept goes with the next request: that is said,
    and taken back if wanted. Requests of which nothing was kept are not decided yet, and stay.
    `settle` makes commands of strokes and words on their way: what is accepted comes after them.
    """

    def __init__(
        self,
        studio: Studio,
        session: Session,
        strip: CandidateStrip,
        staging: Staging,
        settle: Callable[[], None],
    ) -> None:
        super().__init__(strip)
        self._studio = studio
        self._session = session
        self._strip = strip
        self._staging = staging
        self._settle = settle
        self._decided: set[str] = set()
        self._quiet = False
        self._flying: list[flight.Start | None] = []
        self._came: set[str] = set()
        self._expected = ""
        """The request of which the next one to come is looked at: the last one was dropped."""
        self._grown: set[str] = set()
        self._redraw = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._redraw.timeout.connect(self._show_grown)
        self._connect_strip()
        self._connect_session()
        studio.history.stack.indexChanged.connect(self._forget_thrown_away)
        studio.project_changed.connect(self._forget_thrown_away)
        studio.project_changed.connect(self._forget_left_over)

    def _connect_strip(self) -> None:
        strip, staging, session = self._strip, self._staging, self._session
        strip.accepted.connect(self._accept)
        strip.discarded.connect(self._discard)
        strip.opened.connect(self._open)
        strip.played.connect(self._play)
        staging.deciding.kept.connect(self._accept)
        staging.deciding.dropped.connect(self._discard)
        strip.list.painter.pictures.source = session.glimpse
        session.glimpse_read.connect(strip.list.viewport().update)
        strip.compared.connect(self._compare)
        strip.cancel_wanted.connect(session.acceptor.cancel)
        session.acceptor.progressed.connect(strip.show_progress)

    def _connect_session(self) -> None:
        session = self._session
        session.candidates_added.connect(self._add_candidates)
        session.candidates_gone.connect(self._remove_candidates)
        session.candidates_reset.connect(self._clear)
        session.candidates_returned.connect(self._show_returned)
        session.batch_began.connect(self._show_batch)
        session.items_accepted.connect(self._forget_thrown_away)
        session.items_accepted.connect(self._fly)
        session.growing.appeared.connect(self._add_growing)
        session.growing.grew.connect(self._note_grown)
        session.growing.gone.connect(self._remove_candidates)
        session.begun.connect(self._forget_thrown_away)
        session.begun.connect(self._drop_left_over)
        # Whoever does something else meanwhile is left alone.
        for moved_on in (session.begun, session.items_accepted, session.candidates_reset):
            moved_on.connect(self._expect_nothing)
        for moved_on in (self._staging.view.command_made, self._staging.view.tool_changed):
            moved_on.connect(self._expect_nothing)

    @functools.cached_property
    def beside(self) -> Beside:
        """Shows candidates beside each other; made when that is first asked for."""
        from aigc_studio.ui.window.making.beside import Beside

        return Beside(self._studio, self._session, self._strip, self._staging)

    @Slot(list)
    def _compare(self, ids: list[str]) -> None:
        self.beside.show(ids)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What becomes current in the strip meanwhile, nobody has asked to look at."""
        was, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = was

    @Slot(str)
    def _open(self, id: str) -> None:
        if self._quiet:
            return
        if id in self._session.growing:
            self._staging.look_at_growth(id)
        else:
            self._staging.look_at(id)

    @Slot(str)
    def _play(self, id: str) -> None:
        """What plays in the strip plays on the board, if it is looked at there."""
        if self._staging.looks_at(id):
            self._staging.show_candidate(id)

    @Slot(list)
    def _add_candidates(self, records: list[CandidateRecord]) -> None:
        former = {record.id: self._session.growing.former(record.id) for record in records}
        looked = self._staging.growth
        with self._quietly():
            for record in records:
                if former[record.id]:
                    self._strip.renew(former[record.id], _frame(self._studio, record))
            self._strip.add_all(
                _frame(self._studio, record) for record in records if not former[record.id]
            )
        self._came = {record.id for record in records}
        for record in records:
            if looked and former[record.id] == looked:
                # What was looked at while it grew is looked at now that it is there.
                self._staging.show_candidate(record.id, moves=False)
        self._show_expected(records)
        self._follow_middle()
        self._staging.deciding.refresh()

    def _show_expected(self, records: list[CandidateRecord]) -> None:
        """Whoever threw away what was there so far looks at what comes next."""
        if not self._expected or self._staging.candidate or self._staging.growth:
            return
        id = next((each.id for each in records if each.request == self._expected), "")
        if id:
            self._show(id)

    @Slot()
    def _expect_nothing(self) -> None:
        self._expected = ""

    def _follow_middle(self) -> None:
        """There are more frames of the sequence that is looked at: another one is its middle."""
        id = self._staging.candidate
        cell = self._strip.list.shown.cell_of(id) if id else None
        if cell is not None and cell.frame.id != id:
            self._staging.show_candidate(cell.frame.id, moves=False)

    # What grows

    @Slot(str)
    def _add_growing(self, id: str) -> None:
        frame = self._growing_frame(id)
        if frame is None:
            return
        with self._quietly():
            self._strip.add_all([frame])
            if id == self._staging.growth:
                self._strip.select(id)
        self._staging.deciding.refresh()

    @Slot(str)
    def _note_grown(self, id: str) -> None:
        """A small picture need not follow each letter."""
        self._grown.add(id)
        if not self._redraw.isActive():
            self._redraw.start()

    @Slot()
    def _show_grown(self) -> None:
        grown, self._grown = self._grown, set()
        for id in grown:
            frame = self._growing_frame(id)
            if frame is not None:
                self._strip.renew(id, frame)

    def _growing_frame(self, id: str) -> Frame | None:
        sprout = self._session.growing.get(id)
        if sprout is None or sprout.growth is None:
            return None
        growth = sprout.growth
        return Frame(
            id,
            title=localized(growth.event.title),
            tooltip=_("Being made…"),
            grows=True,
            glimpse=growth.glimpse,
        )

    @Slot(list)
    def _remove_candidates(self, ids: list[str]) -> None:
        with self._quietly():
            self._strip.remove(*ids)
            if not self._strip.list.selectionModel().hasSelection():
                self._strip.select(*self._strip.first_ids())
        self._staging.deciding.refresh()

    @Slot()
    def _clear(self) -> None:
        self._decided.clear()
        with self._quietly():
            self._strip.clear()

    @Slot(str)
    def _show_batch(self, id: str) -> None:
        self._forget_thrown_away()
        # Who looks at what grows, or has just seen it become one of these, goes on doing so.
        if not self._staging.growth and self._staging.candidate not in self._came:
            self._show(id)

    @Slot(list)
    def _show_returned(self, ids: list[str]) -> None:
        """What an undo brings back is looked at again, and so is what waits on a board that was
        opened."""
        self._decided -= self._requests_of(ids)
        self._show(ids[0])

    def _show(self, id: str) -> None:
        self._expect_nothing()
        with self._quietly():
            self._strip.select(id)
        cell = self._strip.list.shown.cell_of(id)
        self._staging.show_candidate(cell.frame.id if cell is not None else id)

    @Slot()
    def _forget_thrown_away(self) -> None:
        """Whoever goes on has let go of what was thrown away before."""
        self._studio.taken_back.emit(_THROWN_AWAY)

    @Slot(list)
    def _accept(self, ids: list[str]) -> None:
        there = [id for id in ids if id not in self._session.growing]
        if not there:
            self._session.growing.stop_and_keep()
            return
        ids = there
        self._settle()
        requests = self._requests_of(ids)
        # What is looked at on the board is there already, and all else comes from here.
        fly = theme.motion() and not any(self._staging.looks_at(id) for id in ids)
        self._flying = flight.starts_of(self._strip, ids) if fly else []
        if self._session.accept(ids, spots=self._staging.spots_of(ids)):
            self._decided |= requests

    @Slot(list)
    def _fly(self, ids: list[str]) -> None:
        flying, self._flying = self._flying, []
        if flying:
            flight.Flight(self._staging.view, flying, ids)

    def _requests_of(self, ids: Iterable[str]) -> set[str]:
        record = self._studio.project.candidates.record
        return {record(id).request for id in ids} - {""}

    @Slot()
    def _forget_left_over(self) -> None:
        self._studio.taken_back.emit(_LEFT_OVER)

    @Slot()
    def _drop_left_over(self) -> None:
        """Something else is made: what was left when its sibling was kept goes."""
        self._forget_left_over()
        decided, self._decided = self._decided, set()
        if decided:
            ids = [each.id for each in self._session.waiting if each.request in decided]
            if ids:
                self._session.discard(ids)
                self._tell_dropped(ids, _LEFT_OVER)

    @Slot()
    def accept_chosen(self) -> None:
        """Accept the selected candidates, or the first when none is."""
        ids = self._strip.selected_ids() or self._strip.first_ids()[:1]
        if ids:
            self._accept(ids)

    @Slot()
    def discard_all(self) -> None:
        """Throw all candidates away."""
        if self._strip.count:
            self._discard(self._strip.ids())

    @Slot(list)
    def _discard(self, ids: list[str]) -> None:
        there = [id for id in ids if id not in self._session.growing]
        if len(there) < len(ids):
            # One job is one thing to its generator: what grows beside it goes as well.
            self._session.cancel()
        if not there:
            return
        ids = there
        looked = any(self._staging.looks_at(id) for id in ids)
        request = self._studio.project.candidates.record(ids[0]).request
        following = self._strip.following(ids)
        self._session.discard(ids)
        self._tell_dropped(ids, _THROWN_AWAY)
        if looked and following and self._studio.project.candidates.waits(following):
            self._show(following)
        elif looked and not following:
            self._expected = request

    def _tell_dropped(self, ids: list[str], subject: str) -> None:
        from aigc_studio.project.candidates import number_of

        count = number_of(self._studio.project.candidates.record(id) for id in ids)
        if subject == _LEFT_OVER:
            words = ngettext(
                "{count} candidate that you did not keep was dropped.",
                "{count} candidates that you did not keep were dropped.",
                count,
            )
        else:
            words = ngettext(
                "{count} candidate was dropped.", "{count} candidates were dropped.", count
            )
        bring_back = (_("Bring back"), lambda: self._session.restore(list(ids)))
        self._studio.say(words.format(count=count), "info", [bring_back], subject=subject)


def _frame(studio: Studio, record: CandidateRecord) -> Frame:
    made_by, info = record.provenance, record.content.info
    width = PICTURE_HEIGHT * 5 // 3
    if record.content.medium == "image":
        width = artifact_pictures.width_of(info["width"], info["height"], PICTURE_HEIGHT)
    return Frame(
        record.id,
        title=localized(record.title),
        tooltip=lambda: _tooltip(studio, record),
        seed=made_by.seed if made_by else None,
        position=record.position,
        strip=record.strip,
        width=width,
        sounds=record.content.medium == "melody",
    )


def _tooltip(studio: Studio, record: CandidateRecord) -> str:
    made_by = record.provenance
    if made_by is None:
        return medium_title(record.content.medium)
    lines = [made_by.prompt[:200]] if made_by.prompt else []
    about = studio.about(made_by.generator)
    generator = localized(about.title) if about is not None else made_by.generator
    lines.append(_("{generator}, seed {seed}").format(generator=generator, seed=made_by.seed))
    if made_by.model:
        model = studio.model(made_by.model, made_by.generator, made_by.model_digest)
        name = model.title if model is not None else made_by.model
        lines.append(_("Model: {name}").format(name=name))
    if made_by.stopped:
        lines.append(_("Stopped before it was finished"))
    if record.probability is not None:
        lines.append(_("Likelihood: {percent} %").format(percent=round(record.probability * 100)))
    return "\n".join(lines)
