"""What is odd in a table of attributes, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from aigc_studio.api.spelling import composed
from aigc_studio.translation import enumerated, ngettext

_MOST_NAMED = 4
_MOST_SENTENCES = 6


def row_remarks(seen: Counter[str]) -> Iterator[str]:
    """On rows without a file, doubles, and rows of another width."""
    if seen["elsewhere"]:
        yield ngettext(
            "{count} row names a file that is not here.",
            "{count} rows name files that are not here.",
            seen["elsewhere"],
        ).format(count=f"{seen['elsewhere']:,}")
    if seen["other double"]:
        yield ngettext(
            "{count} row contradicts an earlier one of the same file: the first counts.",
            "{count} rows contradict earlier ones of the same files: the first counts.",
            seen["other double"],
        ).format(count=f"{seen['other double']:,}")
    elif seen["double"]:
        yield ngettext(
            "{count} row is there twice.", "{count} rows are there twice.", seen["double"]
        ).format(count=f"{seen['double']:,}")
    if seen["odd width"]:
        yield ngettext(
            "{count} row has more or fewer cells than the header.",
            "{count} rows have more or fewer cells than the header.",
            seen["odd width"],
        ).format(count=f"{seen['odd width']:,}")


def cell_remarks(odd: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """On cells that do not fit the others of their column."""
    for name, cells in list(odd.items())[:_MOST_SENTENCES]:
        count = sum(cells.values())
        shown = enumerated([f"“{composed(cell.strip()[:20])}”" for cell in cells], _MOST_NAMED)
        yield ngettext(
            "{count} cell of {name} does not fit the others and was left out: {cells}.",
            "{count} cells of {name} do not fit the others and were left out: {cells}.",
            count,
        ).format(count=f"{count:,}", name=name, cells=shown)
    more = len(odd) - _MOST_SENTENCES
    if more > 0:
        yield ngettext(
            "{count} more column has cells that do not fit.",
            "{count} more columns have cells that do not fit.",
            more,
        ).format(count=more)
