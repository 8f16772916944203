"""What the tools in hand were told: the brush, how masks are made, how notes are put."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from aigc_studio.ui.canvas.painting.brush import Brush, MaskOptions

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.painting.note_options import NoteOptions


class ToolOptions(QObject):
    """Holds for all tools of a view; what shows or keeps one of them hears when it is another.

    `brush_changed` carries the brush and the one before it, `colour_picked` a colour that was taken
    from the board or a palette. `recall_notes` gives the note options of the last time.
    """

    brush_changed = Signal(object, object)
    mask_changed = Signal(object)
    notes_changed = Signal(object)
    colour_picked = Signal(QColor)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.brush = Brush()
        self.mask = MaskOptions()
        self.recall_notes: Callable[[], NoteOptions] | None = None

    @functools.cached_property
    def notes(self) -> NoteOptions:
        """How notes are put by hand; read when a tune is first at hand."""
        from aigc_studio.ui.canvas.painting.note_options import NoteOptions

        return NoteOptions() if self.recall_notes is None else self.recall_notes()

    def set_brush(self, brush: Brush) -> None:
        """Paint and mask with another brush."""
        former = self.brush
        if brush != former:
            self.brush = brush
            self.brush_changed.emit(brush, former)

    def set_mask(self, options: MaskOptions) -> None:
        """Make and change masks in another way."""
        if options != self.mask:
            self.mask = options
            self.mask_changed.emit(options)

    def set_notes(self, options: NoteOptions) -> None:
        """Put notes by hand in another way."""
        if options != self.notes:
            self.notes = options
            self.notes_changed.emit(options)

    def pick_colour(self, colour: QColor) -> None:
        """Paint with this colour."""
        rgb = (colour.red(), colour.green(), colour.blue())
        self.set_brush(replace(self.brush, colour=rgb))
        self.colour_picked.emit(QColor(colour.rgb()))
