"""The magic wand: what has the colour that is clicked is marked."""

from __future__ import annotations

from PySide6.QtCore import Qt

from aigc_studio.translation import _
from aigc_studio.ui.canvas.painting import mask_edits
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.tools import marking
from aigc_studio.ui.canvas.tools.grip import Grip, Touch


class WandGrip(Grip):
    """A click marks what has about that colour (Shift adds, Alt takes away)."""

    cursor = Qt.CursorShape.CrossCursor

    def press(self, touch: Touch) -> None:
        """Mark from here."""
        pictures = marking.pictures_at(self.hand, touch)
        for picture in reversed(pictures):
            pixel = picture.to_pixels(picture.mapFromScene(touch.scene))
            x, y = int(pixel.x() // 1), int(pixel.y() // 1)
            if picture.colours.grid.rect.contains(x, y):
                options, how = self.hand.options.mask, marking.how_of(touch)
                make = mask_edits.mask_alike((x, y), options.tolerance, how, joined=options.joined)
                self.scene.edits.add(Edit(picture.id, "mask", make))
                return
        self.hand.report(_("Click a colour of a picture: all that has it is marked."))
