"""One artifact of any medium, painted as large as there is room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from aigc_studio.ui import artifact_pictures, theme

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.ui.listening.pictures import HearButton


_WIDE = 480
_LARGER = 1.35


class ArtifactView(QWidget):
    """Paints an artifact, centred, or the words that say what will be here."""

    def __init__(self, empty: str = "", least: QSize | None = None) -> None:
        super().__init__()
        self._artifact: Artifact | None = None
        self._empty = empty
        self._drawn: tuple[object, QPixmap] | None = None
        self._hear: HearButton | None = None
        self.setMinimumSize(least or QSize(120, 80))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.scheme_changed.connect(self._draw_anew)

    def sizeHint(self) -> QSize:
        """Room for a grid of samples."""
        return QSize(240, 200)

    @property
    def artifact(self) -> Artifact | None:
        """What is shown."""
        return self._artifact

    @property
    def words(self) -> str:
        """What is said while there is none."""
        return self._empty

    def show_artifact(self, artifact: Artifact | None, empty: str = "") -> None:
        """Paint this one, or, for none, the words."""
        self._artifact = artifact
        self._empty = empty or self._empty
        self._draw_anew()
        if self._hear is None and artifact is not None and artifact.medium == "melody":
            from aigc_studio.ui.listening.pictures import HearButton

            self._hear = HearButton(self)
        if self._hear is not None:
            self._hear.show_artifact(artifact)

    def _draw_anew(self) -> None:
        self._drawn = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The artifact, or what will be here."""
        with QPainter(self) as painter:
            if self._artifact is None:
                painter.setPen(theme.colour("muted"))
                wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.rect(), wrapped, self._empty)
                return
            drawn = self._picture(self._artifact)
            size = drawn.deviceIndependentSize()
            corner = QPointF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2)
            painter.drawPixmap(corner.toPoint(), drawn)

    def _picture(self, artifact: Artifact) -> QPixmap:
        """Drawn once for a size: large ones would cost each paint their scaling."""
        key = (self.size().toTuple(), self.devicePixelRatioF())
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw(artifact))
        return self._drawn[1]

    def _draw(self, artifact: Artifact) -> QPixmap:
        ratio = self.devicePixelRatioF()
        if artifact.medium != "text" or self.width() < _WIDE:
            return artifact_pictures.picture(artifact, self.size(), ratio)
        # Letters of a list are small for a page: all of it is drawn for less room, and larger.
        found = artifact_pictures.picture(artifact, self.size() / _LARGER, ratio * _LARGER)
        found.setDevicePixelRatio(ratio)
        return found
