"""Which editor a text card is written in: one that grows with it, and one that scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aigc_studio.ui.canvas.writing.long_editor import LongWriting
from aigc_studio.ui.canvas.writing.text_editor import Writing
from aigc_studio.ui.canvas.writing.told import Told
from aigc_studio.ui.canvas.writing.typing_history import Change

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.text_card import TextItem


def open_editor(card: TextItem) -> Writing | LongWriting:
    """Write in a card; the span that is marked is selected in the editor."""
    told = Told()
    told.outgrown.connect(lambda: outgrow(card))
    editor: Writing | LongWriting
    card.scroll_to_write()
    if card.page is not None:
        editor = LongWriting(card, card.page, told, card.span)
    else:
        editor = Writing(card, told)
    card.open(editor)
    return editor


def outgrow(card: TextItem) -> None:
    """The text that is being written becomes too long for its editor: go on in the other."""
    former = card.writing
    if not isinstance(former, Writing):
        return
    text, span = former.result()
    editor = LongWriting(card, card.show_draft(text), former.told, span)
    if text != card.value:
        editor.history.note(Change(0, card.value, text))
    had_keyboard = former.hasFocus()
    former.leave()
    card.open(editor)
    if had_keyboard:
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
    former.hide()
    former.deleteLater()
