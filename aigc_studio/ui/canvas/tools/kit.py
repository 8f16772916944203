"""What the tools are on items of one medium."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.tools.grip import Grip, Touch
    from aigc_studio.ui.canvas.tools.hand import Hand
    from aigc_studio.ui.canvas.tools.tool import Tool

Opening = Callable[["Hand", "BoardItem", "Touch | None"], object]


@dataclass(frozen=True)
class Kit:
    """The grips of a medium: of those for a tool, the first one that wants it is taken.

    A tool that is not here does what it does on the empty board. `open` is what a double click
    does, or Enter, which has no place.
    """

    grips: Mapping[Tool, tuple[type[Grip], ...]]
    open: Opening
