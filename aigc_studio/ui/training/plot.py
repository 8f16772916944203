"""Lines over steps, painted by ourselves: several series, smoothing, log scale, hover."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from aigc_studio.translation import _, enumerated
from aigc_studio.ui import theme
from aigc_studio.ui.training.series import Series, log_ticks, short_number, ticks

_DEPTH = 1e-12
"""The lowest value that a logarithmic axis shows, as a part of the highest."""

_LINE_POINTS = 240
"""Points of a line that is drawn wider than one pixel."""


class LinePlot(QWidget):
    """A line plot that grows. Left and right move the reading line, as the pointer does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.series: dict[str, Series] = {}
        self._logarithmic, self._smoothing = False, 0.0
        self._reading: float | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Plot"))
        theme.scheme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Room for reading."""
        return QSize(420, 200)

    def add_point(self, name: str, x: float, y: float) -> None:
        """Add to a series; it is made when it is new."""
        if name not in self.series:
            self.series[name] = Series(name, self._smoothing)
        self.series[name].add(x, y)
        self.update()

    def clear(self) -> None:
        """Forget all series."""
        self.series = {}
        self._reading = None
        self.update()

    def set_logarithmic(self, on: bool) -> None:
        """Whether the upright axis is logarithmic; values of 0 and below are not drawn then."""
        self._logarithmic = on
        self.update()

    def set_smoothing(self, smoothing: float) -> None:
        """0 is not at all, 0.99 a lot; the raw line stays behind, faint."""
        self._smoothing = smoothing
        for series in self.series.values():
            series.set_smoothing(smoothing)
        self.update()

    def set_visible(self, name: str, visible: bool) -> None:
        """Show or hide one series."""
        if name in self.series:
            self.series[name].visible = visible
            self.update()

    def colour_role(self, name: str) -> str:
        """The colour role of a series."""
        place = list(self.series).index(name)
        return theme.SERIES[place % len(theme.SERIES)]

    def read_at(self, x: float | None) -> dict[str, tuple[float, float]]:
        """Put the reading line at `x` (None takes it away); the points nearest to it by name."""
        self._reading = x
        self.update()
        if x is None:
            return {}
        near = {name: series.value_near(x) for name, series in self.shown().items()}
        return {name: point for name, point in near.items() if point is not None}

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read where the pointer is."""
        bounds = self._bounds()
        room = self._room()
        if bounds is None or not room.contains(event.position()):
            self.read_at(None)
            return
        share = (event.position().x() - room.left()) / max(1.0, room.width())
        self.read_at(bounds[0] + share * (bounds[1] - bounds[0]))

    def leaveEvent(self, event: object) -> None:
        """No pointer, no reading."""
        self.read_at(None)

    def event(self, event: QEvent) -> bool:
        """Escape is the plot's as long as it has something to hide, and the window's after that."""
        if event.type() == QEvent.Type.ShortcutOverride and self._reading is not None:
            escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            event.setAccepted(escape)
            return escape or super().event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the reading line by a fiftieth of the width, Escape hides it."""
        bounds = self._bounds()
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if bounds is None or event.key() not in moves:
            if event.key() == Qt.Key.Key_Escape and self._reading is not None:
                self.read_at(None)
                return
            super().keyPressEvent(event)
            return
        start = bounds[1] if self._reading is None else self._reading
        place = start + moves[Qt.Key(event.key())] * (bounds[1] - bounds[0]) / 50
        found = self.read_at(min(max(place, bounds[0]), bounds[1]))
        words = [f"{name} {short_number(y)}" for name, (_x, y) in found.items()]
        self.setAccessibleDescription(enumerated(words))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Axes, lines, reading."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.readout_font(11))
            room, bounds = self._room(), self._bounds()
            if bounds is None:
                painter.setPen(theme.colour("muted"))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("No numbers yet"))
            else:
                self._draw_axes(painter, room, bounds)
                painter.setClipRect(room.adjusted(-1, -2, 2, 2))
                for name, series in self.shown().items():
                    self._draw_series(painter, room, bounds, series, self.colour_role(name))
                painter.setClipping(False)
                if self._reading is not None:
                    self._draw_reading(painter, room, bounds)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour("accent"), 1))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def shown(self) -> dict[str, Series]:
        """The series that are not hidden, by name."""
        return {name: each for name, each in self.series.items() if each.visible}

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(48, 8, -12, -22)

    def _bounds(self) -> tuple[float, float, float, float] | None:
        found = [each.bounds(self._logarithmic) for each in self.shown().values()]
        parts = [each for each in found if each is not None]
        if not parts:
            return None
        left, right = min(p[0] for p in parts), max(p[1] for p in parts)
        low, high = min(p[2] for p in parts), max(p[3] for p in parts)
        if self._logarithmic:
            low = max(low, high * _DEPTH)
            edge = (high / low) ** 0.05 if high > low else 1.5
            return left, max(right, left + 1), low / edge, high * edge
        edge = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        return left, max(right, left + 1), low - edge, high + edge

    def _place(self, room: QRectF, bounds: tuple[float, ...], x: float, y: float) -> QPointF:
        left, right, low, high = bounds
        if self._logarithmic:
            y, low, high = math.log(max(y, low)), math.log(low), math.log(high)
        across = room.left() + (x - left) / (right - left) * room.width()
        return QPointF(across, room.bottom() - (y - low) / (high - low) * room.height())

    def _draw_axes(self, painter: QPainter, room: QRectF, bounds: tuple[float, ...]) -> None:
        left, right, low, high = bounds
        lines = max(4, int(room.height() // 32))
        upright = log_ticks(low, high) if self._logarithmic else ticks(low, high, lines)
        right_centre = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value in upright or [low, high]:
            y = self._place(room, bounds, left, value).y()
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(theme.colour("muted"))
            painter.drawText(
                QRectF(0, y - 8, room.left() - 6, 16), right_centre, short_number(value)
            )
        for value in ticks(left, right, max(2, int(room.width() // 90))):
            x = self._place(room, bounds, value, low).x()
            place = QRectF(x - 40, room.bottom() + 4, 80, 16)
            if place.right() > self.width():
                place.moveRight(self.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, short_number(value))

    def _draw_series(
        self,
        painter: QPainter,
        room: QRectF,
        bounds: tuple[float, ...],
        series: Series,
        role: str,
    ) -> None:
        drawn = [b for b in series.buckets if not self._logarithmic or b.high > 0]
        if not drawn:
            return
        # Qt strokes wide lines of thousands of points for a second; a smooth one needs few.
        thinned = [*drawn[:: max(1, len(drawn) // _LINE_POINTS)], drawn[-1]]
        line = QPolygonF([self._place(room, bounds, b.x, b.smooth) for b in thinned])
        raw: list[QPointF] = []
        for b in drawn:
            raw.append(self._place(room, bounds, b.x, b.low))
            if b.high > b.low:
                raw.append(self._place(room, bounds, b.x, b.high))
        faint = self._smoothing > 0
        thin = 1 if faint or len(raw) > _LINE_POINTS else 1.6
        painter.setPen(QPen(theme.colour(role, 0.28 if faint else 1.0), thin))
        # Smoothing thousands of zigzags would take a quarter of a second, for nobody to see.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(raw) < 500)
        painter.drawPolyline(QPolygonF(raw))
        if faint:
            painter.setPen(QPen(theme.colour(role), 1.8))
            painter.drawPolyline(line)
        if len(drawn) == 1:
            painter.setBrush(theme.colour(role))
            painter.drawEllipse(line.at(0), 2.5, 2.5)

    def _draw_reading(self, painter: QPainter, room: QRectF, bounds: tuple[float, ...]) -> None:
        near = {name: each.value_near(self._reading or 0.0) for name, each in self.shown().items()}
        points = {name: point for name, point in near.items() if point is not None}
        if not points:
            return
        step = next(iter(points.values()))[0]
        x = self._place(room, bounds, step, bounds[2]).x()
        painter.setPen(QPen(theme.colour("outline"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        rows = [(_("step {n}").format(n=short_number(step)), "text")]
        for name, point in points.items():
            role = self.colour_role(name)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(role))
            painter.drawEllipse(self._place(room, bounds, *point), 3, 3)
            rows.append((f"{name}  {short_number(point[1])}", role))
        self._draw_readout(painter, room, x, rows)

    def _draw_readout(
        self, painter: QPainter, room: QRectF, x: float, rows: list[tuple[str, str]]
    ) -> None:
        metrics = painter.fontMetrics()
        width = max(metrics.horizontalAdvance(text) for text, _role in rows) + 16
        box = QRectF(x + 8, room.top() + 2, width, len(rows) * 16 + 8)
        if box.right() > room.right():
            box.moveRight(x - 8)
        painter.setPen(theme.colour("border"))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(box, 5, 5)
        for number, (text, role) in enumerate(rows):
            painter.setPen(theme.colour(role))
            painter.drawText(QPointF(box.left() + 8, box.top() + 16 + number * 16), text)
