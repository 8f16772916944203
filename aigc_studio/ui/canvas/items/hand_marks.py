"""What hands do on a tune's card: notes on their way, and those that are picked."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Protocol

from aigc_studio.ui.canvas.items.handful import Handful, nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from aigc_studio.api.melody import Note
    from aigc_studio.ui.canvas.items.roll import Roll
    from aigc_studio.ui.canvas.items.roll_ghost import Ghost
    from aigc_studio.ui.canvas.items.score import Score
    from aigc_studio.ui.canvas.items.sketch import Sketch
    from aigc_studio.ui.canvas.items.staff_face import StaffFace


class _Card(Protocol):
    """The card of the tune, as far as its marks need it."""

    @property
    def score(self) -> Score:
        """Its notes as numbers; those of the former tune while another one is on its way."""

    @property
    def is_here(self) -> bool:
        """Whether its score is that of the tune that is wanted."""

    @property
    def roll(self) -> Roll:
        """The notes as they are drawn now."""

    @property
    def staff(self) -> StaffFace | None:
        """The staff that is shown instead of the roll."""

    def look_again(self) -> None:
        """Something else is to be seen on it."""


BESIDE = 400
"""So many notes are drawn beside a card at most, evenly taken: bars are shown there, not a tune."""


class HandMarks:
    """`picks` are the notes that are marked, or will be once what is under way is done."""

    def __init__(self, card: _Card) -> None:
        self._card = card
        self._there: tuple[Score | None, Handful] = (None, nothing())
        self._sketches: list[Sketch] = []
        self._marked: Sketch | None = None
        self._ghost: Ghost | None = None
        self.picks = nothing()

    @property
    def is_empty(self) -> bool:
        """Whether no note is picked, and none is on its way."""
        return not self._sketches and not len(self.picks)

    def show(self, sketch: Sketch, former: Sketch | None = None) -> None:
        """Show notes that are about to change, instead of a former sketch of them."""
        if former in self._sketches:
            self._sketches.remove(former)
        self._sketches.append(sketch)
        self._show_end()
        self._card.look_again()

    def drop(self, stroke: Any) -> None:
        """Show a sketch no longer."""
        if stroke in self._sketches:
            self._sketches.remove(stroke)
            self._show_end()
            self._card.look_again()

    def pick(self, notes: Iterable[Note]) -> None:
        """Mark these notes as those that are meant; none: no longer."""
        picks = Handful.of(notes)
        if not picks.is_same(self.picks):
            self.picks = picks
            self._there = (None, picks)
            self._card.look_again()

    def picked(self) -> Handful:
        """The notes that are marked, as long as they are there; nobody waits for a tune that is on
        its way to know which those are."""
        if not len(self.picks) or not self._card.is_here:
            return self.picks
        score = self._card.score
        if self._there[0] is not score:
            self._there = (score, self.picks.among(Handful.of_score(score)))
        return self._there[1]

    def paint(self, painter: QPainter, roll: Roll, scale: float, exposed: QRectF) -> None:
        """All of it, over the notes of a roll."""
        if self.is_empty:
            return
        from aigc_studio.ui.canvas.items.roll_hands import paint_sketch

        for sketch in self._sketches or [self._picked_sketch()]:
            paint_sketch(painter, roll, scale, exposed, sketch)

    def _picked_sketch(self) -> Sketch:
        """The same notes are the same sketch, which knows them as numbers."""
        from aigc_studio.ui.canvas.items.sketch import Sketch

        notes = self.picked()
        if self._marked is None or self._marked.put is not notes:
            self._marked = Sketch(put=notes)
        return self._marked

    def _show_end(self) -> None:
        """Show the bars that a note brings which is drawn past the end."""
        card, roll = self._card, self._card.roll
        puts = [Handful.of(sketch.put) for sketch in self._sketches]
        end = max((each.end for each in puts), default=0)
        seen = card.staff is None and roll.ends[1] >= roll.score.length
        if seen and end > roll.score.length:
            if self._ghost is None:
                from PySide6.QtWidgets import QGraphicsItem

                from aigc_studio.ui.canvas.items.roll_ghost import Ghost

                assert isinstance(card, QGraphicsItem)
                self._ghost = Ghost(card)
            beyond = [_few(each.ending_after(roll.score.length)) for each in puts]
            self._ghost.show_notes(roll, list(itertools.chain(*beyond)), end)
        elif self._ghost is not None:
            self._ghost.hide()


def _few(notes: Handful) -> Handful:
    return notes[:: -(-len(notes) // BESIDE) or 1]
