"""Writing in a text card: from the double click to one command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot

from aigc_studio.api.selections import Span
from aigc_studio.ui.canvas.edits import Edit
from aigc_studio.ui.canvas.scene import BoardScene
from aigc_studio.ui.canvas.text_item import TextItem
from aigc_studio.ui.canvas.text_layout import height_after, is_long, with_height

if TYPE_CHECKING:
    from aigc_studio.project.board import Item
    from aigc_studio.project.content import ContentStore


class Writer(QObject):
    """Opens the editor in a card and sends what was written. `card` is the one that is open."""

    ended = Signal(str)

    def __init__(self, scene: BoardScene, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self.card: TextItem | None = None
        self._sent: list[tuple[Edit, Span | None]] = []
        scene.edits.edit_ended.connect(self._end_edit)

    def begin(self, id: str, at: QPointF | None = None) -> None:
        """Write in the text `id`; the word at `at` (board units) is selected, if there is one."""
        self.end()
        if any(edit.item_id == id for edit, _span in self._sent):
            self._scene.edits.wait()  # its text is still being kept
        item = self._scene.item(id)
        if not isinstance(item, TextItem) or item.problem:
            return
        self._scene.choose([id])
        if at is not None:
            here = item.mapFromScene(at)
            item.show_part(item.word_at(here) or item.select_to(here, here))
        self.card = item
        writing = item.begin_writing()
        writing.told.ended.connect(self.end)
        writing.told.moved.connect(self._tell)
        writing.told.outgrown.connect(item.outgrow)
        writing.told.refused.connect(self._scene.refused)
        writing.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def end(self) -> None:
        """Close the editor; when the text is another one, that is one command."""
        card, self.card = self.card, None
        if card is None:
            return
        text, span = card.end_writing()
        if text is None:
            card.settle()
        elif is_long(text) or is_long(card.value):
            self._send_beside(card, text, span)
        else:
            self._send(card, text, span)
        self._scene.part_changed.emit()
        self.ended.emit(card.id)

    def _send(self, card: TextItem, text: str, span: Span | None) -> None:
        from aigc_studio.api.artifacts import Text
        from aigc_studio.api.errors import StudioError
        from aigc_studio.project.commands import change_items

        try:
            content = self._scene.project.store.put(Text(text))
        except StudioError as error:
            card.settle()
            self._scene.refused.emit(str(error))
            return
        item = card.item
        made_by = item.provenance.edited_by_hand() if item.provenance else None
        after = with_height(
            replace(item, content=content, latent="", provenance=made_by),
            height_after(item.height, item.width, card.value, text),
        )
        self._scene.make(change_items(self._scene.board, {item.id: after}, "write"))
        # Unless it could not be done: then the card shows its former text.
        if card.item.content == content:
            card.show_part(span)
        else:
            card.settle()

    def _send_beside(self, card: TextItem, text: str, span: Span | None) -> None:
        """Keep a long text beside the window; the card shows it meanwhile."""
        width, former = card.item.width, card.item.height
        grown = height_after(former, width, card.value, text)

        def make(store: ContentStore, item: Item) -> Item:
            from aigc_studio.api.artifacts import Text

            height = grown if item.height == former else item.height
            return with_height(replace(item, content=store.put(Text(text))), height)

        edit = Edit(card.id, "write", make)
        self._sent.append((edit, span))
        self._scene.edits.add(edit)

    @Slot(object)
    def _end_edit(self, edit: object) -> None:
        """A long text was kept; or it could not be, and the card shows its former text."""
        for sent, span in [each for each in self._sent if each[0] is edit]:
            self._sent.remove((sent, span))
            card = self._scene.item(sent.item_id)
            if not isinstance(card, TextItem) or card.writing is not None:
                continue
            card.settle()
            card.show_value()
            if span is not None and span.stop <= len(card.value):
                card.show_part(span)
                self._scene.part_changed.emit()

    @Slot()
    def _tell(self) -> None:
        self._scene.part_changed.emit()
