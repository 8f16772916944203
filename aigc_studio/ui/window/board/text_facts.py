"""How long the selected text is, or what is marked of it: characters, words and lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aigc_studio.translation import _, ngettext

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView

SOON = 150
"""Milliseconds after a key until it is counted."""
LONG = 50_000
"""Characters from which on it is counted beside the window."""


@dataclass(frozen=True)
class Facts:
    """Counts of a text. `words` is 0 where words are not told apart, in Chinese say."""

    characters: int
    words: int
    lines: int

    @classmethod
    def of(cls, text: str) -> Facts:
        """Count; a megabyte takes some hundredths of a second."""
        lines = text.count("\n") + 1 if text else 0
        characters = len(text) - text.count("\n")
        chinese = 3 * sum(sign >= "\u2e80" for sign in text[:2000]) > len(text[:2000])
        return cls(characters, 0 if chinese else len(text.split()), lines)

    def sentence(self, *, marked: bool) -> str:
        """What is read."""
        parts = [
            ngettext("{count} character", "{count} characters", self.characters).format(
                count=f"{self.characters:,}"
            )
        ]
        if self.words:
            words = ngettext("{count} word", "{count} words", self.words)
            parts.append(words.format(count=f"{self.words:,}"))
        if self.lines > 1:
            lines = ngettext("{count} line", "{count} lines", self.lines)
            parts.append(lines.format(count=f"{self.lines:,}"))
        counted = " · ".join(parts)
        return _("Marked: {counted}").format(counted=counted) if marked else counted


class TextFacts(QObject):
    """Follows the selection of a view, a moment after it: typing never waits for it.

    `counted` carries a sentence; an empty one where no text is selected.
    """

    counted = Signal(str)

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view = view
        self._asked = 0
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._count)
        view.selection_changed.connect(self._wake)
        view.command_made.connect(self._wake)
        self._wake()

    @Slot()
    def _wake(self) -> None:
        self._soon.start()

    @Slot()
    def _count(self) -> None:
        scene = self._view.board_scene
        chosen = scene.target().item_ids
        item: Any = scene.item(chosen[0]) if len(chosen) == 1 else None
        self._asked += 1
        if item is None or item.medium != "text" or item.problem:
            self.counted.emit("")
            return
        span = item.selected()
        text = item.writing.result()[0] if item.writing is not None else item.value
        marked = span is not None and span.start < span.stop
        if marked:
            text = text[span.start : span.stop]
        if len(text) < LONG:
            self._tell(self._asked, marked, Facts.of(text))
        else:
            scene.errands.run(partial(Facts.of, text), partial(self._tell, self._asked, marked))

    def _tell(self, asked: int, marked: bool, facts: Facts) -> None:
        if asked == self._asked:
            self.counted.emit(facts.sentence(marked=marked))
