"""What all items on the canvas share, whatever their medium: how they look, and their parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPolygonF, QTransform
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPixmapItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from aigc_studio.api.selections import Bars, Span
from aigc_studio.ui.canvas.items.placed import PlacedItem
from aigc_studio.ui.canvas.scene.thumbs import SIDE, Thumb
from aigc_studio.ui.target import Part

if TYPE_CHECKING:
    from aigc_studio.api.selections import Selection
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.heat.layer import HeatLayer


class BoardItem(PlacedItem):
    """An item of the board as the scene shows it.

    `height` is its place among the others, and `chosen` whether it is selected; only the scene sets
    them. Qt is told nothing of the latter: it would take a frame to note it of thousands.
    """

    smooth: bool | None = None
    """How pixels are enlarged, where that is not for the person to say: in what is exported."""
    keeps_shape = True
    """Whether scaling by a corner keeps the ratio of width to height."""
    has_notes = False
    """Whether it is made of notes, so that it can be drawn in and made longer."""
    has_pixels = False
    """Whether it is made of pixels, so that it can be turned, mirrored, cropped and masked."""
    # What most of thousands never have otherwise is kept with the class.
    height = 0
    chosen = False
    _problem = ""
    _thumb: Thumb | None = None
    _blank: Thumb | None = None
    _thumb_of: object = None
    _far: QGraphicsPixmapItem | None = None
    _painted_here = True
    _dressed: object = None
    heat: HeatLayer | None = None
    """What was said of its parts, drawn over it on screen; it goes with the content."""
    clip: QPolygonF | None = None
    """The part of it that is seen on screen, in own coordinates; None: all of it."""
    covered = False
    """Whether something is staged in its place: it is as it was, and not to be seen on screen."""

    @property
    def problem(self) -> str:
        """Why the content cannot be read, in a sentence; empty when it can. Reads it for that."""
        self.read_now()
        return self._problem

    @problem.setter
    def problem(self, sentence: str) -> None:
        self._problem = sentence

    def reflect(self, item: Item) -> None:
        """Show the committed state `item`."""
        former, self.item = self.item, item
        self._lay(item.x, item.y, item.width, item.height, item.rotation)
        if former.opacity != item.opacity:
            self.setOpacity(item.opacity)
        if former.visible != item.visible:
            self.setVisible(item.visible)
            self.loader.laid += 1
        if former.content is not item.content and former.content != item.content:
            self.heat = None
        other = former.content is not item.content or former.mask is not item.mask
        if other and (former.content != item.content or former.mask != item.mask):
            self.content_changed()
            self.choose_look()

    def content_changed(self) -> None:
        """The committed content or mask is another one: show it."""
        self.update()

    def new_heat(self) -> HeatLayer:
        """What can hold what is said of its parts; `show_heat` draws it."""
        raise NotImplementedError

    def show_heat(self, heat: HeatLayer | None) -> None:
        """Draw this over it from now on; None: nothing."""
        self.heat = heat
        self.choose_look()
        self.update()

    def leave(self) -> None:
        """It is shown no more, at least for now: end what hands do in it."""

    def load_all(self) -> None:
        """Have everything here that is needed to paint the whole item, now."""

    def wish_all(self) -> None:
        """Have all of that brought soon, beside the window."""

    # From afar

    @property
    def seen_side(self) -> float:
        """Pixels of the screen along its longer side, as the view shows it now."""
        placed = self.placed
        return self.loader.scale * (placed[2] if placed[2] > placed[3] else placed[3])

    @property
    def is_far(self) -> bool:
        """Whether it is so small on screen that its thumb is seen."""
        return self.seen_side <= SIDE

    def note_scale(self) -> None:
        """Seen from nearer or from farther off, it may be painted in another way."""
        if self._thumb or self._blank or not self._painted_here:
            self.choose_look()

    def choose_look(self) -> None:
        """Leave painting to Qt where the item is a small picture, which is many times as quick.

        Called whenever the answer may be another one.
        """
        thumb = self._thumb or self._blank
        shown = self.is_far and thumb is not None and not self._problem and self.is_plain()
        shown = shown and not self.covered and self.clip is None
        right = not shown or self._thumb_of == self.thumb_key()
        if not right:
            shown = not self.has_near()
        if shown and thumb is not None:
            self._dress(thumb)
        if shown is self._painted_here:
            self._painted_here = not shown
            self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, shown)
            if self._far is not None:
                self._far.setVisible(shown)
        if not right:
            self.loader.wish_thumb(self)

    def _dress(self, thumb: Thumb) -> None:
        """The copy of the thumb that is right for the size on screen, at the item's size."""
        number, squares = thumb.copy_for(self.seen_side)
        width, height = self.placed[2], self.placed[3]
        dress = (thumb, number, squares, width, height)
        if dress == self._dressed:
            return
        if self._far is None:
            self._far = QGraphicsPixmapItem(self)
        self._dressed = dress
        pixmap, modes = thumb.pixmap(number), Qt.TransformationMode
        mode = modes.FastTransformation if squares else modes.SmoothTransformation
        self._far.setPixmap(pixmap)
        self._far.setTransformationMode(mode)
        scale = QTransform.fromScale(width / pixmap.width(), height / pixmap.height())
        self._far.setTransform(scale)

    def cover(self, on: bool) -> None:
        """Hide it on screen, or show it again. The board, exports and gestures have it anyway."""
        if on is not self.covered:
            self.covered = on
            self.choose_look()
            self.update()

    def clip_to(self, clip: QPolygonF | None) -> None:
        """Have only this part of it seen on screen, in own coordinates; None: all of it.

        Only what is made of pixels keeps to it.
        """
        if clip != self.clip:
            self.clip = clip
            self.choose_look()
            self.update()

    def thumb_key(self) -> object:
        """What the thumb shows of `item`: equal keys, equal thumbs."""
        return (self.item.content.digest, self.item.width, self.item.height)

    def has_near(self) -> bool:
        """Whether what is painted from near is loaded, and so better than a former thumb."""
        return False

    def is_plain(self) -> bool:
        """Whether only its content is to be seen: no marks, no strokes on their way."""
        return True

    def paint_far(self, painter: QPainter) -> bool:
        """Say where the item is that is too small on screen to be painted from near, and have its
        thumb drawn; nothing where it is covered. False where it is not so small.
        """
        if self.covered:
            return True
        if not self.is_far or self._problem or self.clip is not None or not self.is_plain():
            return False
        if self._thumb_of != self.thumb_key():
            if self.has_near():
                self.loader.wish_thumb(self)
                return False
            self.loader.wish_thumb(self)
        if self._thumb is None:
            # Until its thumb has come, Qt paints where it is: thousands may wait for theirs.
            self._blank = self.loader.blank()
            self.loader.note_look(self)
        thumb = self._thumb or self._blank
        if thumb is not None:
            pixmap = thumb.pixmap(thumb.copy_for(self.seen_side)[0])
            painter.drawPixmap(self._size, pixmap, QRectF(pixmap.rect()))
        return True

    def show_thumb(self, item: Item, thumb: Thumb | None) -> None:
        """The thumb of `item`, a former or the present state, is drawn; None: it cannot be read."""
        if item.content != self.item.content or item.mask != self.item.mask:
            return
        if thumb is None:
            self.read_now()
        self._thumb, self._thumb_of = thumb, self.thumb_key()
        self.loader.note_look(self)
        self.update()

    def read_now(self) -> None:
        """Read the content if it was not, so that `problem` says why it cannot be."""

    # Parts of it, and what else its medium may have

    @property
    def part(self) -> Part:
        """What kind of part of it is selected."""
        return ""

    @property
    def has_mask(self) -> bool:
        """Whether a mask lies on it, or is just being painted."""
        return False

    @property
    def has_caret(self) -> bool:
        """Whether a place between two characters is marked, and no words."""
        return False

    @property
    def pixel_count(self) -> int:
        """How many pixels it has."""
        return 0

    @property
    def scrolls(self) -> bool:
        """Whether there is more of it than its card shows, so that it is scrolled there."""
        return False

    def select_to(self, start: QPointF, end: QPointF) -> Span | Bars | None:
        """The part between two points (own coordinates) for media whose parts lie in a row."""
        return None

    def show_part(self, part: Any) -> None:
        """Mark a part (`Span`, `Bars` or None) as selected."""

    def caret_row(self) -> QRectF:
        """The row that the caret or the end of what is marked is on (own coordinates), or empty."""
        return QRectF()

    def bring_out(self, part: Any) -> QRectF:
        """Have the end of a part that is being made in sight within the card; None: nothing is.

        Gives where that is, in own coordinates.
        """
        return self.boundingRect()

    def selected(self) -> Selection | None:
        """The part that is selected; None when it is whole."""
        return None

    def stepped(self, by: int, *, extend: bool) -> Bars | None:
        """The selected part moved on by so many steps, or longer by them; None when it has none."""
        return None

    def turn_pages(self, pages: float) -> bool:
        """Scroll it in its card, so many pages further down. False when there is no more."""
        return False

    def words(self) -> str | None:
        """What stands in it, for other programs; None when it is not made of words."""
        return None

    def to_image(self) -> QImage | None:
        """All of its pixels; None when it is not made of pixels."""
        return None

    def imaging(self) -> Callable[[], QImage] | None:
        """The same for another thread: what is called there makes the picture."""
        return None

    def from_pixels(self, rect: QRectF) -> QRectF:
        """From its pixels to its own coordinates; without pixels these are board units."""
        return rect

    def within_pixels(self, rect: QRect) -> QRect:
        """What of a rectangle of pixels lies in it; nothing where it has no pixels."""
        return QRect()

    def drop_stroke(self, stroke: Any) -> None:
        """What a hand drew is part of the content now, or was given up."""

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the item."""
        raise NotImplementedError

    def paint_problem(self, painter: QPainter) -> None:
        """Say in the item's place why its content is not there."""
        from aigc_studio.ui.canvas.items.problem import paint_problem

        paint_problem(painter, self.boundingRect(), self.problem)
