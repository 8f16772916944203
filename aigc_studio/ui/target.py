"""What is selected on the board: from the canvas through the prompt panel to the request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from aigc_studio.api.selections import Bars, Span
    from aigc_studio.project.items import Item

Part = Literal["", "mask", "span", "caret", "bars"]


@dataclass(frozen=True)
class Target:
    """The selected items, bottom first, and what is marked of the one that is alone.

    Of two items the first is the one that was selected before the other was added. `marked` is a
    span (an empty one is a caret), bars, `"mask"` (the mask itself comes with the item), or None.
    `frame` is the person's own rectangle in pixels: left, top, right, bottom.
    """

    items: tuple[Item, ...] = ()
    marked: Span | Bars | Literal["mask"] | None = None
    frame: tuple[int, int, int, int] | None = None

    @property
    def number(self) -> int:
        """How many items are selected."""
        return len(self.items)

    @cached_property
    def item_ids(self) -> tuple[str, ...]:
        """The ids of the items."""
        return tuple([item.id for item in self.items])

    @cached_property
    def media(self) -> tuple[str, ...]:
        """The medium of each item."""
        return tuple([item.content.medium for item in self.items])

    @cached_property
    def medium(self) -> str:
        """The medium that all of them have; empty when there is none or they differ."""
        return self.media[0] if len(set(self.media)) == 1 else ""

    @property
    def part(self) -> Part:
        """What kind of part is marked, in a word; empty when the item is whole."""
        from aigc_studio.api.selections import Span

        if self.marked is None:
            return ""
        if self.marked == "mask":
            return "mask"
        if isinstance(self.marked, Span):
            return "span" if self.marked.start < self.marked.stop else "caret"
        return "bars"

    @property
    def has_selection(self) -> bool:
        """Whether a part goes along to be edited: of several pictures the mask of the first."""
        return bool(self.part) or (self.number > 1 and self.items[0].mask is not None)

    @property
    def has_frame(self) -> bool:
        """Whether a frame is drawn on the item."""
        return self.frame is not None
