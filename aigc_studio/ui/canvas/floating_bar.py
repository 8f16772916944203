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
        self._watch = _watch_of(view)
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
        self.clear_of: Callable[[], QRect] | None = None
        """What it rather goes out of sight for than covers, in pixels of the viewport."""
        self.crown = 0
        """Pixels over what it stays by that are not to be covered either: a name is there."""
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
        self._watch.bars.append(self)
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
        it is about is, and where it would lie on another bar or on what it is `clear_of`.
        None: for good.
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
        about.setTop(about.top() - self.crown)
        wanted = self._least_covering(QRect(self._corner(about), self.size()), about)
        if wanted != self.geometry():
            self.setGeometry(wanted)

    def _least_covering(self, usual: QRect, about: QRect) -> QRect:
        """The usual place; or one on another side, or farther above, that covers less: of what it
        is about first of all."""
        if self.shuns is None:
            return usual
        at = self._view.viewport().pos()
        shunned = [each.translated(at) for each in self.shuns()]
        below, above, right, left = (QRect(usual) for _side in range(4))
        below.moveTop(about.bottom() + APART)
        above.moveBottom(about.top() - APART - 1)
        level = about.center().y() - usual.height() // 2
        right.moveTopLeft(QPoint(about.right() + APART, level))
        left.moveTopRight(QPoint(about.left() - APART, level))
        sides = (below, above, above.translated(0, -NAME), right, left)
        inside = [side for side in sides if self.room().contains(side)]
        return min(
            [usual, *inside], key=lambda side: (common(side, [about]), common(side, shunned))
        )

    def _follow_pixels(self, about: QRect) -> None:
        self.adjustSize()
        about.translate(self._view.viewport().pos())
        seen = about.intersects(self._view.viewport().geometry())
        wanted = self._free_of_bars(QRect(self._corner(about), self.size()), about)
        if wanted.intersects(about) or not self.room().contains(wanted):
            near = self._clear_place(QRect(self._corner(about), self.size()), about)
            wanted = near if self._is_free(near, about) else self._along_an_edge(about)
        if any(self._covers(wanted)):
            wanted = self._clear_place(wanted, about)
        fits = seen and self.room().contains(wanted) and not any(self._covers(wanted)[:2])
        if fits and wanted != self.geometry():
            self.setGeometry(wanted)
        if fits and self.isHidden():
            self.show()
            self.raise_()
        elif not fits and not self.isHidden():
            self.hide()

    def _covers(self, place: QRect) -> tuple[int, int, int]:
        """Pixels that it would cover there: of other bars, of what it is to be clear of, of what is
        spared."""
        bars = [bar.geometry() for bar in self._others()]
        return common(place, bars), common(place, [self._staged()]), common(place, [self._row()])

    def _is_free(self, place: QRect, about: QRect) -> bool:
        handled = self._staged().isEmpty() and place.intersects(about)
        return self.room().contains(place) and not any(self._covers(place)) and not handled

    def _staged(self) -> QRect:
        place = self.clear_of() if self.clear_of is not None else QRect()
        return place.translated(self._view.viewport().pos())

    def _row(self) -> QRect:
        place = self._spared() if self._spared is not None else QRect()
        return place.translated(self._view.viewport().pos())

    def _clear_place(self, usual: QRect, about: QRect) -> QRect:
        """The place nearest to the usual one that covers nothing: beside, over or under other bars,
        what it is about, or what that has made room for."""
        room, staged = self.room(), self._staged()
        bars = [bar.geometry() for bar in self._others()]
        lefts = {usual.left(), room.left(), room.right() + 1 - usual.width()}
        lefts |= {bar.right() + 1 + theme.GAP for bar in bars}
        lefts |= {bar.left() - theme.GAP - usual.width() for bar in bars}
        tops = {usual.top(), room.top(), room.bottom() + 1 - usual.height()}
        for near, apart in ((about, APART), *((each, theme.GAP) for each in (staged, *bars))):
            tops |= {near.bottom() + 1 + apart, near.top() - apart - usual.height()}
        places = [QRect(QPoint(x, y), usual.size()) for x in lefts for y in tops]
        inside = [place for place in places if room.contains(place)]

        def costs(place: QRect) -> tuple[int, ...]:
            far = (place.topLeft() - usual.topLeft()).manhattanLength()
            # Handles of what something is staged for are not there now.
            handled = common(place, [about]) if staged.isEmpty() else 0
            return *self._covers(place), handled, far, place.top(), place.left()

        return min(inside, key=costs, default=usual)

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
        spared = self._row()
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

    def gives_way_to(self, other: FloatingBar) -> bool:
        """Whether it must not lie on that one."""
        return not self.dark and other is not self

    def _others(self) -> list[FloatingBar]:
        """Those that it must not lie on."""
        bars: list[FloatingBar] = self._view.findChildren(FloatingBar)
        return [bar for bar in bars if self.gives_way_to(bar) and bar.isVisible()]

    def event(self, event: QEvent) -> bool:
        """Wherever it goes, those that give way to it look for a place anew."""
        if event.type() in _MOVED and "_watch" in vars(self):
            for bar in self._watch.living():
                if bar.gives_way_to(self) and not self.gives_way_to(bar) and bar._is_placed():
                    bar._later.start()
        return super().event(event)

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
_MOVED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class _Watch(QObject):
    """Sees for all bars of a view that its viewport is painted or gets another size: each that
    looked for itself would look at every move of the mouse."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.bars: list[FloatingBar] = []
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SEEN:
            for bar in self.living():
                bar.eventFilter(watched, event)
        return False

    def living(self) -> list[FloatingBar]:
        """The bars that are there still."""
        self.bars = [bar for bar in self.bars if shiboken6.isValid(bar)]
        return self.bars


def _watch_of(view: QGraphicsView) -> _Watch:
    viewport = view.viewport()
    found: list[_Watch] = viewport.findChildren(
        _Watch, options=Qt.FindChildOption.FindDirectChildrenOnly
    )
    return found[0] if found else _Watch(viewport)
