"""Reading tables whose rows name files, one after another."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from aigc_studio.api import Medium, StudioError, limits
from aigc_studio.api.spelling import one_form
from aigc_studio.library import texts
from aigc_studio.library.attribute_faults import cell_remarks, row_remarks
from aigc_studio.library.attribute_lists import Listing, read_listing
from aigc_studio.library.attribute_values import meaning_of
from aigc_studio.library.file_attributes import Attributes, Cells, TableCheck
from aigc_studio.library.file_names import FileNames
from aigc_studio.library.options import NO_COLUMN, ImportOptions
from aigc_studio.library.sources import Source, belongs, is_table
from aigc_studio.library.texts.columns import plain_label_names
from aigc_studio.translation import _, enumerated, ngettext

_SAMPLE = 2_000
"""Rows that are looked at for which column names the files."""
_file_columns = re.compile(
    r"(image|img|file|picture|pic|photo|text|midi|audio|melody|tune)?( ?(file|name|path|id))*"
    r"|filenames?|filepaths?|fname|basename|images?|files?|文件名?|文件路径|图片名?|图像名?|图片路径|路径",
    re.IGNORECASE,
)


class _Row(NamedTuple):
    sureness: int
    cells: list[str]


class Reading:
    """Takes one table after another."""

    def __init__(self, sources: Sequence[Source], medium: Medium, options: ImportOptions) -> None:
        self._options, self._medium = options, medium
        self._files = [
            each
            for each in sources
            if belongs(each, medium) and not each.reason and not each.is_idx and not is_table(each)
        ]
        depths = [each.name.count("/") for each in self._files]
        self._names = FileNames([each.path for each in self._files], depths)
        self._places: dict[str, int] = {}
        self._counts: list[Counter[str]] = []
        self._kept: dict[str, str] = {}
        self._rows: dict[int, Cells] = {}
        self._tables: dict[Path, TableCheck] = {}
        self._unread: dict[Path, str] = {}

    def take(self, source: Source) -> None:
        """Read one table, if it is one of these files."""
        named = bool(self._options.attributes)
        remarks: list[str] = []
        if not self._files:
            return
        try:
            text = texts.read_text(source.path, source.name, self._options.encoding, remarks)
            listing = read_listing(text, source.name, remarks)
        except StudioError:
            if named:
                raise
            return
        found = self._matched(source, listing, remarks) if listing else None
        if found is None:
            if named:
                sentence = _("No row of the table {name} names a file that is imported with it.")
                raise StudioError(sentence.format(name=source.name))
            return
        head, rows = found
        columns = [self._column(each) for each in head]
        for number, row in rows.items():
            self._keep(number, columns, row.cells)
        check = TableCheck(len(set(columns)), len(rows), remarks)
        self._tables[source.path] = check

    def _matched(
        self, source: Source, listing: Listing, remarks: list[str]
    ) -> tuple[list[str], dict[int, _Row]] | None:
        """The names of a table's columns, and the row of each file that it names."""
        sample = list(itertools.islice(listing.rows, _SAMPLE))
        beside = source.path.parent
        head = listing.head
        width = len(head) if head is not None else max(map(len, sample), default=0)
        at = 0 if listing.names_first else self._file_column(head or [], sample, beside)
        every = itertools.chain(sample, listing.rows)
        if head is not None and self._names.find(head[at], beside):
            every = itertools.chain([head], every)
            head = None  # it has no head after all
        seen: Counter[str] = Counter()
        rows = self._rows_of(every, at, beside, seen, width)
        # A table of texts may number them, and 1 be the name of a file as well.
        few = seen["rows"] if self._medium == "text" else min(seen["rows"], len(self._files))
        if not rows or (2 * len(rows) < few and not self._options.attributes):
            if rows:
                self._unread[source.path] = _too_few(len(rows), seen["rows"])
            return None
        remarks += row_remarks(seen)
        return _titles(head, at, width, source), rows

    def _rows_of(
        self,
        every: Iterator[list[str]],
        at: int,
        beside: Path,
        seen: Counter[str],
        width: int,
    ) -> dict[int, _Row]:
        rows: dict[int, _Row] = {}
        for cells in every:
            if at >= len(cells) or not cells[at].strip():
                continue
            seen["rows"] += 1
            found = self._names.find(cells[at], beside)
            if found is None:
                seen["elsewhere"] += 1
                continue
            seen["odd width"] += len(cells) < width or any(map(str.strip, cells[width:]))
            others = [self._kept.setdefault(cell, cell) for cell in cells[:width]]
            del others[at]
            former = rows.get(found.number)
            if former is None or found.sureness > former.sureness:
                seen["elsewhere"] += former is not None
                rows[found.number] = _Row(found.sureness, others)
            elif found.sureness < former.sureness:
                seen["elsewhere"] += 1
            else:
                seen["double"] += 1
                seen["other double"] += others != former.cells
        return rows

    def _file_column(
        self, head: Sequence[str], sample: Sequence[Sequence[str]], beside: Path
    ) -> int:
        """The column that names most of the files in the first rows."""
        named = [at for at, title in enumerate(head) if _names_files(title)]
        places = list(dict.fromkeys((*named, 0)))

        def hits(at: int) -> int:
            return sum(
                at < len(row) and self._names.find(row[at], beside) is not None for row in sample
            )

        return max(places, key=hits)

    def _column(self, title: str) -> int:
        """The place of a column among those of all tables: one name, one attribute."""
        if title not in self._places:
            self._places[title] = len(self._counts)
            self._counts.append(Counter())
        return self._places[title]

    def _keep(self, number: int, columns: Sequence[int], cells: Sequence[str]) -> None:
        own = self._rows.setdefault(number, [])
        own.extend([None] * (len(self._counts) - len(own)))
        for at, cell in zip(columns, cells, strict=False):
            if own[at] is None and cell.strip():  # the first table that says it counts
                own[at] = cell
                self._counts[at][cell] += 1

    def settled(self) -> Attributes:
        """All that was read. Raises `StudioError` for a column that is not there."""
        names = list(self._places)
        label = self._chosen(self._options.label_column, names)
        group = self._chosen(self._options.group_column, names)
        remarks: list[str] = []
        if label is None and self._options.label_column != NO_COLUMN:
            label = self._usual_label(names)
            if label is not None:
                sentence = _("The labels were taken from the column {name}.")
                remarks.append(sentence.format(name=names[label]))
        self._note_surplus(names, remarks)
        meanings = [meaning_of(counts) for counts in self._counts]
        odd = {
            names[at]: meaning.odd
            for at, meaning in enumerate(meanings)
            if meaning.odd and at not in (label, group)
        }
        remarks += cell_remarks(odd)
        values = [meaning.values for meaning in meanings]
        if len(values) > limits.ATTRIBUTES:
            values[limits.ATTRIBUTES :] = [{} for _each in values[limits.ATTRIBUTES :]]
        paths = {self._files[number].path: cells for number, cells in self._rows.items()}
        return Attributes(names, self._tables, remarks, self._unread, paths, values, label, group)

    def _note_surplus(self, names: Sequence[str], remarks: list[str]) -> None:
        if len(names) > limits.ATTRIBUTES:
            sentence = _("There are {count} columns: only the first {most} become attributes.")
            remarks.append(sentence.format(count=f"{len(names):,}", most=limits.ATTRIBUTES))

    def _chosen(self, column: str, names: Sequence[str]) -> int | None:
        """The place of a column that a person named, or counted from 1 in the first table."""
        column = column.strip()
        if not column or column == NO_COLUMN or self._medium == "text":
            return None
        folded = [name.casefold() for name in names]
        if one_form(column).casefold() in folded:
            return folded.index(one_form(column).casefold())
        if column.isdecimal() and 2 <= int(column) <= len(names) + 1:
            return int(column) - 2  # the file's own column is the first, mostly
        if not names:
            sentence = _(
                "There is no table with the column {column}: put one beside the files, whose first "
                "column names them."
            )
            raise StudioError(sentence.format(column=column))
        sentence = _("The tables beside the files have no column {column}: they have {columns}.")
        shown = enumerated(name[:30] for name in names[:20])
        raise StudioError(sentence.format(column=column, columns=shown))

    def _usual_label(self, names: Sequence[str]) -> int | None:
        """A column that says itself that it holds labels, where folders say nothing."""
        options = self._options
        if options.label_column or any(each.folder for each in self._files):
            return None
        if self._medium == "text":
            return None
        for at, name in enumerate(names):
            several = 1 <= len(self._counts[at]) <= limits.CHOICES
            if several and name.casefold() in plain_label_names:
                return at
        return None


def _too_few(count: int, total: int) -> str:
    sentence = ngettext(
        "{count} of its {total} rows names a file that is here.",
        "{count} of its {total} rows name files that are here.",
        count,
    )
    return sentence.format(count=f"{count:,}", total=f"{total:,}")


def _names_files(title: str) -> bool:
    title = re.sub(r"[\s_-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title)).strip()
    return bool(title) and bool(_file_columns.fullmatch(title))


def _titles(head: Sequence[str] | None, at: int, width: int, source: Source) -> list[str]:
    """The names of the columns but the files' own; those without one are numbered."""
    stem = source.path.stem
    found: list[str] = []
    for number in range(width):
        if number == at:
            continue
        title = one_form(head[number])[: limits.TITLE] if head and number < len(head) else ""
        if not title:
            title = stem if head is None and width == 2 else f"{stem} {number + 1}"
        plain, copies = title, 1
        while title in found:
            copies += 1
            title = f"{plain} {copies}"
        found.append(title)
    return found
