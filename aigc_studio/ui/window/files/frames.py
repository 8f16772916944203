"""The pictures of an animation: candidates, or items of the board in the order they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aigc_studio.translation import localized

if TYPE_CHECKING:
    from aigc_studio.project import CandidateRecord, Item

    Frames = Sequence[Item] | Sequence[CandidateRecord]


def in_rows(items: Sequence[Item]) -> list[Item]:
    """Items as they are read: from the left to the right, row by row; a row is as high as half of
    what begins it."""
    left = sorted(items, key=lambda item: item.y)
    found: list[Item] = []
    while left:
        lowest = left[0].y + left[0].height / 2
        row = [item for item in left if item.y <= lowest]
        found += sorted(row, key=lambda item: item.x)
        left = left[len(row) :]
    return found


def is_sequence(frames: Frames) -> bool:
    """Whether these can be one moving picture: two pictures at least, all of one size."""
    if any(each.content.medium != "image" for each in frames):
        return False
    sizes = {(each.content.info["width"], each.content.info["height"]) for each in frames}
    return len(frames) > 1 and len(sizes) == 1


def title_of(frame: Item | CandidateRecord) -> str:
    """What a file of it is named after."""
    from aigc_studio.project import Item

    if isinstance(frame, Item):
        return frame.name
    return localized(frame.title) or frame.strip.rpartition("/")[2]
