"""Where a tune is heard: a line over its roll, and the notes that sound, lit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.roll import RULER
from aigc_studio.ui.canvas.items.roll_painting import note_rect

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.melody_card import MelodyItem

_HEAD = 5.0
"""Pixels of the screen that the head of the line is wide to each side."""
_MOST = 64
"""Notes that are lit at once; more of them are a wall, not a sound."""


class Playhead(QGraphicsItem):
    """A child of a tune's card, so that only the strips it leaves and comes to are painted anew.

    It is seen on screen and nowhere else: exports paint cards without their children.
    """

    def __init__(self, card: MelodyItem) -> None:
        super().__init__(card)
        self._card = card
        self._lit = Lit(card)
        self._pixel, self._tall = 1.0, 0.0
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(2)
        self.hide()

    @property
    def lit(self) -> list[int]:
        """The numbers of the notes that are lit, in the card's score."""
        return self._lit.numbers

    def show_at(self, tick: float, scale: float) -> None:
        """Be at a tick; a board unit is `scale` pixels of the screen."""
        line = self._card.head_line(tick)
        self.setVisible(line is not None)
        if line is not None:
            if (self._pixel, self._tall) != (1 / scale, line.dy()):
                self.prepareGeometryChange()
                self._pixel, self._tall = 1 / scale, line.dy()
            # On whole pixels: a line between two of them is a blur that flickers.
            self.setPos(round(line.x1() * scale) / scale, line.y1())
        self._lit.show_at(tick)

    def leave(self) -> None:
        """Be gone, and the notes as they were."""
        scene = self.scene()
        if scene is not None:
            scene.removeItem(self._lit)
            scene.removeItem(self)

    def boundingRect(self) -> QRectF:
        """The line and its head."""
        half = (_HEAD + 1) * self._pixel
        return QRectF(-half, 0, 2 * half, self._tall)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """As wide on screen at any zoom."""
        head, colour = _HEAD * self._pixel, theme.colour("accent")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colour, 2)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(QLineF(0, 0, 0, self._tall))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        tall = min(1.6 * head, RULER)
        painter.drawPolygon(QPolygonF([QPointF(-head, 0), QPointF(head, 0), QPointF(0, tall)]))


class Lit(QGraphicsItem):
    """The notes that sound now, over those of the roll."""

    def __init__(self, card: MelodyItem) -> None:
        super().__init__(card)
        self._card = card
        self._shapes: list[QPainterPath] = []
        self.numbers: list[int] = []
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(1)

    def show_at(self, tick: float) -> None:
        """Light what sounds at a tick; where it is the same as before, nothing is painted."""
        score = self._card.score
        numbers = [
            number
            for number in score.sounding(tick, tick).tolist()[:_MOST]
            if score.starts[number] <= tick < score.stops[number]
        ]
        shapes = [self._shape(number) for number in numbers]
        if shapes != self._shapes:
            self.prepareGeometryChange()
            self.numbers, self._shapes = numbers, shapes
            self.update()

    def _shape(self, number: int) -> QPainterPath:
        if self._card.staff is not None:
            return self._card.staff.note_path(number)
        score, shape = self._card.score, QPainterPath()
        start, stop = int(score.starts[number]), int(score.stops[number])
        rect = note_rect(self._card.roll, start, stop, int(score.pitches[number]))
        rect = rect.intersected(self._card.roll.grid)
        rounding = min(2.0, rect.height() * 0.25)
        shape.addRoundedRect(rect, rounding, rounding)
        return shape

    def boundingRect(self) -> QRectF:
        """Around all of them."""
        found = QRectF()
        for shape in self._shapes:
            found |= shape.boundingRect().adjusted(-2, -2, 2, 2)
        return found

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """In the colour of the line, with an edge that is seen on any ground."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.colour("surface"), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(theme.colour("accent"))
        for shape in self._shapes:
            painter.drawPath(shape)
