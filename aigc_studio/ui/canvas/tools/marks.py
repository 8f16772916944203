"""What hands at work show over the items: the overlay paints it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF

if TYPE_CHECKING:
    from aigc_studio.project.content import Content
    from aigc_studio.ui.canvas.painting.drawing import Drawing


@dataclass(frozen=True)
class Cut:
    """What will be left of the picture `id`, in its pixels, as long as it has this content."""

    id: str
    rect: QRect
    content: Content


@dataclass(frozen=True)
class Outline:
    """A line that is being drawn around a part, in board units.

    `corners` are those of its points that were set one by one. `end` is where the pointer is, while
    the line follows it there; a line that is `closed` goes back to where it begins.
    """

    points: tuple[QPointF, ...]
    corners: tuple[QPointF, ...] = ()
    end: QPointF | None = None
    closed: bool = False


@dataclass
class Marks:
    """All of it. `hovered` is the id of the item under the pointer, `edited` that of the melody
    whose notes the move tool takes.

    `band` (board units) is the rubber band, `guides` (board units) are the lines that a moved item
    sticks to, `area` is a rectangle that is being drawn on an item, in its pixels, `outline` a line
    that is being drawn around a part, `cut` is what will be left of a picture. `brush_at`
    (viewport) is the middle of the brush, None while it is not shown. `trail` is a stroke where no
    picture shows it.
    """

    hovered: str = ""
    edited: str = ""
    band: QRectF = field(default_factory=QRectF)
    guides: list[QRectF] = field(default_factory=list)
    area: tuple[str, QRect] | None = None
    outline: Outline | None = None
    cut: Cut | None = None
    brush_at: QPointF | None = None
    trail: Drawing | None = None

    @property
    def has_shapes(self) -> bool:
        """Whether there is one, beside what is under the pointer, the brush and the stroke."""
        shapes = self.area is not None or self.outline is not None or self.cut is not None
        return shapes or bool(self.edited or self.guides) or not self.band.isEmpty()
