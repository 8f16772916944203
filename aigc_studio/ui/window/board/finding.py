"""Finding words in a text card: what is found is marked, one after another, round and round, and
others are put in its place."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QTimer, Signal, Slot

from aigc_studio.api.selections import Span
from aigc_studio.translation import _, ngettext
from aigc_studio.ui.canvas.items.text_card import TextItem, readable
from aigc_studio.ui.window.board.find_bar import FindBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.studio import Studio

MOST = 100_000
"""Places that are found at first: nobody goes through more one by one."""
SOON = 60
"""Milliseconds after a letter until it is looked for."""


def places_of(
    text: str, words: str, *, case: bool, most: int | None = None
) -> list[tuple[int, int]]:
    """Where words stand in a text, as code points from and to; takes its time for a long one. All
    such places, or the first `most`."""
    if not words:
        return []
    found = re.finditer(re.escape(words), text, 0 if case else re.IGNORECASE)
    return [each.span() for each in islice(found, most)]


class Finding(QObject):
    """Looks through the selected text, beside the window; the newest words alone count."""

    changed = Signal()
    """It has begun or ended."""

    def __init__(self, studio: Studio, view: BoardView) -> None:
        super().__init__(view)
        self._studio = studio
        self._view = view
        self.bar = FindBar(view)
        self.bar.bar.keep_above(view.covered)
        self.places: list[tuple[int, int]] = []
        self.number = -1
        self._id = ""
        self._from = 0
        self._wrote = False
        self._text = ""
        """What was looked through: the places are places of it."""
        self._asked = 0
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._look)
        self.bar.changed.connect(self._soon.start)
        self.bar.stepped.connect(self.step)
        self.bar.closed.connect(self.close)
        self.bar.opened.connect(self._place)
        self.bar.replaced.connect(self.replace)
        self.bar.replaced_all.connect(self.replace_all)
        view.selection_changed.connect(self._follow)
        studio.history.stack.indexChanged.connect(self._note_change)
        studio.project_changed.connect(self.end)

    @property
    def item_id(self) -> str:
        """The text that is looked through; empty when none is."""
        return self._id

    @Slot()
    def begin(self) -> None:
        """Ask for words to find in the selected text; marked words are looked for at once."""
        chosen = self._view.board_scene.target().item_ids
        item = readable(self._view.board_scene.item(chosen[0])) if len(chosen) == 1 else None
        if item is None:
            self._studio.say(_("Select a text first, to search in it."))
            return
        if self._id != item.id:
            self.end()
        self._wrote = item.writing is not None
        marked = item.selected() or Span(0, 0)
        self._id = item.id
        self._view.writer.end()  # the words that are marked would lie under the editor
        self._from = marked.start
        some = item.value[marked.start : marked.stop]
        if some and len(some) <= 100 and "\n" not in some:
            self.bar.words.setText(some)
        self.bar.words.selectAll()
        self._place()
        self.bar.words.setFocus()
        self.changed.emit()
        self._look()

    @Slot()
    def begin_replacing(self) -> None:
        """The same, with the row for the words that are to be put in their place."""
        self.begin()
        if self._id:
            self.bar.more.setChecked(True)
            (self.bar.other if self.bar.words.text() else self.bar.words).setFocus()

    @Slot()
    def close(self) -> None:
        """Give the keyboard back: to the editor, where the text was written in."""
        id, wrote = self._id, self._wrote
        self.end()
        self._view.setFocus()
        if id and wrote:
            self._view.write(id)

    @Slot()
    def end(self) -> bool:
        """Find no more; what is marked stays. False when nothing was looked for."""
        if not self._id:
            return False
        card = self._card()
        self._id = ""
        self._asked += 1
        self._soon.stop()
        self.places, self.number = [], -1
        if card is not None and card.writing is None:
            card.bring_out(None)
        self.bar.bar.stay_by(None)
        self.changed.emit()
        return True

    @Slot(int)
    def step(self, by: int) -> None:
        """Mark the next place, or the one before; after the last comes the first."""
        if self._soon.isActive():
            self._soon.stop()
            self._look()
            return
        if self.places:
            self._show((self.number + by) % len(self.places))

    # Replacing

    @Slot()
    def replace(self) -> None:
        """Put the other words in the place that is marked, and go on to the next one."""
        if self.number >= 0:
            self._write([self.places[self.number]])

    @Slot()
    def replace_all(self) -> None:
        """Put them in all places, as one step; that it was done is told when it is kept."""
        if len(self.places) < MOST:
            self._replace_all(self._asked, self.places)
            return
        words, case = self.bar.words.text(), self.bar.case.isChecked()
        take = partial(self._replace_all, self._asked)
        self._studio.errands.run(partial(places_of, self._text, words, case=case), take)

    def _replace_all(self, asked: int, places: list[tuple[int, int]]) -> None:
        if asked == self._asked:
            self._write(places, partial(self._tell_replaced, len(places)))

    def _tell_replaced(self, count: int) -> None:
        words = ngettext("{count} match was replaced.", "{count} matches were replaced.", count)
        self._studio.say(words.format(count=f"{count:,}"), subject="replaced")

    def _write(self, places: list[tuple[int, int]], kept: Callable[[], None] | None = None) -> None:
        card = self._card()
        if not places or card is None or self._soon.isActive() or card.value != self._text:
            return  # it is looked through anew, and the places are others then
        words = self.bar.other.text()
        self._from = places[-1][0] + len(words) if len(places) == 1 else 0
        self._view.writer.write_over(card.id, places, words, kept)

    # Looking

    @Slot()
    def _look(self) -> None:
        card = self._card()
        if card is None:
            return
        self._asked += 1
        words, case, text = self.bar.words.text(), self.bar.case.isChecked(), card.value
        take = partial(self._take, self._asked, text)
        self._studio.errands.run(partial(places_of, text, words, case=case, most=MOST), take)

    def _take(self, asked: int, text: str, places: list[tuple[int, int]]) -> None:
        if asked != self._asked or not self._id:
            return
        self._text, self.places, self.number = text, places, -1
        if places:
            self._show(bisect_left(places, (self._from, 0)) % len(places), keep=True)
        else:
            self.bar.show_count(0, 0)

    def _show(self, number: int, *, keep: bool = False) -> None:
        """Mark a place; `keep` where it is looked from, so that more letters find the same."""
        card = self._card()
        if card is None:
            return
        self.number = number
        start, stop = self.places[number]
        self._from = self._from if keep else start
        self._view.board_scene.set_part(card.id, Span(start, stop))
        seen = card.mapRectToScene(card.bring_out(Span(start, stop)))
        line = card.caret_line()
        if line is not None:
            seen = card.mapRectToScene(QRectF(line.p1(), line.p2()).adjusted(-40, -20, 40, 20))
        self._view.reveal(seen)
        self._place()
        self.bar.show_count(number + 1, len(self.places))

    # Following

    @Slot()
    def _follow(self) -> None:
        """Something else is selected, or the text is written in."""
        if not self._id:
            return
        card = self._card()
        chosen = self._view.board_scene.target().item_ids
        if card is None or card.covered or card.writing is not None or chosen != (self._id,):
            self.end()

    @Slot()
    def _note_change(self) -> None:
        if self._id:
            self._follow()
            self._soon.start()

    def _place(self) -> None:
        card = self._card()
        self.bar.bar.stay_by(card.sceneBoundingRect() if card is not None else None)

    def _card(self) -> TextItem | None:
        return readable(self._view.board_scene.item(self._id)) if self._id else None
