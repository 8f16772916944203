"""The candidates as the strip shows them: added, compared, accepted, thrown away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from aigc_studio.translation import _, localized, ngettext
from aigc_studio.ui import artifact_pictures
from aigc_studio.ui.candidates.cells import PICTURE_HEIGHT, Frame
from aigc_studio.ui.prompt.values import medium_title

if TYPE_CHECKING:
    from aigc_studio.project import CandidateRecord, Item
    from aigc_studio.ui.candidates.strip import CandidateStrip
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.ghost import Looking
    from aigc_studio.ui.window.making.session import Session


_THROWN_AWAY = "thrown away"


class StripLink(QObject):
    """Between the session's candidates and the strip.

    `settle` makes commands of strokes and words on their way: what is accepted comes after them.
    """

    def __init__(
        self,
        studio: Studio,
        session: Session,
        strip: CandidateStrip,
        looking: Looking,
        settle: Callable[[], None],
    ) -> None:
        super().__init__(strip)
        self._studio = studio
        self._session = session
        self._strip = strip
        self._looking = looking
        self._settle = settle
        self._compared: str | None = None
        strip.accepted.connect(self._accept)
        strip.discarded.connect(self._discard)
        strip.compared.connect(self._compare)
        strip.list.painter.pictures.source = session.small
        session.small_read.connect(strip.list.viewport().update)
        strip.cancel_wanted.connect(session.acceptor.cancel)
        session.acceptor.progressed.connect(strip.show_progress)
        session.candidates_added.connect(self._add_candidates)
        session.candidates_gone.connect(self._remove_candidates)
        session.candidates_reset.connect(strip.clear)
        session.batch_began.connect(self._show_batch)
        session.items_accepted.connect(self._forget_thrown_away)
        session.begun.connect(self._forget_thrown_away)
        studio.history.stack.indexChanged.connect(self._forget_thrown_away)
        studio.project_changed.connect(self._forget_thrown_away)

    @Slot(list)
    def _add_candidates(self, records: list[CandidateRecord]) -> None:
        self._looking.end()
        self._strip.add_all(_frame(record) for record in records)

    @Slot(list)
    def _remove_candidates(self, ids: list[str]) -> None:
        self._strip.remove(*ids)
        if not self._strip.list.selectionModel().hasSelection():
            self._strip.select(*self._strip.first_ids())

    @Slot(str)
    def _show_batch(self, id: str) -> None:
        self._forget_thrown_away()
        self._strip.select(id)

    @Slot()
    def _forget_thrown_away(self) -> None:
        """Whoever goes on has let go of what was thrown away before."""
        self._studio.taken_back.emit(_THROWN_AWAY)

    @Slot(list)
    def _accept(self, ids: list[str]) -> None:
        self._looking.end()
        self._settle()
        self._session.accept(ids)

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
        self._session.discard(ids)
        sentence = ngettext(
            "{count} candidate was discarded.", "{count} candidates were discarded.", len(ids)
        ).format(count=len(ids))
        bring_back = (_("Bring back"), lambda: self._session.restore(list(ids)))
        self._studio.say(sentence, "info", [bring_back], subject=_THROWN_AWAY)

    @Slot(object)
    def _compare(self, id: str | None) -> None:
        self._looking.end()
        self._compared = id
        if id is not None and self._studio.project.candidates.waits(id):
            self._session.foresee(id, lambda artifact, item: self._show(id, artifact, item))

    def _show(self, id: str, artifact: Any, item: Item | None) -> None:
        if id != self._compared:
            return
        if item is not None:
            self._looking.show_at(artifact, item)
        else:
            self._looking.show_free(artifact, self._studio.project)


def _frame(record: CandidateRecord) -> Frame:
    made_by, info = record.provenance, record.content.info
    width = PICTURE_HEIGHT * 5 // 3
    if record.content.medium == "image":
        width = artifact_pictures.width_of(info["width"], info["height"], PICTURE_HEIGHT)
    return Frame(
        record.id,
        title=localized(record.title),
        tooltip=lambda: _tooltip(record),
        seed=made_by.seed if made_by else None,
        position=record.position,
        strip=record.strip,
        width=width,
    )


def _tooltip(record: CandidateRecord) -> str:
    made_by = record.provenance
    if made_by is None:
        return medium_title(record.content.medium)
    lines = [made_by.prompt[:200]] if made_by.prompt else []
    lines.append(
        _("{generator}, seed {seed}").format(generator=made_by.generator, seed=made_by.seed)
    )
    if made_by.model:
        lines.append(_("Model: {name}").format(name=made_by.model))
    if record.probability is not None:
        lines.append(_("Likelihood: {percent} %").format(percent=round(record.probability * 100)))
    return "\n".join(lines)
