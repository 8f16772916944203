"""Tables of texts as JSON lines: an object a line, or just a text; or all of them as one list."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from aigc_studio.api import StudioError, limits
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.texts.columns import Columns, find_columns
from aigc_studio.library.texts.reading import told_bad
from aigc_studio.translation import _, ngettext

_first_rows = 200
_most_columns = 500
_no_character = re.compile("[\0\ud800-\udfff]")
"""What JSON can say and no text can hold: NULs, and halves of characters like 😀."""
_escapes = re.compile(
    r"\\u(?:0000|d[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2}\\u)d[c-f])",
    re.IGNORECASE,
)
_replaced = "\ufffd"


def json_table(
    text: str, name: str, options: ImportOptions, remarks: list[str]
) -> tuple[list[list[str]], Columns]:
    """The rows as a table has them, a head first where lines are objects, and what its columns are.

    Lines that are no JSON are counted in `remarks`, and places that became U+FFFD. Raises
    `StudioError` when none is, or for a column that is not there.
    """
    found, bad = _of_list(text), 0
    if not found:
        found, bad = _of_lines(text)
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
    if _escapes.search(text):
        found, places = _holdable(found)
        lines = [at for at, line in enumerate(text.split("\n"), 1) if _escapes.search(line)]
        remarks += [told_bad(places, lines)] if places else []
    head: dict[str, None] = {}
    for each in found:
        head.update(dict.fromkeys(each if isinstance(each, dict) else ()))
    names = list(head)[:_most_columns]
    if not names:
        return [[_cell(each)] for each in found], Columns(0, None, 0, 1)
    objects = [each for each in found if isinstance(each, dict)]
    rows = [names, *([_cell(each.get(name)) for name in names] for each in objects)]
    return rows, find_columns(rows[: _first_rows + 1], name, options, headed=True)


def _of_list(text: str) -> list[Any]:
    """What is in a list that is the whole file, however many lines it takes; nothing of others."""
    if not text.lstrip().startswith("["):
        return []
    try:
        found: list[Any] = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [] if any(map(_is_deep, found)) else found


def _of_lines(text: str) -> tuple[list[Any], int]:
    """What each line says, and how many are no JSON."""
    found, bad = [], 0
    for line in text.split("\n"):
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                bad += 1
                continue
            is_deep = line.count("[") + line.count("{") > limits.DEPTH and _is_deep(value)
            found += [] if is_deep else [value]
            bad += is_deep
    return found, bad


def _is_deep(value: Any, left: int = limits.DEPTH) -> bool:
    """Whether lists and mappings are within each other so often that it is no row of a table."""
    if not isinstance(value, list | dict):
        return False
    within = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_is_deep(each, left - 1) for each in within)


def _holdable(value: Any) -> tuple[Any, int]:
    """A value with U+FFFD for what no text can hold, and how many of those."""
    if isinstance(value, str):
        return _no_character.subn(_replaced, value)
    if isinstance(value, list):
        each = [_holdable(one) for one in value]
        return [one for one, _odd in each], sum(odd for _one, odd in each)
    if isinstance(value, dict):
        keys, kept = _holdable(list(value)), _holdable(list(value.values()))
        return dict(zip(keys[0], kept[0], strict=True)), keys[1] + kept[1]
    return value, 0


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Sequence | dict):
        return json.dumps(value, ensure_ascii=False)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
