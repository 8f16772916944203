"""Small pictures of the files of an import, read beside the window as they come in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QPixmap

from aigc_studio.jobs import Errands

if TYPE_CHECKING:
    from pathlib import Path

    from aigc_studio.api import Image
    from aigc_studio.library import FileCheck

SIDE = 36
"""Longest side in logical pixels."""
_MOST_WAITING = 24
"""So many are in sight at most: those asked for earlier are out of sight again."""
_MOST_KEPT = 2_000


class FilePictures(QObject):
    """`loaded` carries the path of a file whose picture is there now."""

    loaded = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._errands = Errands(self)
        self._pictures: dict[Path, QPixmap | None] = {}
        self._wanted: list[FileCheck] = []
        self._reading = False

    def picture(self, file: FileCheck) -> QPixmap | None:
        """Its picture; None while it is read, and for what has none."""
        if file.path in self._pictures:
            return self._pictures[file.path]
        if file not in self._wanted:
            self._wanted = [*self._wanted[1 - _MOST_WAITING :], file]
            self._read_next()
        return None

    def close(self) -> None:
        """Read no more."""
        self._wanted = []
        self._errands.close()

    def _read_next(self) -> None:
        if self._reading or not self._wanted:
            return
        from aigc_studio.library.contact_sheets import read_for_sheet

        self._reading, file = True, self._wanted[0]
        self._errands.run(lambda: read_for_sheet(file, 1), lambda found: self._take(file, found))

    def _take(self, file: FileCheck, found: list[Image]) -> None:
        self._reading = False
        if file in self._wanted:
            self._wanted.remove(file)
        if len(self._pictures) >= _MOST_KEPT:
            self._pictures.clear()
        self._pictures[file.path] = _small(found[0]) if found else None
        self._read_next()
        self.loaded.emit(file.path)


def _small(image: Image) -> QPixmap:
    from aigc_studio.ui.artifact_pictures import qimage

    size = QSize(2 * SIDE, 2 * SIDE)  # sharp where a logical pixel is two
    ways = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(qimage(image).scaled(size, *ways))
