"""Candidates that are heard: by their keys, by their buttons, and as soon as they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot

from aigc_studio.ui.listening import ear

if TYPE_CHECKING:
    from aigc_studio.ui.candidates.strip import CandidateStrip
    from aigc_studio.ui.window.making.staging import Staging

ITEM, STAGE = "item:", "stage:"
"""Where a tune is shown: on the board, by its item's id, or on stage, by the candidate's."""


class Play(Protocol):
    """Plays the tune that is shown at a place."""

    def __call__(self, place: str, *, quietly: bool = False) -> None:
        """Nobody is told why it cannot be heard where it was to be `quietly`."""
        ...


class Auditions(QObject):
    """Has a candidate played when it is on stage, and what was there before it.

    Who goes on to the next one with one in the ear hears that.
    """

    def __init__(
        self, staging: Staging, strip: CandidateStrip, play: Play, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._staging = staging
        self._stage = staging.view.stage
        self._list = strip.list
        self._play = play
        self._ear = ear()
        self._wanted, self._quietly = "", False
        """A candidate that is to be heard as soon as it is on stage."""
        self._shows_before = False
        self._stage.changed.connect(self._note_stage)
        self._ear.changed.connect(self._note_heard)
        self._staging.deciding.hear_wanted.connect(self._hear)
        strip.heard.connect(self._toggle)
        self._list.number_chosen.connect(self._hear_chosen)

    def note_batch(self, id: str) -> None:
        """Results of a request have come: a tune among them that is looked at is heard at once, if
        nothing else is."""
        busy = self._ear.is_playing and not self._ear.place.startswith(STAGE)
        if not busy and self._staging.candidate == id:
            self._audition(id, quietly=True)

    def which(self) -> bool | None:
        """Of the candidate on stage and what was before it, the one that is heard: False, True."""
        if not self._ear.is_playing or not self._staging.shown:
            return None
        places = {STAGE + self._staging.shown: False}
        if self._stage.hides:
            places[ITEM + self._stage.hides] = True
        return places.get(self._ear.place)

    def show_before(self, on: bool) -> None:
        """Have seen what is heard."""
        if on is not self._shows_before:
            self._shows_before = on
            self._staging.show_before(on)

    @Slot(bool)
    def _hear(self, before: bool) -> None:
        """The candidate on stage, or what it would replace, is to be heard, or no longer."""
        place = ITEM + self._stage.hides if before else STAGE + self._staging.shown
        if self._ear.is_playing and self._ear.place == place:
            self._ear.stop()
            return
        self._play(place)
        self.show_before(before)

    @Slot()
    def _hear_chosen(self) -> None:
        """The one whose number was pressed."""
        cell = self._list.current
        if cell is not None and cell.can_play and len(cell.frames) == 1:
            self._audition(cell.frame.id)

    @Slot(str)
    def _toggle(self, id: str) -> None:
        if self._ear.is_playing and self._ear.place == STAGE + id:
            self._ear.stop()
            return
        if self._staging.shown != id:
            self._staging.look_at(id)
        self._audition(id)

    def _audition(self, id: str, *, quietly: bool = False) -> None:
        """Play a candidate as soon as it is on stage."""
        self._wanted, self._quietly = id, quietly
        self._play_wanted()

    def _play_wanted(self) -> None:
        if self._wanted != self._staging.candidate:
            self._wanted = ""  # another one is looked at by now
        elif self._wanted == self._staging.shown:
            id, self._wanted = self._wanted, ""
            self._play(STAGE + id, quietly=self._quietly)

    @Slot()
    def _note_stage(self) -> None:
        place, shown = self._ear.place, STAGE + self._staging.shown
        is_other = place.startswith(STAGE) and place != shown
        if self._wanted:
            self._play_wanted()
        elif self._ear.is_playing and self._staging.sounds and is_other:
            self._play(shown, quietly=True)

    @Slot()
    def _note_heard(self) -> None:
        if not self._ear.is_playing or self._ear.place != ITEM + self._stage.hides:
            self.show_before(False)
