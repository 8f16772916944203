"""What an editor of a long text does: its caret, its keys, its steps back; no pointer, no paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGraphicsObject

from aigc_studio.api import limits
from aigc_studio.api.selections import Span
from aigc_studio.translation import _
from aigc_studio.ui.canvas.writing import caret_moves
from aigc_studio.ui.canvas.writing.typing_history import Change, TypingHistory

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.laid_passage import Spoken
    from aigc_studio.ui.canvas.items.long_page import LongPage
    from aigc_studio.ui.canvas.items.text_card import TextItem
    from aigc_studio.ui.canvas.writing.told import Told

_Key = QKeySequence.StandardKey


class LongEditing(QGraphicsObject):
    """Writes on a `LongPage`. `caret` and `anchor` are code points; between them is selected."""

    def __init__(self, card: TextItem, page: LongPage, told: Told, span: Span | None) -> None:
        super().__init__(card)
        self.card, self.page, self.told = card, page, told
        self.history = TypingHistory()
        self.anchor = self.caret = len(page)
        if span is not None:
            self.anchor, self.caret = min(span.start, len(page)), min(span.stop, len(page))
        self._across: float | None = None
        self._spoken: Spoken | None = None
        self._text: str | None = None
        page.reveal(self.caret)

    def take_down(self) -> None:
        """Go from the card for good."""
        self.leave()
        self.hide()
        if self.scene() is not None:
            self.scene().removeItem(self)
        self.deleteLater()

    # What was written

    def result(self) -> tuple[str, Span]:
        """The text as it is now, and what is selected; where nothing is, the caret is the place."""
        if self._text is None:
            self._text = self.page.passages.text()
        return self._text, self.selected()

    def selected(self) -> Span:
        """What is selected, or the place of the caret."""
        return Span(min(self.anchor, self.caret), max(self.anchor, self.caret))

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self.history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return self.history.can_redo

    def select(self, anchor: int, caret: int) -> None:
        """Select from `anchor` to the caret."""
        self._go(caret, anchor=anchor)

    def insert(self, words: str, *, joins: bool = False) -> None:
        """Write at the caret, over what is selected."""
        span = self.selected()
        if words or span.start < span.stop:
            self._change(span.start, span.stop, words, joins=joins)

    def undo(self) -> None:
        """Take the last step of writing back."""
        self._took(self.history.undo(self._replace))

    def redo(self) -> None:
        """Do what was taken back again."""
        self._took(self.history.redo(self._replace))

    def select_all(self) -> None:
        """Select the whole text; what is seen stays."""
        self.anchor, self.caret = 0, len(self.page)
        self._tell()

    def cut(self) -> None:
        """Move what is selected to the clipboard."""
        self.copy()
        self.insert("")

    def copy(self) -> None:
        """Copy what is selected."""
        span = self.selected()
        if span.start < span.stop:
            QGuiApplication.clipboard().setText(self.page.passages.text(span.start, span.stop))

    def paste(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        """Write what is in the clipboard."""
        words = QGuiApplication.clipboard().text(mode)
        if words:
            self.insert(words)

    def leave(self) -> None:
        """Another editor takes over, or none."""

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends writing, everything else writes or moves."""
        event.accept()
        if event.key() == Qt.Key.Key_Escape:
            self.told.ended.emit()
        elif not (self._command(event) or self._moved(event) or self._deleted(event)):
            self._type(event)

    def _command(self, event: QKeyEvent) -> bool:
        commands = (
            (_Key.Undo, self.undo), (_Key.Redo, self.redo), (_Key.SelectAll, self.select_all),
            (_Key.Cut, self.cut), (_Key.Copy, self.copy), (_Key.Paste, self.paste),
        )  # fmt: skip
        for key, do in commands:
            if event.matches(key):
                do()
                return True
        return False

    def _moved(self, event: QKeyEvent) -> bool:
        found = caret_moves.move_of(event)
        if found is not None:
            move, selects = found
            sideways = move in (caret_moves.left, caret_moves.right)
            if sideways and not selects and self.anchor != self.caret:
                ends = sorted((self.anchor, self.caret))
                forward = (move is caret_moves.right) != self.page.is_from_right(self.caret)
                self._go(ends[1] if forward else ends[0])
            else:
                goal = move(self.page, self.caret)
                self._go(goal, anchor=self.anchor if selects else None)
            return True
        rows = caret_moves.rows_of(event)
        if rows is None:
            return False
        by, pages, selects = rows
        self._go_rows(by, selects=selects, pages=pages)
        return True

    def _go_rows(self, by: int, *, selects: bool, pages: bool) -> None:
        line = self.page.caret(self.caret)
        if line is None:
            self.page.reveal(self.caret)
            line = self.page.caret(self.caret)
        if self._across is None:
            self._across = line.x1() if line is not None else 0.0
        across, height = self._across, line.dy() * 1.45 if line is not None else 26.0
        lines = max(int(self.page.height / height) - 1, 1) if pages else 1
        goal = self.page.beside(self.caret, across, by * lines)
        if pages:
            self.page.scroll(by * lines * height)
        self._go(goal, anchor=self.anchor if selects else None)
        self._across = across

    def _deleted(self, event: QKeyEvent) -> bool:
        deletion = caret_moves.deletion_of(event)
        if deletion is None and event.key() == Qt.Key.Key_Backspace:
            # With Shift it means the same; so does any other key that no table knows.
            deletion = caret_moves.backspace
        if deletion is None:
            return False
        if self.anchor != self.caret:
            self.insert("")
            return True
        goal = deletion(self.page, self.caret)
        if goal != self.caret:
            self._change(min(goal, self.caret), max(goal, self.caret), "", joins=True)
        return True

    def _type(self, event: QKeyEvent) -> None:
        words = event.text()
        if event.matches(_Key.InsertLineSeparator):
            words = "\u2028"
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            words = "\n"
        elif not is_writing(event):
            event.ignore()
            return
        self.insert(words, joins=True)

    # Within

    def _change(self, start: int, stop: int, words: str, *, joins: bool) -> None:
        if words and self._is_too_long(start, stop, words):
            # Said now: when writing ends it could not be kept, nor all that was written with it.
            size = f"{limits.TEXT_BYTES / (1 << 20):g}"
            sentence = _("A text may have at most {size} MiB: this was not written.")
            self.told.refused.emit(sentence.format(size=size))
            return
        removed = self.page.passages.text(start, stop)
        self._replace(start, stop, words)
        self.history.note(Change(start, removed, words), joins=joins)
        self._go(start + len(words), parts=False)

    def _is_too_long(self, start: int, stop: int, words: str) -> bool:
        """Whether no project could keep the text with these words in this place."""
        length = len(self.page) - (stop - start) + len(words)
        if 4 * length <= limits.TEXT_BYTES or length > limits.TEXT_BYTES:
            return length > limits.TEXT_BYTES
        text = self.page.passages.text
        parts = (text(0, start), words, text(stop))
        return sum(len(part.encode("utf-8", "surrogatepass")) for part in parts) > limits.TEXT_BYTES

    def _replace(self, start: int, stop: int, words: str) -> None:
        self._speak(None)
        self.page.replace(start, stop, words)
        self._text = None

    def _took(self, selected: tuple[int, int] | None) -> None:
        if selected is not None:
            self._go(selected[1], anchor=selected[0])

    def _go(self, caret: int, *, anchor: int | None = None, parts: bool = True) -> None:
        if parts:
            self.history.part()
            self._end_speaking()
        self.caret = min(max(caret, 0), len(self.page))
        self.anchor = self.caret if anchor is None else min(max(anchor, 0), len(self.page))
        self._across = None
        self.page.reveal(self.caret)
        self._tell()

    def _tell(self) -> None:
        self._note_move()
        self.told.moved.emit()

    def _speak(self, spoken: Spoken | None) -> None:
        if spoken != self._spoken:
            self._spoken = spoken
            self.page.speak(spoken)

    def _end_speaking(self) -> None:
        if self._spoken is not None:
            QGuiApplication.inputMethod().commit()
            self._speak(None)

    def _note_move(self) -> None:
        """The caret or the selection is another one."""


def is_writing(event: QKeyEvent) -> bool:
    """Whether a key stands for something to write; AltGr, which is Ctrl+Alt to some, does."""
    words, modifiers = event.text(), Qt.KeyboardModifier
    held = event.modifiers() & (modifiers.ControlModifier | modifiers.AltModifier)
    if not words or held == modifiers.ControlModifier:
        return False
    # Joiners and letters of private planes are not "printable", and are written all the same.
    return words[0] == "\t" or words[0] >= "\xa0" or words[0].isprintable()
