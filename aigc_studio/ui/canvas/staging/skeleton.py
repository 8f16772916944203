"""The place of what is being made: a calm card, over which a soft light goes."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QLinearGradient, QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from aigc_studio.ui import theme

_FRAME_MS = 50
_ROUND_MS = 2400
"""How long the light takes from one side to the other, and to the next time."""
_LIGHT = 0.2
"""How strong the light is: seen on paper and on black alike."""


class Skeleton(QGraphicsItem):
    """Covers a place of the board; `over` an item only its light is seen. Takes no clicks."""

    def __init__(self, place: QRectF, rotation: float, *, over: bool) -> None:
        super().__init__()
        self._size = QRectF(0, 0, place.width(), place.height())
        self._over = over
        self._passed = 0
        self.setPos(place.topLeft())
        self.setTransformOriginPoint(self._size.center())
        self.setRotation(rotation)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        """The place."""
        return self._size

    def go_on(self, milliseconds: int) -> None:
        """Let the light go on by so much time."""
        self._passed = (self._passed + milliseconds) % _ROUND_MS
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """The card (over an item none) and its light."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        if self._over:
            outline.addRect(self._size)
        else:
            outline.addRoundedRect(self._size, theme.RADIUS, theme.RADIUS)
            painter.fillPath(outline, theme.mixed("accent", "surface", 0.05))
        painter.fillPath(outline, self._light())

    def _light(self) -> QLinearGradient:
        wide = max(self._size.width(), 64.0)
        # In the middle at first, so that it is seen where nothing moves.
        middle = (0.5 + 2.0 * self._passed / _ROUND_MS) % 2.0 * wide - 0.5 * wide
        start = QPointF(middle - wide / 2, 0)
        light = QLinearGradient(start, QPointF(middle + wide / 2, self._size.height() / 3))
        bright, clear = theme.colour("accent", _LIGHT), theme.colour("accent")
        clear.setAlphaF(0.0)
        light.setColorAt(0.0, clear)
        light.setColorAt(0.5, bright)
        light.setColorAt(1.0, clear)
        return light


class Light(QObject):
    """Moves the light of a skeleton, where motion is wanted at all."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._skeleton: Skeleton | None = None
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._go_on)

    def shine_on(self, skeleton: Skeleton | None) -> None:
        """This one from now on; None: nothing moves."""
        self._skeleton = skeleton
        if skeleton is not None and theme.motion():
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def _go_on(self) -> None:
        if self._skeleton is not None:
            self._skeleton.go_on(_FRAME_MS)
