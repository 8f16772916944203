"""The editor in a text card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QTextCursor
from PySide6.QtWidgets import QGraphicsTextItem, QStyle, QStyleOptionGraphicsItem, QWidget

from aigc_studio.api.selections import Span
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import code_points
from aigc_studio.ui.canvas.text_layout import (
    MARGIN,
    SMALLEST,
    fill,
    followed_height,
    new_document,
    with_height,
)

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.text_item import TextItem


class _Told(QObject):
    ended = Signal()
    moved = Signal()


class Writing(QGraphicsTextItem):
    """The editor in a card. Escape, or leaving it, ends it; its own undo is the editor's."""

    def __init__(self, card: TextItem) -> None:
        super().__init__(card)
        self.card = card
        self.told = _Told()
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

    def result(self) -> tuple[str, Span]:
        """The text as it is now (the very same when nothing was typed), and what is selected.

        Where nothing is selected, the caret is the place.
        """
        text = self._before
        if self.document().isModified():
            text = code_points.text_of(self.document().toRawText())
        cursor = self.textCursor()
        ends = (cursor.selectionStart(), cursor.selectionEnd())
        start, stop = (code_points.from_document(text, end) for end in ends)
        return text, Span(start, stop)

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
