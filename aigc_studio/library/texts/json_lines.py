"""Tables of texts as JSON lines: an object a line, or just a text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aigc_studio.api import StudioError
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.texts.columns import Columns, find_columns
from aigc_studio.translation import _, ngettext

_first_rows = 200
_most_columns = 500


def json_table(
    text: str, name: str, options: ImportOptions, remarks: list[str]
) -> tuple[list[list[str]], Columns]:
    """The rows as a table has them, a head first where lines are objects, and what its columns are.

    Lines that are no JSON are counted in `remarks`. Raises `StudioError` when none is, or for a
    column that is not there.
    """
    found, bad = [], 0
    for line in text.split("\n"):
        if line.strip():
            try:
                found.append(json.loads(line))
            except (ValueError, RecursionError):
                bad += 1
    if not found:
        sentence = _("The file {name} has no line that is JSON: save it as JSON lines again.")
        raise StudioError(sentence.format(name=name))
    if bad:
        remarks.append(
            ngettext(
                "{count} line is not JSON and was left out.",
                "{count} lines are not JSON and were left out.",
                bad,
            ).format(count=f"{bad:,}")
        )
    head: dict[str, None] = {}
    for each in found:
        head.update(dict.fromkeys(each if isinstance(each, dict) else ()))
    names = list(head)[:_most_columns]
    if not names:
        return [[_cell(each)] for each in found], Columns(0, None, 0, 1)
    objects = [each for each in found if isinstance(each, dict)]
    rows = [names, *([_cell(each.get(name)) for name in names] for each in objects)]
    return rows, find_columns(rows[: _first_rows + 1], name, options, headed=True)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Sequence | dict):
        return json.dumps(value, ensure_ascii=False)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
