"""What is drawn over the items, in pixels of the screen: outlines, handles, tags, frames, brush."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.items.layers import ink_image
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.items.tiles import TILE
from aigc_studio.ui.canvas.painting import sheets
from aigc_studio.ui.canvas.tools.handles import ARM, SIZE, Handle, handles_of
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.painting.drawing import Drawing
    from aigc_studio.ui.canvas.view import BoardView

TAG_HEIGHT = 20.0
TAG_WIDEST = 220.0
TAG_ROOM = 72.0
MANY = 60
"""From so many selected items on, their outlines are thin and drawn in one stroke."""
VEIL = 0.16
"""How strong the colour of the selection lies on each of many: where they are tiny, it is seen."""


class Overlay:
    """Draws over the scene of a view. `hovered` is the id of the item under the pointer."""

    def __init__(self, view: BoardView) -> None:
        self._view = view
        self.hovered = ""
        self.band = QRectF()
        self.guides: list[QRectF] = []
        self.area: tuple[str, QRect] | None = None
        self.brush_at: QPointF | None = None
        self.trail: Drawing | None = None
        self._exposed = QRectF()

    def handles(self) -> list[Handle]:
        """The handles that can be taken hold of now."""
        chosen = self._view.board_scene.chosen()
        if self._view.tool != Tool.MOVE or not chosen or self._view.writing is not None:
            return []
        if len(chosen) == 1:
            return handles_of(self.corners(chosen[0]), edges=True, turns=True)
        rect = self._view.to_view_rect(self._view.board_scene.outlines().bounds)
        corners = [rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft()]
        return handles_of(corners, edges=False, turns=False)

    def taken(self) -> QRect:
        """The pixels of the viewport that the selection takes with its handles and name tags."""
        scene = self._view.board_scene
        chosen = scene.chosen()
        if not chosen:
            return QRect()
        handles, room = self.handles(), QRectF(-SIZE, -SIZE, 2 * SIZE, 2 * SIZE)
        taken = self._view.to_view_rect(scene.outlines().bounds)
        for handle in handles:
            taken |= room.translated(handle.spot)
        if len(chosen) == 1:
            taken |= self._tag_place(chosen[0], handles, chosen=True)
        else:
            taken.adjust(0, -TAG_HEIGHT - 6, 0, 0)
        return taken.toAlignedRect()

    def corners(self, item: BoardItem) -> list[QPointF]:
        """The item's corners on screen, from the upper left one, clockwise."""
        rect = item.boundingRect()
        ends = (rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft())
        return [self._view.to_view(item.mapToScene(end)) for end in ends]

    def brush_rect(self) -> QRectF:
        """The pixels that the brush outline takes; empty when it is not shown."""
        if self.brush_at is None or not self._view.tool.paints:
            return QRectF()
        radius = max(self._view.brush.size * self._view.zoom / 2, 2.0) + 2
        return QRectF(
            self.brush_at.x() - radius, self.brush_at.y() - radius, 2 * radius, 2 * radius
        )

    def trail_rect(self) -> QRectF:
        """The pixels that a stroke beside its sheet takes, with its paper; empty when on it."""
        paper = sheets.paper_under(self.trail) if self.trail is not None else QRect()
        return self._trail_place(paper).adjusted(-2, -2, 2, 2) if paper else QRectF()

    def paint(self, painter: QPainter, exposed: QRectF) -> None:
        """Draw what lies in `exposed`; all is in pixels of the viewport."""
        self._exposed = exposed
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.trail is not None:
            self._paint_trail(painter, self.trail)
        scene = self._view.board_scene
        chosen = scene.chosen()
        hovered = scene.item(self.hovered)
        handles = self.handles()
        for item, frame in scene.framed():
            self._paint_frame(painter, item, frame)
        if hovered is not None and not hovered.isSelected() and hovered.isVisible():
            self._paint_outline(painter, hovered, 1.0)
            self._paint_tag(painter, hovered, handles, chosen=False)
        if len(chosen) < MANY:
            for item in chosen:
                self._paint_outline(painter, item, 1.5)
        else:
            self._paint_outlines(painter)
        for item in self._tagged(chosen):
            self._paint_tag(painter, item, handles, chosen=True)
        self._paint_handles(painter, chosen, handles)
        self._paint_gestures(painter)
        self._paint_brush(painter)

    def _tagged(self, chosen: list[BoardItem]) -> list[BoardItem]:
        """The selected items that show their names."""
        if len(chosen) == 1:
            return chosen
        # Of several, only those that are large enough on screen not to lie under their tags.
        least = TAG_ROOM / self._view.zoom
        if len(chosen) < MANY:
            return [item for item in chosen if item.box[2] - item.box[0] >= least]
        seen = self._view.board_scene.items_in(self._view.seen()) if self._some_are(least) else []
        return [item for item in seen if item.isSelected() and item.box[2] - item.box[0] >= least]

    def _some_are(self, wide: float) -> bool:
        """Whether any of the selected items may be so wide, in board units."""
        outlines = self._view.board_scene.outlines()
        return outlines.widest >= wide

    def _paint_outlines(self, painter: QPainter) -> None:
        """The outlines of many, in one stroke: thin ones, and a veil where they have no room."""
        outlines = self._view.board_scene.outlines()
        painter.save()
        painter.setTransform(self._view.viewportTransform())
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

    def _trail_place(self, pixels: QRect) -> QRectF:
        assert self.trail is not None
        ground = self.trail.item
        return self._view.to_view_rect(ground.mapRectToScene(ground.from_pixels(QRectF(pixels))))

    def _paint_trail(self, painter: QPainter, drawing: Drawing) -> None:
        """The stroke where its picture does not show it, on the paper that it will have."""
        paper = sheets.paper_under(drawing)
        if paper.isEmpty():
            return
        size, live = drawing.item.pixel_size, drawing.live
        room = QPainterPath()
        room.addRect(self._trail_place(paper))
        shown = QPainterPath()
        shown.addRect(self._trail_place(QRect(0, 0, size.width(), size.height())))
        painter.save()
        painter.setClipPath(room.subtracted(shown), Qt.ClipOperation.IntersectClip)
        painter.fillPath(room, QColor(sheets.PAPER, sheets.PAPER, sheets.PAPER))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(live.opacity)
        for place, values in live.line.tiles.items():
            area = self._trail_place(QRect(place[0] * TILE, place[1] * TILE, TILE, TILE))
            if area.intersects(self._exposed):
                painter.drawImage(area, ink_image(values, live.colour))
        painter.restore()

    def _paint_outline(self, painter: QPainter, item: BoardItem, width: float) -> None:
        outline = QPolygonF(self.corners(item))
        # A brush inside a large picture is far from its outline.
        straight = item.rotation() % 90 == 0
        if straight and outline.boundingRect().adjusted(3, 3, -3, -3).contains(self._exposed):
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), width))
        painter.drawPolygon(outline)

    def _paint_handles(
        self, painter: QPainter, chosen: list[BoardItem], handles: list[Handle]
    ) -> None:
        if handles and len(chosen) > 1:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(self._view.to_view_rect(self._view.board_scene.outlines().bounds))
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        painter.setBrush(theme.colour("surface"))
        for handle in handles:
            box = QRectF(0, 0, SIZE, SIZE)
            box.moveCenter(handle.spot)
            if handle.turns:
                painter.drawEllipse(box)
            else:
                painter.drawRoundedRect(box, 1.5, 1.5)

    def _tag_name(self, item: BoardItem) -> str:
        metrics = QFontMetrics(theme.secondary_font())
        return metrics.elidedText(item.item.name, Qt.TextElideMode.ElideRight, int(TAG_WIDEST))

    def _tag_place(self, item: BoardItem, handles: list[Handle], *, chosen: bool) -> QRectF:
        """Where the item's tag lies: out of the way of the handle that turns it."""
        corners = self.corners(item)
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
        corners = self.corners(item)
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

    def _paint_frame(self, painter: QPainter, item: BoardItem, frame: QRect) -> None:
        assert isinstance(item, ImageItem)
        polygon = self._polygon(item, frame)
        outside = QPainterPath()
        outside.addPolygon(QPolygonF([*self.corners(item), self.corners(item)[0]]))
        inside = QPainterPath()
        inside.addPolygon(polygon)
        painter.fillPath(outside.subtracted(inside), theme.colour("canvas", 0.45))
        self._paint_dashed(painter, polygon)
        text = _("Frame {width} × {height}").format(width=frame.width(), height=frame.height())
        self._paint_note(painter, polygon.boundingRect(), text)

    def _paint_gestures(self, painter: QPainter) -> None:
        view = self._view
        if not self.band.isEmpty():
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.setBrush(theme.colour("accent", 0.12))
            painter.drawRect(view.to_view_rect(self.band))
        painter.setPen(QPen(theme.colour("mask"), 1))
        for guide in self.guides:
            line = QLineF(view.to_view(guide.topLeft()), view.to_view(guide.bottomRight()))
            painter.drawLine(line)
        if self.area is not None:
            item = view.board_scene.item(self.area[0])
            if isinstance(item, ImageItem):
                polygon = self._polygon(item, self.area[1])
                self._paint_dashed(painter, polygon)
                text = f"{self.area[1].width()} × {self.area[1].height()}"
                self._paint_note(painter, polygon.boundingRect(), text)

    def _paint_dashed(self, painter: QPainter, polygon: QPolygonF) -> None:
        """A line that is seen on any ground."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("surface"), 1.5))
        painter.drawPolygon(polygon)
        painter.setPen(QPen(theme.colour("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.drawPolygon(polygon)

    def _paint_note(self, painter: QPainter, around: QRectF, text: str) -> None:
        font = theme.readout_font(11)
        width = QFontMetrics(font).horizontalAdvance(text) + 10
        note = QRectF(around.left(), around.bottom() + 4, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(note, 3, 3)
        painter.setFont(font)
        painter.setPen(theme.colour("on_accent"))
        painter.drawText(note, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_brush(self, painter: QPainter) -> None:
        rect = self.brush_rect()
        if rect.isEmpty():
            return
        circle = rect.adjusted(2, 2, -2, -2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # Two rings, so that one of them is seen on any ground.
        painter.setPen(QPen(theme.colour("surface", 0.9), 1))
        painter.drawEllipse(circle.adjusted(1, 1, -1, -1))
        painter.setPen(QPen(theme.colour("text", 0.9), 1))
        painter.drawEllipse(circle)

    def _polygon(self, item: ImageItem, pixels: QRect) -> QPolygonF:
        rect = item.from_pixels(QRectF(pixels))
        ends = (rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft())
        return QPolygonF([self._view.to_view(item.mapToScene(end)) for end in ends])
