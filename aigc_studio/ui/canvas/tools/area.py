"""The tool that selects a rectangle, and the hand, which moves the view."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt

from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.painting import mask_edits
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.tools import marking
from aigc_studio.ui.canvas.tools.grip import Grip, Touch
from aigc_studio.ui.canvas.tools.marks import Outline

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.tools.hand import Hand

DRAGGED = 3
"""Pixels of the viewport: a press that moves less far is a click."""


class AreaGrip(Grip):
    """Draws a rectangle of whole pixels on a picture; `finish` says what becomes of it."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._item: ImageItem | None = None
        self._start = QPointF()
        self._press: Touch | None = None

    def press(self, touch: Touch) -> None:
        """Begin a rectangle with its corner here."""
        item = self._picture(touch)
        if item is None:
            self.hand.report(self.hint())
            return
        self.scene.choose([item.id])
        self._item, self._press = item, touch
        self._start = item.to_pixels(item.mapFromScene(touch.scene))

    def move(self, touch: Touch) -> None:
        """The other corner."""
        if self._item is not None:
            rect = self._rect(touch)
            self.hand.marks.area = (self._item.id, rect)
            self.hand.repaint_marks()

    def release(self, touch: Touch) -> None:
        """Take the rectangle; a click without a drag means none."""
        item, press = self._item, self._press
        rect = self._rect(touch)
        self.cancel()
        if item is None or press is None:
            return
        if not is_dragged(press, touch):
            self.finish(item, QRect(), press)
        elif rect.isEmpty():
            self.hand.report(_("That is outside the picture: drag over the picture."))
        else:
            self.finish(item, rect, press)

    def cancel(self) -> None:
        """Give up."""
        super().cancel()
        self._item = None
        self.hand.marks.area = None
        self.hand.repaint_marks()

    def finish(self, item: ImageItem, rect: QRect, touch: Touch) -> None:
        """A rectangle was drawn on `item`; an empty one means a click."""
        raise NotImplementedError

    def hint(self) -> str:
        """What to say when there is no picture here."""
        raise NotImplementedError

    def _picture(self, touch: Touch) -> ImageItem | None:
        item = self.scene.item_at(touch.scene)
        if isinstance(item, ImageItem):
            return item
        chosen = self.scene.chosen()
        alone = chosen[0] if len(chosen) == 1 else None
        return alone if item is None and isinstance(alone, ImageItem) else None

    def _rect(self, touch: Touch) -> QRect:
        if self._item is None:
            return QRect()
        end = self._item.to_pixels(self._item.mapFromScene(touch.scene))
        left, right = sorted((self._start.x(), end.x()))
        top, bottom = sorted((self._start.y(), end.y()))
        x, y = math.floor(left), math.floor(top)
        # One pixel at least: who drags along an edge between two of them means something.
        rect = QRect(x, y, max(math.ceil(right) - x, 1), max(math.ceil(bottom) - y, 1))
        return rect.intersected(self._item.colours.grid.rect)


class RectangleGrip(AreaGrip):
    """Masks a rectangle of a picture (Shift adds, Alt takes away).

    On several pictures that are selected together it is upright on the board, and masks all that it
    reaches.
    """

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._several: list[ImageItem] = []

    def press(self, touch: Touch) -> None:
        """One corner."""
        pictures = marking.pictures_at(self.hand, touch)
        if len(pictures) > 1:
            self._several, self._press = pictures, touch
        else:
            super().press(touch)

    def move(self, touch: Touch) -> None:
        """The other corner."""
        if self._several and self._press is not None:
            corners = marking.upright(self._press.scene, touch.scene)
            self.hand.marks.outline = Outline(tuple(corners), closed=True)
            self.hand.repaint_marks()
        else:
            super().move(touch)

    def release(self, touch: Touch) -> None:
        """Take the rectangle; a click without a drag means none."""
        several, press = self._several, self._press
        if not several or press is None:
            super().release(touch)
            return
        self.cancel()
        if is_dragged(press, touch):
            corners = marking.upright(press.scene, touch.scene)
            marking.mark_within(self.hand, several, corners, marking.how_of(press))
        elif marking.how_of(press) == "set":
            marking.clear(self.scene, several)

    def cancel(self) -> None:
        """Give up."""
        self._several = []
        self.hand.marks.outline = None
        super().cancel()

    def finish(self, item: ImageItem, rect: QRect, touch: Touch) -> None:
        """Make it the mask; a click takes the mask away."""
        how = marking.how_of(touch)
        if rect.isEmpty():
            if how == "set":
                marking.clear(self.scene, [item])
            return
        box = (rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1)
        self.scene.edits.add(Edit(item.id, "mask", mask_edits.mask_rectangle(box, how)))

    def hint(self) -> str:
        """What to say when there is nothing to select here."""
        return _("Drag over a picture, over words or over bars to select a part.")


class HandGrip(Grip):
    """Moves the view."""

    cursor = Qt.CursorShape.OpenHandCursor

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._last = QPointF()

    def press(self, touch: Touch) -> None:
        """Take hold."""
        self._last = touch.view
        self.hand.show_cursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, touch: Touch) -> None:
        """Pull."""
        self.hand.pan(touch.view - self._last)
        self._last = touch.view

    def release(self, touch: Touch) -> None:
        """Let go."""
        self.hand.show_cursor(self.cursor)


def is_dragged(press: Touch, release: Touch) -> bool:
    """Whether the pointer went so far that more than a click is meant."""
    far = release.view - press.view
    return math.hypot(far.x(), far.y()) >= DRAGGED
