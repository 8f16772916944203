"""Candidates beside each other, in a window of their own, and the one that is decided for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aigc_studio.translation import _

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from aigc_studio.project import Content, ContentStore
    from aigc_studio.ui.candidates.cells import Cell
    from aigc_studio.ui.candidates.side_by_side import SideBySide
    from aigc_studio.ui.candidates.strip import CandidateStrip
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.session import Session
    from aigc_studio.ui.window.making.staging import Staging


class Beside(QObject):
    """Shows those that are chosen in a strip beside each other. `shown` is the window for it."""

    def __init__(
        self, studio: Studio, session: Session, strip: CandidateStrip, staging: Staging
    ) -> None:
        super().__init__(strip)
        self._studio, self._strip, self._staging = studio, strip, staging
        self._ids: list[str] = []
        self.shown: SideBySide | None = None
        session.candidates_gone.connect(self._note_gone)
        session.candidates_reset.connect(self.close)

    def show(self, ids: list[str]) -> None:
        """Read these candidates beside the window, and show them then."""
        tray, store = self._studio.project.candidates, self._studio.project.store
        contents = [tray.record(id).content for id in ids if tray.waits(id)]
        media = {each.medium for each in contents}
        if len(contents) < len(ids) or media not in ({"image"}, {"text"}):
            self._studio.say(_("Only finished pictures or texts can be compared side by side."))
            return
        self._studio.errands.run(
            lambda: [_read(store, content) for content in contents],
            partial(self._show, ids),
            self._studio.say_error,
        )

    def _show(self, ids: list[str], images: list[QImage | str]) -> None:
        from aigc_studio.ui.candidates.side_by_side import SideBySide

        self.close()
        shown = self._strip.list.shown
        cells = [shown.cell_of(id) for id in ids]
        names = [_name(cell) for cell in cells if cell is not None]
        if len(names) < len(images):
            return  # one of them went meanwhile
        self._ids = ids
        self.shown = SideBySide(images, names, self._strip.window())
        self.shown.kept.connect(self._keep)
        self.shown.finished.connect(self._forget)
        self.shown.show()

    @Slot()
    def close(self) -> None:
        """Away with the window."""
        if self.shown is not None:
            self.shown.close()

    @Slot()
    def _forget(self) -> None:
        self.shown = None

    @Slot(int)
    def _keep(self, number: int) -> None:
        self._staging.deciding.kept.emit([self._ids[number]])

    @Slot(list)
    def _note_gone(self, ids: list[str]) -> None:
        if not set(ids).isdisjoint(self._ids):
            self.close()


def _name(cell: Cell) -> str:
    """Its number, and what it differs by."""
    return " · ".join(filter(None, (_("Candidate {n}").format(n=cell.number), cell.caption())))


def _read(store: ContentStore, content: Content) -> QImage | str:
    """A candidate as it is painted, or its words, from any thread."""
    from aigc_studio.api import Image, Text
    from aigc_studio.ui.artifact_pictures import qimage

    artifact = store.get(content)
    if isinstance(artifact, Text):
        return artifact.value
    assert isinstance(artifact, Image)
    return qimage(artifact)
