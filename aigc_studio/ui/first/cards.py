"""Cards of the first screen: each a picture, a line in its medium's colour, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QTextLayout,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import tip
from aigc_studio.ui.painting import saved

Draw = Callable[[QPainter, QRectF], None]

CORNER = 10
LINE = 3
_ROOM = 14


@dataclass(frozen=True)
class Offer:
    """What a card says. `medium` gives the line its colour (empty: the accent); `draw` paints its
    picture into a rectangle, `take` does it."""

    title: str
    help: str
    medium: str
    draw: Draw
    take: Callable[[], object]


class Plate(QAbstractButton):
    """A button like a sheet of paper: it can be reached by Tab and pressed by Enter and Space."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.scheme_changed.connect(self.update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def edge(self) -> QColor:
        """The colour of its outline now."""
        if self.hasFocus():
            return theme.colour("accent")
        return theme.colour("outline" if self.underMouse() else "border")

    def paint_plate(self, painter: QPainter) -> QRectF:
        """Draw the paper and its outline; what else is drawn stays inside. Gives its place."""
        place = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -1.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text", 0.05))
        painter.drawRoundedRect(place.translated(0, 1), CORNER, CORNER)
        ground = "hover" if self.isDown() else "surface"
        painter.setBrush(theme.colour(ground))
        painter.setPen(QPen(self.edge(), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(place, CORNER, CORNER)
        return place

    def ratio(self) -> float:
        """Pixels of the screen to one of ours."""
        return self.devicePixelRatioF()


class Card(Plate):
    """One thing to do. `compact` has a smaller picture."""

    def __init__(self, offer: Offer, parent: QWidget) -> None:
        super().__init__(parent)
        self.offer = offer
        self.compact = False
        self._drawn: tuple[Any, QPixmap] | None = None
        self.setAccessibleName(offer.title)
        self.setAccessibleDescription(offer.help)
        self.setToolTip(tip("\n".join(filter(None, (offer.title, offer.help)))))
        self.clicked.connect(offer.take)

    @property
    def picture_height(self) -> int:
        """Pixels that the picture takes, its line apart."""
        return 68 if self.compact else 108

    def redraw(self) -> None:
        """What its picture is made of has changed."""
        self._drawn = None
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as it is let be."""
        return QSize(200, self.picture_height + LINE + (69 if self.compact else 75))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture over the words."""
        with QPainter(self) as painter:
            place = self.paint_plate(painter)
            inner = QPainterPath()
            inner.addRoundedRect(place.adjusted(1, 1, -1, -1), CORNER - 1, CORNER - 1)
            painter.setClipPath(inner)
            room = QRect(0, 0, self.width(), self.picture_height)
            painter.drawPixmap(room.topLeft(), self._picture(room.size()))
            line = QRectF(0, room.bottom() + 1, self.width(), LINE)
            role = theme.badge(self.offer.medium) if self.offer.medium else "accent"
            painter.fillRect(line, theme.colour(role))
            self._paint_words(painter, round(line.bottom()) + 10)

    def _picture(self, size: QSize) -> QPixmap:
        key = (size, self.ratio(), theme.is_dark())
        if self._drawn is None or self._drawn[0] != key:
            picture = QPixmap(size * self.ratio())
            picture.setDevicePixelRatio(self.ratio())
            picture.fill(Qt.GlobalColor.transparent)
            with QPainter(picture) as painter, saved(painter):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                edge = 10 if self.compact else 18
                room = QRectF(0, 0, size.width(), size.height()).adjusted(edge, edge, -edge, -edge)
                self.offer.draw(painter, room)
            self._drawn = key, picture
        return self._drawn[1]

    def _paint_words(self, painter: QPainter, top: int) -> None:
        font = theme.body_font()
        font.setWeight(theme.title_weight())
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        metrics, width = QFontMetrics(font), self.width() - 2 * _ROOM
        title = metrics.elidedText(self.offer.title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPoint(_ROOM, top + metrics.ascent()), title)
        font = theme.secondary_font()
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        metrics = QFontMetrics(font)
        y = top + QFontMetrics(theme.body_font()).height() + 4 + metrics.ascent()
        for line in wrapped(self.offer.help, metrics, width, 2):
            painter.drawText(QPoint(_ROOM, y), line)
            y += metrics.lineSpacing() + 1


def wrapped(words: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """Words in at most so many lines of this width; the last one ends in an ellipsis."""
    layout = QTextLayout(words)
    font = theme.secondary_font()
    layout.setFont(font)
    layout.beginLayout()
    lines: list[str] = []
    while len(lines) < most and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start, length = line.textStart(), line.textLength()
        lines.append(words[start : start + length].strip())
        if len(lines) == most:
            rest = words[start:].strip()
            lines[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
    layout.endLayout()
    return lines


def draw_icons(*names_and_roles: tuple[str, str]) -> Draw:
    """A picture of icons side by side, each in the colour of a role."""

    def draw(painter: QPainter, room: QRectF) -> None:
        side = min(36.0, room.height() * 0.6)
        apart = 20.0
        x = room.center().x() - (len(names_and_roles) * (side + apart) - apart) / 2
        for name, role in names_and_roles:
            icons.paint(painter, name, role, QRectF(x, room.center().y() - side / 2, side, side))
            x += side + apart

    return draw
