"""The editor in a text card."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QRectF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QGraphicsSceneContextMenuEvent,
    QGraphicsSceneMouseEvent,
    QGraphicsTextItem,
    QStyle,
    QStyleOptionGraphicsItem,
    QWidget,
)

from aigc_studio.api.selections import Span
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items import code_points
from aigc_studio.ui.canvas.items.text_layout import (
    MARGIN,
    SMALLEST,
    fill,
    followed_height,
    is_long,
    line_at,
    new_document,
    with_height,
)
from aigc_studio.ui.canvas.items.text_type import SHOWN
from aigc_studio.ui.canvas.writing import menu as writing_menu

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.text_card import TextItem
    from aigc_studio.ui.canvas.writing.told import Told

_Key = QKeySequence.StandardKey
_FEW = 200
"""Characters that may come before it is asked whether the text is too long now."""


class Writing(QGraphicsTextItem):
    """The editor in a card. Escape, or leaving it, ends it; its own undo is the editor's.

    It lays out all of its text: what makes that too long is told first, as `outgrown`, and is
    written by the editor that takes over.
    """

    def __init__(self, card: TextItem, told: Told) -> None:
        super().__init__(card)
        self.card = card
        self.told = told
        self.left = False
        self._twice = 0.0
        document = new_document(self)
        fill(document, card.value)
        self._before = card.value
        self._needed = card.needed_height()
        self.setDocument(document)
        self.setTextWidth(max(card.boundingRect().width() - 2 * MARGIN, 16.0))
        self.setPos(MARGIN, MARGIN)
        self.setDefaultTextColor(theme.colour("text"))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextEditorInteraction)
        self._select(card.span)
        document.setModified(False)
        document.clearUndoRedoStacks()
        document.contentsChanged.connect(self._grow)
        self._looked_at = document.characterCount()
        self._grow()

    def result(self) -> tuple[str, Span]:
        """The text as it is now (the very same when nothing was typed), and what is selected.

        Where nothing is selected, the caret is the place.
        """
        text = self._before
        if self.document().isModified():
            text = code_points.text_of(self.document().toRawText())
        return text, self._span_in(text)

    def selected(self) -> Span:
        """What is selected, or the place of the caret."""
        return self.result()[1]

    def select(self, anchor: int, caret: int) -> None:
        """Select from `anchor` to the caret, both code points."""
        text = self.result()[0]
        cursor = self.textCursor()
        cursor.setPosition(code_points.to_document(text, anchor))
        place = code_points.to_document(text, caret)
        cursor.setPosition(place, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.told.moved.emit()

    def caret_line(self) -> QLineF | None:
        """Where the caret is on the card: never out of sight here."""
        line = line_at(self.document(), self.textCursor().position())
        return line.translated(MARGIN, MARGIN)

    def note_double_press(self) -> None:
        """It was opened by a double press: a third one takes the paragraph."""
        self._twice = time.monotonic()

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Set the caret; right after the double press that opened it, take the paragraph."""
        within = QGuiApplication.styleHints().mouseDoubleClickInterval() / 1000
        third = time.monotonic() - self._twice < within
        if event.button() != Qt.MouseButton.LeftButton or not third:
            super().mousePressEvent(event)
            return
        # Qt would take a press on a selected word for the beginning of a drag.
        event.accept()
        self._twice = 0.0
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        end = QTextCursor.MoveOperation.EndOfBlock
        cursor.movePosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def leave(self) -> None:
        """Another editor takes over: losing the keyboard then means nothing."""
        self.left = True

    def take_down(self) -> None:
        """Go from the card for good."""
        self.leave()
        self.hide()
        if self.scene() is not None:
            self.scene().removeItem(self)
        self.deleteLater()

    def sceneEvent(self, event: QEvent) -> bool:
        """Tell when the caret or the selection is another one: Qt tells it of typing only."""
        before = self._ends()
        taken = super().sceneEvent(event)
        if self._ends() != before:
            self.told.moved.emit()
        return taken

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends writing, everything else writes."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.told.ended.emit()
            return
        if event.matches(_Key.Paste):
            self.paste()
            return
        super().keyPressEvent(event)
        if self._is_outgrown():
            self.told.outgrown.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Write what an input method has decided on."""
        if self._outgrows(event.commitString()):
            event.accept()
            self._hand_over(event.commitString())
            return
        super().inputMethodEvent(event)

    def contextMenuEvent(self, event: QGraphicsSceneContextMenuEvent) -> None:
        """Qt's own menu would write what is in the clipboard, however long."""
        event.accept()
        writing_menu.show(self, event)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self.document().isUndoAvailable()

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return self.document().isRedoAvailable()

    def insert(self, words: str) -> None:
        """Write at the caret, over what is selected."""
        if self._outgrows(words):
            self._hand_over(words)
            return
        cursor = self.textCursor()
        cursor.beginEditBlock()  # a step of its own, whatever was typed before
        cursor.insertText(code_points.for_qt(words))
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.told.moved.emit()

    def undo(self) -> None:
        """Take the last step of writing back."""
        self._press(_Key.Undo)

    def redo(self) -> None:
        """Do what was taken back again."""
        self._press(_Key.Redo)

    def cut(self) -> None:
        """Move what is selected to the clipboard."""
        self._press(_Key.Cut)

    def copy(self) -> None:
        """Copy what is selected."""
        self._press(_Key.Copy)

    def paste(self) -> None:
        """Write what is in the clipboard."""
        words = QGuiApplication.clipboard().text()
        if self._outgrows(words):
            self._hand_over(words)
        else:
            self._press(_Key.Paste)

    def select_all(self) -> None:
        """Select the whole text."""
        self._press(_Key.SelectAll)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere ends writing; a menu or another window does not."""
        super().focusOutEvent(event)
        if self.left:
            return
        stays = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in stays:
            self.told.ended.emit()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the text without Qt's dashed frame: the card has an outline of its own."""
        option.state &= ~(QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected)
        super().paint(painter, option, widget)  # type: ignore[arg-type]

    def _press(self, keys: QKeySequence.StandardKey) -> None:
        both = QKeySequence.keyBindings(keys)[0][0]  # type: ignore[index]  # the stubs miss it
        event = QKeyEvent(QEvent.Type.KeyPress, both.key(), both.keyboardModifiers())
        super().keyPressEvent(event)

    def _outgrows(self, words: str) -> bool:
        """Whether the text would be too long with these words in it."""
        if len(words) <= _FEW:
            return False
        return is_long(words) or self.document().characterCount() + len(words) > SHOWN

    def _is_outgrown(self) -> bool:
        """Whether typing has made the text too long; looked at every few hundred letters."""
        count = self.document().characterCount()
        if abs(count - self._looked_at) <= _FEW:
            return False
        self._looked_at = count
        return is_long(code_points.text_of(self.document().toRawText()))

    def _hand_over(self, words: str) -> None:
        self.told.outgrown.emit()
        writing = self.card.writing
        assert writing is not None
        writing.insert(words)

    def _span_in(self, text: str) -> Span:
        cursor = self.textCursor()
        ends = (cursor.selectionStart(), cursor.selectionEnd())
        start, stop = (code_points.from_document(text, end) for end in ends)
        return Span(start, stop)

    def _ends(self) -> tuple[int, int]:
        cursor = self.textCursor()
        return cursor.anchor(), cursor.position()

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
        """While writing, the card is as high as its text, or higher where it was made higher."""
        needs = max(self.document().size().height() + 2 * MARGIN, SMALLEST)
        height = max(needs, followed_height(self.card.item.height, self._needed, needs))
        item = with_height(self.card.item, height)
        place = QRectF(item.x, item.y, item.width, item.height)
        if place != self.card.place:
            self.card.preview(place, item.rotation)
