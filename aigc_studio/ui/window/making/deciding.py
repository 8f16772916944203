"""What is decided of what is on stage: the bar under it, and all that its buttons and keys do."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.ui.canvas.staging.bars import DecisionBar

if TYPE_CHECKING:
    from aigc_studio.ui.candidates.strip import CandidateStrip
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.comparing import Comparing
    from aigc_studio.ui.window.making.session import Session
    from aigc_studio.ui.window.making.staging import Staging


class Deciding(QObject):
    """Lets the candidate on stage be kept, dropped, compared and heard, and others be looked at.

    `kept` and `dropped` carry ids: what was decided, for whoever does it.
    """

    kept = Signal(list)
    dropped = Signal(list)
    hear_wanted = Signal(bool)
    """The tune that is looked at is to be heard; True: what was there before it."""

    def __init__(
        self, studio: Studio, session: Session, staging: Staging, strip: CandidateStrip
    ) -> None:
        super().__init__(staging)
        self._studio = studio
        self._session = session
        self._staging = staging
        self._strip = strip
        self._stage = staging.view.stage
        self.bar = DecisionBar(staging.view)
        self._connect()

    def _connect(self) -> None:
        bar = self.bar
        bar.stepped.connect(self.step)
        bar.kept.connect(self.keep)
        bar.dropped.connect(self.drop)
        bar.before_held.connect(self._stage.show_before)
        bar.wiped.connect(self.show_wipe)
        bar.more_wanted.connect(self.ask_more)
        bar.hear_wanted.connect(self.hear_wanted)
        self._staging.making.bar.stepped.connect(self.step)
        self._stage.changed.connect(self.refresh)

    @property
    def is_possible(self) -> bool:
        """Whether a candidate is on stage, or what may become one, and the hands are free."""
        there = self._staging.decided_on or self._staging.growth
        return bool(there) and not self._staging.view.is_busy()

    @Slot(int)
    def step(self, by: int) -> None:
        """Look at the next one, or the one before."""
        self._strip.list.step(by)

    def pick(self, number: int) -> None:
        """Look at the one of this number."""
        self._strip.list.choose_number(number)

    @Slot()
    def keep(self) -> None:
        """Put it on the board, where it is shown; what grows is stopped, and waits then."""
        if self._staging.growth:
            self._session.growing.stop_and_keep()
        elif ids := self._staging.decided_on:
            self.show_wipe(False)
            self.kept.emit(ids)

    @Slot()
    def drop(self) -> None:
        """Throw it away, and look at the next; what grows is cancelled."""
        if self._staging.growth:
            self._session.cancel()
        elif ids := self._staging.decided_on:
            self.dropped.emit(ids)

    @Slot()
    def ask_more(self) -> None:
        """Make others with the same settings."""
        if self._staging.candidate:
            self._session.ask_more(self._staging.candidate)

    @functools.cached_property
    def comparing(self) -> Comparing:
        """Has a line between what was here and what is; the start does without."""
        from aigc_studio.ui.window.making.comparing import Comparing

        made = Comparing(self._studio, self._staging.view)
        made.changed.connect(self.refresh)
        return made

    @property
    def is_compared(self) -> bool:
        """Whether that line is wanted."""
        return "comparing" in vars(self) and self.comparing.is_on

    @Slot(bool)
    def show_wipe(self, on: bool) -> None:
        """Have that line, where both are pictures, or not."""
        if on or self.is_compared:
            self.comparing.set_on(on and self._stage.can_split)

    @Slot()
    def refresh(self) -> None:
        """Another thing is on stage, or there are more candidates, or fewer."""
        shown, staging = self._strip.list.shown, self._staging
        if staging.growth:
            staging.making.bar.show_place(*shown.number_among(staging.growth))
        if not staging.decided_on or self._stage.item is None:
            self.bar.stay_by(None)
            return
        self.bar.show_place(*shown.number_among(staging.candidate))
        self.bar.show_wipe(self._stage.can_split, self.is_compared)
        self.bar.show_hear(staging.sounds, before=bool(self._stage.hides))
        self.bar.stay_by(self._stage.place)
