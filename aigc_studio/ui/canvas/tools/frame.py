"""The frame tool: what of a picture goes to the model is seen, and pulled, moved or drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt

from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.tools import pulling
from aigc_studio.ui.canvas.tools.area import is_dragged
from aigc_studio.ui.canvas.tools.crop import REACH, cut_handles
from aigc_studio.ui.canvas.tools.grip import Grip, Touch
from aigc_studio.ui.canvas.tools.handles import Handle, handle_near

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.tools.hand import Hand

Towards = Callable[[QPointF], tuple[int, int]]
"""From where the pointer is to where a frame grows, across and down: -1, 0 or 1."""
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEAST = 4
"""Pixels along a frame at least, as `project.framing` wants it."""


class FrameGrip(Grip):
    """The frame has the shape of what the model takes; with Shift any shape. A click takes it away.

    Where a mask is painted and no frame was drawn, it is the one that the model would get: pulling
    at it makes it the person's own.
    """

    cursor = Qt.CursorShape.CrossCursor
    reach = REACH

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._item: ImageItem | None = None
        self._press: Touch | None = None
        self._drag: pulling.Drag | None = None
        self._towards: Towards | None = None

    def press(self, touch: Touch) -> None:
        """Take a handle or the frame, or begin another one."""
        item = self._picture(touch)
        if item is None:
            self.hand.report(_("Drag over a picture to choose the part that the model sees."))
            return
        self.scene.choose([item.id])
        self._item, self._press = item, touch
        here = item.to_pixels(item.mapFromScene(touch.scene))
        rect = self.scene.seen_frame(item.id)
        handle = self._handle_at(item, rect, touch)
        if rect is not None and handle is not None:
            self._drag = pulling.pulling(QRectF(rect), handle)
            self._towards = lambda _to: (handle.x, handle.y)
        elif rect is not None and QRectF(rect).contains(here):
            self._drag, self._towards = pulling.moving(QRectF(rect), here, _whole(item)), None
        else:
            self._drag = pulling.drawing(here)
            self._towards = lambda to: (_side(to.x() - here.x()), _side(to.y() - here.y()))

    def move(self, touch: Touch) -> None:
        """Show what the model would see."""
        if self._item is not None and self._press is not None and is_dragged(self._press, touch):
            self.hand.marks.area = (self._item.id, self._rect(self._item, touch))
            self.hand.repaint_marks()

    def release(self, touch: Touch) -> None:
        """Make it the frame; a click takes the frame away."""
        item, press = self._item, self._press
        rect = self._rect(item, touch) if item is not None else QRect()
        self.cancel()
        if item is None or press is None:
            return
        if not is_dragged(press, touch):
            self.scene.set_frame(item.id, None)
        elif rect.isEmpty():
            self.hand.report(_("That is outside the picture: drag over the picture."))
        elif min(rect.width(), rect.height()) < min(LEAST, *item.pixel_size.toTuple()):
            self.hand.report(
                _(
                    "A frame of {width} × {height} pixels shows the model too little: make it "
                    "larger."
                ).format(width=rect.width(), height=rect.height())
            )
        else:
            self.scene.set_frame(item.id, rect)

    def cancel(self) -> None:
        """Leave the frame as it was."""
        super().cancel()
        self._item = self._drag = None
        self.hand.marks.area = None
        self.hand.repaint_marks()

    def hover(self, touch: Touch) -> Qt.CursorShape:
        """The cursor of a handle, or of the frame."""
        item = self._picture(touch)
        rect = self.scene.seen_frame(item.id) if item is not None and item.chosen else None
        if item is None or rect is None:
            return self.cursor
        handle = self._handle_at(item, rect, touch)
        if handle is not None:
            return handle.cursor(item.rotation())
        here = item.to_pixels(item.mapFromScene(touch.scene))
        return Qt.CursorShape.SizeAllCursor if QRectF(rect).contains(here) else self.cursor

    def take(self) -> None:
        """Show the handles of what is selected."""
        self.hand.repaint_marks()

    def lay_down(self) -> None:
        """Show no handles."""
        self.hand.repaint_marks()

    def _rect(self, item: ImageItem, touch: Touch) -> QRect:
        if self._drag is None:
            return QRect()
        here = item.to_pixels(item.mapFromScene(touch.scene))
        whole, ratio = _whole(item), self.scene.model_frame.ratio
        found = self._drag(here)
        if self._towards is None or not ratio or touch.has(SHIFT):
            return pulling.whole_pixels(found).intersected(whole.toRect())
        found = found.intersected(whole)
        if found.isEmpty():
            return QRect()
        shaped = pulling.shaped(found, ratio, self._towards(here), whole)
        return pulling.whole_pixels(shaped).intersected(whole.toRect())

    def _handle_at(self, item: ImageItem, rect: QRect | None, touch: Touch) -> Handle | None:
        return handle_near(cut_handles(self.hand, item, rect), touch.view) if rect else None

    def _picture(self, touch: Touch) -> ImageItem | None:
        chosen = self.scene.chosen()
        alone = chosen[0] if len(chosen) == 1 else None
        if isinstance(alone, ImageItem) and alone.is_near(touch.scene, REACH / self.hand.zoom):
            return alone
        item = self.scene.item_at(touch.scene)
        return item if isinstance(item, ImageItem) else None


def _side(way: float) -> int:
    return 1 if way >= 0 else -1


def _whole(item: ImageItem) -> QRectF:
    return QRectF(0, 0, item.pixel_size.width(), item.pixel_size.height())
