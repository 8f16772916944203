"""Tables of texts with labels: CSV and TSV as spreadsheets, databases and scripts write them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from aigc_studio.api import StudioError
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.texts.columns import Columns, find_columns, names_columns, names_texts
from aigc_studio.library.texts.json_lines import json_table
from aigc_studio.library.texts.row_attributes import OtherColumns, Row
from aigc_studio.translation import _, ngettext

_first_rows = 200
_most_title_lines = 10
_first_characters = 65_536
_longest_field = 1 << 30
_most_lines = 200_000
"""Larger tables with unclosed quotation marks are left as they are: reading by line takes long."""

Rows = list[list[str]]


@dataclass(frozen=True)
class _Form:
    """How a table is written: what stands between cells, and what a quotation mark means.

    `delimiter` is empty when every line is one cell; `quoting` is `doubled`, `escaped` (by a
    backslash) or `none`.
    """

    delimiter: str = ","
    quoting: str = "doubled"


def csv_rows(
    text: str,
    name: str,
    options: ImportOptions | None = None,
    remarks: list[str] | None = None,
) -> Iterator[tuple[str, str]]:
    """The (text, label) of each row of a CSV or TSV table; see `csv_examples`."""
    found = csv_examples(text, name, options, remarks)
    return ((piece, label) for piece, label, _attributes in found)


def csv_examples(
    text: str,
    name: str,
    options: ImportOptions | None = None,
    remarks: list[str] | None = None,
) -> Iterator[Row]:
    """The text, the label and the attributes of each row of a CSV or TSV table, without its head
    line.

    The columns are those that the options name, else those whose names are usual, else the one
    with the longest texts and one whose values come again and again. What was guessed, and which
    rows do not fit, become sentences in `remarks`. Raises `StudioError` for a table that cannot be
    read, or without a column that the options name.
    """
    told = [] if remarks is None else remarks
    rows, columns, delimiter = read_table(text, name, options or ImportOptions(), told)
    others = OtherColumns(rows[0] if columns.head else (), (columns.text, columns.label))
    return others.rows(_kept(rows[columns.head :], columns, delimiter, told))


def read_table(
    text: str, name: str, options: ImportOptions, remarks: list[str]
) -> tuple[Rows, Columns, str]:
    """All rows of a table, its head among them, what its columns are, and what stands between them.

    Raises `StudioError` as `csv_examples` does.
    """
    if name.lower().endswith(".jsonl"):
        rows, columns = json_table(text, name, options, remarks)
        remarks += columns.remarks
        return rows, columns, " "
    body, delimiter = _without_separator_line(text)
    body = _without_title(body, name, delimiter, remarks)
    form = _Form(delimiter) if delimiter else _sniff(body, name)
    try:
        rows = _read(body, form, remarks)
    except csv.Error as error:
        raise _unreadable(name) from error
    columns = find_columns(rows[: _first_rows + 1], name, options)
    remarks += columns.remarks
    return rows, columns, form.delimiter or " "


def table_rows(text: str, name: str, remarks: list[str]) -> Iterator[list[str]]:
    """The rows of a CSV or TSV table as they stand, its head line among them.

    What stood before the head, and quotation marks that are never closed, become sentences in
    `remarks`. Raises `StudioError` for a table that cannot be read.
    """
    body, delimiter = _without_separator_line(text)
    body = _without_title(body, name, delimiter, remarks)
    form = _Form(delimiter) if delimiter else _sniff(body, name)
    try:
        # Row by row where that is safe: a table may have millions of cells.
        yield from _read(body, form, remarks) if '"' in body else _parsed(body, form)
    except csv.Error as error:
        raise _unreadable(name) from error


def _unreadable(name: str) -> StudioError:
    sentence = _("The table {name} cannot be read: save it as CSV again.")
    return StudioError(sentence.format(name=name))


def _without_separator_line(text: str) -> tuple[str, str]:
    """The table without the line `sep=;` that Excel reads, and what that line says."""
    line = r"\s*\"?sep=(\\t|[^\n\"])\"?[^\S\n]*(?:\n|$)"
    found = re.match(line, text, re.IGNORECASE)
    if not found:
        return text, ""
    return text[found.end() :], "\t" if found[1] == "\\t" else found[1]


def _without_title(text: str, name: str, delimiter: str, remarks: list[str]) -> str:
    """The table without the lines before its head: a title, the date, or comments that begin with
    #. They have fewer cells than the head, and the head names its columns."""
    lines = text[:_first_characters].split("\n")
    for between in (delimiter,) if delimiter else _delimiters(name):
        cells = [
            _title_cells(line, _Form(between, "none"))
            for line in lines[: _most_title_lines + _first_rows]
        ]
        for at, row in enumerate(cells[: _most_title_lines + 1]):
            before = cells[:at]
            if len(row) < 2 or any(len(each) >= len(row) for each in before):
                continue
            if any(names_columns(each) for each in before if each) or lines[0].count('"') % 2:
                break
            rest = [each for each in cells[at:] if each]
            is_comment = at > 0 and all(line.startswith("#") for line in lines[:at] if line)
            is_head = names_columns(row) or (is_comment and _misfits(rest) == 0)
            count = sum(map(bool, before))
            if count and is_head and _misfits(rest) * 4 <= len(rest):
                remarks.append(_told_title(count))
                return text.split("\n", at)[at]
            break
    return text


def _title_cells(line: str, form: _Form) -> list[str]:
    """The cells of a line up to the last that is not empty; a comment is one cell."""
    row = next(_parsed(line, form), [])
    while row and not row[-1].strip():
        row = row[:-1]
    return [line] if line.startswith("#") and not names_columns(row) else row


def _told_title(count: int) -> str:
    return ngettext(
        "{count} line before the header of the table was left out.",
        "{count} lines before the header of the table were left out.",
        count,
    ).format(count=count)


def _delimiters(name: str) -> tuple[str, ...]:
    usual = "\t,;|^" if name.lower().endswith(".tsv") else ",;\t|^"
    return (*usual, "::")


def _sniff(text: str, name: str) -> _Form:
    """The form that cuts the first rows into the same number of cells as their head."""
    sample = text[:_first_characters]
    if len(sample) < len(text) and "\n" in sample:
        sample = sample[: sample.rindex("\n")]
    quotings = ("doubled", "escaped") if '\\"' in sample else ("doubled",)
    best, form = (False, 0, 0), _Form("")
    for delimiter in _delimiters(name):
        for quoting in quotings:
            rows = list(islice(_parsed(sample, _Form(delimiter, quoting)), _first_rows))
            score = _regularity(rows)
            if score > best:
                best, form = score, _Form(delimiter, quoting)
    return form


def _regularity(rows: Rows) -> tuple[bool, int, int]:
    """Whether the head names a column of texts, how many twentieths of the rows are as wide as
    the head, and how wide that is; zeros when nothing is cut, or hardly a row like another."""
    width = len(rows[0]) if rows else 0
    named = width > 1 and names_texts(rows[0])
    twentieths = round(20 * (1 - _misfits(rows) / max(len(rows), 1)))
    return (named, twentieths, width) if width > 1 and (named or twentieths > 10) else (False, 0, 0)


def _parsed(text: str, form: _Form, *, strict: bool = False) -> Iterator[list[str]]:
    """The rows in which something stands. With `strict`, raises `csv.Error` for a quotation mark
    that is not closed at the end of its cell."""
    csv.field_size_limit(_longest_field)
    # No table has these characters: with the first, nothing is cut but at the line ends.
    delimiter = form.delimiter or "\x1f"
    if len(delimiter) > 1:
        text, delimiter = text.replace(delimiter, "\x1e"), "\x1e"
    reader = csv.reader(
        io.StringIO(text),
        delimiter=delimiter,
        doublequote=form.quoting != "escaped",
        escapechar="\\" if form.quoting == "escaped" else None,
        quoting=csv.QUOTE_NONE if form.quoting == "none" else csv.QUOTE_MINIMAL,
        skipinitialspace=form.delimiter != "\t",
        strict=strict,
    )
    yield from (row for row in reader if any(map(str.strip, row)))


def _read(text: str, form: _Form, remarks: list[str]) -> Rows:
    """All rows, with the meaning of quotation marks that leaves the fewest rows of another width.

    A mark that is never closed swallows the lines behind it: then each line is read by itself.
    """
    try:
        rows = list(_parsed(text, form, strict=True))
        odd = _misfits(rows)
        if not odd or '\\"' not in text:
            return rows
    except csv.Error:
        rows = list(_parsed(text, form))
        odd = len(rows) + 1
    if form.quoting == "doubled" and '\\"' in text:
        try:
            found = list(_parsed(text, replace(form, quoting="escaped"), strict=True))
        except csv.Error:
            found = []
        if found and _misfits(found) < odd:
            return found
    if odd <= len(rows) or text.count("\n") > _most_lines:
        return rows
    rows, alone = _line_by_line(text.split("\n"), form)
    if alone:
        remarks.append(
            ngettext(
                "{count} line has a quotation mark that is never closed: it was read by itself.",
                "{count} lines have a quotation mark that is never closed: they were read by "
                "themselves.",
                alone,
            ).format(count=f"{alone:,}")
        )
    return rows


def _misfits(rows: Rows) -> int:
    """How many rows are not as wide as the first one; empty cells at the end do not count."""
    width = len(rows[0]) if rows else 0
    return sum(len(row) < width or any(map(str.strip, row[width:])) for row in rows)


def _line_by_line(lines: list[str], form: _Form) -> tuple[Rows, int]:
    """Rows of which a cell goes over several lines only when it is closed at the end of a cell and
    the row is as wide as the first; and how many lines were taken as they are for want of that."""
    odd = [at for at, line in enumerate(lines) if line.count('"') % 2]
    closing = dict(pairwise(odd))
    rows: Rows = []
    alone = place = 0
    while place < len(lines):
        last = closing.get(place, place) if lines[place].count('"') % 2 else place
        row = _whole_row("\n".join(lines[place : last + 1]), form)
        if last > place and (row is None or (rows and len(row) != len(rows[0]))):
            last, row = place, None
        if row is None:
            is_open = lines[place].count('"') % 2 > 0
            row = _unquoted_row(lines[place], form) if is_open else _literal_row(lines[place], form)
            alone += is_open
        if row:
            rows.append(row)
        place = last + 1
    return rows, alone


def _whole_row(text: str, form: _Form) -> list[str] | None:
    try:
        return next(_parsed(text, form, strict=True), [])
    except csv.Error:
        return None


def _literal_row(line: str, form: _Form) -> list[str]:
    """The cells of a line whose quotation marks are in pairs, but not around whole cells: they are
    part of the texts (`"Hi" he said`)."""
    cells = next(_parsed(line, replace(form, quoting="none")), [])
    whole = ((_whole_row(cell, form) or []) for cell in cells)
    return [read[0] if len(read) == 1 else cell for read, cell in zip(whole, cells, strict=True)]


def _unquoted_row(line: str, form: _Form) -> list[str]:
    """The cells of a line whose quotation marks mean nothing, or only stand around cells."""
    cells = next(_parsed(line, replace(form, quoting="none")), [])
    return [re.sub(r'^"|(?<!")"$', "", cell.strip()).replace('""', '"') for cell in cells]


def _kept(
    rows: Rows, columns: Columns, delimiter: str, remarks: list[str]
) -> list[tuple[str, str, list[str]]]:
    """The text, the label and all cells of each row that has a text."""
    found: list[tuple[str, str, list[str]]] = []
    counts: Counter[str] = Counter()
    for row in rows:
        cells, kind = columns.fitted(row, delimiter)
        counts[kind] += 1
        text = cells[columns.text].strip() if columns.text < len(cells) else ""
        if not text:
            counts["empty"] += 1
            continue
        at = columns.label
        label = cells[at].strip() if at is not None and at < len(cells) else ""
        found.append((text, label, cells))
    remarks += _counted(counts)
    return found


def _counted(counts: Counter[str]) -> Iterator[str]:
    wide, narrow, empty = counts["wide"], counts["narrow"], counts["empty"]
    if wide:
        yield ngettext(
            "{count} row has more cells than the header: the surplus went to its text.",
            "{count} rows have more cells than the header: the surplus went to their texts.",
            wide,
        ).format(count=f"{wide:,}")
    if narrow:
        yield ngettext(
            "{count} row has fewer cells than the header.",
            "{count} rows have fewer cells than the header.",
            narrow,
        ).format(count=f"{narrow:,}")
    if empty:
        yield ngettext(
            "{count} row has no text and was left out.",
            "{count} rows have no text and were left out.",
            empty,
        ).format(count=f"{empty:,}")
