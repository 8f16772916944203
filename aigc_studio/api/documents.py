"""JSON that others may have damaged: read with limits on size, depth, numbers and keys.

The one way to read a document or JSON lines from disk. Whatever is in them, the answer is a value
or `Damaged`, which says in a few words what is wrong and where. What a document must have in it is
said with `kinds`. Standard library only: the window reads documents before its first paint.
"""

from __future__ import annotations

import json
import math
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from aigc_studio import files
from aigc_studio.api import limits
from aigc_studio.translation import _

_MOST_VALUES = 2_000_000
"""Values in one document: so many take some 200 MB of memory."""
_MOST_DIGITS = 20
"""Digits of a whole number: 64 bits have no more."""
_LOOKED_INTO = 256 << 10
"""Bytes of a document that is indented: in a larger one it would take longer than all else."""


class Damaged(ValueError):
    """A document is not what it should be: `str()` is a phrase that goes into a sentence."""


class Kind(Protocol):
    """What a value may be: see `kinds`."""

    def fits(self, value: Any) -> bool:
        """Whether a value is of this kind."""

    def fault(self, value: Any, at: str) -> str:
        """What is wrong with a value that does not fit; `at` is where it stands."""


def read(path: Path, most: int, depth: int = limits.DEPTH, kind: Kind | None = None) -> Any:
    """The value of a JSON file of at most `most` bytes, which is of this kind.

    Raises `OSError`, and `Damaged` that names the file.
    """
    try:
        value = parse(read_bytes(path, most), most, depth)
        if kind is not None and not kind.fits(value):
            raise Damaged(kind.fault(value, ""))
    except Damaged as error:
        raise Damaged(f"{path.name}: {error}") from error
    return value


def read_bytes(path: Path, most: int) -> bytes:
    """The bytes of a file, `most` at most. Raises `OSError`, and `Damaged` for more or no file."""
    check_file(path, most)
    with files.open_plain(path) as file:
        data = file.read(most + 1)
    if len(data) > most:  # it grows while it is read
        raise Damaged(_too_large(most))
    return data


def check_file(path: Path, most: float = math.inf) -> None:
    """Raise `OSError` or `Damaged` unless it is a file of at most `most` bytes."""
    told = path.stat()
    if not stat.S_ISREG(told.st_mode):  # to open what is no file may wait for ever
        raise Damaged(_("it is not a file"))
    if told.st_size > most:
        raise Damaged(_too_large(most))


def read_lines(path: Path, most: int) -> Iterator[tuple[int, Any]]:
    """Number (from 1) and value of each line of JSON lines, `most` at most, as they are read.

    Lines with nothing in them are passed over. Raises `OSError` and, naming the line, `Damaged`.
    """
    for number, line in lines_of(path, most):
        try:
            yield number, parse(line, limits.LINE_BYTES)
        except Damaged as error:
            raise in_line(path, number, error) from error


def lines_of(path: Path, most: int) -> Iterator[tuple[int, bytes]]:
    """Number (from 1) and bytes of each line that has something in it.

    One that is longer than `limits.LINE_BYTES` comes in pieces, which are no JSON. Raises
    `OSError`, and `Damaged` for no file and for more than `most` lines.
    """
    try:
        check_file(path, limits.TABLE_BYTES)
    except Damaged as error:
        raise Damaged(f"{path.name}: {error}") from error
    with files.open_plain(path) as file:
        number = 0
        while line := file.readline(limits.LINE_BYTES + 1):
            number += 1
            if number > most:
                problem = _("it has more than {count} lines").format(count=f"{most:,}")
                raise Damaged(f"{path.name}: {problem}")
            if not line.isspace():
                yield number, line


def in_line(path: Path, number: int, problem: object) -> Damaged:
    """A fault with its file and the number of its line, from 1."""
    text = _("{file}, line {number}: {problem}")
    return Damaged(text.format(file=path.name, number=number, problem=problem))


def parse(data: bytes | str, most: int, depth: int = limits.DEPTH) -> Any:
    """The value of a JSON text of at most `most` bytes or characters. Raises `Damaged`."""
    if len(data) > most:
        raise Damaged(_too_large(most))
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Damaged(_("it is not text in UTF-8")) from error
    text = text.removeprefix("\ufeff")  # Windows' editors put one
    brackets = text.count("[") + text.count("{")
    if brackets + text.count(",") > _MOST_VALUES:
        raise Damaged(_("it has more than {count} values").format(count=f"{_MOST_VALUES:,}"))
    try:
        value = _decoder.decode(text)
    except Damaged:
        raise
    except RecursionError as error:
        raise _too_deep(depth) from error
    except json.JSONDecodeError as error:
        sentence = _("it is not JSON from line {line}, column {column} on")
        raise Damaged(sentence.format(line=error.lineno, column=error.colno)) from error
    except ValueError as error:
        raise Damaged(_("it is not JSON")) from error
    if brackets > depth and is_deeper(value, depth):
        raise _too_deep(depth)
    return value


def encoded(
    value: Any, most: int, depth: int = limits.DEPTH, *, indent: int | None = None
) -> bytes:
    """The canonical JSON of a value, with a line end, that `parse` reads back with these limits.

    Raises `Damaged` where it would not. With `indent` it is indented where a person may look into
    it, and as long as it fits.
    """
    try:
        data = f"{files.canonical_json(value)}\n".encode()
        parse(data, most, depth)
        if indent is None or len(data) > _LOOKED_INTO:
            return data
        wide = f"{files.canonical_json(value, indent=indent)}\n".encode()
    except (TypeError, RecursionError) as error:
        raise Damaged(_("it has something in it that JSON cannot hold")) from error
    except ValueError as error:
        if isinstance(error, Damaged):
            raise
        raise Damaged(_("it has something in it that JSON cannot hold")) from error
    return wide if len(wide) <= most else data


def reason(error: Exception) -> str:
    """What an `OSError` or a `Damaged` says, for a sentence."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)


_NESTED = frozenset((dict, list))


def is_deeper(value: Any, most: int) -> bool:
    """Whether more than `most` levels of lists and mappings lie in each other, as JSON has them."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _level in range(most):
        inner: list[Any] = []
        for each in level:
            values = each.values() if isinstance(each, dict) else each
            # Most lists are long and of numbers: that is seen without a turn of Python for each.
            if not _NESTED.isdisjoint(map(type, values)):
                inner += [part for part in values if isinstance(part, (dict, list))]
        if not inner:
            return False
        level = inner
    return True


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(name for name, _value in pairs)
        raise Damaged(_("“{field}” is there twice").format(field=counts.most_common(1)[0][0][:40]))
    return found


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise Damaged(_("it has a number that is too long"))
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Damaged(_("it has a number that is too large"))
    return value


def _no_number(name: str) -> float:
    raise Damaged(_("it has {name} in it, which is not a number").format(name=name))


def _too_deep(depth: int) -> Damaged:
    return Damaged(_("it has more than {count} levels").format(count=depth))


def _too_large(most: float) -> str:
    size = f"{most / 1e6:.0f} MB" if most >= 1_000_000 else f"{most:,} B"
    return _("it is larger than {size}").format(size=size)


_decoder = json.JSONDecoder(
    object_pairs_hook=_mapping, parse_int=_whole, parse_float=_number, parse_constant=_no_number
)
