"""Two to four candidates beside each other: the same part of each, at the same zoom.

Texts are there to be read: all of each, scrolled together.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, pixels, theme
from aigc_studio.ui.candidates.words_pane import WordsPane, scroll_together, show_difference
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.screen_room import fit

LARGEST = 32.0
"""How much larger than fitted they can be seen."""
_STEP = 1.25
_PAN = 0.1
_SIDE, _WIDE = 160, 340
_Key = Qt.Key
_ARROWS = {
    _Key.Key_Left: (-1, 0),
    _Key.Key_Right: (1, 0),
    _Key.Key_Up: (0, -1),
    _Key.Key_Down: (0, 1),
}


class Look(QObject):
    """Which part of all of them is seen: `zoom` times as large as fitted, `middle` in 0 to 1."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.zoom = 1.0
        self.middle = QPointF(0.5, 0.5)
        self.panes: list[Pane] = []

    def room(self) -> QSizeF:
        """What each pane has at least: a pixel more makes no picture larger than another."""
        sizes = [pane.size() for pane in self.panes]
        return QSizeF(min(size.width() for size in sizes), min(size.height() for size in sizes))

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that `around` (in 0 to 1, the middle by default) stays where it is."""
        zoom = min(max(zoom, 1.0), LARGEST)
        around = self.middle if around is None else around
        middle = around + (self.middle - around) * (self.zoom / zoom)
        self.zoom = zoom
        self.move_to(middle)

    def move_to(self, middle: QPointF) -> None:
        """Have this in the middle, as far as there is something beyond it."""
        least = 0.5 / self.zoom
        across = min(max(middle.x(), least), 1 - least)
        self.middle = QPointF(across, min(max(middle.y(), least), 1 - least))
        self.changed.emit()


class Pane(QWidget):
    """One picture. Wheel and drag change the `look` that all share."""

    def __init__(self, image: QImage, look: Look) -> None:
        super().__init__()
        self.image, self._look = image, look
        look.panes.append(self)
        self._from: QPointF | None = None
        self.setMinimumSize(_SIDE, _SIDE)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Large enough to see something."""
        return QSize(320, 320)

    def place(self) -> QRectF:
        """Where all of the picture would be, in pixels of the pane."""
        size = self.image.size().toSizeF()
        size.scale(self._look.room(), Qt.AspectRatioMode.KeepAspectRatio)
        size *= self._look.zoom
        middle = QPointF(self.width() / 2, self.height() / 2)
        corner = middle - QPointF(
            self._look.middle.x() * size.width(), self._look.middle.y() * size.height()
        )
        return QRectF(corner, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture on the ground of the canvas."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("canvas"))
            place = self.place()
            large = place.width() / max(self.image.width(), 1) >= pixels.SQUARES_FROM
            smooth = pixels.smooth() and not large
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(place, self.image)
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to what is under the pointer, in all of them."""
        turn = event.angleDelta().y()
        self._look.zoom_to(self._look.zoom * _STEP ** (turn / 120), self._share(event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move all of them."""
        if self._from is not None:
            by = self._share(event.position()) - self._share(self._from)
            self._from = event.position()
            self._look.move_to(self._look.middle - by)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._from = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Closer, or all of it again."""
        zoom = 1.0 if self._look.zoom > 1 else 4.0
        self._look.zoom_to(zoom, self._share(event.position()))

    def _share(self, point: QPointF) -> QPointF:
        place = self.place()
        return QPointF(
            (point.x() - place.x()) / max(place.width(), 1e-6),
            (point.y() - place.y()) / max(place.height(), 1e-6),
        )


class SideBySide(QDialog):
    """Shows pictures, or texts, with their names; `kept` carries the number (from 0) of one."""

    kept = Signal(int)

    def __init__(
        self, images: Sequence[QImage | str], names: Sequence[str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Compare candidates"))
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._across = 3 if len(images) == 3 else 2
        down = 1 if len(images) <= self._across else 2
        fit(self, _WIDE * self._across + 2 * theme.SECTION, (_WIDE + 40) * down + 60)
        self.look = Look(self)
        self.texts = [WordsPane(each) for each in images if isinstance(each, str)]
        scroll_together(self.texts)
        self.panes = [Pane(each, self.look) for each in images if isinstance(each, QImage)]
        self.keeps = [QPushButton(icons.icon("check"), _("Keep")) for _image in images]
        self._names = [ElidedLabel(name) for name in names]
        for number, (button, name) in enumerate(zip(self.keeps, names, strict=True)):
            button.setAutoDefault(False)
            button.setAccessibleName(_("Keep {item}").format(item=name))
            button.setToolTip(_("Put on the board ({key})").format(key=number + 1))
            button.clicked.connect(lambda _on=False, chosen=number: self._keep(chosen))
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(theme.SECTION)
        shown: list[QWidget] = [*self.panes, *self.texts]
        for number, pane in enumerate(shown):
            theme.set_kind(self._names[number], "heading")
            foot = QHBoxLayout()
            foot.setSpacing(theme.GAP)
            foot.addWidget(self._names[number], 1)
            foot.addWidget(self.keeps[number])
            cell = QVBoxLayout()
            cell.setSpacing(theme.GAP)
            cell.addWidget(pane, 1)
            cell.addLayout(foot)
            grid.addLayout(cell, number // self._across, number % self._across)
        for number in range(self._across):
            grid.setColumnStretch(number, 1)
        pictures = _("Zoom with the wheel, drag to move: all of them follow.")
        hint = Label(pictures if self.panes else _("Scroll one: all of them follow."))
        theme.set_kind(hint, "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.SECTION] * 4)
        column.setSpacing(theme.PADDING)
        column.addLayout(grid, 1)
        column.addWidget(hint)

    def showEvent(self, event: QShowEvent) -> None:
        """Where texts differ is seen first; not once more when the window comes back."""
        super().showEvent(event)
        if not event.spontaneous():
            show_difference(self.texts)

    @Slot(int)
    def _keep(self, number: int) -> None:
        self.kept.emit(number)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits keep; plus, minus and 0 zoom; arrows move; Escape closes."""
        key = Qt.Key(event.key())
        number = event.key() - _Key.Key_1
        if 0 <= number < len(self.keeps):
            self._keep(number)
        elif not self.panes:
            super().keyPressEvent(event)
        elif key in (_Key.Key_Plus, _Key.Key_Equal):
            self.look.zoom_to(self.look.zoom * _STEP)
        elif key == _Key.Key_Minus:
            self.look.zoom_to(self.look.zoom / _STEP)
        elif key == _Key.Key_0:
            self.look.zoom_to(1.0)
        elif key in _ARROWS:
            across, down = _ARROWS[key]
            step = _PAN / self.look.zoom
            self.look.move_to(self.look.middle + QPointF(across * step, down * step))
        else:
            super().keyPressEvent(event)
