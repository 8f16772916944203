"""How what is marked follows a content that changed under it: words of a text, bars of a melody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Stretch = tuple[int, int]
"""Where a part begins and where it ends, half-open; an empty one is a place."""


def followed(before: Sequence[Any], after: Sequence[Any], part: Stretch) -> Stretch | None:
    """Where `part` of `before` is in `after`, or None when it is not there any more.

    A part whose surroundings stand is what lies between them now: that is what a rewrite does.
    Else it moves with what came or went before it, unless the change reached into it.
    """
    start, stop = part
    rest = len(before) - stop
    if _stand(before, after, start, rest):
        return start, len(after) - rest
    same = _common(before, after)
    room = min(len(before), len(after)) - same
    same_end = min(_common(before[::-1], after[::-1]), room)
    if stop <= same:
        return part
    if start >= len(before) - same_end:
        shift = len(after) - len(before)
        return start + shift, stop + shift
    return None


def _stand(before: Sequence[Any], after: Sequence[Any], start: int, rest: int) -> bool:
    """Whether the first `start` and the last `rest` are as they were."""
    if len(after) < start + rest or before[:start] != after[:start]:
        return False
    return before[len(before) - rest :] == after[len(after) - rest :]


def _common(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many are the same at the beginning: by halves, because long texts compare at once."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
