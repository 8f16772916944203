"""A small bar that floats over the board, beside what it is about, at the same size at any zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from aigc_studio.ui import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

Side = Literal["above", "below"]

APART = 14
"""Pixels between the bar and what it is about: a handle has room there."""
EDGE = 8
"""Pixels that stay free between the bar and the edge of the view."""


class FloatingBar(QFrame):
    """A row of controls over a view, `side` of a place on its board; `row` takes the controls.

    It moves with the board, takes the other side where there is no room on its own, and stays
    inside the view. `dark` bars carry decisions, light ones verbs. It is a child of the view, not
    of the viewport: what scrolls moves the viewport's children.
    """

    def __init__(self, view: QGraphicsView, side: Side, *, dark: bool = False) -> None:
        super().__init__(view)
        self._view = view
        self._side = side
        self._place: QRectF | None = None
        self._floor = 0
        theme.set_kind(self, "decisions" if dark else "floating")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(*[theme.GRID] * 4)
        self.row.setSpacing(theme.GRID)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        # Many things move the view in one turn of events; the bar follows once.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._follow)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self._wake)
            bar.rangeChanged.connect(self._wake)
        view.viewport().installEventFilter(self)
        self.hide()

    def stay_by(self, place: QRectF | None) -> None:
        """Float beside this rectangle of the scene from now on; hidden when there is none."""
        self._place = None if place is None else QRectF(place)
        if place is None:
            self.hide()
        else:
            self._follow()
            self.show()
            self.raise_()

    def keep_above(self, pixels: int) -> None:
        """Leave so much free at the lower edge of the view: something else lies there."""
        self._floor = pixels
        self._follow()

    def room(self) -> QRect:
        """Where the bar may be, in pixels of the view."""
        return self._view.viewport().geometry().adjusted(EDGE, EDGE, -EDGE, -EDGE - self._floor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The viewport has another size, or shows another part of the board."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Paint) and self._place is not None:
            self._later.start()
        return False

    @Slot()
    def _wake(self) -> None:
        """Not the timer's own `start`: it would take a signal's number for its interval."""
        self._later.start()

    @Slot()
    def _follow(self) -> None:
        if self._place is None:
            return
        self.adjustSize()
        about = self._view.mapFromScene(self._place).boundingRect()
        about.translate(self._view.viewport().pos())
        wanted = QRect(self._corner(about), self.size())
        if wanted != self.geometry():
            self.setGeometry(wanted)

    def _corner(self, about: QRect) -> QPoint:
        """The upper left corner: in the middle of its side, as far as it is in view."""
        room, size = self.room(), self.size()
        above, below = about.top() - APART - size.height(), about.bottom() + APART
        y = above if self._side == "above" else below
        if not room.top() <= y <= room.bottom() - size.height():
            y = below if self._side == "above" else above
        x = about.center().x() - size.width() // 2
        right = max(room.left(), room.right() - size.width())
        bottom = max(room.top(), room.bottom() - size.height())
        return QPoint(
            min(max(x, room.left()), right),
            min(max(y, room.top()), bottom),
        )
