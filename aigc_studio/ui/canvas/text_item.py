"""A text on the canvas: a card to read, to mark spans in, and to write on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QTextCursor,
)
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from aigc_studio.api.errors import StudioError
from aigc_studio.api.selections import Span
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import code_points
from aigc_studio.ui.canvas.board_item import BoardItem
from aigc_studio.ui.canvas.text_editor import Writing
from aigc_studio.ui.canvas.text_layout import MARGIN, SHOWN, TYPE_SIZE, fill, new_document

if TYPE_CHECKING:
    from aigc_studio.project.board import Item
    from aigc_studio.ui.canvas.loader import TileLoader


class TextItem(BoardItem):
    """Shows a text artifact. `writing` is the editor while the text is being edited."""

    keeps_shape = False

    def __init__(self, item: Item, loader: TileLoader) -> None:
        super().__init__(item, loader)
        self.value = ""
        self.span: Span | None = None
        self.writing: Writing | None = None
        self.document = new_document()
        self.content_changed()
        self.reflect(item)

    def content_changed(self) -> None:
        """Show another text."""
        self.problem = ""
        try:
            self.value = str(self.loader.store.get(self.item.content))
        except StudioError as error:
            self.value, self.problem = "", str(error)
        if self.span is not None and self.span.stop > len(self.value):
            self.span = None
        fill(self.document, self.value[:SHOWN])
        self.size_changed()
        self.update()

    def size_changed(self) -> None:
        """Wrap the lines anew."""
        self.document.setTextWidth(max(self.boundingRect().width() - 2 * MARGIN, 16.0))

    def show_part(self, part: object) -> None:
        """Mark a span, or none."""
        self.span = part if isinstance(part, Span) else None
        self.update()

    def select_to(self, start: QPointF, end: QPointF) -> Span | None:
        """The span between two points (own coordinates), or None when nothing lies between."""
        places = sorted(self.position_at(point) for point in (start, end))
        return Span(*places) if places[0] != places[1] else None

    def position_at(self, point: QPointF) -> int:
        """The code point nearest to a point (own coordinates)."""
        layout = self.document.documentLayout()
        place = layout.hitTest(point - QPointF(MARGIN, MARGIN), Qt.HitTestAccuracy.FuzzyHit)
        return code_points.from_document(self.value[:SHOWN], max(place, 0))

    def word_at(self, point: QPointF) -> Span | None:
        """The word at a point (own coordinates)."""
        shown = self.value[:SHOWN]
        cursor = QTextCursor(self.document)
        cursor.setPosition(code_points.to_document(shown, self.position_at(point)))
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        ends = (cursor.selectionStart(), cursor.selectionEnd())
        start, stop = (code_points.from_document(shown, end) for end in ends)
        return Span(start, stop) if start < stop else None

    def begin_writing(self) -> Writing:
        """Edit in place; the span that is marked is selected in the editor."""
        if self.writing is None:
            self.writing = Writing(self)
            self.update()
        return self.writing

    def end_writing(self) -> str | None:
        """Leave the editor and keep its selection as the span. Gives the new text if it changed."""
        if self.writing is None:
            return None
        writing, self.writing = self.writing, None
        text, self.span = writing.result()
        writing.hide()
        if writing.scene() is not None:
            writing.scene().removeItem(writing)
        writing.deleteLater()
        self.update()
        return text if text != self.value else None

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the card and its text."""
        if self.problem:
            self.paint_problem(painter)
            return
        rect = self.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(rect, theme.RADIUS, theme.RADIUS)
        painter.fillPath(outline, theme.colour("surface"))
        if self.writing is None:
            painter.save()
            painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
            self._paint_text(painter, rect, hint=widget is not None)
            painter.restore()
        painter.setPen(QPen(theme.colour("border"), 0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)

    def _paint_text(self, painter: QPainter, rect: QRectF, *, hint: bool) -> None:
        painter.save()
        # Short of the edge, whose half-covered pixels the fading would not reach.
        painter.setClipRect(rect.adjusted(0, 0, 0, -3), Qt.ClipOperation.IntersectClip)
        painter.translate(MARGIN, MARGIN)
        self.document.documentLayout().draw(painter, self._context())
        painter.restore()
        if not self.value and hint:
            _paint_hint(painter, rect)
        if self.needed_height() > rect.height() + 1:
            _fade(painter, rect)

    def needed_height(self) -> float:
        """Board units that the whole text takes at the card's width."""
        return self.document.size().height() + 2 * MARGIN

    def _context(self) -> QAbstractTextDocumentLayout.PaintContext:
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, theme.colour("text"))
        context.palette = palette
        if self.span is not None:
            context.selections = [self._marked()]
        return context

    def _marked(self) -> QAbstractTextDocumentLayout.Selection:
        assert self.span is not None
        shown = self.value[:SHOWN]
        cursor = QTextCursor(self.document)
        cursor.setPosition(code_points.to_document(shown, self.span.start))
        cursor.setPosition(
            code_points.to_document(shown, self.span.stop), QTextCursor.MoveMode.KeepAnchor
        )
        marked = QAbstractTextDocumentLayout.Selection()
        marked.cursor = cursor
        form = cursor.charFormat()
        form.setBackground(theme.mask_colour())
        form.setForeground(theme.colour("text"))
        marked.format = form
        return marked


def _paint_hint(painter: QPainter, rect: QRectF) -> None:
    """Say how an empty card is filled."""
    font = theme.body_font()
    font.setPixelSize(TYPE_SIZE)
    painter.setFont(font)
    painter.setPen(theme.colour("muted"))
    place = rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(place, flags, _("Double-click to write"))


def _fade(painter: QPainter, rect: QRectF) -> None:
    """Say that the text goes on below the card's edge."""
    band = QRectF(rect.left(), rect.bottom() - 40, rect.width(), 40)
    clear = QColor(theme.colour("surface"))
    clear.setAlpha(0)
    shade = QLinearGradient(band.topLeft(), band.bottomLeft())
    shade.setColorAt(0, clear)
    shade.setColorAt(0.8, theme.colour("surface"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.drawRect(band)
    painter.setPen(theme.colour("muted"))
    painter.drawText(
        band.adjusted(0, 0, 0, -4), Qt.AlignmentFlag.AlignCenter | Qt.AlignmentFlag.AlignBottom, "…"
    )
