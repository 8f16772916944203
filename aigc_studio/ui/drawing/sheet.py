"""The square sheet: strokes by mouse and pen, by the canvas's own brush; each can be taken back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QIODevice, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.layers import ColourLayer, LiveStroke
from aigc_studio.ui.canvas.painting.brush import INK, Brush
from aigc_studio.ui.canvas.painting.drawing import Drawing
from aigc_studio.ui.canvas.painting.ground import Ground
from aigc_studio.ui.canvas.tools.brush_ring import BrushRing

SIDE = 512
"""Pixels a side of what is drawn on, however large it is on screen."""
THINNEST, USUAL, THICKEST = 12, 44, 96
"""Widths of the pen, in these pixels."""
_LEAST = 240
_PAPER = QColor(255, 255, 255)


@dataclass(frozen=True)
class _Drawn:
    """A state of the sheet: the picture that it began as, and strokes over it."""

    base: QImage | None = None
    strokes: tuple[tuple[LiveStroke, QRect], ...] = ()


class _Paper(Ground):
    """The sheet as the brush knows it."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(1.0)
        self._sheet = sheet
        self.pixel_size = QSize(SIDE, SIDE)

    def to_pixels(self, point: QPointF) -> QPointF:
        """From pixels of the widget to those of the sheet."""
        room = self._sheet.room()
        return (point - room.topLeft()) * (SIDE / room.width())

    def pixels_per_unit(self) -> float:
        """The pen is told in pixels of the sheet."""
        return 1.0

    def show_stroke(self, stroke: LiveStroke, rects: list[QRect]) -> None:
        """Pixels of the stroke have changed."""
        self._sheet.show_stroke(stroke, rects)


class Sheet(QWidget):
    """`changed` when a stroke ended, or was taken back. The keys that it has no use for go on to
    whoever has it: `next_wanted`, `before_wanted` and `after_wanted` are Enter and the arrows."""

    changed = Signal()
    next_wanted = Signal()
    before_wanted = Signal()
    after_wanted = Signal()
    pen_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pen = USUAL
        self._paper, self._ring = _Paper(self), BrushRing()
        self._layer = ColourLayer(SIDE, SIDE)
        self._now = _Drawn()
        self._former: list[_Drawn] = []
        self._later: list[_Drawn] = []
        self._drawing: Drawing | None = None
        self._pointer: QPointF | None = None
        self.setMinimumSize(_LEAST, _LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        theme.scheme_changed.connect(self.update)

    # What is on it

    @property
    def is_blank(self) -> bool:
        """Whether nothing is drawn."""
        return self._now.base is None and not self._now.strokes

    @property
    def is_drawn_on(self) -> bool:
        """Whether the pen is down."""
        return self._drawing is not None

    def ask_for(self, kind: str) -> None:
        """What is to be drawn. It is not printed in the sheet: whoever follows a printed 3 does not
        draw one in a hand of their own."""
        name = _("Sheet: draw “{kind}”").format(kind=kind) if kind else _("Sheet to draw on")
        self.setAccessibleName(name)

    def show_picture(self, picture: QImage | None) -> None:
        """Begin with this picture (None: blank). What was there cannot be taken back any more."""
        self._drawing = None
        self._former, self._later = [], []
        self._show(_Drawn(picture))

    def picture(self) -> QImage:
        """All that is drawn, dark on white, `SIDE` pixels square and grey."""
        whole = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
        whole.fill(_PAPER)
        with QPainter(whole) as painter:
            self._paint_picture(painter, QRect(0, 0, SIDE, SIDE))
        return whole.convertToFormat(QImage.Format.Format_Grayscale8)

    def data(self) -> bytes | None:
        """The picture as PNG; None where nothing is drawn."""
        return None if self.is_blank else png(self.picture())

    def clear(self) -> None:
        """Take all away; that can be taken back."""
        if not self.is_blank:
            self._become(_Drawn())

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return bool(self._former)

    @property
    def can_redo(self) -> bool:
        """Whether there is a stroke that was taken back."""
        return bool(self._later)

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._former:
            self._later.append(self._now)
            self._show(self._former.pop())
            self.changed.emit()

    def redo(self) -> None:
        """Draw the stroke again that was taken back."""
        if self._later:
            self._former.append(self._now)
            self._show(self._later.pop())
            self.changed.emit()

    def _become(self, drawn: _Drawn) -> None:
        self._former.append(self._now)
        self._later = []
        self._show(drawn)
        self.changed.emit()

    def _show(self, drawn: _Drawn) -> None:
        self._now = drawn
        self._layer = ColourLayer(SIDE, SIDE)
        for stroke, covered in drawn.strokes:
            self._layer.show_stroke(stroke, [covered])
        self.update()

    # The pen

    def press(self, point: QPointF, pressure: float = 1.0) -> None:
        """The pen comes down here (pixels of the widget)."""
        self._drawing = Drawing(self._paper, "paint", Brush(size=self.pen), QColor(*INK))
        self._drawing.to(point, pressure)

    def move_pen(self, point: QPointF, pressure: float = 1.0) -> None:
        """The pen goes on to here."""
        self._follow(point)
        if self._drawing is not None:
            self._drawing.to(point, pressure)

    def lift(self) -> None:
        """The stroke ends."""
        drawing, self._drawing = self._drawing, None
        if drawing is None:
            return
        if drawing.finish() is None:  # beside the sheet
            self._layer.drop_stroke(drawing.live)
            return
        sheet = QRect(0, 0, SIDE, SIDE)
        strokes = (*self._now.strokes, (drawing.live, drawing.covered.intersected(sheet)))
        self._become(_Drawn(self._now.base, strokes))

    def show_stroke(self, stroke: LiveStroke, rects: list[QRect]) -> None:
        """Pixels of a stroke that is being drawn have changed."""
        self._layer.show_stroke(stroke, rects)
        room = self.room()
        scale = room.width() / SIDE
        for rect in rects:
            place = QRectF(rect.x(), rect.y(), rect.width(), rect.height())
            where = QRectF(place.topLeft() * scale + room.topLeft(), place.size() * scale)
            self.update(where.toAlignedRect().adjusted(-2, -2, 2, 2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The left button is the pen."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton and self._drawing is None:
            self.press(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on, or show how thick the pen is."""
        self.move_pen(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.lift()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen is a pen, and is pressed lightly or hard."""
        kind, point, pressure = event.type(), event.position(), event.pressure()
        if kind == QEvent.Type.TabletPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.press(point, pressure)
        elif kind == QEvent.Type.TabletMove:
            self.move_pen(point, pressure)
        else:
            self.lift()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        self._follow(None)

    def _follow(self, point: QPointF | None) -> None:
        for place in (self._pointer, point):
            if place is not None:
                self.update(self._ring_at(place).toAlignedRect().adjusted(-1, -1, 1, 1))
        self._pointer = QPointF(point) if point is not None else None

    def _ring_at(self, point: QPointF) -> QRectF:
        wide = self.pen * self.room().width() / SIDE + 6
        return QRectF(point.x() - wide / 2, point.y() - wide / 2, wide, wide)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it, the arrows leaf through, [ and ] make the pen thinner or thicker."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_wanted.emit()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Left):
            self.before_wanted.emit()
        elif key == Qt.Key.Key_Right:
            self.after_wanted.emit()
        elif key == Qt.Key.Key_Delete:
            self.clear()
        elif event.text() in ("[", "]"):
            self.pen_wanted.emit(-4 if event.text() == "[" else 4)
        else:
            super().keyPressEvent(event)

    # How it looks

    def sizeHint(self) -> QSize:
        """Large enough for a hand."""
        return QSize(440, 440)

    def room(self) -> QRectF:
        """Where the sheet lies in the widget: as large a square as there is room for."""
        side = max(min(self.width(), self.height()) - 4, 1)
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """White paper in any scheme, with a frame that shows who has the keyboard."""
        room = self.room()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            focused = self.hasFocus()
            edge = room.adjusted(-0.5, -0.5, 0.5, 0.5)
            painter.setPen(QPen(theme.colour("accent" if focused else "outline"), 1 + focused))
            painter.setBrush(_PAPER)
            painter.drawRoundedRect(edge, theme.RADIUS, theme.RADIUS)
            if self.is_blank and self._drawing is None:
                self._paint_middle(painter, room)
            painter.save()
            painter.setClipRect(room.adjusted(1, 1, -1, -1))
            painter.translate(room.topLeft())
            painter.scale(room.width() / SIDE, room.width() / SIDE)
            self._paint_picture(painter, QRect(0, 0, SIDE, SIDE))
            painter.restore()
            if self._pointer is not None and room.contains(self._pointer):
                self._ring.paint(painter, self._ring_at(self._pointer))

    def _paint_picture(self, painter: QPainter, exposed: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._now.base is not None:
            painter.drawImage(exposed, self._now.base)
        scale = painter.combinedTransform().m11()
        self._layer.grid.paint(painter, QRectF(exposed), scale)

    def _paint_middle(self, painter: QPainter, room: QRectF) -> None:
        """A cross to keep to the middle by."""
        painter.setPen(QPen(QColor(0, 0, 0, 20), 1, Qt.PenStyle.DashLine))
        middle, inner = room.center(), room.adjusted(8, 8, -8, -8)
        painter.drawLine(QPointF(middle.x(), inner.top()), QPointF(middle.x(), inner.bottom()))
        painter.drawLine(QPointF(inner.left(), middle.y()), QPointF(inner.right(), middle.y()))


def png(picture: QImage) -> bytes:
    """A picture as a file."""
    from PySide6.QtCore import QBuffer

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())
