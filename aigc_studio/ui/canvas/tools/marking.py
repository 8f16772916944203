"""What tools that mark a part of pictures have in common: which pictures, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPolygonF

from aigc_studio.project.masking import How
from aigc_studio.translation import _
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.painting import mask_edits
from aigc_studio.ui.canvas.painting.edits import Edit

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.tools.grip import Touch
    from aigc_studio.ui.canvas.tools.hand import Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def how_of(touch: Touch) -> How:
    """What the keys mean that are held: Shift adds, Alt takes away."""
    if touch.has(SHIFT):
        return "add"
    return "take" if touch.has(ALT) else "set"


def pictures_at(hand: Hand, touch: Touch) -> list[ImageItem]:
    """The pictures that a press here is meant for; that under the pointer is selected.

    Several that are selected stay so, when one of them or the empty board is under the pointer.
    """
    scene = hand.board_scene
    item = scene.item_at(touch.scene)
    chosen = [each for each in scene.chosen() if isinstance(each, ImageItem)]
    if item is None or (len(chosen) > 1 and item in chosen):
        return chosen
    if isinstance(item, ImageItem):
        scene.choose([item.id])
        return [item]
    return []


def upright(one: QPointF, other: QPointF) -> list[QPointF]:
    """The corners of an upright rectangle on the board, from two that lie opposite."""
    rect = QRectF(one, other).normalized()
    return [rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft()]


def mark_within(
    hand: Hand, pictures: Sequence[ImageItem], points: Sequence[QPointF], how: How
) -> None:
    """Mark what lies within a closed line on the board, of all pictures that it reaches: one step.

    What lies wholly outside is refused in words.
    """
    lines = {}
    for picture in pictures:
        pixels = [picture.to_pixels(picture.mapFromScene(point)) for point in points]
        if QPolygonF(pixels).boundingRect().intersects(QRectF(picture.colours.grid.rect)):
            lines[picture.id] = [(pixel.x(), pixel.y()) for pixel in pixels]
    if not lines:
        hand.report(_("That is outside the picture: draw it over the picture."))
        return
    first, *others = lines
    make = mask_edits.mask_polygon(lines, how)
    hand.board_scene.edits.add(Edit(first, "mask", make, also=tuple(others)))


def clear(scene: BoardScene, pictures: Sequence[ImageItem]) -> None:
    """Take the masks of pictures away, in one step."""
    masked = [picture.id for picture in pictures if picture.item.mask is not None]
    if masked:
        first, *others = masked
        scene.edits.add(Edit(first, "mask", mask_edits.clear_mask(), also=tuple(others)))
