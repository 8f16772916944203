"""A square that sets two numbers at once: dragged, or moved with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aigc_studio.translation import _, enumerated
from aigc_studio.ui import keys, theme
from aigc_studio.ui.forms.schema import Field

SIDE = 144
_KNOB = 7
_MARGIN = 12
_LARGE = 10
"""Steps that an arrow key goes with Shift."""
_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}


class Pad(QWidget):
    """Two numbers under one finger: `across` grows to the right, `up` upwards.

    Arrow keys go one step, with Shift ten; Home, or a double click, leads back to the defaults.
    `moved` carries both numbers when it was the person who moved it.
    """

    moved = Signal(float, float)

    def __init__(self, across: Field, up: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields = across, up
        self._point = float(across.default), float(up.default)
        self.setFixedSize(SIDE, SIDE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setProperty(keys.MOVED, True)
        names = _("{across} to the right, {up} upwards")
        self.setAccessibleName(names.format(across=across.label, up=up.label))
        self.setToolTip(_("Drag, or use the arrow keys. Double-click to reset."))
        theme.scheme_changed.connect(self.update)
        self._describe()

    def point(self) -> tuple[float, float]:
        """The numbers, across and up."""
        return self._point

    def set_point(self, across: float, up: float) -> None:
        """Show these numbers; nothing is emitted."""
        if (across, up) != self._point:
            self._point = across, up
            self._describe()
            self.update()

    def knob(self) -> QPointF:
        """Where the knob is, in pixels."""
        room = self._room()
        shares = [_share(*each) for each in zip(self._fields, self._point, strict=True)]
        return QPointF(
            room.left() + shares[0] * room.width(), room.bottom() - shares[1] * room.height()
        )

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(SIDE, SIDE)

    def event(self, event: QEvent) -> bool:
        """Its keys are its own: no shortcut of the window takes them."""
        asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asked and _is_own(event):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the knob, Home leads back."""
        if not _is_own(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Home:
            self._reset()
        else:
            large = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            times = _LARGE if large else 1
            steps = zip(self._fields, self._point, _STEPS[event.key()], strict=True)
            self._move(*(value + step * times * field.stride for field, value, step in steps))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The knob goes where the pointer is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._follow(event.position())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The knob follows the pointer, and stays within the square."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the defaults."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._reset()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The square, lines where nothing is changed, and the knob."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            focused, enabled = self.hasFocus(), self.isEnabled()
            painter.setPen(QPen(theme.colour("accent" if focused else "border"), 1))
            painter.setBrush(theme.colour("surface"))
            frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)
            self._paint_lines(painter)
            painter.setPen(QPen(theme.colour("surface"), 2))
            painter.setBrush(theme.colour("accent" if enabled else "disabled"))
            painter.drawEllipse(self.knob(), _KNOB, _KNOB)

    def _paint_lines(self, painter: QPainter) -> None:
        room, knob = self._room(), self.knob()
        usual = QPointF(
            room.left() + _share(self._fields[0], self._fields[0].default) * room.width(),
            room.bottom() - _share(self._fields[1], self._fields[1].default) * room.height(),
        )
        far = self.rect().adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(QPointF(usual.x(), far.top()), QPointF(usual.x(), far.bottom()))
        painter.drawLine(QPointF(far.left(), usual.y()), QPointF(far.right(), usual.y()))
        self._paint_names(painter, usual)
        if usual != knob:
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawLine(usual, knob)

    def _paint_names(self, painter: QPainter, usual: QPointF) -> None:
        """Each name at the end of its line, where its number is largest."""
        painter.setFont(theme.readout_font(11))
        painter.setPen(theme.colour("muted"))
        metrics, room = painter.fontMetrics(), self.rect().adjusted(6, 4, -6, -4)
        most, height = room.width(), metrics.height()
        elide = Qt.TextElideMode.ElideRight
        across, up = (metrics.elidedText(each.label, elide, most) for each in self._fields)
        # Beside the line upwards; a name that is longer than what is left there lies across it.
        left = round(usual.x()) + 4 if usual.x() < self.width() * 0.6 else room.left()
        left = max(room.left(), min(left, room.right() + 1 - metrics.horizontalAdvance(up)))
        below = round(usual.y()) + 2
        top = below if below + height < room.bottom() else below - height - 4
        self._paint_name(
            painter, QRect(left, room.top(), metrics.horizontalAdvance(up), height), up
        )
        wide = metrics.horizontalAdvance(across)
        self._paint_name(painter, QRect(room.right() + 1 - wide, top, wide, height), across)

    def _paint_name(self, painter: QPainter, place: QRect, name: str) -> None:
        """A name on ground of its own, so that no line goes through it."""
        painter.fillRect(place.adjusted(-2, 0, 2, 0), theme.colour("surface"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def _follow(self, place: QPointF) -> None:
        room, (across, up) = self._room(), self._fields
        self._move(
            _value(across, (place.x() - room.left()) / room.width()),
            _value(up, (room.bottom() - place.y()) / room.height()),
        )

    def _reset(self) -> None:
        self._move(*(float(field.default) for field in self._fields))

    def _move(self, across: float, up: float) -> None:
        before = self._point
        self.set_point(_kept(self._fields[0], across), _kept(self._fields[1], up))
        if self._point != before:
            self.moved.emit(*self._point)

    def _describe(self) -> None:
        pairs = zip(self._fields, self._point, strict=True)
        told = (f"{field.label} {value:g}" for field, value in pairs)
        self.setAccessibleDescription(enumerated(told))


def _ends(field: Field) -> tuple[float, float]:
    assert field.minimum is not None
    assert field.maximum is not None
    return field.minimum, field.maximum


def _share(field: Field, value: float) -> float:
    low, high = _ends(field)
    return (value - low) / (high - low)


def _value(field: Field, share: float) -> float:
    low, high = _ends(field)
    return low + share * (high - low)


def _kept(field: Field, value: float) -> float:
    """The nearest value that the field can have; as few digits as its steps need."""
    low, high = _ends(field)
    return min(max(round(value, field.decimals), low), high)


def _is_own(event: QKeyEvent) -> bool:
    """Whether it is one of a pad's keys, and no key that makes a command is held with it."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    plain = held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    return plain and (event.key() in _STEPS or event.key() == Qt.Key.Key_Home)
