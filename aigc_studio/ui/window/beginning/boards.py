"""Boards that were worked on lately, read beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aigc_studio.ui.first.recent import thumbnail

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from aigc_studio.ui.first.screen import FirstScreen
    from aigc_studio.ui.studio import Studio

MOST = 6


class Boards(QObject):
    """Keeps the thumbnails of a first screen: those of files that are there and can be read."""

    def __init__(self, studio: Studio, screen: FirstScreen) -> None:
        super().__init__(screen)
        self._studio = studio
        self._screen = screen
        self._shown: list[tuple[Path, float]] = []
        studio.settings.changed.connect(self._note)

    @Slot(str)
    def _note(self, name: str) -> None:
        if name == "recent_files" and self._screen.isVisible():
            self.look()

    @Slot()
    def look(self) -> None:
        """Look which boards there are, and show them if they are others than before."""
        paths = self._studio.settings.recent_files()
        self._studio.errands.run(lambda: _stamped(paths), self._compare, self._studio.say_error)

    def _compare(self, stamped: list[tuple[Path, float]]) -> None:
        if stamped == self._shown:
            return
        self._shown = stamped
        paths = [path for path, _time in stamped]
        self._studio.errands.run(
            lambda: read(paths), self._screen.set_boards, self._studio.say_error
        )


def _stamped(paths: Sequence[Path]) -> list[tuple[Path, float]]:
    found = []
    for path in paths:
        try:
            found.append((path, path.stat().st_mtime))
        except OSError:
            continue
    return found[:MOST]


def read(paths: Sequence[Path]) -> list[tuple[Path, QImage]]:
    """Boards and the pictures in them; a file that is no board is left out. On any thread."""
    from aigc_studio.project import glance

    found = []
    for path in paths:
        data = glance.preview(path)
        if data is not None:
            found.append((path, thumbnail(data)))
    return found
