"""Tables beside pictures, as rows of cells: CSV, TSV, and the lists that CelebA has."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from aigc_studio.library.texts.tables import table_rows

_count_line = re.compile(r"\s*\d+\s*")
_MOST_HEAD = 1 << 16
"""Characters of the first lines of a list, looked at to tell its form."""


class Listing(NamedTuple):
    """The names of its columns (None: they have none), and its rows; the first cell of each row
    names a file where `names_first` says so."""

    head: list[str] | None
    rows: Iterator[list[str]]
    names_first: bool = False


def read_listing(text: str, name: str, remarks: list[str]) -> Listing | None:
    """The rows of a table; None for a text that is none. What is odd in it goes to `remarks`.

    CelebA's lists have a line with a count, a line of names, and lines of a file's name and its
    values (`list_attr_celeba.txt`), or only such lines (`identity_CelebA.txt`). Raises
    `StudioError` for a table that cannot be read.
    """
    lines = [line for line in text[:_MOST_HEAD].split("\n")[:4] if line.strip()]
    if len(lines) >= 2 and _count_line.fullmatch(lines[0]) and not _has_delimiter(lines[1]):
        return _counted_list(text, lines)
    if not name.lower().endswith(".txt") or (lines and _has_delimiter(lines[0])):
        rows = table_rows(text, name, remarks)
        head = next(rows, None)
        return None if head is None or len(head) < 2 else Listing(head, rows)
    if not lines or len(lines[0].split()) < 2:
        return None
    return Listing(None, (line.split() for line in io.StringIO(text) if line.strip()), True)


def _counted_list(text: str, lines: list[str]) -> Listing | None:
    names = lines[1].split()
    if len(lines) < 3 or len(names) > len(lines[2].split()):
        return None
    if len(names) == len(lines[2].split()):  # list_bbox_celeba.txt names that column too
        names = names[1:]
    count = len(names)
    body = itertools.islice((line for line in io.StringIO(text) if line.strip()), 2, None)

    def rows() -> Iterator[list[str]]:
        for line in body:
            cells = line.rsplit(maxsplit=count)
            yield [cells[0].strip(), *cells[1:]]  # a file's name may have spaces in it

    return Listing(["file", *names], rows(), True)


def _has_delimiter(line: str) -> bool:
    return any(each in line for each in ",;\t|")
