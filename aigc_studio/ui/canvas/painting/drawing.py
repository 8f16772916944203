"""A stroke under the hand: from pointer places to a smooth line, seen at once."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor

from aigc_studio.ui.canvas.items.layers import LiveStroke
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.painting.blend import Stroke
from aigc_studio.ui.canvas.painting.brush import Brush, Line
from aigc_studio.ui.canvas.painting.ground import Ground

LIGHTEST = 0.15
"""The part of the brush's size that the lightest touch of a pen still draws."""

Spot = tuple[float, float, float]


class Drawing:
    """One stroke on one picture. `kind`: paint, erase, select or deselect.

    The line goes through the middles between the pointer's places, with the places as control
    points of quadratic curves, so that a fast hand draws no corners. A `free` one may leave the
    picture; `covered` is the box of pixels around all that it covers.
    """

    def __init__(
        self,
        item: ImageItem | Ground,
        kind: str,
        brush: Brush,
        colour: QColor,
        *,
        free: bool = False,
    ) -> None:
        self.item = item
        self.covered = QRect()
        self.brush = brush
        size = item.pixel_size
        on_mask = kind in ("select", "deselect")
        opacity = 1.0 if on_mask else brush.opacity
        line = Line(size.width(), size.height(), brush.hardness, free=free)
        self.live = LiveStroke(kind, line, colour, opacity)
        self._last: Spot | None = None
        self._middle: Spot | None = None

    def to(self, point: QPointF, pressure: float = 1.0) -> None:
        """The pointer is at `point` (the item's own coordinates) now."""
        spot = self._spot(point, pressure)
        if self._last is None:
            self._last = self._middle = spot
            self._show([self.live.line.draw(spot, spot)])
            return
        if spot == self._last or self._middle is None:
            return
        last, self._last = self._last, spot
        middle: Spot = tuple((a + b) / 2 for a, b in zip(last, spot, strict=True))  # type: ignore[assignment]
        start, self._middle = self._middle, middle
        self._curve(start, last, middle)

    def straight_to(self, point: QPointF, pressure: float = 1.0) -> None:
        """A straight line from the last place to `point`."""
        spot = self._spot(point, pressure)
        if self._last is not None:
            self._show([self.live.line.draw(self._last, spot)])
        self._last = self._middle = spot

    def finish(self) -> Stroke | None:
        """The hand is lifted. None when nothing of the picture is covered."""
        if self._last is not None and self._middle is not None and self._last != self._middle:
            self._show([self.live.line.draw(self._middle, self._last)])
        line = self.live.line
        if not any(tile.any() for tile in line.tiles.values()):
            return None
        colour = self.live.colour
        return Stroke(
            self.live.kind,  # type: ignore[arg-type]
            line.tiles,
            (colour.red(), colour.green(), colour.blue()),
            self.live.opacity,
        )

    def _spot(self, point: QPointF, pressure: float) -> Spot:
        pixel = self.item.to_pixels(point)
        radius = self.brush.size / 2 * self.item.pixels_per_unit()
        if self.brush.pressure and pressure < 1:
            radius *= LIGHTEST + (1 - LIGHTEST) * max(pressure, 0.0)
        return pixel.x(), pixel.y(), radius

    def _curve(self, start: Spot, control: Spot, end: Spot) -> None:
        length = math.dist(start[:2], control[:2]) + math.dist(control[:2], end[:2])
        chord = math.dist(start[:2], end[:2])
        # The straighter the curve, the fewer pieces show no corner.
        pieces = max(1, min(12, math.ceil(math.sqrt(max(length - chord, 0.0)) * 2)))
        changed, last = [], start
        for piece in range(1, pieces + 1):
            t = piece / pieces
            here: Spot = tuple(  # type: ignore[assignment]
                (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c
                for a, b, c in zip(start, control, end, strict=True)
            )
            changed.append(self.live.line.draw(last, here))
            last = here
        self._show(changed)

    def _show(self, drawn: list[list[QRect]]) -> None:
        rects = [rect for part in drawn for rect in part]
        whole = QRect()
        for rect in rects:
            whole = whole.united(rect)
        # Near pieces are shown as one: most events cover one small box.
        small = whole.width() * whole.height() <= 2 * sum(r.width() * r.height() for r in rects)
        self.covered = self.covered.united(whole)
        picture = QRect(0, 0, self.item.pixel_size.width(), self.item.pixel_size.height())
        inside = [rect.intersected(picture) for rect in ([whole] if small else rects)]
        inside = [rect for rect in inside if not rect.isEmpty()]
        if inside:
            self.item.show_stroke(self.live, inside)
