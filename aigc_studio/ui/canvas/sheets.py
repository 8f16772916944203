"""Sheets to draw on: an empty place under the brush becomes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from aigc_studio.translation import _
from aigc_studio.ui.canvas.image_item import ImageItem

if TYPE_CHECKING:
    from aigc_studio.project.content import Content
    from aigc_studio.ui.canvas.scene import BoardScene

SIDE = 256
"""Pixels of a sheet, square: room for a digit as well as for a sketch."""
PAPER = 255
HAND = (0.4, 0.3)
"""Where on the sheet the hand that starts it is: most drawings begin at its upper left."""


def blank(scene: BoardScene) -> Content:
    """The content of an empty sheet: light grey-scale paper."""
    import numpy as np

    from aigc_studio.api.artifacts import Image

    return scene.project.store.put(Image(np.full((SIDE, SIDE), PAPER, np.uint8)))


def new_sheet(scene: BoardScene, at: QPointF, zoom: float) -> ImageItem | None:
    """Put a sheet under the hand at `at` and give its item, selected.

    It is as large as it would be at 100 %, so that it can be drawn on at any zoom. None when the
    project did not take it.
    """
    from aigc_studio.project.board import Item
    from aigc_studio.project.commands import add_items

    side = SIDE / min(max(zoom, 0.125), 8.0)
    (id,) = scene.board.new_ids(1)
    number = 1 + sum(item.name.startswith(_("Drawing")) for item in scene.board.items)
    item = Item(
        id,
        _("Drawing {number}").format(number=number),
        blank(scene),
        round(at.x() - side * HAND[0]),
        round(at.y() - side * HAND[1]),
        side,
        side,
    )
    scene.choose_when_there([id])
    scene.make(add_items(scene.board, [item]))
    shown = scene.item(id)
    return shown if isinstance(shown, ImageItem) else None
