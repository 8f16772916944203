"""Results that arrive: those of one frame go into the tray together, and then onto the disk."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aigc_studio.ui.window.making.asked import sync

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aigc_studio.project import Content, Project
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.asked import Asked, Result
    from aigc_studio.ui.window.making.growing import Growing

_TOGETHER = 16
"""Candidates that go into the journal and the strip in one go: some milliseconds of work, and a
batch of sixteen leaves none over, for which all of the strip would be painted once more."""
_FRAME = 0.016
"""Seconds between two times that candidates are taken: those of one frame come together."""
_TURN = 100
"""Contents that are synced in one go: saving waits behind it."""
_REST_MS = 200
"""So long after the first of a batch its contents are synced: first it is painted."""


@dataclass(frozen=True)
class _Arrival:
    project: Project
    asked: Asked
    result: Result
    grew: str
    """The id that it had in `growing`; empty if it was not seen there."""


class Arrivals(QObject):
    """Takes results into the tray of the project that is open, those of one frame in one go.

    `expect` hears of each under which id it comes. `began` carries the first id of a request.
    """

    began = Signal(str)

    def __init__(
        self,
        studio: Studio,
        growing: Growing,
        expect: Callable[[str, Asked, Result], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._growing = growing
        self._expect = expect
        self._disk = _Disk(studio, self)
        self._waiting: list[_Arrival] = []
        self._took_at = 0.0
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._take_all)

    def take(self, project: Project, asked: Asked, result: Result, grew: str) -> None:
        """A result came, and goes into the tray with what else comes at the same time."""
        self._waiting.append(_Arrival(project, asked, result, grew))
        if len(self._waiting) >= _TOGETHER:
            # Now, so that a flood fills the mailbox and holds up its worker, and not the memory.
            self._take_all()
        elif not self._timer.isActive():
            left = self._took_at + _FRAME - time.monotonic()
            self._timer.start(max(round(left * 1000), 0))

    @Slot()
    def _take_all(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._took_at = time.monotonic()
        project = self._studio.project
        here = [each for each in waiting if each.project is project]
        if here:
            self._take(project, here)

    def _take(self, project: Project, here: Sequence[_Arrival]) -> None:
        records, first = [], ""
        for each in here:
            id = project.candidates.new_id()
            self._growing.become(each.grew, id)
            first = first if each.asked.id else id
            records.append(each.asked.record(id, each.result))
            self._expect(id, each.asked, each.result)
        try:
            project.candidates.add(*records)
        except Exception as error:
            self._growing.gone.emit([each.grew for each in here])
            self._studio.say_error(error)
            return
        if first:
            self.began.emit(first)
        self._disk.add([(each.result.content, each.result.latent) for each in here])


class _Disk(QObject):
    """Has contents on the disk for good, in turns: what comes during one waits for the next."""

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._waiting: list[tuple[Content, str]] = []
        self._syncs = False
        self._soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._soon.timeout.connect(self._sync)
        studio.project_changed.connect(self._forget)

    def add(self, some: Sequence[tuple[Content, str]]) -> None:
        """These contents, each with its latent code, were written and are not synced yet."""
        self._waiting += some
        if not self._syncs and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _forget(self) -> None:
        self._waiting = []

    @Slot()
    def _sync(self) -> None:
        store, some = self._studio.project.store, self._waiting[:_TURN]
        self._waiting = self._waiting[_TURN:]
        self._syncs = bool(some)
        if some:
            self._studio.errands.run_in_order(
                lambda: sync(store, some), self._go_on, self._say_and_go_on
            )

    def _go_on(self, _nothing: object) -> None:
        self._sync()

    def _say_and_go_on(self, error: Exception) -> None:
        self._studio.say_error(error)
        self._sync()
