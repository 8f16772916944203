"""A text on the canvas: a card to read, to mark spans in, and to write on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QTextCursor, QTextDocument
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from aigc_studio.api.errors import StudioError
from aigc_studio.api.selections import Span
from aigc_studio.ui.canvas.items import code_points, text_painting
from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.items.long_page import LongPage
from aigc_studio.ui.canvas.items.text_layout import (
    LARGEST,
    MARGIN,
    SMALLEST,
    caret_line,
    fill,
    height_after,
    is_long,
    new_document,
    text_height,
    with_height,
)
from aigc_studio.ui.canvas.items.text_type import TYPE_SIZE
from aigc_studio.ui.canvas.items.verse import is_verse
from aigc_studio.ui.canvas.scene.following import LostParts, followed
from aigc_studio.ui.canvas.writing import caret_moves

if TYPE_CHECKING:
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.heat.text import TextHeat
    from aigc_studio.ui.canvas.items.editor import Editor
    from aigc_studio.ui.canvas.scene.loader import TileLoader
    from aigc_studio.ui.target import Part


class TextItem(BoardItem):
    """Shows a text artifact. `writing` is the editor while the text is being edited."""

    keeps_shape = False
    heat: TextHeat | None = None

    def __init__(self, item: Item, loader: TileLoader) -> None:
        super().__init__(item, loader)
        self.span: Span | None = None
        self.writing: Editor | None = None
        self._value: str | None = None
        self._page: LongPage | None = None
        self._document: QTextDocument | None = None
        self._lost = LostParts[Span]()
        self._shown = ""
        self.lift = 0.0
        """How far its words are moved up (board units), so that what is being written is seen."""

    @property
    def value(self) -> str:
        """The text; read when it is wanted for the first time."""
        self.read_now()
        return self._value or ""

    @property
    def document(self) -> QTextDocument:
        """The text laid out, where it is no long one; done when it is looked at from near."""
        if self._document is None:
            self._document = new_document()
            self.show_value()
        return self._document

    @property
    def page(self) -> LongPage | None:
        """What is seen of a long text; None for others."""
        return self._page if self.document is not None else None

    @property
    def scrolls(self) -> bool:
        """Whether the text is so long that it is scrolled in its card."""
        return self.page is not None

    @property
    def part(self) -> Part:
        """`span` or, where nothing lies between, `caret`."""
        span = self.selected()
        if span is None:
            return ""
        return "span" if span.start < span.stop else "caret"

    def selected(self) -> Span | None:
        """What is marked; while it is written in, what is selected there."""
        return self.writing.selected() if self.writing else self.span

    def words(self) -> str:
        """The text."""
        return self.value

    def is_plain(self) -> bool:
        """Whether nothing is marked, nobody writes, and nothing was said of it."""
        return self.span is None and self.writing is None and self.heat is None

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
            self.show_value()

    def show_value(self) -> None:
        """Lay out the text as it is committed: of a long one, what is seen. One that was scrolled
        to be written in goes on scrolling, while its card hides some of it."""
        if is_long(self.value) or (self._page is not None and self._hides_some()):
            self._show_page(self.value)
            fill(self.document, "")
        else:
            self._page = None
            fill(self.document, self.value)
        self.size_changed()
        self.update()

    def _hides_some(self) -> bool:
        """Whether the card is lower than its text, and would be if it grew as high as new ones."""
        rect = self.boundingRect()
        return text_height(self.value, rect.width()) > max(rect.height(), LARGEST) + 1

    def scroll_to_write(self) -> None:
        """Have the text scroll where the card hides some of it: what is written has to be seen, and
        an editor as high as the text would run out of the card, over what lies below."""
        if self.page is None and self._hides_some() and not is_verse(self.value):
            self._show_page(self.value)
            fill(self.document, "")
            self.update()

    def size_changed(self) -> None:
        """Wrap the lines anew."""
        if self._document is None:
            return
        room = self._room()
        if self.page is not None:
            self.page.resize(room.width(), room.height())
        else:
            self.document.setTextWidth(room.width())

    def show_part(self, part: object) -> None:
        """Mark a span, or none."""
        self.read_now()  # what a part is of
        self._lost.forget()
        self.span = part if isinstance(part, Span) else None
        self.choose_look()
        self.update()

    def bring_out(self, part: object) -> QRectF:
        """Have the end of a span that is being written in sight: the line that it is on."""
        self.lift = 0.0
        if not isinstance(part, Span):
            return self.boundingRect()
        place = min(part.stop, len(self.value))
        if self.page is not None:
            self.page.reveal(place)
            line = self.page.caret(place) or QLineF(0, 0, 0, TYPE_SIZE)
        else:
            line = caret_line(self.document, self.value, place)
            below = line.y2() + 2 * MARGIN - self.boundingRect().height()
            self.lift = max(0.0, min(below, line.y1()))
        self.update()
        corner = QPointF(0, MARGIN + line.y1() - self.lift)
        return QRectF(corner, QSizeF(self.boundingRect().width(), line.y2() - line.y1() + MARGIN))

    @property
    def has_caret(self) -> bool:
        """Whether a place between two characters is marked, and no words."""
        return self.span is not None and self.span.start == self.span.stop

    def caret_line(self) -> QLineF | None:
        """Where the caret is (own coordinates), or the end of what is marked; None out of sight."""
        if self.writing is not None:
            return self.writing.caret_line()
        if self.span is None:
            return None
        if self.page is not None:
            line = self.page.caret(self.span.stop)
        else:
            line = caret_line(self.document, self.value, self.span.stop)
        return line.translated(MARGIN, MARGIN - self.lift) if line is not None else None

    def caret_place(self) -> QRectF:
        """The caret on the board; empty where it is out of sight."""
        line = self.caret_line()
        if line is None:
            return QRectF()
        place = QRectF(line.p1(), line.p2()).normalized()
        return self.mapRectToScene(place.adjusted(-1, 0, 1, 0))

    def caret_row(self) -> QRectF:
        """The whole row of `caret_line`."""
        line = self.caret_line()
        if line is None:
            return QRectF()
        return QRectF(0, line.y1(), self.boundingRect().width(), line.dy())

    def select_to(self, start: QPointF, end: QPointF) -> Span:
        """The span between two points (own coordinates); where nothing lies between, a place."""
        return Span(*sorted(self.position_at(point) for point in (start, end)))

    def position_at(self, point: QPointF) -> int:
        """The code point nearest to a point (own coordinates)."""
        if self.page is not None:
            return self.page.place_at(point - QPointF(MARGIN, MARGIN))
        layout = self.document.documentLayout()
        place = layout.hitTest(point - QPointF(MARGIN, MARGIN), Qt.HitTestAccuracy.FuzzyHit)
        return code_points.from_document(self.value, max(place, 0))

    def word_at(self, point: QPointF) -> Span | None:
        """The word at a point (own coordinates)."""
        if self.page is not None:
            start, stop = caret_moves.word_at(self.page, self.position_at(point))
            return Span(start, stop) if start < stop else None
        cursor = QTextCursor(self.document)
        cursor.setPosition(code_points.to_document(self.value, self.position_at(point)))
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        ends = (cursor.selectionStart(), cursor.selectionEnd())
        start, stop = (code_points.from_document(self.value, end) for end in ends)
        return Span(start, stop) if start < stop else None

    def turn_pages(self, pages: float) -> bool:
        """Show more of a long text: so many pages further down. False when there is no more."""
        if self.page is None:
            return False
        former = self.page.top, self.page.above
        self.page.scroll(pages * self.page.height * 0.9)
        self.update()
        return (self.page.top, self.page.above) != former

    def open(self, editor: Editor) -> None:
        """Show an editor instead of the text, or instead of another editor."""
        self.writing = editor
        self.choose_look()
        self.update()

    def show_draft(self, text: str) -> LongPage:
        """Show a page of a text that is being written and is long, at the height that it needs."""
        height = height_after(self.item.height, self.item.width, self.value, text)
        item = with_height(self.item, height)
        self.preview(QRectF(item.x, item.y, item.width, item.height), item.rotation)
        self._show_page(text)
        assert self._page is not None
        return self._page

    def leave(self) -> None:
        """Close the editor."""
        self.end_writing()

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
        writing.take_down()
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
        text_painting.paint_card(painter, self, option.exposedRect, on_screen=widget is not None)

    def new_heat(self) -> TextHeat:
        """What is coloured behind its letters."""
        from aigc_studio.ui.canvas.heat.text import TextHeat

        self.read_now()
        return TextHeat(self)

    def needed_height(self) -> float:
        """Board units that the whole text takes at the card's width; 56 at least."""
        if self.page is not None:
            return text_height(self.value, self.boundingRect().width())
        return max(self.document.size().height() + 2 * MARGIN, SMALLEST)

    def _room(self) -> QRectF:
        rect = self.boundingRect()
        sides = (max(side - 2 * MARGIN, 16.0) for side in (rect.width(), rect.height()))
        return QRectF(0, 0, *sides)

    def _show_page(self, value: str) -> None:
        """A page of this text, scrolled as the one before; what it shows already stays."""
        room, former = self._room(), self._page
        if former is not None and former.passages.text() == value:
            return
        self._page = LongPage(value, room.width(), room.height())
        if former is not None:
            self._page.scroll_to(former.top)

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


def readable(item: object) -> TextItem | None:
    """The item as a text that can be read; None for another, and for a damaged one."""
    return item if isinstance(item, TextItem) and not item.problem else None
