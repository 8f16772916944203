"""The living picture: rows of what the chosen generator makes, fading into the board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QImage, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aigc_studio.ui import theme
from aigc_studio.ui.first import portraits

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

PITCHES = 68, 112
"""Pixels from one row to the next, at least and at most."""
_ROWS = 4.6
"""Rows in the reach of the wall, where that gives such a pitch."""
_APART = 16
_MOST = 96
"""Portraits that are shown at once."""


class Wall(QWidget):
    """Shows artifacts in rows, as many as there is room for. The pointer goes through it.

    `changed`: other artifacts hang on it. `resized`: there is room for more of them, or for fewer.
    """

    changed = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._artifacts: tuple[Artifact, ...] = ()
        self._reach = 0
        self.waiting = False
        self._now = QImage()
        self._former = QImage()
        self._blend = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._blend.valueChanged.connect(self._repaint)
        self._blend.finished.connect(self._forget_former)
        theme.scheme_changed.connect(self._draw_anew)

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """What hangs on it."""
        return self._artifacts

    def set_reach(self, pixels: int) -> None:
        """How far down the rows go until they have faded; below is the way to the board."""
        if pixels != self._reach:
            self._reach = pixels
            self._draw_anew()
            self.resized.emit()

    def set_waiting(self, waiting: bool) -> None:
        """Whether something is on its way: until it comes, an empty wall shows where it will be."""
        if waiting != self.waiting:
            self.waiting = waiting
            if not self._artifacts:
                self._draw_anew()

    def show_artifacts(self, artifacts: Sequence[Artifact]) -> None:
        """Hang these up instead of what was there; the pictures turn into each other."""
        added = self._artifacts and tuple(artifacts[: len(self._artifacts)]) == self._artifacts
        former, self._artifacts = self._now, tuple(artifacts[:_MOST])
        self._now = self._drawn()
        self.changed.emit()
        if added or not theme.motion() or not self.isVisible():
            self._forget_former()
            return
        self._former = former
        self._blend.stop()
        self._blend.setDuration(theme.motion())
        self._blend.start()

    def room_for(self, artifact: Artifact | None) -> int:
        """How many portraits like this one fill it; like a square where there is none."""
        width = (
            self._cell * (portraits.shape_of(artifact) if artifact is not None else 1.0) + _APART
        )
        rows = max(1, round(self._reach / self._pitch + 0.3))
        return max(1, int((self.width() + _APART) // width)) * rows

    @property
    def _pitch(self) -> int:
        least, most = PITCHES
        return round(min(max(self._reach / _ROWS, least), most))

    @property
    def _cell(self) -> int:
        return self._pitch - _APART

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper that becomes the board, and the rows on it."""
        with QPainter(self) as painter:
            ground = QLinearGradient(0, 0, 0, self.height())
            ground.setColorAt(0, theme.colour("surface"))
            ground.setColorAt(0.3, theme.mixed("surface", "canvas", 0.8))
            ground.setColorAt(0.85, theme.colour("canvas"))
            ground.setColorAt(1, theme.colour("canvas", 0.0))
            painter.fillRect(self.rect(), ground)
            share = float(self._blend.currentValue()) if not self._former.isNull() else 1.0
            if share < 1:
                painter.setOpacity(1 - share)
                painter.drawImage(QPointF(0, 0), self._former)
            painter.setOpacity(share)
            painter.drawImage(QPointF(0, 0), self._now)

    def resizeEvent(self, event: Any) -> None:
        """Hang everything anew."""
        super().resizeEvent(event)
        self._draw_anew()
        self.resized.emit()

    @Slot()
    def _draw_anew(self) -> None:
        self._now = self._drawn()
        self._forget_former()

    @Slot()
    def _forget_former(self) -> None:
        self._former = QImage()
        self.update()

    @Slot(object)
    def _repaint(self, _share: object) -> None:
        self.update()

    def _drawn(self) -> QImage:
        """All of it as one picture, so that blending and repainting draw nothing anew."""
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        picture = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        if self.size().isEmpty() or not (self._artifacts or self.waiting):
            return picture
        with QPainter(picture) as painter:
            if not self._artifacts:
                self._draw_places(painter)
            for artifact, room in zip(self._artifacts, self._rooms(), strict=False):
                portraits.paint(painter, artifact, room)
            # The lower rows fade, so that the words over them can be read.
            fade = QLinearGradient(0, 0, 0, max(1, self._reach))
            fade.setColorAt(0.4, Qt.GlobalColor.black)
            fade.setColorAt(1, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
            painter.fillRect(QRectF(0, 0, self.width(), self.height()), fade)
        return picture

    def _draw_places(self, painter: QPainter) -> None:
        """Where something will be."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text", 0.045))
        side, step = self._cell, self._cell + _APART
        count = max(1, int((self.width() - _APART) // step))
        left = (self.width() - count * step + _APART) / 2
        for row in range(-(-self._reach // self._pitch)):
            x = left + (row % 2) * min(side / 4, 20)
            for _number in range(count):
                room = QRectF(x, row * self._pitch + _APART / 2, side, side)
                painter.drawRoundedRect(room.adjusted(4, 4, -4, -4), 8, 8)
                x += step

    def _rooms(self) -> list[QRectF]:
        """Places of the portraits: full rows from the top, each centred."""
        rooms: list[QRectF] = []
        for number, row in enumerate(self._rows()):
            widths = [self._cell * portraits.shape_of(each) for each in row]
            whole = sum(widths) + _APART * (len(row) - 1)
            # Rows of equal cells would make a table; every other one is moved by half a cell.
            x = (self.width() - whole) / 2 + (number % 2) * min(widths[0] / 4, 20)
            y = number * self._pitch + _APART / 2
            for width in widths:
                rooms.append(QRectF(x, y, width, self._cell))
                x += width + _APART
        return rooms

    def _rows(self) -> list[list[Artifact]]:
        rows: list[list[Artifact]] = [[]]
        taken = 0.0
        for artifact in self._artifacts:
            width = self._cell * portraits.shape_of(artifact) + _APART
            if rows[-1] and taken + width > self.width() - _APART:
                if len(rows) * self._pitch >= self._reach:
                    break
                rows.append([])
                taken = 0.0
            rows[-1].append(artifact)
            taken += width
        # A last row that is not full is what a wall of another size left over.
        if len(rows) > 1 and not self._is_full(taken):
            rows.pop()
        return rows if self._artifacts else []

    def _is_full(self, taken: float) -> bool:
        """Whether there is no room for another one like the last of a row that is so wide."""
        last = self._cell * portraits.shape_of(self._artifacts[-1]) + _APART
        return taken + last > self.width() - _APART
