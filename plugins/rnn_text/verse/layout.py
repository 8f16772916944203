"""How a poem is laid out as text: couplets, lines, or all in a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

Layout = Literal["couplets", "lines", "bare", "run"]


def laid_out(lines: Sequence[str], layout: Layout) -> str:
    """The text of a poem's lines. Of a poem that is being made the last line may be shorter.

    `couplets`: two lines in a row, with ，and 。; `lines`: one in each row with them; `bare`: one
    in each row without; `run`: all in one row.
    """
    told = []
    for number, line in enumerate(lines):
        mark = "" if layout == "bare" else "，。"[number % 2]
        if mark == "，" and number == len(lines) - 1 and len(lines) > 1:
            mark = "。"  # three lines, or five
        wraps = layout in ("lines", "bare") or (layout == "couplets" and number % 2)
        told.append(line + mark + ("\n" if wraps else ""))
    return "".join(told).rstrip("\n")


def rows_like(before: str) -> Callable[[str], str]:
    """Lays out what is written behind a text in rows as its own are: a row ends at a mark behind
    which all rows end there."""
    text = before.rstrip()
    marks = [mark for mark in "，。！？；" if 0 < text.count(mark + "\n") == text[:-1].count(mark)]

    def laid(written: str) -> str:
        if not marks:
            return written
        for mark in marks:
            written = written.replace(mark, mark + "\n")
        begins = text == before and text[-1] in marks
        return ("\n" if begins and written else "") + written.rstrip("\n")

    return laid
