"""The crop tool: what is to be left of a picture is chosen on it, and Enter cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt

from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.painting import picture_edits
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.tools import pulling
from aigc_studio.ui.canvas.tools.grip import Grip, Touch
from aigc_studio.ui.canvas.tools.handles import Handle, corners_within, handle_near, handles_of
from aigc_studio.ui.canvas.tools.marks import Cut
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.tools.hand import Hand

REACH = 16.0
"""Pixels of the viewport beside a picture at which its handles can still be taken."""


class CropGrip(Grip):
    """Handles at edges and corners; inside them the rectangle is moved, beside them drawn anew."""

    cursor = Qt.CursorShape.CrossCursor
    reach = REACH

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._drag: pulling.Drag | None = None
        self._former: QRect | None = None

    # What is to be left

    @property
    def is_pending(self) -> bool:
        """Whether anything would be cut off."""
        item, rect = self._held(), self._rect()
        return item is not None and rect is not None and rect != _whole(item)

    def ready_words(self) -> str:
        """It crops."""
        return _("Crop")

    def ready_place(self) -> QRectF | None:
        """The picture."""
        item = self._held()
        return item.sceneBoundingRect() if item is not None else None

    def take(self) -> None:
        """Show the handles around the picture that is selected."""
        if self.hand.tool != Tool.CROP:
            return
        chosen, cut = self.scene.chosen(), self.hand.marks.cut
        item = chosen[0] if len(chosen) == 1 else None
        if not isinstance(item, ImageItem):
            self._show(None)
        elif cut is None or cut.id != item.id or cut.content != item.item.content:
            self._show(Cut(item.id, _whole(item), item.item.content))

    def lay_down(self) -> None:
        """Show no handles."""
        self._show(None)

    def accept(self) -> None:
        """Cut the picture: one step. The tool has done its work."""
        cut = self.hand.marks.cut
        self._show(None)
        if cut is not None:
            left, top = cut.rect.x(), cut.rect.y()
            box = (left, top, left + cut.rect.width(), top + cut.rect.height())
            self.scene.edits.add(Edit(cut.id, "crop", picture_edits.crop(box)))
        self.hand.set_tool(Tool.MOVE)

    def drop(self) -> None:
        """Leave the picture whole."""
        item = self._held()
        if item is not None:
            self._show(Cut(item.id, _whole(item), item.item.content))

    # The pointer

    def press(self, touch: Touch) -> None:
        """Take a handle, the rectangle, or begin another one; on another picture, take that."""
        item = self._held()
        if item is None or not item.is_near(touch.scene, REACH / self.hand.zoom):
            self._take_picture(touch)
            return
        rect = self._rect() or _whole(item)
        self._former = QRect(rect)
        here = item.to_pixels(item.mapFromScene(touch.scene))
        handle = self._handle_at(item, rect, touch)
        if handle is not None:
            self._drag = pulling.pulling(QRectF(rect), handle)
        elif QRectF(rect).contains(here) and rect != _whole(item):
            self._drag = pulling.moving(QRectF(rect), here, QRectF(_whole(item)))
        else:
            self._drag = pulling.drawing(here)

    def move(self, touch: Touch) -> None:
        """Show what would be left."""
        item = self._held()
        if item is None or self._drag is None:
            return
        rect = self._drag(item.to_pixels(item.mapFromScene(touch.scene)))
        pixels = pulling.whole_pixels(rect).intersected(_whole(item))
        if not pixels.isEmpty():
            self._show(Cut(item.id, pixels, item.item.content))

    def release(self, touch: Touch) -> None:
        """It waits for Enter."""
        self._drag = self._former = None

    def cancel(self) -> None:
        """Back to the rectangle that was there before."""
        item, former = self._held(), self._former
        self._drag = self._former = None
        if item is not None and former is not None:
            self._show(Cut(item.id, former, item.item.content))

    def double_press(self, touch: Touch) -> None:
        """A double click inside cuts."""
        if self.is_pending:
            self.accept()

    def hover(self, touch: Touch) -> Qt.CursorShape:
        """The cursor of a handle, or of the rectangle."""
        item, rect = self._held(), self._rect()
        if item is None or rect is None:
            return self.cursor
        handle = self._handle_at(item, rect, touch)
        if handle is not None:
            return handle.cursor(item.rotation())
        here = item.to_pixels(item.mapFromScene(touch.scene))
        inside = rect != _whole(item) and QRectF(rect).contains(here)
        return Qt.CursorShape.SizeAllCursor if inside else self.cursor

    # Within

    def _take_picture(self, touch: Touch) -> None:
        item = self.scene.item_at(touch.scene)
        if isinstance(item, ImageItem):
            self.scene.choose([item.id])
            self.take()
        else:
            self.hand.report(_("Click a picture to choose what is to be left of it."))

    def _held(self) -> ImageItem | None:
        cut = self.hand.marks.cut
        item: BoardItem | None = self.scene.item(cut.id) if cut is not None else None
        return item if isinstance(item, ImageItem) else None

    def _rect(self) -> QRect | None:
        cut = self.hand.marks.cut
        return cut.rect if cut is not None else None

    def _show(self, cut: Cut | None) -> None:
        if cut != self.hand.marks.cut:
            self.hand.marks.cut = cut
            self.hand.repaint_marks()

    def _handle_at(self, item: ImageItem, rect: QRect, touch: Touch) -> Handle | None:
        return handle_near(cut_handles(self.hand, item, rect), touch.view)


def cut_handles(hand: Hand, item: BoardItem, rect: QRect) -> list[Handle]:
    """The handles around a rectangle of pixels, as they are on screen."""
    return handles_of(corners_within(item, rect, hand.to_view), edges=True, turns=False)


def _whole(item: ImageItem) -> QRect:
    return QRect(0, 0, item.pixel_size.width(), item.pixel_size.height())
