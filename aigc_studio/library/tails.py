"""What is held out of a text that is there in passages: its end, in one piece.

A passage out of the middle would be told by what stands before and behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from typing import Any

FEWEST = 5
"""A text of fewer passages is learnt from or held out whole."""


def hold_out(
    rows: Sequence[MutableMapping[str, Any]], fixed: Collection[int], share: float
) -> set[int]:
    """Give the passages of each longer text their split: the last `share` of it goes to test.

    Returns the numbers of these rows; those in `fixed`, and texts that belong to a group of several
    (a person, a folder), are left as they are.
    """
    texts: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if number not in fixed and by_itself(row):
            texts[row["source"]].append(number)
    settled: set[int] = set()
    for numbers in texts.values():
        if len(numbers) >= FEWEST:
            first = _first_held(rows, numbers, share)
            for place, number in enumerate(numbers):
                rows[number]["split"] = "train" if place < first else "test"
            settled.update(numbers)
    return settled


def by_itself(row: Mapping[str, Any]) -> bool:
    """Whether it is a passage of a text that is in no group but its own."""
    return "passage" in row and row.get("group", "") in ("", row.get("source", ""))


def _first_held(rows: Sequence[Mapping[str, Any]], numbers: Sequence[int], share: float) -> int:
    """How many of the passages come before what is held out; at least one, and never all."""
    if share <= 0:
        return len(numbers)
    left = share * sum(rows[number]["length"] for number in numbers)
    first = len(numbers)
    while first > 1 and left > rows[numbers[first - 1]]["length"] / 2:
        first -= 1
        left -= rows[numbers[first]]["length"]
    return min(first, len(numbers) - 1)
