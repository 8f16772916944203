"""What is drawn over the items, in pixels of the screen: outlines, handles, name tags, brush."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF

from aigc_studio.ui import icons, theme
from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.tools.handles import (
    ARM,
    SIZE,
    Handle,
    corners_of,
    handles_of,
    paint_handles,
)
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.painting.brush import Brush
    from aigc_studio.ui.canvas.tools.brush_ring import BrushRing
    from aigc_studio.ui.canvas.tools.hand import Hand
    from aigc_studio.ui.canvas.tools.work_painting import WorkPainting

TAG_HEIGHT = 20.0
TAG_WIDEST = 220.0
TAG_ROOM = 72.0
MANY = 60
"""From so many selected items on, their outlines are thin and drawn in one stroke."""
VEIL = 0.16
"""How strong the colour of the selection lies on each of many: where they are tiny, it is seen."""


class Overlay:
    """Draws over the scene what is selected, and the `marks` of hands at work."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        self._exposed = QRectF()

    @cached_property
    def _ring(self) -> BrushRing:
        from aigc_studio.ui.canvas.tools.brush_ring import BrushRing  # with the first brush

        return BrushRing()

    @cached_property
    def _work(self) -> WorkPainting:
        from aigc_studio.ui.canvas.tools.work_painting import WorkPainting  # with the first mark

        return WorkPainting(self._hand)

    def handles(self) -> list[Handle]:
        """The handles that can be taken hold of now: none of what lies under something staged."""
        chosen = self._hand.board_scene.chosen()
        return [] if len(chosen) == 1 and chosen[0].covered else self._handles_of(chosen)

    def _handles_of(self, chosen: list[BoardItem]) -> list[Handle]:
        at_rest = self._hand.writing is None and not self._hand.marks.edited
        if self._hand.tool != Tool.MOVE or not chosen or not at_rest:
            return []
        if len(chosen) == 1:
            return handles_of(corners_of(chosen[0], self._hand.to_view), edges=True, turns=True)
        rect = self._hand.to_view_rect(self._hand.board_scene.outlines().bounds)
        corners = [rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft()]
        return handles_of(corners, edges=False, turns=False)

    def taken(self) -> QRect:
        """The pixels of the viewport that the selection takes with its handles and name tags."""
        scene = self._hand.board_scene
        chosen = scene.chosen()
        if not chosen and self._hand.writing is not None:  # it is not on the board yet
            return self._hand.to_view_rect(self._hand.writing.sceneBoundingRect()).toAlignedRect()
        if not chosen:
            return QRect()
        # As if nothing were staged: bars stay where they are while something is.
        handles, room = self._handles_of(chosen), QRectF(-SIZE, -SIZE, 2 * SIZE, 2 * SIZE)
        taken = self._hand.to_view_rect(scene.outlines().bounds)
        for handle in handles:
            taken |= room.translated(handle.spot)
        if len(chosen) == 1:
            taken |= self._tag_place(chosen[0], handles, chosen=True)
        else:
            taken.adjust(0, -TAG_HEIGHT - 6, 0, 0)
        return taken.toAlignedRect()

    def caret_row(self) -> QRect:
        """The pixels of the viewport that no bar may cover: where the selected text is marked."""
        chosen = self._hand.board_scene.chosen()
        card = chosen[0] if len(chosen) == 1 else self._hand.writing
        if card is None:
            return QRect()
        row = card.caret_row()
        return self._hand.to_view_rect(card.mapRectToScene(row)).toAlignedRect()

    def brush_rect(self, brush: Brush | None = None) -> QRectF:
        """The pixels of the outline of the brush, or of another; empty when none is shown."""
        middle = self._hand.marks.brush_at
        if middle is None or not self._hand.tool.paints:
            return QRectF()
        size = (brush or self._hand.options.brush).size
        radius = max(size * self._hand.zoom / 2, 2.0) + 2
        return QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)

    def paint(self, painter: QPainter, exposed: QRectF) -> None:
        """Draw what lies in `exposed`; all is in pixels of the viewport."""
        self._exposed = exposed
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hand.marks.trail is not None:
            from aigc_studio.ui.canvas.tools import trail  # with the first stroke

            trail.paint(painter, self._hand, exposed)
        scene = self._hand.board_scene
        chosen = scene.chosen()
        hovered = scene.item(self._hand.marks.hovered)
        # What is staged in the place of an item is drawn as large as it is: the item's own marks
        # would lie across it, and its name half under the bar. So they would under the pointer.
        shown = [item for item in chosen if not item.covered]
        handles = self.handles()
        if self._hand.tool == Tool.FRAME or scene.framed():
            self._work.paint_frames(painter)
        if hovered is not None and not (hovered.chosen or hovered.covered) and hovered.isVisible():
            self._paint_outline(painter, hovered, 1.0)
            self._paint_tag(painter, hovered, handles, chosen=False)
        if len(chosen) < MANY:
            for item in shown:
                self._paint_outline(painter, item, 1.5)
        else:
            self._paint_outlines(painter)
        for item in self._tagged(shown):
            self._paint_tag(painter, item, handles, chosen=True)
        self._paint_handles(painter, chosen, handles)
        if self._hand.marks.has_shapes:
            self._work.paint(painter)
        self._paint_brush(painter)

    def _tagged(self, chosen: list[BoardItem]) -> list[BoardItem]:
        """The selected items that show their names."""
        if len(chosen) == 1:
            return chosen
        # Of several, only those that are large enough on screen not to lie under their tags.
        least = TAG_ROOM / self._hand.zoom
        if len(chosen) < MANY:
            # Nor may a name lie over another of them, as in rows close to one another.
            outlines = [self._outline_of(item) for item in chosen]
            tagged = []
            for item in chosen:
                tag = self._tag_place(item, [], chosen=True)
                wide = item.box[2] - item.box[0] >= least
                if wide and not any(tag.intersects(outline) for outline in outlines):
                    tagged.append(item)
            return tagged
        seen = self._hand.board_scene.items_in(self._hand.seen()) if self._some_are(least) else []
        return [item for item in seen if item.chosen and item.box[2] - item.box[0] >= least]

    def _outline_of(self, item: BoardItem) -> QRectF:
        """The upright rectangle around it, in pixels of the viewport."""
        return QPolygonF(corners_of(item, self._hand.to_view)).boundingRect()

    def _some_are(self, wide: float) -> bool:
        """Whether any of the selected items may be so wide, in board units."""
        outlines = self._hand.board_scene.outlines()
        return outlines.widest >= wide

    def _paint_outlines(self, painter: QPainter) -> None:
        """The outlines of many, in one stroke: thin ones, and a veil where they have no room."""
        outlines = self._hand.board_scene.outlines()
        painter.save()
        painter.setTransform(self._hand.viewportTransform())
        painter.translate(outlines.by)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(theme.colour("accent", VEIL))
        pen = QPen(theme.colour("accent"), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRects(outlines.upright)
        for polygon in outlines.turned:
            painter.drawPolygon(polygon)
        painter.restore()

    def _paint_outline(self, painter: QPainter, item: BoardItem, width: float) -> None:
        if self._surrounds(item):
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), width))
        painter.drawPolygon(QPolygonF(corners_of(item, self._hand.to_view)))

    def _surrounds(self, item: BoardItem) -> bool:
        """Whether what is painted lies well within an item, as under a brush in a large picture:
        far from its outline and its name."""
        if item.placed[4] % 90:
            return False
        left, top, right, bottom = item.box
        rect = self._hand.to_view_rect(QRectF(left, top, right - left, bottom - top))
        return rect.adjusted(3, 3, -3, -3).contains(self._exposed)

    def _paint_handles(
        self, painter: QPainter, chosen: list[BoardItem], handles: list[Handle]
    ) -> None:
        if handles and len(chosen) > 1:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(self._hand.to_view_rect(self._hand.board_scene.outlines().bounds))
        paint_handles(painter, handles)

    def _tag_name(self, item: BoardItem) -> str:
        metrics = QFontMetrics(theme.secondary_font())
        return metrics.elidedText(item.item.name, Qt.TextElideMode.ElideRight, int(TAG_WIDEST))

    def _tag_place(self, item: BoardItem, handles: list[Handle], *, chosen: bool) -> QRectF:
        """Where the item's tag lies: out of the way of the handle that turns it."""
        corners = corners_of(item, self._hand.to_view)
        left = min(corner.x() for corner in corners)
        top = min(corner.y() for corner in corners)
        metrics = QFontMetrics(theme.secondary_font())
        width = metrics.horizontalAdvance(self._tag_name(item)) + TAG_HEIGHT + 10
        tag = QRectF(round(left), round(top - TAG_HEIGHT - 6), width, TAG_HEIGHT)
        arms = [handle.spot for handle in handles if handle.turns]
        if chosen and any(tag.adjusted(-8, -8, 8, 8).contains(arm) for arm in arms):
            tag.moveBottom(round(top) - ARM - 10)
        return tag

    def _paint_tag(
        self, painter: QPainter, item: BoardItem, handles: list[Handle], *, chosen: bool
    ) -> None:
        """The item's name with its medium's badge, above its upper left corner."""
        if self._surrounds(item):
            return
        corners = corners_of(item, self._hand.to_view)
        left = min(corner.x() for corner in corners)
        top = min(corner.y() for corner in corners)
        near = QRectF(left - 2, top - 64, TAG_WIDEST + 48, 64)
        if not near.intersects(self._exposed):
            return
        font = theme.secondary_font()
        name = self._tag_name(item)
        tag = self._tag_place(item, handles, chosen=chosen)
        if not tag.adjusted(-1, -1, 2, 2).intersects(self._exposed):
            return
        painter.setPen(QPen(theme.colour("accent" if chosen else "border"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(tag.adjusted(0.5, 0.5, 0.5, 0.5), 4, 4)
        place = QRectF(tag.left() + 5, tag.top() + 4, 13, 13)
        icons.paint(painter, item.medium, theme.badge(item.medium), place)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        painter.drawText(tag.adjusted(TAG_HEIGHT + 2, 1, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_brush(self, painter: QPainter) -> None:
        rect = self.brush_rect()
        if not rect.isEmpty():
            self._ring.paint(painter, rect)
