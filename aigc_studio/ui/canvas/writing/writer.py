"""Writing in a text card: from the double click to one command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot

from aigc_studio import late
from aigc_studio.api.selections import Span
from aigc_studio.translation import _
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.scene.board_scene import BoardScene
from aigc_studio.ui.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aigc_studio.project.content import Content, ContentStore
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.items import text_card, text_layout
    from aigc_studio.ui.canvas.writing.draft import Draft
    from aigc_studio.ui.canvas.writing.long_editor import LongWriting
    from aigc_studio.ui.canvas.writing.noting import Noting
    from aigc_studio.ui.canvas.writing.text_editor import Writing
else:
    text_card = late.module("aigc_studio.ui.canvas.items.text_card")
    text_layout = late.module("aigc_studio.ui.canvas.items.text_layout")


@dataclass
class _Typed:
    """What was typed over `former`, and what it was kept as, once it was; `told` is called then."""

    text: str
    span: Span | None
    former: Content
    content: Content | None = None
    told: Callable[[], None] | None = None


class Writer(QObject):
    """Opens the editor in a card and sends what was written. `card` is the one that is open.

    What cannot be kept, because the disk is full say, is not lost: it stands in the editor again
    when the card's is opened the next time, and `retry` sends it again.
    """

    ended = Signal(str)
    moved = Signal()
    """The caret is somewhere else in the card that is open."""
    changed = Signal()
    """Whether something is written that is no command yet is another answer now (`is_changed`)."""

    def __init__(self, scene: BoardScene, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self.card: text_card.TextItem | None = None
        self._sent: list[tuple[Edit, _Typed]] = []
        self._unkept: dict[str, _Typed] = {}
        self._draft: Draft | None = None
        self._lost = ""
        self._noting: Noting | None = None
        self.is_changed = False
        scene.edits.edit_ended.connect(self._end_edit)

    def begin(self, id: str, at: QPointF | None = None) -> None:
        """Write in the text `id`; the word at `at` (board units) is selected, if there is one."""
        self.end()
        if any(edit.item_id == id for edit, _typed in self._sent):
            self._scene.edits.wait()  # its text is still being kept
        item = self._scene.item(id)
        if not isinstance(item, text_card.TextItem) or item.problem:
            return
        self._scene.choose([id])
        if at is not None:
            here = item.mapFromScene(at)
            item.show_part(item.word_at(here) or item.select_to(here, here))
        writing = self._open(item)
        if at is not None:
            writing.note_double_press()
        typed = self._unkept.pop(id, None)
        if typed is not None:
            writing.select_all()
            writing.insert(typed.text)
        self._tell()  # there is a caret now, and what can be done at it

    def begin_new(self, item: Item) -> None:
        """Write a text that is not on the board yet; left empty, it leaves no trace.

        What could not be kept of the last one, because the disk was full say, stands in it.
        """
        from aigc_studio.ui.canvas.writing.draft import Draft

        self.end()
        self._scene.choose([])
        self._draft = Draft(self._scene, item, self._lose, self._forget)
        writing = self._open(self._draft.card)
        words, self._lost = self._lost, ""
        if words:
            writing.insert(words)

    @property
    def is_begun(self) -> bool:
        """Whether a text is written in that is not on the board yet."""
        return self._draft is not None

    def begun(self) -> Target | None:
        """A text that is not on the board yet, from its caret on; None before the first word."""
        card = self.card
        if self._draft is None or card is None or card.writing is None:
            return None
        # A long text is not read for that at each key.
        has_words = card.page is not None or bool(card.writing.result()[0].strip())
        return Target((card.item,), card.selected()) if has_words else None

    def _open(self, card: text_card.TextItem) -> Writing | LongWriting:
        from aigc_studio.ui.canvas.writing.opening import open_editor

        self.card = card
        writing = open_editor(card)
        writing.told.ended.connect(self.end)
        writing.told.moved.connect(self._tell)
        writing.told.moved.connect(self.moved)
        writing.told.moved.connect(self._note)
        writing.told.refused.connect(self._scene.refused)
        writing.setFocus(Qt.FocusReason.OtherFocusReason)
        return writing

    def write_at(self, id: str, place: int, words: str) -> None:
        """Put words at a place (code points) of a text that nobody writes in, as one command.

        The place behind them is marked then.
        """
        self.write_over(id, [(place, place)], words)

    def write_over(
        self,
        id: str,
        places: Sequence[tuple[int, int]],
        words: str,
        told: Callable[[], None] | None = None,
    ) -> None:
        """Put words in place of stretches (code points, from and to, in order) of a text that
        nobody writes in, as one command. The place behind the last of them is marked then.

        `told` is called once that is kept, and never where it cannot be.
        """
        card = self._scene.item(id)
        if not isinstance(card, text_card.TextItem) or card.problem or card.writing is not None:
            return
        starts, stops = [start for start, _stop in places], [stop for _start, stop in places]
        kept = [card.value[a:b] for a, b in zip([0, *stops], [*starts, None], strict=True)]
        text = words.join(kept)
        behind = len(text) - len(kept[-1])
        self._send(card, _Typed(text, Span(behind, behind), card.item.content, told=told))

    def retry(self) -> None:
        """Send what could not be kept once more, where its card still shows what it was over."""
        for id, typed in list(self._unkept.items()):
            card = self._scene.item(id)
            if isinstance(card, text_card.TextItem) and card.item.content == typed.former:
                del self._unkept[id]
                self._send(card, typed)

    @Slot()
    def end(self) -> None:
        """Close the editor; when the text is another one, that is one command."""
        card, self.card = self.card, None
        if card is None:
            return
        text, span = card.end_writing()
        if self._noting is not None:
            self._noting.leave()
        draft, self._draft = self._draft, None
        if draft is not None:
            draft.end(text or "", span)
        elif text is None:
            self._forget(card.id)
            card.settle()
        else:
            self._send(card, _Typed(text, span, card.item.content))
        self._show_changed(False)
        self._scene.part_changed.emit()
        self.ended.emit(card.id)

    def _lose(self, text: str, problem: str) -> None:
        """A new text could not be kept."""
        self._lost = text
        sentence = _("{problem} What you typed is not lost: begin a text again to go on with it.")
        self._scene.refused.emit(sentence.format(problem=problem))

    def _send(self, card: text_card.TextItem, typed: _Typed) -> None:
        if text_layout.is_long(typed.text) or text_layout.is_long(card.value):
            self._send_beside(card, typed)
        else:
            self._send_now(card, typed)

    def _send_now(self, card: text_card.TextItem, typed: _Typed) -> None:
        from aigc_studio.api.artifacts import Text
        from aigc_studio.api.errors import StudioError
        from aigc_studio.project.commands import change_items

        try:
            typed.content = self._scene.project.store.put(Text(typed.text))
        except StudioError as error:
            self._end_sending(card, typed)
            self._scene.refused.emit(_unkept(str(error)))
            return
        item = card.item
        after = text_layout.with_height(
            item.changed_by_hand(typed.content),
            text_layout.height_after(item.height, item.width, card.value, typed.text),
        )
        try:
            self._scene.make(change_items(self._scene.board, {item.id: after}, "write"))
        finally:
            self._end_sending(card, typed)

    def _send_beside(self, card: text_card.TextItem, typed: _Typed) -> None:
        """Keep a long text beside the window; the card shows it meanwhile."""
        width, former = card.item.width, card.item.height
        grown = text_layout.height_after(former, width, card.value, typed.text)

        def make(store: ContentStore, item: Item) -> Item:
            from aigc_studio.api.artifacts import Text

            height = grown if item.height == former else item.height
            typed.content = None
            typed.content = store.put(Text(typed.text))
            return text_layout.with_height(replace(item, content=typed.content), height)

        edit = Edit(card.id, "write", make, told=_unkept)
        self._sent.append((edit, typed))
        self._scene.edits.add(edit)

    @Slot(object)
    def _end_edit(self, edit: object) -> None:
        for sent, typed in [each for each in self._sent if each[0] is edit]:
            self._sent.remove((sent, typed))
            card = self._scene.item(sent.item_id)
            if isinstance(card, text_card.TextItem):
                self._end_sending(card, typed)

    def _end_sending(self, card: text_card.TextItem, typed: _Typed) -> None:
        """A text was kept; or it could not be: then the card shows its former one."""
        kept = card.item.content == typed.content
        if not kept:
            self._unkept[card.id] = typed
        else:
            self._forget(card.id)
            if typed.told is not None:
                typed.told()
        if card.writing is not None:
            return
        if not kept or text_layout.is_long(typed.text):
            card.settle()
            card.show_value()
        if typed.span is not None and typed.span.stop <= len(card.value):
            card.show_part(typed.span)
            self._scene.part_changed.emit()

    @Slot()
    def _tell(self) -> None:
        self._scene.part_changed.emit()

    @Slot()
    def _note(self) -> None:
        """Something may have been typed: soon it is noted beside the journal."""
        if self.card is None or self.card.writing is None:
            return
        self._show_changed(self.card.writing.can_undo)
        if self.is_changed or self._noting is not None:
            if self._noting is None:
                from aigc_studio.ui.canvas.writing.noting import Noting

                self._noting = Noting(self._scene, self)
            self._noting.follow(self.card)

    def _forget(self, id: str) -> None:
        if self._noting is not None:
            self._noting.forget(id)

    def _show_changed(self, is_changed: bool) -> None:
        if is_changed != self.is_changed:
            self.is_changed = is_changed
            self.changed.emit()


def _unkept(problem: str) -> str:
    sentence = _("{problem} What you typed is not lost: write in the text again to keep it.")
    return sentence.format(problem=problem)
