"""The editor of a long text: what a key changes is one passage, and only what is seen is laid out.

It writes on the card's own page, so that nothing jumps when it opens or closes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, QTimerEvent
from PySide6.QtGui import (
    QClipboard,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPen,
    QTextCharFormat,
)
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsSceneContextMenuEvent,
    QGraphicsSceneMouseEvent,
    QGraphicsSceneWheelEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items import code_points
from aigc_studio.ui.canvas.items.laid_passage import Spoken
from aigc_studio.ui.canvas.items.text_layout import MARGIN
from aigc_studio.ui.canvas.items.text_marks import paint_bar
from aigc_studio.ui.canvas.items.text_painting import paint_page
from aigc_studio.ui.canvas.writing import caret_moves
from aigc_studio.ui.canvas.writing import menu as writing_menu
from aigc_studio.ui.canvas.writing.long_editing import LongEditing

if TYPE_CHECKING:
    from aigc_studio.api.selections import Span
    from aigc_studio.ui.canvas.items.long_page import LongPage
    from aigc_studio.ui.canvas.items.text_card import TextItem
    from aigc_studio.ui.canvas.writing.told import Told

NOTCH = 72.0
"""Board units that a notch of the wheel scrolls."""
BAR = 12.0
"""Width of the strip at the right that scrolls."""


class LongWriting(LongEditing):
    """The editor in the card of a long text. Escape, or leaving it, ends it."""

    def __init__(self, card: TextItem, page: LongPage, told: Told, span: Span | None) -> None:
        super().__init__(card, page, told, span)
        self._lit = True
        self._blinks = 0
        self._held = ""
        self._pulls = 0
        self._pointer = QPointF()
        self._twice = 0.0
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsFocusable)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemAcceptsInputMethod)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    # Input methods

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Write what an input method has decided, and show what it is about to write."""
        said, length = event.commitString(), event.replacementLength()
        if self.anchor != self.caret and (said or event.preeditString()):
            self.insert("")
        self._speak(None)
        if said or length:
            start = self._units_away(event.replacementStart())
            stop = self._units_away(event.replacementStart() + length)
            self._change(start, stop, said, joins=True)
        if event.preeditString():
            self._speak(_spoken(self.caret, event))
        self.page.reveal(self.caret)
        self.update()
        self.updateMicroFocus()
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """Where the caret is and what stands around it, for input methods."""
        kinds = Qt.InputMethodQuery
        first, text = self._around()
        caret, anchor = (
            code_points.units_before(text, min(max(each - first, 0), len(text)))
            for each in (self.caret, self.anchor)
        )
        span = self.selected()
        answers: dict[Qt.InputMethodQuery, Callable[[], Any]] = {
            kinds.ImEnabled: lambda: True,
            kinds.ImHints: lambda: int(Qt.InputMethodHint.ImhMultiLine.value),
            kinds.ImFont: lambda: self.page.font,
            kinds.ImCursorRectangle: self._caret_rect,
            kinds.ImCursorPosition: lambda: caret,
            kinds.ImAnchorPosition: lambda: anchor,
            kinds.ImSurroundingText: lambda: text,
            kinds.ImTextBeforeCursor: lambda: text[: max(self.caret - first, 0)],
            kinds.ImTextAfterCursor: lambda: text[max(self.caret - first, 0) :],
            kinds.ImCurrentSelection: lambda: self.page.passages.text(span.start, span.stop),
        }
        answer = answers.get(query)
        return answer() if answer is not None else None

    def _around(self) -> tuple[int, str]:
        """The passage that the caret is in: an input method need not hear all of a long text."""
        passages = self.page.passages
        index = passages.find(self.caret)
        return passages.start(index), passages.parts[index].text

    def _units_away(self, units: int) -> int:
        if not units:
            return self.caret
        first, text = self._around()
        here = code_points.units_before(text, self.caret - first)
        return first + code_points.points_before(text, max(here + units, 0))

    # Mouse

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Set the caret; with Shift, select up to here. The strip at the right scrolls."""
        event.accept()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._go(self._place_at(event.pos()))
            if QGuiApplication.clipboard().supportsSelection():
                self.paste(QClipboard.Mode.Selection)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._end_speaking()
        if event.pos().x() >= self.card.boundingRect().width() - BAR:
            self._held = "bar"
            self._scroll_bar_to(event.pos().y())
            return
        self._held, place = "text", self._place_at(event.pos())
        if self._is_third_press():
            start = caret_moves.paragraph_start(self.page, place)
            self._go(caret_moves.paragraph_stop(self.page, place), anchor=start)
        else:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._go(place, anchor=self.anchor if shift else None)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Select on the way; beyond the edges the text scrolls."""
        self._pointer = event.pos()
        if self._held == "bar":
            self._scroll_bar_to(event.pos().y())
        elif self._held == "text":
            self._select_to_pointer()
            outside = not 0 <= event.pos().y() <= self.card.boundingRect().height()
            if outside and not self._pulls:
                self._pulls = self.startTimer(40)
            elif not outside:
                self._stop_pulling()

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Let go; what was selected can be put elsewhere with the middle button."""
        self._held = ""
        self._stop_pulling()
        clipboard = QGuiApplication.clipboard()
        span = self.selected()
        if clipboard.supportsSelection() and span.start < span.stop:
            words = self.page.passages.text(span.start, span.stop)
            clipboard.setText(words, QClipboard.Mode.Selection)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Select a word; a third click takes the paragraph."""
        event.accept()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        start, stop = caret_moves.word_at(self.page, self._place_at(event.pos()))
        self._go(stop, anchor=start)
        self.note_double_press()

    def note_double_press(self) -> None:
        """It was opened by a double press: a third one takes the paragraph."""
        self._twice = _now()

    def wheelEvent(self, event: QGraphicsSceneWheelEvent) -> None:
        """Scroll the text in its card."""
        self.page.scroll(-event.delta() / 120 * NOTCH)
        self.update()
        event.accept()

    def contextMenuEvent(self, event: QGraphicsSceneContextMenuEvent) -> None:
        """What can be done with the text under the pointer."""
        event.accept()
        writing_menu.show(self, event)

    def _is_third_press(self) -> bool:
        within = QGuiApplication.styleHints().mouseDoubleClickInterval() / 1000
        return _now() - self._twice < within

    def _place_at(self, point: QPointF) -> int:
        return self.page.place_at(point - QPointF(MARGIN, MARGIN))

    def _select_to_pointer(self) -> None:
        rect = self.card.boundingRect()
        y = min(max(self._pointer.y(), MARGIN), rect.height() - MARGIN)
        self.caret = self._place_at(QPointF(self._pointer.x(), y))
        self._tell()

    def _scroll_bar_to(self, y: float) -> None:
        height = self.card.boundingRect().height()
        share = min(max((y - MARGIN) / max(height - 2 * MARGIN, 1), 0.0), 1.0)
        self.page.scroll_to(round(share * len(self.page)))
        self.update()

    # Focus and time

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The caret blinks while the keyboard is here."""
        super().focusInEvent(event)
        self._light()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere ends writing; a menu or another window does not."""
        self._end_speaking()
        super().focusOutEvent(event)
        stays = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in stays:
            self.told.ended.emit()

    def timerEvent(self, event: QTimerEvent) -> None:
        """Blink, or scroll while the pointer pulls beyond an edge."""
        if event.timerId() == self._blinks:
            self._lit = not self._lit
            self.update()
        elif event.timerId() == self._pulls:
            height = self.card.boundingRect().height()
            beyond = self._pointer.y() if self._pointer.y() < 0 else self._pointer.y() - height
            self.page.scroll(beyond)
            self._select_to_pointer()

    def sceneEvent(self, event: QEvent) -> bool:
        """Tab writes a tab: it does not go to the next item."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self.keyPressEvent(event)
            return event.isAccepted()
        return super().sceneEvent(event)

    # Painting

    def boundingRect(self) -> QRectF:
        """All of the card."""
        return self.card.boundingRect()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint what is seen of the text, what is selected of it, and the caret."""
        span = self.selected()
        mark = QTextCharFormat()
        palette = QApplication.palette()
        mark.setBackground(palette.highlight())
        mark.setForeground(palette.highlightedText())
        marks = [(span.start, span.stop, mark)] if span.start < span.stop else []
        paint_page(painter, self.card, self.page, marks)
        paint_bar(painter, self.boundingRect(), self.page)
        line = self.page.caret(self.caret) if self._lit and self.hasFocus() else None
        if line is not None:
            painter.setPen(QPen(theme.colour("text"), 1))
            painter.drawLine(line.translated(MARGIN, MARGIN))

    # Within

    def _note_move(self) -> None:
        self._light()
        self.update()
        self.updateMicroFocus()

    def _light(self) -> None:
        self._lit = True
        if self._blinks:
            self.killTimer(self._blinks)
        flash = QGuiApplication.styleHints().cursorFlashTime()
        self._blinks = self.startTimer(flash // 2) if flash > 1 else 0

    def _stop_pulling(self) -> None:
        if self._pulls:
            self.killTimer(self._pulls)
            self._pulls = 0

    def caret_line(self) -> QLineF | None:
        """Where the caret is on the card; None while that is not seen."""
        line = self.page.caret(self.caret)
        return line.translated(MARGIN, MARGIN) if line is not None else None

    def _caret_rect(self) -> QRectF:
        line = self.caret_line() or QLineF(MARGIN, MARGIN, MARGIN, MARGIN + 18)
        return QRectF(line.x1(), line.y1(), 1, line.dy())


def _spoken(place: int, event: QInputMethodEvent) -> Spoken:
    words = event.preeditString()
    caret, looks = code_points.units_before(words, len(words)), []
    kinds = QInputMethodEvent.AttributeType
    for each in event.attributes():
        if each.type == kinds.Cursor:
            caret = each.start
        elif each.type == kinds.TextFormat:
            looks.append((each.start, each.length, each.value.toCharFormat()))
    return Spoken(place, words, caret, tuple(looks))


def _now() -> float:
    import time

    return time.monotonic()
