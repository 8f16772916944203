"""How the beginning of a text file is read, to be looked at before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.files import open_plain
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.texts import encodings, reading
from aigc_studio.library.texts.passages import passages, size_for
from aigc_studio.library.texts.subtitles import without_times
from aigc_studio.library.texts.tables import read_table
from aigc_studio.translation import _

_head_bytes = 131_072
_most_rows = 100
_most_columns = 20
_shown = 300
TABLES = (".csv", ".tsv", ".jsonl")
"""The ends of file names whose rows are examples."""


@dataclass(frozen=True)
class TextPreview:
    """The file's `name`, the `encoding` it was read in and its first examples, or the first `rows`
    of a table, whose columns are called `heads`; `text` and `label` are the places of those taken.
    With a `problem` there is nothing to see."""

    name: str
    encoding: str = ""
    examples: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: int = 0
    label: int | None = None
    problem: str = ""


def preview(path: Path, name: str, options: ImportOptions) -> TextPreview:
    """The first examples that an import with these options makes of a file."""
    try:
        size, head, encoding = _head(path, options.encoding)
        # What was found in a whole file is found again, and a refusal does not name it.
        read_as = options.encoding if len(head) == size else encoding
        text = reading.read_text(head, name, read_as)
        title = encodings.title_of(encoding)
        if path.suffix.lower() in TABLES:
            return _table(text, name, title, options)
    except (OSError, StudioError) as error:
        return TextPreview(name, problem=str(error))
    text = without_times(text, name)
    if options.split_text in ("passages", "auto"):
        found = passages([text], size_for(size))
    else:
        by = options.split_text
        found = iter(reading.split_text(text, by))
    shown = (each.strip()[:_shown] for each in islice(found, _most_rows))
    return TextPreview(name, title, tuple(each for each in shown if each))


def _head(path: Path, encoding: str) -> tuple[int, bytes, str]:
    """The size of a file, its beginning up to the end of a line, and the codec of it."""
    with open_plain(path) as file:
        head = file.read(_head_bytes)
    size = path.stat().st_size
    found, _start = reading.found_encoding(head, head, False, encoding, [])
    if len(head) < size and not found.startswith(("utf-16", "utf-32")) and b"\n" in head:
        head = head[: head.rindex(b"\n") + 1]
    return size, head, found


def _table(text: str, name: str, encoding: str, options: ImportOptions) -> TextPreview:
    rows, columns, _delimiter = read_table(text, name, options, [])
    width = min(columns.width or max(map(len, rows), default=0), _most_columns)
    heads = rows[0][:width] if columns.head else [str(at + 1) for at in range(width)]
    body = rows[columns.head : columns.head + _most_rows]
    cells = tuple(tuple(cell[:_shown] for cell in row[:width]) for row in body)
    return TextPreview(
        name, encoding, (), tuple(heads), cells, columns.text, columns.label,
        "" if cells else _("There is nothing in it."),
    )  # fmt: skip
