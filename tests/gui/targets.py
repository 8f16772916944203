"""Targets as the board would select them, without a board."""

from typing import Any

from aigc_studio.api import Bars, Medium, Span
from aigc_studio.project import Content, Item
from aigc_studio.ui.target import Target

_marks: dict[str, Any] = {"image": "mask", "text": Span(0, 2), "melody": Bars(1, 1)}


def selected(medium: Medium, number: int = 1, *, marked: bool = False) -> Target:
    """So many items of a medium, with a part of it marked or without."""
    info: dict[str, Any] = {"width": 28, "height": 28, "mode": "L"} if medium == "image" else {}
    content = Content(medium, "0" * 64, info)
    items = tuple(Item(f"i{n}", f"Thing {n}", content, 0, 0, 10, 10) for n in range(number))
    return Target(items, _marks[medium] if marked else None)
