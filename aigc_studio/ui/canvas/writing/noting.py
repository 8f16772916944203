"""Notes what is being typed beside the journal, so that no crash takes it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.text_card import TextItem
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene

_log = logging.getLogger(__name__)

EVERY = 1500
"""Milliseconds between what was typed and its note, at most."""
EVERY_LONG = 6000
"""The same for a long text: all of it is written each time."""


class Noting(QObject):
    """Follows the card that is written in; `forget` when what was typed in one is a command."""

    def __init__(self, scene: BoardScene, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._card: TextItem | None = None
        self._noted = ("", "")
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.note)

    def follow(self, card: TextItem) -> None:
        """Something may have been typed in this card, or is about to be."""
        self._card = card
        if not self._later.isActive():
            self._later.start(EVERY if card.page is None else EVERY_LONG)

    @Slot()
    def note(self) -> None:
        """Note now what stands in the editor, where that is not what was noted or is on the board.

        A disk that takes no note takes no command either: that is told then.
        """
        card = self._card
        if card is None or card.writing is None:
            return
        text = card.writing.result()[0]
        if (card.id, text) == self._noted or (text == card.value and not self._noted[0]):
            return
        from aigc_studio.project import typed

        place = card.place
        item = replace(
            card.item, x=place.x(), y=place.y(), width=place.width(), height=place.height()
        )
        try:
            typed.note(self._scene.project.folder, typed.Typed(item, text))
        except OSError:
            _log.exception("what is being typed cannot be noted")
            return
        self._noted = (card.id, text)

    def leave(self) -> None:
        """Nothing is being typed any more."""
        self._card = None
        self._later.stop()

    def forget(self, id: str) -> None:
        """What was typed in this card is a command, or nothing."""
        if self._noted[0] == id:
            from aigc_studio.project import typed

            self._noted = ("", "")
            typed.forget(self._scene.project.folder)
