"""How a text card is painted: the sheet, the words, and what is marked in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items import code_points
from aigc_studio.ui.canvas.items.text_layout import MARGIN, caret_line
from aigc_studio.ui.canvas.items.text_marks import fade, paint_bar, paint_caret, paint_hint

if TYPE_CHECKING:
    from aigc_studio.api.selections import Span
    from aigc_studio.ui.canvas.heat.text import TextHeat
    from aigc_studio.ui.canvas.items.laid_passage import Marks
    from aigc_studio.ui.canvas.items.long_page import LongPage


class _Card(Protocol):
    """A text card, as far as painting it needs it."""

    span: Span | None
    lift: float

    @property
    def writing(self) -> object | None:
        """What is being written in it with."""

    @property
    def heat(self) -> TextHeat | None:
        """What was said of its text."""

    @property
    def value(self) -> str:
        """The text."""

    @property
    def document(self) -> QTextDocument:
        """The text, laid out whole."""

    @property
    def page(self) -> LongPage | None:
        """What is seen of a long text."""

    @property
    def has_caret(self) -> bool:
        """Whether the span is a place between two characters."""

    def boundingRect(self) -> QRectF:
        """Where it is, in its own coordinates."""

    def needed_height(self) -> float:
        """What all of its text would take."""


def paint_card(painter: QPainter, card: _Card, exposed: QRectF, *, on_screen: bool) -> None:
    """Paint the card and its text: marks and heat only on screen, where `exposed` is new."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPainterPath()
    outline.addRoundedRect(card.boundingRect(), theme.RADIUS, theme.RADIUS)
    painter.fillPath(outline, theme.colour("surface"))
    if card.writing is None:
        painter.save()
        painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
        if card.page is not None:
            _paint_long(painter, card, card.page, exposed if on_screen else None)
        else:
            _paint_text(painter, card, exposed if on_screen else None)
        painter.restore()
    painter.setPen(QPen(theme.colour("accent" if card.writing is not None else "border"), 0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)


def paint_page(
    painter: QPainter,
    card: _Card,
    page: LongPage,
    marks: Marks,
    *,
    whole: bool = False,
    heated: QRectF | None = None,
) -> None:
    """Paint what is seen of a long text, or its beginning for a `whole` picture.

    What was said of it is painted where the card is `heated`.
    """
    rect = card.boundingRect()
    painter.save()
    inside = rect.adjusted(0, MARGIN - 4, 0, 4 - MARGIN)
    painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
    if heated is not None:
        _paint_heat(painter, card, heated)
    painter.translate(MARGIN, MARGIN)
    clip = QRectF(-MARGIN, -MARGIN, rect.width(), rect.height())
    page.draw(painter, clip, marks, theme.colour("text"), whole=whole)
    painter.restore()


def _paint_text(painter: QPainter, card: _Card, exposed: QRectF | None) -> None:
    """Paint a text that is laid out whole; `exposed` is None where it is not on screen."""
    rect, span = card.boundingRect(), card.span if exposed is not None else None
    painter.save()
    # Short of the edge, whose half-covered pixels the fading would not reach.
    painter.setClipRect(rect.adjusted(0, 0, 0, -3), Qt.ClipOperation.IntersectClip)
    if exposed is not None:
        _paint_heat(painter, card, exposed)
    painter.translate(MARGIN, MARGIN - card.lift)
    card.document.documentLayout().draw(painter, _context(card, span))
    if span is not None and card.has_caret:
        paint_caret(painter, caret_line(card.document, card.value, span.start))
    painter.restore()
    if not card.value and exposed is not None:
        paint_hint(painter, rect)
    if card.lift:
        fade(painter, rect, upper=True)
    if card.needed_height() - card.lift > rect.height() + 1:
        fade(painter, rect)


def _paint_long(painter: QPainter, card: _Card, page: LongPage, exposed: QRectF | None) -> None:
    """Paint a text that is scrolled; `exposed` is None where it is not on screen."""
    rect, span = card.boundingRect(), card.span if exposed is not None else None
    marks: Marks = []
    if span is not None and not card.has_caret:
        mark = QTextCharFormat()
        _mark(mark)
        marks = [(span.start, span.stop, mark)]
    paint_page(painter, card, page, marks, whole=exposed is None, heated=exposed)
    if not page.ends() or exposed is None:
        fade(painter, rect)
    if exposed is None:
        return
    if not page.begins:
        fade(painter, rect, upper=True)
    line = page.caret(span.start) if span is not None and card.has_caret else None
    if line is not None:
        paint_caret(painter, line.translated(MARGIN, MARGIN))
    paint_bar(painter, rect, page)


def _paint_heat(painter: QPainter, card: _Card, exposed: QRectF) -> None:
    if card.heat is not None:
        seen = exposed & card.boundingRect()
        card.heat.paint(painter, seen.top(), seen.bottom())


def _context(card: _Card, span: Span | None) -> QAbstractTextDocumentLayout.PaintContext:
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, theme.colour("text"))
    context.palette = palette
    if span is not None and not card.has_caret:
        context.selections = [_marked(card, span)]
    return context


def _marked(card: _Card, span: Span) -> QAbstractTextDocumentLayout.Selection:
    start, stop = (code_points.to_document(card.value, end) for end in (span.start, span.stop))
    marked = QAbstractTextDocumentLayout.Selection()
    cursor = QTextCursor(card.document)
    cursor.setPosition(start)
    cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
    marked.cursor = cursor
    form = cursor.charFormat()
    _mark(form)
    marked.format = form
    return marked


def _mark(form: QTextCharFormat) -> None:
    form.setBackground(theme.mask_colour())
    form.setForeground(theme.colour("text"))
