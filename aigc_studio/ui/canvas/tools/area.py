"""Tools that draw a rectangle: selection and frame. And the hand, which moves the view."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, QRect, Qt

from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.painting import picture_edits
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.tools.grip import Grip, Touch

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.tools.hand import Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


class AreaGrip(Grip):
    """Draws a rectangle of whole pixels on a picture; `finish` says what becomes of it."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._item: ImageItem | None = None
        self._start = QPointF()
        self._press: Touch | None = None

    def press(self, touch: Touch) -> None:
        """One corner."""
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
        far = touch.view - press.view
        dragged = math.hypot(far.x(), far.y()) >= 3
        self.finish(item, rect if dragged and not rect.isEmpty() else QRect(), press)

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
        rect = QRect(x, y, math.ceil(right) - x, math.ceil(bottom) - y)
        return rect.intersected(self._item.colours.grid.rect)


class RectangleGrip(AreaGrip):
    """Masks a rectangle of a picture (Shift adds, Alt takes away)."""

    def finish(self, item: ImageItem, rect: QRect, touch: Touch) -> None:
        """Make it the mask; a click takes the mask away."""
        if rect.isEmpty():
            if item.item.mask is not None and not touch.has(SHIFT) and not touch.has(ALT):
                self.scene.edits.add(Edit(item.id, "mask", picture_edits.clear_mask()))
            return
        how: Literal["set", "add", "take"] = "set"
        if touch.has(SHIFT):
            how = "add"
        elif touch.has(ALT):
            how = "take"
        box = (rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1)
        self.scene.edits.add(Edit(item.id, "mask", picture_edits.mask_rectangle(box, how)))

    def hint(self) -> str:
        """What to say when there is nothing to select here."""
        return _("Drag over a picture, over words or over bars to select a part.")


class FrameGrip(AreaGrip):
    """Draws the frame: what of a picture goes to the model. A click takes it away."""

    def finish(self, item: ImageItem, rect: QRect, touch: Touch) -> None:
        """Make it the frame."""
        self.scene.set_frame(item.id, rect if not rect.isEmpty() else None)

    def hint(self) -> str:
        """What to say when there is no picture here."""
        return _("Drag over a picture to choose the part that the model sees.")


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
