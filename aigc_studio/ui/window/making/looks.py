"""Looks: what a wish would give, asked for at each change of it, and kept nowhere."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from aigc_studio.jobs import Job
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.asked import Asked, Look

_UNDER_WAY = 8
"""So many at most are still under way when something is asked for in earnest."""


class Looks(QObject):
    """Has live previews made, and tells of them: `looked` carries a `Look`, `failed` a `JobError`.

    Only the newest wish counts, and a busy window falls behind nowhere: what a newer look follows
    on its heels is not told.
    """

    looked = Signal(object)
    failed = Signal(object)

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._wished: deque[Asked] = deque(maxlen=_UNDER_WAY)
        self._newest: Asked | None = None
        """Of what the newest look that has come was asked."""
        studio.jobs.preview_ready.connect(self._tell)
        studio.jobs.preview_failed.connect(self.failed)

    def preview(self, asked: Asked) -> None:
        """Show what this would give."""
        self._wished.append(asked)
        record = self._studio.record(asked.prompt.generator)
        self._studio.jobs.preview(record, asked.verb, asked.wanted, partial(self._look, asked))

    def sketch(self, asked: Asked) -> Job | None:
        """Have it made for somebody else, who hears of it by its job alone; None when that cannot
        be now."""
        record = self._studio.record(asked.prompt.generator)
        return self._studio.jobs.preview(record, asked.verb, asked.wanted, asked.look, private=True)

    def give_way(self) -> None:
        """Something is asked for in earnest: a look that is still under way would cover it."""
        for former in self._wished:
            former.is_over = True

    def _look(self, asked: Asked, event: Any) -> Any:
        """On the reader thread: what a live preview made, of which the newest is on its way now."""
        look = asked.look(event)
        self._newest = asked  # not before there is one: an older look would give way to nothing
        return look

    @Slot(object)
    def _tell(self, look: Look) -> None:
        superseded = look.asked is not self._newest
        if look.asked is None or not (look.asked.is_over or superseded):
            self.looked.emit(look)
