"""A text on the canvas: a card to read, to mark spans in, and to write on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from aigc_studio.api.errors import StudioError
from aigc_studio.api.selections import Span
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import code_points
from aigc_studio.ui.canvas.board_item import BoardItem
from aigc_studio.ui.canvas.following import LostParts, followed
from aigc_studio.ui.canvas.text_editor import Writing
from aigc_studio.ui.canvas.text_layout import MARGIN, SHOWN, SMALLEST, TYPE_SIZE, fill, new_document

if TYPE_CHECKING:
    from aigc_studio.project.board import Item
    from aigc_studio.ui.canvas.loader import TileLoader


class TextItem(BoardItem):
    """Shows a text artifact. `writing` is the editor while the text is being edited."""

    keeps_shape = False

    def __init__(self, item: Item, loader: TileLoader) -> None:
        super().__init__(item, loader)
        self.span: Span | None = None
        self.writing: Writing | None = None
        self._value: str | None = None
        self._document: QTextDocument | None = None
        self._lost = LostParts[Span]()
        self._shown = ""

    @property
    def value(self) -> str:
        """The text; read when it is wanted for the first time."""
        self.read_now()
        return self._value or ""

    @property
    def document(self) -> QTextDocument:
        """The text laid out; what no one looks at from near is not laid out."""
        if self._document is None:
            self._document = new_document()
            fill(self._document, self.value[:SHOWN])
            self.size_changed()
        return self._document

    def is_plain(self) -> bool:
        """Whether nothing is marked and nobody writes."""
        return self.span is None and self.writing is None

    def read_now(self) -> None:
        """Read the text if it was not."""
        if self._value is None:
            self._read("")

    def content_changed(self) -> None:
        """Show another text; the span goes on covering what it covered, or what came of it."""
        if self._value is not None:
            self._read(self._value)
        self.update()

    def _read(self, former: str) -> None:
        self.problem = ""
        try:
            self._value = str(self.loader.store.get(self.item.content))
        except StudioError as error:
            self._value, self.problem = "", str(error)
        self._follow(former)
        if self._document is not None:
            fill(self._document, self._value[:SHOWN])
            self.size_changed()

    def size_changed(self) -> None:
        """Wrap the lines anew."""
        if self._document is None:
            return
        self._document.setTextWidth(max(self.boundingRect().width() - 2 * MARGIN, 16.0))

    def show_part(self, part: object) -> None:
        """Mark a span, or none."""
        self.read_now()  # what a part is of
        self._lost.forget()
        self.span = part if isinstance(part, Span) else None
        self.choose_look()
        self.update()

    @property
    def has_caret(self) -> bool:
        """Whether a place between two characters is marked, and no words."""
        return self.span is not None and self.span.start == self.span.stop

    def select_to(self, start: QPointF, end: QPointF) -> Span:
        """The span between two points (own coordinates); where nothing lies between, a place."""
        return Span(*sorted(self.position_at(point) for point in (start, end)))

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
            self.choose_look()
            self.update()
        return self.writing

    def end_writing(self) -> tuple[str | None, Span | None]:
        """Leave the editor. Gives the new text if it changed, and what was selected in it.

        The selection is kept as the span, unless it belongs to a text that is not shown yet.
        """
        if self.writing is None:
            return None, self.span
        writing, self.writing = self.writing, None
        text, span = writing.result()
        if text == self.value:
            self.span = span
        writing.hide()
        if writing.scene() is not None:
            writing.scene().removeItem(writing)
        writing.deleteLater()
        self.choose_look()
        self.update()
        return (text if text != self.value else None), span

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the card and its text."""
        if widget is not None and self.paint_far(painter):
            return
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
            self._paint_text(painter, rect, on_screen=widget is not None)
            painter.restore()
        painter.setPen(QPen(theme.colour("border"), 0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)

    def _paint_text(self, painter: QPainter, rect: QRectF, *, on_screen: bool) -> None:
        painter.save()
        # Short of the edge, whose half-covered pixels the fading would not reach.
        painter.setClipRect(rect.adjusted(0, 0, 0, -3), Qt.ClipOperation.IntersectClip)
        painter.translate(MARGIN, MARGIN)
        self.document.documentLayout().draw(painter, self._context(marks=on_screen))
        if on_screen and self.span is not None and self.has_caret:
            _paint_caret(painter, self._caret_line(self.span.start))
        painter.restore()
        if not self.value and on_screen:
            _paint_hint(painter, rect)
        if self.needed_height() > rect.height() + 1:
            _fade(painter, rect)

    def needed_height(self) -> float:
        """Board units that the whole text takes at the card's width; 56 at least."""
        return max(self.document.size().height() + 2 * MARGIN, SMALLEST)

    def _follow(self, former: str) -> None:
        """Move the span with the text. One that is lost comes back with the text it was in."""
        digest, self._shown = self._shown, self.item.content.digest
        span, self.span = self.span, None
        if span is not None:
            place = followed(former, self.value, (span.start, span.stop))
            if place is None:
                self._lost.keep(digest, span)
            else:
                self.span = Span(*place)
        if self.span is None:
            self.span = self._lost.take(self._shown)

    def _caret_line(self, place: int) -> QLineF:
        """Where a caret before the code point `place` is drawn, from the text's upper left."""
        position = code_points.to_document(self.value[:SHOWN], place)
        # Asked for its place first: lines that are not laid out yet would be invalid.
        block = self.document.findBlock(position)
        corner = self.document.documentLayout().blockBoundingRect(block).topLeft()
        layout, inside = block.layout(), position - block.position()
        line = layout.lineForTextPosition(inside)
        if not line.isValid():
            return QLineF(0, 0, 0, TYPE_SIZE)
        # The stubs say float; it is a pair of the place and the position that it belongs to.
        across: Any = line.cursorToX(inside)
        x = corner.x() + (across[0] if isinstance(across, tuple) else across)
        top = corner.y() + line.rect().top()
        return QLineF(x, top, x, top + line.height())

    def _context(self, *, marks: bool) -> QAbstractTextDocumentLayout.PaintContext:
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, theme.colour("text"))
        context.palette = palette
        if marks and self.span is not None and not self.has_caret:
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


def _paint_caret(painter: QPainter, line: QLineF) -> None:
    """A place in the colour of a selection: as wide on screen at any zoom, with a foot and a head.

    The serifs tell it from a letter, and from the caret of the editor.
    """
    pen = QPen(theme.colour("mask"), 2)
    pen.setCosmetic(True)
    painter.setPen(pen)
    top, bottom = line.p1() - QPointF(0, 1), line.p2() + QPointF(0, 1)
    arm = QPointF(2.5, 0)
    painter.drawLine(QLineF(top, bottom))
    for end in (top, bottom):
        painter.drawLine(QLineF(end - arm, end + arm))


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
