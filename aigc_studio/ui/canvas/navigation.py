"""Moving over the board: zoom to the pointer, pan, fit, and the ground that is seen behind it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QImage, QPainter, QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from aigc_studio.ui import theme

SMALLEST_ZOOM, LARGEST_ZOOM = 1 / 32, 64.0
STOPS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
MARGIN = 40
"""Pixels around what is fitted into the view."""
DOTS = 24.0
"""Board units between dots of the ground at 100 %."""

Stand = tuple[float, int, int]


class Navigation(QGraphicsView):
    """A view that moves freely. `zoom` is pixels of the screen on a board unit, 1 = 100 %.

    What is fitted, revealed or asked for as in view is so in `clear_room`, beside what covers it.
    """

    zoom_changed = Signal(float)

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        self._covered = 0
        self._dots_of: object = None
        self._dots = QImage()
        self._opened: tuple[QRectF, Stand] | None = None
        super().__init__(scene, parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        # For all items at once: thousands need not ask for it one by one.
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.centerOn(0, 0)

    @property
    def zoom(self) -> float:
        """Pixels of the viewport on a board unit."""
        return self.transform().m11()

    @property
    def covered(self) -> int:
        """Pixels at the lower edge that something else lies over."""
        return self._covered

    def set_covered(self, pixels: int) -> None:
        """Something lies over so many pixels at the lower edge: nothing moves, but what comes into
        view from now on comes above it."""
        if pixels != self._covered:
            self._covered = pixels
            self.viewport().update()

    def clear_room(self) -> QRect:
        """The part of the viewport that nothing lies over; all of it where too little is left."""
        rect = self.viewport().rect()
        left = rect.adjusted(0, 0, 0, -self._covered)
        return left if left.height() >= 2 * MARGIN else rect

    def set_zoom(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that the board under `around` (viewport; its middle by default) stays there."""
        zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        if math.isclose(zoom, self.zoom, rel_tol=1e-9):
            return
        around = QPointF(self.clear_room().center()) if around is None else around
        kept = self.to_scene(around)
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self.pan(around - self.to_view(kept))
        self.viewport().update()
        self.zoom_changed.emit(self.zoom)

    def zoom_in(self) -> None:
        """To the next larger power of two."""
        self.set_zoom(next((stop for stop in STOPS if stop > self.zoom * 1.01), LARGEST_ZOOM))

    def zoom_out(self) -> None:
        """To the next smaller power of two."""
        smaller = [stop for stop in STOPS if stop < self.zoom * 0.99]
        self.set_zoom(smaller[-1] if smaller else SMALLEST_ZOOM)

    def actual_size(self) -> None:
        """To 100 %."""
        self.set_zoom(1.0)

    def show_rect(self, rect: QRectF, largest: float = LARGEST_ZOOM) -> None:
        """Zoom and pan so that `rect` (board units) fills the view, at most `largest` times."""
        if rect.isEmpty():
            return
        room = self.clear_room()
        across = max(room.width() - 2 * MARGIN, 32) / rect.width()
        down = max(room.height() - 2 * MARGIN, 32) / rect.height()
        self.set_zoom(min(across, down, largest))
        middle = QPointF(self.clear_room().center())
        self.pan(middle - self.to_view(rect.center()))

    def show_opened(self, rect: QRectF) -> None:
        """Show all of a board that is opened, at 100 % at most; and all of it again in a window
        that gets another size, as one does that comes up maximised, until somebody moves about."""
        self.show_rect(rect, 1.0)
        self._opened = (rect, self._stand())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is in the middle stays there."""
        opened, stood = self._opened, self._stand()
        super().resizeEvent(event)
        if opened is not None and opened == (self.everything(), stood):
            self.show_opened(opened[0])
        else:
            self._opened = None

    def _stand(self) -> Stand:
        """Where the view stands: its zoom, and how far it is scrolled."""
        return self.zoom, self.horizontalScrollBar().value(), self.verticalScrollBar().value()

    def everything(self) -> QRectF:
        """The part of the board that has something on it."""
        return self.scene().itemsBoundingRect()

    def reveal(self, rect: QRectF) -> None:
        """Pan, and zoom out if needed, as little as it takes to show `rect` (board units)."""
        seen = self.seen()
        if seen.contains(rect):
            return
        if rect.width() > seen.width() or rect.height() > seen.height():
            self.show_rect(rect, self.zoom)
            return
        edge = 16 / self.zoom
        rect = rect.adjusted(-edge, -edge, edge, edge)
        dx = min(seen.right() - rect.right(), 0.0) or max(seen.left() - rect.left(), 0.0)
        dy = min(seen.bottom() - rect.bottom(), 0.0) or max(seen.top() - rect.top(), 0.0)
        self.pan(QPointF(dx, dy) * self.zoom)

    def pointed(self) -> QPointF | None:
        """The place on the board under the pointer; None while it is not over the canvas."""
        if not self.viewport().underMouse():
            return None
        return self.to_scene(QPointF(self.viewport().mapFromGlobal(QCursor.pos())))

    def seen(self) -> QRectF:
        """The part of the board that is in view."""
        rect = self.clear_room()
        return QRectF(
            self.to_scene(QPointF(rect.topLeft())), self.to_scene(QPointF(rect.bottomRight()))
        )

    def middle(self) -> QPointF:
        """The place on the board in the middle of the view."""
        return self.to_scene(QPointF(self.clear_room().center()))

    def pan(self, by: QPointF) -> None:
        """Move the board under the view by pixels of the viewport."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - round(by.x()))
        down.setValue(down.value() - round(by.y()))

    def to_scene(self, point: QPointF) -> QPointF:
        """From pixels of the viewport to board units, without rounding."""
        return self._back().map(QPointF(point))

    def to_view(self, point: QPointF) -> QPointF:
        """From board units to pixels of the viewport, without rounding."""
        return self.viewportTransform().map(QPointF(point))

    def to_view_rect(self, rect: QRectF) -> QRectF:
        """From board units to pixels of the viewport, without rounding."""
        return self.viewportTransform().mapRect(rect)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The canvas, with dots that keep their distance on screen while zooming."""
        painter.fillRect(rect, theme.colour("canvas"))
        step = DOTS
        while step * self.zoom < DOTS * 0.75:
            step *= 2
        while step * self.zoom > DOTS * 1.5:
            step /= 2
        painter.save()
        painter.resetTransform()
        self._paint_dots(painter, self.to_view_rect(QRectF(rect)), step * self.zoom)
        painter.restore()

    def _paint_dots(self, painter: QPainter, area: QRectF, apart: float) -> None:
        """The dots in `area` (viewport), so many pixels apart: one row, again and again.

        Dots are placed by whole pixels, each on its own: a scaled pattern would blur them.
        """
        origin = self.to_view(QPointF(0, 0))
        rows = _steps(origin.y(), apart, area.top(), area.bottom())
        ratio = painter.device().devicePixelRatio()
        if ratio == round(ratio):
            row = self._row(origin.x(), apart, ratio)
            for top in rows:
                painter.drawImage(0, top, row)
            return
        # Between two pixels of the screen a picture of dots would be blurred.
        columns = _steps(origin.x(), apart, area.left(), area.right())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.dot_colour())
        painter.drawRects([QRect(left, top, 2, 2) for top in rows for left in columns])

    def _row(self, origin: float, apart: float, ratio: float) -> QImage:
        """One row of dots, as wide as the view; the same as last time costs nothing."""
        width, colour = self.viewport().width(), self.dot_colour()
        asked = (origin, apart, ratio, width, colour.rgba())
        if asked != self._dots_of:
            size = QSize(width, 2) * ratio
            row = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
            row.setDevicePixelRatio(ratio)
            row.fill(0)
            with QPainter(row) as painter:
                for left in _steps(origin, apart, 0, width):
                    painter.fillRect(left, 0, 2, 2, colour)
            self._dots_of, self._dots = asked, row
        return self._dots

    def dot_colour(self) -> QColor:
        """The colour of the dots: seen on an empty board, and no more than felt on a full one."""
        return theme.mixed("text", "canvas", 0.20 if self.is_empty() else 0.10)

    def is_empty(self) -> bool:
        """Whether nothing is on the board."""
        return not self.scene().items()

    def _back(self) -> QTransform:
        inverted, _ = self.viewportTransform().inverted()
        return inverted


def _steps(origin: float, apart: float, start: float, end: float) -> list[int]:
    """The whole pixels where dots begin that are seen between `start` and `end`."""
    first = math.ceil((start - 2 - origin) / apart)
    last = math.floor((end + 1 - origin) / apart)
    return [round(origin + number * apart) for number in range(first, last + 1)]
