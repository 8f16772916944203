"""The bars that a tune is about to get: beside its card, while a note is drawn past the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.roll import RULER, Roll
from aigc_studio.ui.canvas.items.roll_hands import paint_put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.api.melody import Note


class Ghost(QGraphicsItem):
    """A child of a tune's card, at its right edge; it takes no mouse and is not exported."""

    def __init__(self, card: QGraphicsItem) -> None:
        super().__init__(card)
        self._roll: Roll | None = None
        self._notes: Sequence[Note] = ()
        self.bars = 0
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    def show_notes(self, roll: Roll, notes: Sequence[Note], end: int) -> None:
        """Have as many bars as it takes to the tick `end`, and these notes in them."""
        self.prepareGeometryChange()
        self._roll, self._notes = roll, notes
        self.bars = -(-(end - roll.score.length) // self._bar)
        self.show()
        self.update()

    @property
    def _bar(self) -> int:
        """Ticks of a new bar: as long as the last one."""
        return int(self._roll.score.bars[-1] - self._roll.score.bars[-2]) if self._roll else 1

    def boundingRect(self) -> QRectF:
        """The new bars."""
        roll = self._roll
        if roll is None:
            return QRectF()
        wide = self.bars * self._bar * roll.per_tick
        return QRectF(roll.width, 0, wide, roll.height)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paler than the card, with the numbers of the bars and the notes that go there."""
        roll, rect = self._roll, self.boundingRect()
        if roll is None:
            return
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.fillRect(rect, theme.colour("surface", 0.7))
        painter.setFont(theme.readout_font(11))
        for number in range(self.bars):
            x = rect.left() + number * self._bar * roll.per_tick
            painter.setPen(QPen(theme.colour("border"), 0))
            painter.drawLine(QLineF(x, 0, x, rect.bottom()))
            if scale > 0.35:
                painter.setPen(theme.colour("muted"))
                place = QRectF(x + 4, 0, self._bar * roll.per_tick - 4, RULER)
                words = str(roll.score.count + number + 1)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_put(painter, roll, scale, self._notes)
        painter.setPen(QPen(theme.colour("accent"), 0, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(0, 0.5, -0.5, -0.5))
