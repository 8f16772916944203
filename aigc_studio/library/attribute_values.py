"""What the cells of a column mean: yes and no, numbers, or words."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from aigc_studio.api import limits
from aigc_studio.api.attributes import Value
from aigc_studio.api.spelling import normal, shown

_truths: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (frozenset(yes.split()), frozenset(no.split()))
    for yes, no in (("1 1.0 +1", "-1 -1.0"), ("1 1.0", "0 0.0"), ("true", "false"), ("yes", "no"),
                    ("y", "n"), ("t", "f"), ("on", "off"), ("是", "否"), ("有", "无"),
                    ("对", "错"))
)  # fmt: skip
"""Pairs of words for yes and for no: a column keeps to one pair."""
_unsaid = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "?"))
_unsaid_numbers = _unsaid | {"none", "-", "–", "—", ".", "unknown", "未知"}
_number = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_thousands = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_decimal_comma = re.compile(r"[-+]?\d+,\d+")
_padded = re.compile(r"0\d+")
_decimals = re.compile(r"[-+−]?\d*\.(\d+)")
_MOST_WHOLE = 1 << 53
_ODD_PART = 20
"""A column of numbers stays one when at most one cell in so many is something else."""


class Meaning(NamedTuple):
    """The value of each cell that has one, and the cells that do not fit the others."""

    values: Mapping[str, Value]
    odd: Mapping[str, int]


def meaning_of(cells: Mapping[str, int]) -> Meaning:
    """What the cells of a column mean; they come with how often each is there.

    Empty ones and those like `n/a` have no value and are not odd.
    """
    told = {cell: cell.strip().casefold() for cell in cells}
    said = {cell: count for cell, count in cells.items() if told[cell] not in _unsaid_numbers}
    total = sum(said.values())
    readings = [_truths_of(said, told, yes, no) for yes, no in _truths]
    if not _are_names({told[cell] for cell in said}):
        readings.append(_numbers_of(said))
    best = max(readings, key=lambda values: sum(said[cell] for cell in values))
    fitting = sum(said[cell] for cell in best)
    if total and (total - fitting) * _ODD_PART <= total:
        return Meaning(best, {cell: count for cell, count in said.items() if cell not in best})
    words = {cell: count for cell, count in cells.items() if told[cell] not in _unsaid}
    values: dict[str, Value] = {
        cell: _plain(cell) for cell in words if len(cell.strip()) <= limits.ATTRIBUTE_TEXT
    }
    return Meaning(values, {cell: count for cell, count in words.items() if cell not in values})


def _are_names(cells: Collection[str]) -> bool:
    """Whether something that is written in digits is no number: 007, or 3.10 beside 3.9."""
    decimals = [found[1] for cell in cells if (found := _decimals.fullmatch(cell))]
    # 4.50 beside 2.25 is a number with two places, and 1.0 how programs write 1.
    uneven = len({len(each) for each in decimals}) > 1
    versions = uneven and any(len(each) > 1 and each.endswith("0") for each in decimals)
    return versions or any(_padded.fullmatch(cell) for cell in cells)


def _truths_of(
    cells: Mapping[str, int], told: Mapping[str, str], yes: frozenset[str], no: frozenset[str]
) -> dict[str, Value]:
    return {cell: told[cell] in yes for cell in cells if told[cell] in yes or told[cell] in no}


def _numbers_of(cells: Mapping[str, int]) -> dict[str, Value]:
    found = ((cell, _read_number(cell.strip())) for cell in cells)
    return {cell: value for cell, value in found if value is not None}


def _read_number(cell: str) -> int | float | None:
    cell = cell.replace("−", "-")
    if _thousands.fullmatch(cell):
        cell = cell.replace(",", "")
    elif _decimal_comma.fullmatch(cell):
        cell = cell.replace(",", ".")
    if len(cell) > 40 or not _number.fullmatch(cell):
        return None
    value = float(cell)
    if not math.isfinite(value) or abs(value) > _MOST_WHOLE:
        return None
    return int(cell) if cell.lstrip("+-").isdecimal() else value


def _plain(cell: str) -> str:
    return shown(normal(" ".join(cell.split())))
