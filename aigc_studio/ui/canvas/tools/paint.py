"""Tools that work on pixels: brush, eraser, mask brush and eraser, eyedropper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.painting import mask_edits, picture_edits
from aigc_studio.ui.canvas.painting.blend import Stroke
from aigc_studio.ui.canvas.painting.brush import Brush
from aigc_studio.ui.canvas.painting.drawing import Drawing
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.painting.ground import Ground
from aigc_studio.ui.canvas.painting.sheets import can_grow, command_of, paper_under
from aigc_studio.ui.canvas.tools import trail
from aigc_studio.ui.canvas.tools.grip import Grip, Touch

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.tools.hand import Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
PAPER = (255, 255, 255)
"""What a new sheet is made of."""
REACH = 24.0
"""Pixels of the viewport: so far beside the selected picture a stroke may begin."""


class PaintGrip(Grip):
    """Brush or eraser. On an empty place the brush brings a sheet to draw on."""

    cursor = Qt.CursorShape.CrossCursor
    reach = REACH
    shows_brush = True
    kind = "paint"

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._drawing: Drawing | None = None
        self._end: tuple[str, QPointF] | None = None
        self._picking = False

    def press(self, touch: Touch) -> None:
        """Begin a stroke; with Alt, pick a colour; with Shift, draw straight from the last end."""
        if touch.has(ALT) and self.kind == "paint":
            self._picking = True
            pick_colour(self, touch)
            return
        item = self._picture_for(touch)
        if item is None:
            return
        free = self.kind == "paint" and (isinstance(item, Ground) or can_grow(self.scene, item))
        self._drawing = Drawing(item, *self._ink(item, touch), free=free)
        self.hand.marks.trail = self._drawing if free else None
        self.hand.show_hint(not free)
        here = item.mapFromScene(touch.scene)
        if touch.has(SHIFT) and self._end is not None and self._end[0] == item.id:
            self._drawing.to(item.mapFromScene(self._end[1]))
            self._drawing.straight_to(here)
        else:
            self._drawing.to(here, touch.pressure)
        self._end = (item.id, touch.scene)
        self._update_trail(QRectF())

    def move(self, touch: Touch) -> None:
        """Go on with the stroke."""
        if self._picking:
            pick_colour(self, touch)
        elif self._drawing is not None:
            former = trail.rect_of(self.hand)
            self._drawing.to(self._drawing.item.mapFromScene(touch.scene), touch.pressure)
            self._end = (self._drawing.item.id, touch.scene)
            self._update_trail(former)

    def release(self, touch: Touch) -> None:
        """End the stroke: it becomes one command."""
        self._picking = False
        drawing, self._drawing = self._drawing, None
        if drawing is None:
            return
        former = trail.rect_of(self.hand)
        stroke = drawing.finish()
        self._update_trail(former)
        self.hand.marks.trail = None
        self.hand.show_hint()
        if stroke is not None and not paper_under(drawing).isEmpty():
            self._to_sheet(drawing, stroke)
        elif stroke is None or isinstance(drawing.item, Ground) or drawing.item.scene() is None:
            drawing.item.drop_stroke(drawing.live)
        else:
            self._to_picture(drawing.item, drawing, stroke)

    def _to_picture(self, item: ImageItem, drawing: Drawing, stroke: Stroke) -> None:
        on_mask = stroke.kind in ("select", "deselect")
        make = mask_edits.mask_stroke(stroke) if on_mask else picture_edits.paint(stroke)
        kind = "mask" if on_mask else self.kind
        self.scene.edits.add(Edit(item.id, kind, make, drawing.live))
        if on_mask:
            self.scene.part_changed.emit()

    def _to_sheet(self, drawing: Drawing, stroke: Stroke) -> None:
        """The stroke left its sheet, or has none: one command brings the room and the stroke."""
        scene = self.scene
        drawing.item.drop_stroke(drawing.live)
        # Strokes on their way know the sheet as it was.
        scene.edits.wait()
        id = drawing.item.id or scene.board.new_ids(1)[0]
        if drawing.item.id and scene.item(id) is not drawing.item:
            return
        try:
            command = command_of(scene, drawing, stroke, id)
        except StudioError as error:
            self.hand.report(str(error))
            return
        scene.sheets.add(id)
        if not drawing.item.id:
            scene.choose_when_there([id])
            self._end = (id, self._end[1]) if self._end is not None else None
        scene.make(command)

    def _update_trail(self, former: QRectF) -> None:
        """Have the stroke beside its sheet painted anew, and what it took before."""
        rect = former.united(trail.rect_of(self.hand))
        if not rect.isEmpty():
            self.hand.repaint_marks(rect)

    def cancel(self) -> None:
        """Take the stroke back."""
        super().cancel()
        self._update_trail(QRectF())
        self.hand.marks.trail = None
        self.hand.show_hint()
        drawing, self._drawing = self._drawing, None
        if drawing is not None:
            drawing.item.drop_stroke(drawing.live)

    def _ink(self, item: ImageItem | Ground, touch: Touch) -> tuple[str, Brush, QColor]:
        """Kind of stroke, brush and colour for a picture."""
        brush = self.hand.options.brush
        if isinstance(item, Ground):
            return "paint", brush, QColor(*brush.colour_on(PAPER))
        if self.kind == "paint":
            paper = item.paper_colour() if brush.colour is None else QColor()
            shade = (paper.red(), paper.green(), paper.blue())
            return "paint", brush, QColor(*brush.colour_on(shade))
        if item.mode == "RGBA":
            return "erase", brush, QColor()
        # A picture without transparency gets its ground back, not a hole.
        return "paint", brush, item.paper_colour()

    def _picture_for(self, touch: Touch) -> ImageItem | Ground | None:
        """The selected picture when it is near, else the topmost one here, else the ground.

        A selected sheet is near up to half its size beside it, when nothing else is there.
        """
        chosen = self.scene.chosen()
        alone = chosen[0] if len(chosen) == 1 else None
        reach = REACH / self.hand.zoom
        if isinstance(alone, ImageItem) and alone.is_near(touch.scene, reach):
            return alone
        item = self.scene.item_at(touch.scene)
        if isinstance(item, ImageItem):
            self.scene.choose([item.id])
            return item
        if item is not None:
            return None
        if self.kind == "paint" and isinstance(alone, ImageItem) and can_grow(self.scene, alone):
            rect = alone.boundingRect()
            if alone.is_near(touch.scene, max(rect.width(), rect.height()) / 2):
                return alone
        return self._on_empty(touch)

    def _on_empty(self, touch: Touch) -> Ground | None:
        return Ground(self.hand.zoom) if self.kind == "paint" else None


class EraseGrip(PaintGrip):
    """The eraser."""

    kind = "erase"


class MaskGrip(PaintGrip):
    """The mask brush. With Alt it takes away; the eraser adds then."""

    kind, other = "select", "deselect"

    def _ink(self, item: ImageItem | Ground, touch: Touch) -> tuple[str, Brush, QColor]:
        return self.other if touch.has(ALT) else self.kind, self.hand.options.brush, QColor()

    def _on_empty(self, touch: Touch) -> Ground | None:
        self.hand.report(_("Paint the mask on a picture, or drag over words or bars."))
        return None


class UnmaskGrip(MaskGrip):
    """The mask eraser."""

    kind, other = "deselect", "select"


class PickGrip(Grip):
    """The eyedropper."""

    cursor = Qt.CursorShape.CrossCursor

    def press(self, touch: Touch) -> None:
        """Pick the colour here."""
        pick_colour(self, touch)

    def move(self, touch: Touch) -> None:
        """Pick the colour here instead."""
        pick_colour(self, touch)


def pick_colour(grip: Grip, touch: Touch) -> None:
    """Take the colour of the topmost picture here, where it is not clear."""
    for item in reversed(grip.scene.shown()):
        if isinstance(item, ImageItem) and item.isVisible():
            colour = item.colour_at(item.mapFromScene(touch.scene))
            if colour.isValid() and colour.alpha() > 0:
                grip.hand.options.pick_colour(colour)
                return
