"""Boards that were worked on lately, read beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

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
        self._paths: list[Path] = []
        self._moments: dict[Path, float | None] = {}
        self._asked: set[Path] = set()
        self._soon = QTimer(self, singleShot=True, interval=20)
        self._soon.timeout.connect(self._compare)
        studio.settings.changed.connect(self._note)

    @Slot(str)
    def _note(self, name: str) -> None:
        if name == "recent_files" and self._screen.isVisible():
            self.look()

    @Slot()
    def look(self) -> None:
        """Look which boards there are, and show them if they are others than before.

        Each is asked for by itself: one on a drive that does not answer keeps none of them back.
        """
        self._paths = self._studio.settings.recent_files()
        self._soon.start()  # there may be none any more
        for path in self._paths:
            if path not in self._asked:
                self._asked.add(path)
                take = partial(self._take, path)
                self._studio.errands.run(partial(_moment, path), take, self._studio.say_error)

    def _take(self, path: Path, moment: float | None) -> None:
        self._asked.discard(path)
        self._moments[path] = moment
        self._soon.start()

    @Slot()
    def _compare(self) -> None:
        moments = [(path, self._moments.get(path)) for path in self._paths]
        stamped = [(path, moment) for path, moment in moments if moment is not None][:MOST]
        if stamped == self._shown:
            return
        self._shown = stamped
        paths = [path for path, _time in stamped]
        self._studio.errands.run(
            lambda: read(paths), self._screen.set_boards, self._studio.say_error
        )


def _moment(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def read(paths: Sequence[Path]) -> list[tuple[Path, QImage]]:
    """Boards and the pictures in them; a file that is no board is left out. On any thread."""
    from aigc_studio.project import glance

    found = []
    for path in paths:
        data = glance.preview(path)
        if data is not None:
            found.append((path, thumbnail(data)))
    return found
