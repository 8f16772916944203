"""How notes were put by hand the last time, kept for the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.ui.canvas.painting.note_options import GRIDS, NoteOptions

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.settings import Settings

_NOTES = "notes"


def recalled(view: BoardView, settings: Settings) -> NoteOptions:
    """The grid that was chosen last; from now on the one that is chosen in the view is kept."""

    def keep(options: NoteOptions) -> None:
        if options.grid != settings.remembered(_NOTES).get("grid", ""):
            settings.remember({"grid": options.grid}, _NOTES)

    view.options.notes_changed.connect(keep)
    grid = str(settings.remembered(_NOTES).get("grid", ""))
    return NoteOptions(grid if grid in GRIDS else "")
