"""What is selected on the canvas, in words that the prompt panel understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["", "mask", "span", "caret", "bars"]


@dataclass(frozen=True)
class Target:
    """The selected items, bottom first, and what part of the one that is alone is selected.

    `medium` is the common one, empty when there is none or they differ. `part` is `mask`, `span`,
    `caret` (a place between two characters), `bars` or empty; `has_frame` says that a frame is
    drawn on it.
    """

    item_ids: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    part: Part = ""
    has_frame: bool = False

    @property
    def number(self) -> int:
        """How many items are selected."""
        return len(self.item_ids)

    @property
    def medium(self) -> str:
        """The medium that all of them have, or empty."""
        return self.media[0] if len(set(self.media)) == 1 else ""
