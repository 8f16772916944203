"""How notes are put by hand: the grid that they keep to, which is remembered, and how long they
are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from aigc_studio.translation import _
from aigc_studio.ui.canvas.painting.note_options import GRIDS, LENGTHS
from aigc_studio.ui.window.board.buttons import MenuButton

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView

_ROOMY = 760


class _NoteMenu(MenuButton):
    """One of the choices of notes put by hand, with its word where there is room."""

    def __init__(self, view: BoardView) -> None:
        super().__init__()
        self._view = view
        self._roomy = True
        self.choices.aboutToShow.connect(self._fill)
        view.options.notes_changed.connect(self.refresh)
        self.refresh()

    def fit(self, room: int) -> None:
        """Be shown in an options bar of so many pixels: a narrow one has none for its word."""
        self._roomy = room >= _ROOMY
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is chosen."""
        raise NotImplementedError

    @Slot()
    def _fill(self) -> None:
        raise NotImplementedError


class NoteGrid(_NoteMenu):
    """There with any tool while a tune is selected alone: they all put notes on it."""

    @Slot()
    def refresh(self) -> None:
        """Show the grid that is chosen."""
        grid = self._view.options.notes.grid
        shown = grid or _("auto")
        words = _("Grid {grid}").format(grid=shown) if self._roomy else shown
        self.say(words, _("Note grid: {name}").format(name=grid_title(grid)))

    @Slot()
    def _fill(self) -> None:
        self.choices.clear()
        triplets = [grid for grid in GRIDS if grid.endswith("T")]
        for grids in ([""], [grid for grid in GRIDS if grid not in triplets], triplets):
            for grid in grids:
                action = self.choices.addAction(grid_title(grid))
                action.setCheckable(True)
                action.setChecked(grid == self._view.options.notes.grid)
                action.triggered.connect(partial(self._choose, grid))
            if grids is not triplets:
                self.choices.addSeparator()

    def _choose(self, grid: str, _checked: bool = False) -> None:
        self._view.options.set_notes(replace(self._view.options.notes, grid=grid))


class NoteLength(_NoteMenu):
    """How long the next note is that is put by hand; a note that is drawn or picked sets it."""

    @Slot()
    def refresh(self) -> None:
        """Show the length that is chosen."""
        length = length_title(self._view.options.notes.length)
        words = _("Note {length}").format(length=length) if self._roomy else length
        name = _("Length of the next note: {length}").format(length=length)
        self.say(words, name, _("Keys: 1 to 7, and a dot"))

    @Slot()
    def _fill(self) -> None:
        self.choices.clear()
        notes = self._view.options.notes
        for dotted in (False, True):
            for length in sorted(LENGTHS.values(), reverse=True):
                one = length * Fraction(3, 2) if dotted else length
                action = self.choices.addAction(length_title(one))
                action.setCheckable(True)
                action.setChecked(one == notes.length)
                action.triggered.connect(partial(self._choose, one))
            if not dotted:
                self.choices.addSeparator()

    def _choose(self, length: Fraction, _checked: bool = False) -> None:
        self._view.options.set_notes(replace(self._view.options.notes, length=length))


def length_title(quarters: Fraction) -> str:
    """A length as a part of a whole note: a dotted quarter is 3/8."""
    return str(quarters / 4)


def grid_title(grid: str) -> str:
    """A grid in words."""
    if not grid:
        return _("As fine as there is room for")
    part = grid.removesuffix("T")
    return _("{part} triplets").format(part=part) if grid != part else part
