"""A ring around a real control, and the card beside it that says what to do there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label

_HALO = 6
_WIDTH = 288
_APART = 14


class Ring(QWidget):
    """Lies over a window around a place of it; the pointer goes through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_around(self, place: QRect) -> None:
        """Be around this place of the window."""
        wanted = place.adjusted(-_HALO - 2, -_HALO - 2, _HALO + 2, _HALO + 2)
        if wanted != self.geometry():
            self.setGeometry(wanted)
        if self.isHidden():
            self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line in the accent, with a halo."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for width, alpha in ((2 * _HALO - 2, 0.22), (3, 1.0)):
                painter.setPen(QPen(theme.colour("accent", alpha), width))
                edge = _HALO - 1
                place = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
                painter.drawRoundedRect(place, 8, 8)


class StepCard(QFrame):
    """What to do in one step. `left` ends the tour, `skipped` and `back` go through it."""

    left = Signal()
    skipped = Signal()
    back = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        theme.set_kind(self, "tour")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.title = Label()
        theme.set_kind(self.title, "title")
        self.words = Label(wordWrap=True)
        self.count = Label()
        theme.set_kind(self.count, "secondary")
        self.close_button = QToolButton()
        self.close_button.setIcon(icons.icon("close", "muted"))
        self.close_button.setIconSize(QSize(14, 14))
        self.close_button.setToolTip(_("End the tour"))
        self.close_button.setAccessibleName(_("End the tour"))
        self.close_button.clicked.connect(self.left)
        self.back_button = QPushButton(_("Back"))
        theme.set_kind(self.back_button, "quiet")
        self.back_button.clicked.connect(self.back)
        self.skip_button = QPushButton()
        self.skip_button.clicked.connect(self.skipped)
        for button in (self.close_button, self.back_button, self.skip_button):
            # The keyboard stays where the step is done.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        column, head, foot = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(*[theme.PADDING + theme.GRID] * 4)
        column.setSpacing(theme.GAP)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.skip_button)
        column.addLayout(head)
        column.addWidget(self.words)
        column.addSpacing(theme.GRID)
        column.addLayout(foot)
        self.setFixedWidth(_WIDTH)

    def show_step(self, title: str, words: str, number: int, total: int) -> None:
        """Show the step `number` (from 1) of so many; the one after the last is the end."""
        self.title.setText(title)
        self.words.setText(words)
        over = number > total
        said = _("Step {number} of {total}").format(number=number, total=total)
        self.count.setText("" if over else said)
        self.back_button.setVisible(number > 1 and not over)
        self.skip_button.setText(_("Done") if over else _("Skip"))
        theme.set_kind(self.skip_button, "primary" if over else "")
        self.setAccessibleName(f"{title}. {words}")
        self.words.setFixedHeight(self.words.heightForWidth(_WIDTH - 2 * theme.SECTION))
        self.adjustSize()
        self.show()
        self.raise_()

    def stay_by(self, ring: QRect | None, room: QRect, free: Sequence[QRect] = ()) -> None:
        """Lie beside a place of the window, and where there is room for that on nothing that is to
        be `free`; without a place, out of the way in a corner of `room`."""
        if ring is not None:
            edge = theme.GAP
            whole = self._window.rect().adjusted(edge, edge, -edge, -edge)
            corner = _beside(ring, self.size(), whole, free)
        else:
            size, edge = self.size(), theme.SECTION
            corner = room.bottomRight() - QPoint(size.width() + edge, size.height() + edge)
        if corner != self.pos():
            self.move(corner)
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends the tour."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


def _beside(ring: QRect, size: QSize, room: QRect, free: Sequence[QRect]) -> QPoint:
    """A corner for a card of this size: below the ring (or below a line that is to be free there),
    above it, left or right, all inside; of those the first that covers nothing that is to be free.
    """
    apart = _APART + _HALO
    middle_x, middle_y = (
        ring.center().x() - size.width() // 2,
        ring.center().y() - size.height() // 2,
    )
    halo = ring.adjusted(-_HALO, -_HALO, _HALO, _HALO)
    below = QPoint(middle_x, ring.bottom() + apart)
    lines = [each.bottom() for each in free if QRect(below, size).intersects(each)]
    found = []
    for corner in (
        below,
        QPoint(middle_x, max([ring.bottom(), *lines]) + apart),
        QPoint(middle_x, ring.top() - apart - size.height()),
        QPoint(ring.left() - apart - size.width(), middle_y),
        QPoint(ring.right() + apart, middle_y),
    ):
        inside = QPoint(
            min(max(corner.x(), room.left()), room.right() - size.width()),
            min(max(corner.y(), room.top()), room.bottom() - size.height()),
        )
        if not QRect(inside, size).intersects(halo):
            found.append(inside)
    for inside in found:
        if not any(QRect(inside, size).intersects(each) for each in free):
            return inside
    if found:
        return found[0]
    # Around something that fills the window: in its lower corner.
    return QPoint(room.left(), room.bottom() - size.height())
