"""What is kept in the strip flies to its place on the board: shows where a thing went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEasingCurve,
    QPoint,
    QPointF,
    QRectF,
    QSizeF,
    Qt,
    QTimer,
    QVariantAnimation,
    Slot,
)
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from aigc_studio.ui import theme

if TYPE_CHECKING:
    from aigc_studio.ui.candidates.strip import CandidateStrip
    from aigc_studio.ui.canvas.view import BoardView

MOST = 12
"""So many pictures fly at a time: of more, nobody could follow one."""
_SETTLE_MS = 10
"""The view finds what has come before anything flies there."""

Start = tuple[QPixmap, QRectF]
"""A picture and where it is, in pixels of the window."""


class Flight(QWidget):
    """Lies over a window for as long as pictures fly, takes no clicks, and goes by itself."""

    def __init__(self, view: BoardView, starts: Sequence[Start | None], ids: Sequence[str]) -> None:
        super().__init__(view.window())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view = view
        pairs = zip(starts, ids, strict=False)
        self._starts = [(start, id) for start, id in pairs if start is not None]
        self._ends: list[QRectF] = []
        self._motion = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._motion.setDuration(theme.motion())
        self._motion.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._motion.valueChanged.connect(self._repaint)
        self._motion.finished.connect(self.deleteLater)
        QTimer.singleShot(_SETTLE_MS, self, self._begin)

    @Slot()
    def _begin(self) -> None:
        board = self._view.board_scene.board
        found = [(start, board.get(id)) for start, id in self._starts]
        here = [(start, item) for start, item in found if item is not None]
        if not here:
            self.deleteLater()
            return
        self._starts = [(start, item.id) for start, item in here]
        corner = QPointF(self._view.viewport().mapTo(self.window(), QPoint()))
        places = (QRectF(item.x, item.y, item.width, item.height) for _start, item in here)
        self._ends = [self._view.to_view_rect(place).translated(corner) for place in places]
        self.setGeometry(self.window().rect())
        self.show()
        self.raise_()
        self._motion.start()

    @Slot()
    def _repaint(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each picture between where it was and where it is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        far = float(self._motion.currentValue())
        painter.setOpacity(1.0 - 0.5 * far)
        for ((picture, start), _id), end in zip(self._starts, self._ends, strict=True):
            place = _between(start, end, far)
            painter.drawPixmap(place, picture, QRectF(picture.rect()))
        painter.end()


def starts_of(strip: CandidateStrip, ids: Sequence[str]) -> list[Start | None]:
    """The pictures of candidates in the strip, in that order; None for one that is not seen now."""
    return [_start_of(strip, id) for id in ids[:MOST]]


def _start_of(strip: CandidateStrip, id: str) -> Start | None:
    shown = strip.list.viewport()
    row, picture = strip.list.shown.row_of(id), strip.list.picture_of(id)
    if row < 0 or picture is None or not shown.rect().intersects(strip.list.rect_of(row)):
        return None
    place = QRectF(QPointF(), QSizeF(picture.deviceIndependentSize()))
    place.moveCenter(QRectF(strip.list.rect_of(row)).center())
    return picture, place.translated(QPointF(shown.mapTo(strip.window(), QPoint())))


def _between(start: QRectF, end: QRectF, far: float) -> QRectF:
    corner = start.topLeft() + (end.topLeft() - start.topLeft()) * far
    width = start.width() + (end.width() - start.width()) * far
    height = start.height() + (end.height() - start.height()) * far
    return QRectF(corner.x(), corner.y(), width, height)
