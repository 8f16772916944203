"""Pictures side by side with one frame on all of them: dragged on any, it moves on every one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aigc_studio.api import Image
from aigc_studio.library.framing import WHOLE, Frame, grown, moved, spanned
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.artifact_pictures import qimage

MOST = 12
"""Pictures on a sheet."""
_LEAST_TILE, _MOST_TILE = 72, 200
_MARGIN = 4
_REACH = 9
"""Pixels around a corner of the frame in which it is taken."""
_STEP, _LARGE_STEP = 0.01, 0.05
_veil = QColor(0, 0, 0, 140)
_line = QColor(255, 255, 255)

Drag = Callable[[tuple[float, float]], Frame]
"""From where the pointer is, as shares of the picture, to the frame."""


class ContactSheet(QWidget):
    """`frame_changed` while the frame is dragged; `frame_settled` when it stays.

    Arrow keys move it (with Shift further), + and - make it larger and smaller, Home takes the
    whole picture, Escape goes back while it is dragged.
    """

    frame_changed = Signal()
    frame_settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame = WHOLE
        self._pictures: list[QPixmap] = []
        self._drag: Drag | None = None
        self._former = WHOLE
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Frame on the pictures"))
        self.setAccessibleDescription(
            _("Arrow keys move the frame, + and - make it larger and smaller, Home takes all.")
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_LEAST_TILE, _LEAST_TILE)

    def sizeHint(self) -> QSize:
        """Room for two rows."""
        return QSize(6 * 104, 2 * 104)

    def show_pictures(self, images: Sequence[Image]) -> None:
        """Show the first of these, `MOST` at most, under one frame."""
        self._pictures = [QPixmap.fromImage(qimage(each)) for each in images[:MOST]]
        self.update()

    def set_frame(self, frame: Frame) -> None:
        """Lay the frame here, as a person does who lets go of it."""
        self._lay(frame)
        self.frame_settled.emit()

    def _lay(self, frame: Frame) -> None:
        if frame != self.frame:
            self.frame = frame
            self._describe()
            self.update()
            self.frame_changed.emit()

    def _describe(self) -> None:
        left, top, right, bottom = (f"{100 * each:.0f} %" for each in self.frame)
        words = _("left {left}, top {top}, right {right}, bottom {bottom}")
        self.setAccessibleName(
            _("{title}: {value}").format(
                title=_("Frame on the pictures"),
                value=words.format(left=left, top=top, right=right, bottom=bottom),
            )
        )

    # Where things are

    def spots(self) -> list[QRect]:
        """Where each picture that there is room for lies, in its own proportions."""
        columns, rows, cell = self._grid()
        found = []
        for number, picture in enumerate(self._pictures[: columns * rows]):
            left = _MARGIN + number % columns * (cell.width() + theme.GAP)
            top = _MARGIN + number // columns * (cell.height() + theme.GAP)
            tile = QRect(QPoint(left, top), cell)
            size = picture.size().scaled(cell, Qt.AspectRatioMode.KeepAspectRatio)
            spot = QRect(QPoint(), size.expandedTo(QSize(1, 1)))
            spot.moveCenter(tile.center())
            found.append(spot)
        return found

    def _grid(self) -> tuple[int, int, QSize]:
        """Columns, rows and the size of a tile: as large as lets all be seen, in bounds."""
        count, gap = max(len(self._pictures), 1), theme.GAP
        wide, high = self._shape()
        across, down = self.width() - 2 * _MARGIN + gap, self.height() - 2 * _MARGIN + gap
        best = (0, 0, _LEAST_TILE)
        for columns in range(1, count + 1):
            rows = -(-count // columns)
            side = int(min((across / columns - gap) / wide, (down / rows - gap) / high, _MOST_TILE))
            if side > best[2]:
                best = (columns, rows, side)
        columns, rows, side = best
        cell = QSize(max(round(side * wide), 1), max(round(side * high), 1))
        if not columns:  # there is no room for all of them
            columns = max(across // (cell.width() + gap), 1)
            rows = max(down // (cell.height() + gap), 1)
        return columns, rows, cell

    def _shape(self) -> tuple[float, float]:
        """Width and height that a tile needs where the longest side of pictures is 1."""
        sizes = [each.size() for each in self._pictures] or [QSize(1, 1)]
        longest = [max(each.width(), each.height()) for each in sizes]
        wide = max(each.width() / most for each, most in zip(sizes, longest, strict=True))
        return wide, max(each.height() / most for each, most in zip(sizes, longest, strict=True))

    def frame_on(self, spot: QRect) -> QRectF:
        """The frame in pixels of the sheet, on the picture that lies at `spot`."""
        left, top, right, bottom = self.frame
        return QRectF(
            QPointF(spot.x() + left * spot.width(), spot.y() + top * spot.height()),
            QPointF(spot.x() + right * spot.width(), spot.y() + bottom * spot.height()),
        )

    def _at(self, place: QPointF, reach: int = _REACH) -> int | None:
        for number, spot in enumerate(self.spots()):
            if spot.adjusted(-reach, -reach, reach, reach).contains(place.toPoint()):
                return number
        return None

    def _corner_at(self, place: QPointF, number: int) -> tuple[float, float] | None:
        """The corner that stays when the one under the pointer is dragged, as shares."""
        on = self.frame_on(self.spots()[number])
        left, top, right, bottom = self.frame
        opposite = {
            (right, bottom): on.topLeft(), (left, bottom): on.topRight(),
            (right, top): on.bottomLeft(), (left, top): on.bottomRight(),
        }  # fmt: skip
        for stays, corner in opposite.items():
            if (place - corner).manhattanLength() <= 2 * _REACH:
                return stays
        return None

    # The pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a corner, the frame, or draw another one."""
        number = self._at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or number is None:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._former, spot = self.frame, self.spots()[number]
        size = self._pictures[number].size()
        width, height = size.width(), size.height()
        start = _shares(event.position(), spot)
        corner = self._corner_at(event.position(), number)
        if self.frame == WHOLE or (
            corner is None and not self.frame_on(spot).contains(event.position())
        ):
            corner = start
        if corner is not None:
            stays = corner
            self._drag = lambda here: spanned(stays, here, width, height)
        else:
            frame = self.frame
            self._drag = lambda here: moved(frame, here[0] - start[0], here[1] - start[1])
        self._spot = spot

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it; else show what a press would take."""
        if self._drag is not None:
            self._lay(self._drag(_shares(event.position(), self._spot)))
            return
        number, shape = self._at(event.position()), Qt.CursorShape.ArrowCursor
        if number is not None:
            corner = self._corner_at(event.position(), number)
            on = self.frame_on(self.spots()[number])
            shape = Qt.CursorShape.CrossCursor
            if corner is not None and self.frame != WHOLE:
                falls = (corner[0] == self.frame.right) == (corner[1] == self.frame.bottom)
                diagonals = Qt.CursorShape.SizeFDiagCursor, Qt.CursorShape.SizeBDiagCursor
                shape = diagonals[0 if falls else 1]
            elif on.contains(event.position()) and self.frame != WHOLE:
                shape = Qt.CursorShape.SizeAllCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It stays."""
        if self._drag is not None and event.button() == Qt.MouseButton.LeftButton:
            self._drag = None
            if self.frame != self._former:
                self.frame_settled.emit()

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move it, make it larger or smaller, or take the whole picture."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self._drag is not None:
            self._drag = None
            self._lay(self._former)
            return
        if not self._pictures:
            super().keyPressEvent(event)
            return
        step = _LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        frame = self._by_key(key, step)
        if frame is None:
            super().keyPressEvent(event)
        elif frame != self.frame:
            self.set_frame(frame)

    def _by_key(self, key: int, step: float) -> Frame | None:
        ways = {
            Qt.Key.Key_Left: (-step, 0.0), Qt.Key.Key_Right: (step, 0.0),
            Qt.Key.Key_Up: (0.0, -step), Qt.Key.Key_Down: (0.0, step),
        }  # fmt: skip
        size = self._pictures[0].size()
        for way, (across, down) in ways.items():
            if key == way:
                return moved(self.frame, across, down)
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            return grown(self.frame, 2 * step, size.width(), size.height())
        if key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            return grown(self.frame, -2 * step, size.width(), size.height())
        return WHOLE if key == Qt.Key.Key_Home else None

    # What it looks like

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures, what is cut off under a veil, and the frame with its corners."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for spot, picture in zip(self.spots(), self._pictures, strict=False):
                painter.drawPixmap(spot, picture)
                self._paint_frame(painter, spot)
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour("accent"), 1))
                outline = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
                painter.drawRoundedRect(outline, theme.RADIUS, theme.RADIUS)

    def _paint_frame(self, painter: QPainter, spot: QRect) -> None:
        if self.frame == WHOLE:
            return
        on = self.frame_on(spot)
        outside = QPainterPath()
        outside.setFillRule(Qt.FillRule.OddEvenFill)
        outside.addRect(QRectF(spot))
        outside.addRect(on)
        painter.fillPath(outside, _veil)
        edge = on.adjusted(1, 1, -1, -1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((_veil, 3.0), (_line, 1.5)):
            painter.setPen(QPen(colour, width, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(edge)
        painter.setPen(QPen(_veil, 1))
        painter.setBrush(_line)
        for corner in (edge.topLeft(), edge.topRight(), edge.bottomLeft(), edge.bottomRight()):
            painter.drawRect(QRectF(corner.x() - 3, corner.y() - 3, 6, 6))


def _shares(place: QPointF, spot: QRect) -> tuple[float, float]:
    """Where a point lies on a picture, as shares of it, within it."""
    across = (place.x() - spot.x()) / spot.width()
    down = (place.y() - spot.y()) / spot.height()
    return min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0)
