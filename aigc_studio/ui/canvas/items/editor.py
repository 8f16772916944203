"""What a text card knows of the editor that is open in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtCore import QLineF

    from aigc_studio.api.selections import Span


class Editor(Protocol):
    """An editor in a card; the rooms of writing have two, for texts and for long ones."""

    def result(self) -> tuple[str, Span]:
        """The text as it is now, and what is selected; where nothing is, the caret is the place."""
        ...

    def selected(self) -> Span:
        """What is selected, or the place of the caret."""
        ...

    def select(self, anchor: int, caret: int) -> None:
        """Select from `anchor` to the caret, both code points."""
        ...

    @property
    def can_undo(self) -> bool:
        """Whether there is a step of writing to take back."""
        ...

    def caret_line(self) -> QLineF | None:
        """Where the caret is on the card (its own coordinates); None while that is not seen."""
        ...

    def insert(self, words: str) -> None:
        """Write at the caret, over what is selected."""
        ...

    def take_down(self) -> None:
        """Go from the card for good."""
        ...
