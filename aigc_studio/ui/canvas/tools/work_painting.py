"""What hands at work show over the items: frames, what will be left of a picture, lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.tools.crop import cut_handles
from aigc_studio.ui.canvas.tools.handles import SIZE, corners_of, corners_within, paint_handles
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.tools.hand import Hand
    from aigc_studio.ui.canvas.tools.marks import Cut, Outline


class WorkPainting:
    """Paints the `marks` of a hand and the frames on pictures, in pixels of the viewport."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    def paint(self, painter: QPainter) -> None:
        """Draw the marks that are there."""
        marks, scene = self._hand.marks, self._hand.board_scene
        edited = scene.item(marks.edited)
        if edited is not None:
            self._paint_edited(painter, edited)
        if marks.cut is not None:
            self._paint_cut(painter, marks.cut)
        self._paint_gestures(painter)

    def paint_frames(self, painter: QPainter) -> None:
        """The frames that were drawn: on what is selected, and under the frame tool all of them,
        with what goes to the model by itself.

        Only under the tool the rest of a picture is dimmed: elsewhere it is looked at.
        """
        scene, area = self._hand.board_scene, self._hand.marks.area
        in_hand = self._hand.tool == Tool.FRAME
        drawn = area[0] if in_hand and area is not None else ""
        for item, frame in scene.framed():
            if item.id != drawn and (in_hand or item.chosen):
                self._paint_frame(painter, item, frame, veiled=in_hand)
        chosen = scene.chosen()
        if not in_hand or len(chosen) != 1 or not chosen[0].isVisible():
            return
        item = chosen[0]
        seen = area[1] if area is not None and item.id == drawn else scene.seen_frame(item.id)
        if seen is None:
            return
        if scene.frame_of(item.id) is None or item.id == drawn:
            self._paint_frame(painter, item, seen, veiled=True)
        paint_handles(painter, cut_handles(self._hand, item, seen))

    def _paint_frame(
        self, painter: QPainter, item: BoardItem, frame: QRect, *, veiled: bool
    ) -> None:
        polygon = QPolygonF(corners_within(item, frame, self._hand.to_view))
        if veiled:
            self._veil(painter, item, polygon)
        _paint_dashed(painter, polygon)
        text = _("The model sees {width} × {height}").format(
            width=frame.width(), height=frame.height()
        )
        _paint_note(painter, polygon.boundingRect(), text)

    def _paint_edited(self, painter: QPainter, item: BoardItem) -> None:
        """Say that what is inside of it is worked on."""
        outline = QPolygonF(corners_of(item, self._hand.to_view))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), 3))
        painter.drawPolygon(outline)
        _paint_note(painter, outline.boundingRect(), _("Editing notes"))

    def _veil(self, painter: QPainter, item: BoardItem, polygon: QPolygonF) -> None:
        """Dim what of an item lies outside."""
        corners, outside = corners_of(item, self._hand.to_view), QPainterPath()
        outside.addPolygon(QPolygonF([*corners, corners[0]]))
        inside = QPainterPath()
        inside.addPolygon(polygon)
        painter.fillPath(outside.subtracted(inside), theme.colour("canvas", 0.6))

    def _paint_cut(self, painter: QPainter, cut: Cut) -> None:
        """What will be left of a picture, with its thirds and its handles."""
        item = self._hand.board_scene.item(cut.id)
        if item is None:
            return
        polygon = QPolygonF(corners_within(item, cut.rect, self._hand.to_view))
        self._veil(painter, item, polygon)
        a, b, c, d = (polygon.at(number) for number in range(4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("outline", 0.6), 1))
        for part in (1 / 3, 2 / 3):
            painter.drawLine(QLineF(a + (b - a) * part, d + (c - d) * part))
            painter.drawLine(QLineF(a + (d - a) * part, b + (c - b) * part))
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        painter.drawPolygon(polygon)
        paint_handles(painter, cut_handles(self._hand, item, cut.rect))
        text = f"{cut.rect.width()} × {cut.rect.height()}"
        _paint_note(painter, polygon.boundingRect(), text)

    def _paint_gestures(self, painter: QPainter) -> None:
        view, marks = self._hand, self._hand.marks
        if not marks.band.isEmpty():
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.setBrush(theme.colour("accent", 0.12))
            painter.drawRect(view.to_view_rect(marks.band))
        painter.setPen(QPen(theme.colour("mask"), 1))
        for guide in marks.guides:
            line = QLineF(view.to_view(guide.topLeft()), view.to_view(guide.bottomRight()))
            painter.drawLine(line)
        if marks.outline is not None:
            self._paint_line(painter, marks.outline)
        if marks.area is not None and view.tool != Tool.FRAME:
            self._paint_area(painter, *marks.area)

    def _paint_area(self, painter: QPainter, id: str, area: QRect) -> None:
        """A rectangle that is being drawn on an item, with its size."""
        item = self._hand.board_scene.item(id)
        if item is None:
            return
        polygon = QPolygonF(corners_within(item, area, self._hand.to_view))
        _paint_dashed(painter, polygon)
        _paint_note(painter, polygon.boundingRect(), f"{area.width()} × {area.height()}")

    def _paint_line(self, painter: QPainter, outline: Outline) -> None:
        """A line around a part, with the corners that were set; the first one closes it."""
        points = [*outline.points, *([outline.end] if outline.end is not None else [])]
        if outline.closed:
            points.append(outline.points[0])
        line = QPolygonF([self._hand.to_view(point) for point in points])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("surface"), 1.5))
        painter.drawPolyline(line)
        painter.setPen(QPen(theme.colour("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.drawPolyline(line)
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        for number, corner in enumerate(outline.corners):
            box = QRectF(0, 0, SIZE - 2, SIZE - 2)
            box.moveCenter(self._hand.to_view(corner))
            painter.setBrush(theme.colour("surface" if number else "accent"))
            painter.drawRoundedRect(box, 1.5, 1.5)


def _paint_dashed(painter: QPainter, polygon: QPolygonF) -> None:
    """A line that is seen on any ground."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("surface"), 1.5))
    painter.drawPolygon(polygon)
    painter.setPen(QPen(theme.colour("accent"), 1.5, Qt.PenStyle.DashLine))
    painter.drawPolygon(polygon)


def _paint_note(painter: QPainter, around: QRectF, text: str) -> None:
    font = theme.readout_font(11)
    width = QFontMetrics(font).horizontalAdvance(text) + 10
    note = QRectF(around.left(), around.bottom() + 4, width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent"))
    painter.drawRoundedRect(note, 3, 3)
    painter.setFont(font)
    painter.setPen(theme.colour("on_accent"))
    painter.drawText(note, Qt.AlignmentFlag.AlignCenter, text)
