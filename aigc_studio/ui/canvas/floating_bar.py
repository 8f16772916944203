"""A small bar that floats over the board, beside what it is about, at the same size at any zoom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from aigc_studio.ui import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView, QWidget

Side = Literal["above", "below"]

APART = 14
"""Pixels between the bar and what it is about: a handle has room there."""
NAME = 24
"""Pixels that the name over a thing takes, in the way of a bar over its neighbour."""
EDGE = 8
"""Pixels that stay free between the bar and the edge of the view."""


def common(place: QRect, others: Iterable[QRect]) -> int:
    """How many pixels of the others lie in a place; of each for itself."""
    shared = (place & each for each in others)
    return sum(each.width() * each.height() for each in shared if not each.isEmpty())


class FloatingBar(QFrame):
    """A row of controls over a view, `side` of a place on its board; `row` takes the controls.

    It moves with the board, takes the other side where there is no room on its own, and stays
    inside the view; one without `flips` goes to the edge of its own side then. It lies in the
    middle of its side, or `begins` where the place does. `dark` bars carry decisions, light ones
    verbs. It is a child of the view, not of the viewport: what scrolls moves the viewport's
    children.
    """

    def __init__(
        self,
        view: QGraphicsView,
        side: Side,
        *,
        dark: bool = False,
        flips: bool = True,
        begins: bool = False,
    ) -> None:
        super().__init__(view)
        self.dark = dark
        self._flips = flips
        self._begins = begins
        self._view = view
        self.side = side
        self._place: QRectF | None = None
        self._pixels: Callable[[], QRect] | None = None
        self._spared: Callable[[], QRect] | None = None
        self._floor = 0
        self.shuns: Callable[[], list[QRect]] | None = None
        """What it covers as little of as its two sides allow, in pixels of the viewport."""
        self.yields = 0
        """Pixels at the left of its row that another bar takes."""
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
        _watch_of(view).bars.append(self)
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

    def stay_around(
        self, pixels: Callable[[], QRect] | None, spared: Callable[[], QRect] | None = None
    ) -> None:
        """Float beside what this says, in pixels of the viewport, from now on.

        It is asked whenever the view shows something else, for what is dragged, or has handles that
        must stay free. The bar covers nothing of it where it has room beside it and beside other
        bars; where that fills the view the bar lies along the lower edge, or the upper one where it
        would cover what is `spared` (also in pixels of the viewport). It is out of sight where what
        it is about is. None: for good.
        """
        self._pixels, self._spared = pixels, spared
        if pixels is None:
            self.hide()
        else:
            self._follow()

    def keep_above(self, pixels: int) -> None:
        """Leave so much free at the lower edge of the view: something else lies there."""
        self._floor = pixels
        self._follow()

    def room(self) -> QRect:
        """Where the bar may be, in pixels of the view."""
        return self._view.viewport().geometry().adjusted(EDGE, EDGE, -EDGE, -EDGE - self._floor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The viewport has another size, or shows another part of the board."""
        if event.type() in _SEEN and self._is_placed():
            self._later.start()
        return False

    @Slot()
    def _wake(self) -> None:
        """Not the timer's own `start`: it would take a signal's number for its interval."""
        self._later.start()

    def _is_placed(self) -> bool:
        return self._place is not None or self._pixels is not None

    @Slot()
    def _follow(self) -> None:
        if self._pixels is not None:
            self._follow_pixels(self._pixels())
        if self._place is None:
            return
        self.adjustSize()
        about = self._view.mapFromScene(self._place).boundingRect()
        about.translate(self._view.viewport().pos())
        wanted = self._least_covering(QRect(self._corner(about), self.size()), about)
        if wanted != self.geometry():
            self.setGeometry(wanted)

    def _least_covering(self, usual: QRect, about: QRect) -> QRect:
        """The usual place; or one on the other side, or farther above, that covers less."""
        if self.shuns is None:
            return usual
        at = self._view.viewport().pos()
        shunned = [each.translated(at) for each in self.shuns()]
        below, above = QRect(usual), QRect(usual)
        below.moveTop(about.bottom() + APART)
        above.moveBottom(about.top() - APART - 1)
        sides = (below, above, above.translated(0, -NAME))
        inside = [side for side in sides if self.room().contains(side)]
        return min([usual, *inside], key=lambda side: common(side, shunned))

    def _follow_pixels(self, about: QRect) -> None:
        self.adjustSize()
        about.translate(self._view.viewport().pos())
        seen = about.intersects(self._view.viewport().geometry())
        wanted = self._free_of_bars(QRect(self._corner(about), self.size()), about)
        if wanted.intersects(about) or not self.room().contains(wanted):
            wanted = self._along_an_edge(about)
        fits = seen and self.room().contains(wanted)
        if fits and wanted != self.geometry():
            self.setGeometry(wanted)
        if fits and self.isHidden():
            self.show()
            self.raise_()
        elif not fits and not self.isHidden():
            self.hide()

    def _free_of_bars(self, wanted: QRect, about: QRect) -> QRect:
        """To the right of another bar that lies there already, else to its left, and only where
        there is room for neither farther out on the same side."""
        for other in self._others():
            taken = other.geometry()
            if not taken.intersects(wanted):
                continue
            beside = QRect(wanted)
            beside.moveLeft(taken.right() + 1 + theme.GAP)
            if beside.right() > self.room().right():
                beside.moveRight(taken.left() - 1 - theme.GAP)
            if beside.left() >= self.room().left():
                wanted = beside
            elif wanted.top() < about.top():
                wanted.moveBottom(taken.top() - theme.GAP)
            else:
                wanted.moveTop(taken.bottom() + theme.GAP)
        return wanted

    def _along_an_edge(self, about: QRect) -> QRect:
        """Over what leaves no room beside it, in the middle of as much of it as is seen."""
        room = self.room()
        wanted = QRect(self._corner(about & room), self.size())
        spared = self._spared() if self._spared is not None else QRect()
        spared.translate(self._view.viewport().pos())
        for is_low in (True, False):
            if is_low:
                wanted.moveBottom(room.bottom())
            else:
                wanted.moveTop(room.top())
            for other in sorted(self._others(), key=lambda bar: bar.y(), reverse=is_low):
                if not other.geometry().intersects(wanted):
                    continue
                if is_low:
                    wanted.moveBottom(other.geometry().top() - theme.GAP)
                else:
                    wanted.moveTop(other.geometry().bottom() + theme.GAP)
            if not wanted.intersects(spared):
                break
        return wanted

    def _others(self) -> list[FloatingBar]:
        """Those that it must not lie on."""
        bars: list[FloatingBar] = self._view.findChildren(FloatingBar)
        return [bar for bar in bars if bar is not self and bar.isVisible()]

    def _corner(self, about: QRect) -> QPoint:
        """The upper left corner: in the middle of its side, or where that begins, in view."""
        room, size = self.room(), self.size()
        above, below = about.top() - APART - size.height(), about.bottom() + APART
        y = above if self.side == "above" else below
        if self._flips and not room.top() <= y <= room.bottom() - size.height():
            y = below if self.side == "above" else above
        x = about.left() if self._begins else about.center().x() - size.width() // 2
        right = max(room.left(), room.right() - size.width())
        bottom = max(room.top(), room.bottom() - size.height())
        return QPoint(
            min(max(x, room.left()), right),
            min(max(y, room.top()), bottom),
        )


_SEEN = (QEvent.Type.Resize, QEvent.Type.Paint)


class _Watch(QObject):
    """Sees for all bars of a view that its viewport is painted or gets another size: each that
    looked for itself would look at every move of the mouse."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.bars: list[FloatingBar] = []
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SEEN:
            self.bars = [bar for bar in self.bars if shiboken6.isValid(bar)]
            for bar in self.bars:
                bar.eventFilter(watched, event)
        return False


def _watch_of(view: QGraphicsView) -> _Watch:
    viewport = view.viewport()
    found: list[_Watch] = viewport.findChildren(
        _Watch, options=Qt.FindChildOption.FindDirectChildrenOnly
    )
    return found[0] if found else _Watch(viewport)
