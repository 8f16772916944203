"""A text on the canvas: a card to read, to mark spans in, and to write on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QGraphicsTextItem, QStyle, QStyleOptionGraphicsItem, QWidget

from aigc_studio.api.errors import StudioError
from aigc_studio.api.selections import Span
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import code_points
from aigc_studio.ui.canvas.board_item import BoardItem

if TYPE_CHECKING:
    from aigc_studio.project.board import Item
    from aigc_studio.ui.canvas.loader import TileLoader

MARGIN = 16.0
TYPE_SIZE = 15
LINE_HEIGHT = 145.0
SHOWN = 20_000
"""Code points that a card shows; laying out more would hold up the window."""


class TextItem(BoardItem):
    """Shows a text artifact. `writing` is the editor while the text is being edited."""

    keeps_shape = False

    def __init__(self, item: Item, loader: TileLoader) -> None:
        super().__init__(item, loader)
        self.value = ""
        self.span: Span | None = None
        self.writing: Writing | None = None
        self.document = _new_document()
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
        painter.translate(MARGIN, MARGIN)
        self.document.documentLayout().draw(painter, self._context())
        painter.translate(-MARGIN, -MARGIN)
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


class _Told(QObject):
    ended = Signal()
    span_changed = Signal(object)


class Writing(QGraphicsTextItem):
    """The editor in a card. Escape, or leaving it, ends it; its own undo is the editor's."""

    def __init__(self, card: TextItem) -> None:
        super().__init__(card)
        self.card = card
        self.told = _Told()
        document = _new_document(self)
        fill(document, card.value)
        self._before = card.value
        self.setDocument(document)
        self.setTextWidth(max(card.boundingRect().width() - 2 * MARGIN, 16.0))
        self.setPos(MARGIN, MARGIN)
        self.setDefaultTextColor(theme.colour("text"))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextEditorInteraction)
        self._select(card.span)
        document.setModified(False)
        document.clearUndoRedoStacks()
        document.contentsChanged.connect(self._grow)

    def result(self) -> tuple[str, Span | None]:
        """The text as it is now (the very same when nothing was typed), and what is selected."""
        text = self._before
        if self.document().isModified():
            text = code_points.text_of(self.document().toRawText())
        cursor = self.textCursor()
        ends = (cursor.selectionStart(), cursor.selectionEnd())
        start, stop = (code_points.from_document(text, end) for end in ends)
        return text, Span(start, stop) if start < stop else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends writing, everything else writes."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.told.ended.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere ends writing; a menu or another window does not."""
        super().focusOutEvent(event)
        stays = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in stays:
            self.told.ended.emit()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the text without Qt's dashed frame: the card has an outline of its own."""
        option.state &= ~(QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected)
        super().paint(painter, option, widget)  # type: ignore[arg-type]

    def _select(self, span: Span | None) -> None:
        cursor = self.textCursor()
        if span is None:
            cursor.movePosition(QTextCursor.MoveOperation.End)
        else:
            value = self.card.value
            cursor.setPosition(code_points.to_document(value, span.start))
            cursor.setPosition(
                code_points.to_document(value, span.stop), QTextCursor.MoveMode.KeepAnchor
            )
        self.setTextCursor(cursor)

    def _grow(self) -> None:
        """While writing, the card is at least as high as its text."""
        needed = self.document().size().height() + 2 * MARGIN
        place = self.card.place
        if needed > place.height():
            place.setHeight(needed)
            self.card.preview(place, self.card.rotation())


def fitting_height(value: str, width: float) -> float:
    """Board units that a card of `width` needs to show `value` whole, within reason (≤ 640)."""
    document = _new_document()
    fill(document, value[:SHOWN])
    document.setTextWidth(max(width - 2 * MARGIN, 16.0))
    return min(max(document.size().height() + 2 * MARGIN, 56.0), 640.0)


def fill(document: QTextDocument, value: str) -> None:
    """Put a text into a document, with the card's line height."""
    document.setPlainText(value)
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    lines = QTextBlockFormat()
    lines.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.mergeBlockFormat(lines)
    document.setModified(False)


def _new_document(parent: QObject | None = None) -> QTextDocument:
    document = QTextDocument(parent)
    font = theme.body_font()
    font.setPixelSize(TYPE_SIZE)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    return document


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
    # A little beyond the edge, where half-covered pixels would let the text through.
    band = QRectF(rect.left(), rect.bottom() - 40, rect.width(), 44)
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
        band.adjusted(0, 0, 0, -8), Qt.AlignmentFlag.AlignCenter | Qt.AlignmentFlag.AlignBottom, "…"
    )
