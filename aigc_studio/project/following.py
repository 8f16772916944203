"""Where a part of a text or a tune is after it was changed: one set of rules for all who ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

Stretch = tuple[int, int]
"""Where a part begins and where it ends, half-open; an empty one is a place."""

CONTEXT = 24
"""How many characters on each side of a part must stand for it to be found again elsewhere."""

LEAST_STANDING = 8
"""How many characters tell a text from another; less is enough when it is most of the text."""


def find(
    before: Sequence[Any], now: Sequence[Any], part: Stretch, least: int = LEAST_STANDING
) -> Stretch | None:
    """Where `part` of `before` lies in `now`, as it was; None when that cannot be said.

    It is found when it stands with all before it, or with all behind it, or else when it stands
    somewhere with its neighbours, and only there. `least` of it and its neighbours must stand, or
    most of `before`: at an edge nothing is before or behind it, and that is no sign of anything.
    """
    start, stop = part
    if stop > len(before):
        return None
    head, tail = common(before, now), common(before[::-1], now[::-1])
    moved = len(now) - len(before)
    places: set[Stretch] = set()
    if head >= stop and _stands(head, tail, len(before), least):
        places.add(part)
    if tail >= len(before) - start and _stands(tail, head, len(before), least):
        places.add((start + moved, stop + moved))
    if len(places) == 2 and start == stop and (head == len(before)) != (tail == len(before)):
        # A place goes with the text when that stands in one piece: something was added to it.
        return part if head == len(before) else (start + moved, stop + moved)
    if places:
        # It is there twice, and nobody knows which of them is meant.
        return places.pop() if len(places) == 1 else None
    return _found_elsewhere(before, now, part, least)


def followed(
    before: Sequence[Any], now: Sequence[Any], part: Stretch, least: int = LEAST_STANDING
) -> Stretch | None:
    """Where `part` of `before`, or what was made of it, is in `now`; None when it is not there.

    A part whose surroundings stand is what lies between them now: that is what a rewrite does.
    Else it is where `find` finds it.
    """
    start, stop = part
    rest = len(before) - stop
    if _surrounded(before, now, start, rest):
        return start, len(now) - rest
    return find(before, now, part, least)


def common(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many are the same at the beginning: by halves, because long texts compare at once."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _stands(here: int, there: int, length: int, least: int) -> bool:
    """Whether so much stands at the one end, and at the other, that it is the same text still."""
    return here > 0 and (here >= least or 2 * here > length or here + there >= length)


def _surrounded(before: Sequence[Any], now: Sequence[Any], start: int, rest: int) -> bool:
    """Whether the first `start` and the last `rest` are as they were."""
    if len(now) < start + rest or before[:start] != now[:start]:
        return False
    return before[len(before) - rest :] == now[len(now) - rest :]


def _found_elsewhere(
    before: Sequence[Any], now: Sequence[Any], part: Stretch, least: int
) -> Stretch | None:
    """Where the part stands with its neighbours, if that is one place then and now."""
    first = max(0, part[0] - CONTEXT)
    around = before[first : part[1] + CONTEXT]
    if len(around) < least:
        return None
    places = _places(now, around)
    if len(places) != 1 or len(_places(before, around)) != 1:
        return None
    start = places[0] + part[0] - first
    return start, start + part[1] - part[0]


def _places(whole: Sequence[Any], piece: Sequence[Any]) -> list[int]:
    """The first two places of a piece that is not empty: in proportion to the whole."""
    if isinstance(whole, str) and isinstance(piece, str):
        first = whole.find(piece)
        second = whole.find(piece, first + 1) if first >= 0 else -1
        return [place for place in (first, second) if place >= 0]
    return list(islice(_matches(whole, piece), 2))


def _matches(whole: Sequence[Any], piece: Sequence[Any]) -> Iterator[int]:
    """Where a piece stands in the whole (Knuth, Morris and Pratt 1977)."""
    borders, length = [0], 0
    for each in piece[1:]:
        while length and each != piece[length]:
            length = borders[length - 1]
        length += each == piece[length]
        borders.append(length)
    length = 0
    for place, each in enumerate(whole):
        while length and (length == len(piece) or each != piece[length]):
            length = borders[length - 1]
        length += each == piece[length]
        if length == len(piece):
            yield place - length + 1
