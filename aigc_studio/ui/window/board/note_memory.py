"""How notes were put by hand the last time, kept for the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.canvas.painting.note_options import NoteOptions
    from aigc_studio.ui.settings import Settings

_NOTES = "notes"


def remember_grid(view: BoardView, settings: Settings) -> None:
    """Have a view begin with the grid that was chosen last, and remember the one that is chosen."""

    def keep(options: NoteOptions) -> None:
        if options.grid != settings.remembered(_NOTES).get("grid", ""):
            settings.remember({"grid": options.grid}, _NOTES)

    view.first_grid = str(settings.remembered(_NOTES).get("grid", ""))
    view.note_options_changed.connect(keep)
