"""Python files as text: which are plugins, and what lies beside them that they import. Runs none.

By words and not by syntax: a file that is just being written, or broken, has an answer too.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aigc_studio.files import open_plain

_MOST_BYTES = 1 << 20
_MOST_FILES = 500

_list = r"(?:\([^)]*\)|[^\n]*)"
_marks = re.compile(r"\b(?:hookimpl|hooks_in)\b")
_describes = re.compile(
    r"^(?:async\s+)?def\s+describe\b"
    r"|^(?:\w+\s*,\s*)*describe\s*(?:,[\w\s,*]*)?(?::[^=\n]+)?="
    r"|^from\s+[\w.]+\s+import\s+(?:\([^)]*|[^\n]*)\bdescribe\b",
    re.MULTILINE,
)
_from = re.compile(rf"^[ \t]*from\s+(\.*)([\w.]*)\s+import\s+({_list})", re.MULTILINE)
_import = re.compile(r"^[ \t]*import\s+([^\n#]+)", re.MULTILINE)
_named = re.compile(r"\b(?:hookimpl|hooks_in|import_module)\(\s*f?[\"']\.*(\w+)")
_word = re.compile(r"\w+")


@dataclass(frozen=True)
class _Read:
    """What a file says: whether it describes a generator, whether it marks hooks, and the names
    that it imports."""

    describes: bool
    marks: bool
    names: frozenset[str]


def is_plugin(file: Path) -> bool:
    """Whether there is a hook in a file: it describes a generator, or marks a function.

    What cannot be read may be one: why it cannot is for a record to say.
    """
    told = _read(file)
    return told is None or told.describes or told.marks


def describes(file: Path) -> bool:
    """Whether a file says what generator it is."""
    told = _read(file)
    return told is not None and told.describes


def code_of(file: Path) -> tuple[Path, ...]:
    """A plugin of one file, and all beside it that it imports, itself or by what it imports."""
    found: dict[Path, None] = {file: None}
    waiting = [file]
    there = _names_in(file.parent)
    while waiting and len(found) < _MOST_FILES:
        told = _read(waiting.pop())
        for name in sorted(told.names if told else ()):
            for each in _beside(file.parent, name, there):
                if each not in found:
                    found[each] = None
                    waiting.append(each)
    return tuple(found)


def imported(files: Iterable[Path]) -> set[Path]:
    """What the plugins among these files import of what lies beside them."""
    found: set[Path] = set()
    for file in files:
        if describes(file):
            found.update(code_of(file)[1:])
    return found


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def _beside(folder: Path, name: str, there: frozenset[str]) -> list[Path]:
    """The files of the module `name` in a folder with these names in it: one, or those of a
    package. Most of what is imported lies elsewhere, and is not asked for here."""
    if f"{name}.py" in there and (alone := folder / f"{name}.py").is_file():
        return [alone]
    if name in there and ((package := folder / name) / "__init__.py").is_file():
        return sorted(package.rglob("*.py"))[:_MOST_FILES]
    return []


def _read(file: Path) -> _Read | None:
    try:
        about = file.stat()
        return _read_as(file, about.st_mtime_ns, about.st_size)
    except (OSError, ValueError):
        return None


@functools.lru_cache(maxsize=2000)
def _read_as(file: Path, _changed: int, _size: int) -> _Read:
    """Remembered until the file changes. Raises `OSError` for what is no plain file."""
    with open_plain(file) as stream:
        # Every byte is a letter: names that are not ASCII are found by what imports them alike.
        text = stream.read(_MOST_BYTES).decode("utf-8", "replace")
    names: set[str] = set(_named.findall(text))
    for dots, module, listed in _from.findall(text):
        names.update(
            [module.partition(".")[0]] if module else _word.findall(listed) if dots else ()
        )
    for listed in _import.findall(text):
        names.update(each.strip().partition(".")[0].split(" ")[0] for each in listed.split(","))
    return _Read(bool(_describes.search(text)), bool(_marks.search(text)), frozenset(names))
