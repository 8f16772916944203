"""A picture of what has just gone, fading away over what has come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from aigc_studio.ui import theme


class Fading(QWidget):
    """Lies over its parent while widgets that were in it fade; takes itself away. The pointer goes
    through it."""

    def __init__(self, gone: Sequence[QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pictures = [(QPointF(each.pos()), each.grab()) for each in gone]
        self.setGeometry(parent.rect())
        self._fade = QVariantAnimation(self, startValue=1.0, endValue=0.0)
        self._fade.setDuration(theme.motion())
        self._fade.valueChanged.connect(self._repaint)
        self._fade.finished.connect(self.deleteLater)
        self.show()
        self._fade.start()

    @property
    def pictures(self) -> list[QPixmap]:
        """What fades."""
        return [picture for _place, picture in self._pictures]

    def paintEvent(self, event: QPaintEvent) -> None:
        """All of it, as far as it has faded."""
        with QPainter(self) as painter:
            painter.setOpacity(float(self._fade.currentValue()))
            for place, picture in self._pictures:
                painter.drawPixmap(place, picture)

    @Slot(object)
    def _repaint(self, _share: object) -> None:
        self.update()
