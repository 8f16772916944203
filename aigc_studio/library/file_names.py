"""Finding files by what tables call them: whole paths, parts of them, names without their ends."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from aigc_studio.api.spelling import normal

_end = re.compile(r"\.[a-z0-9]{1,5}$")
_SEVERAL = -1


class Found(NamedTuple):
    """The number of a file, and how much of its path was told: the more, the surer."""

    number: int
    sureness: int


class FileNames:
    """Files that can be told by their path, by its end, or by their name with or without `.png`.

    `files` are their paths; `tops` say how many folders of each, above its name, lie in what was
    chosen. A name that several files have tells none of them.
    """

    def __init__(self, files: Sequence[Path], depths: Sequence[int]) -> None:
        self._paths = {str(path): number for number, path in enumerate(files)}
        self._ends: dict[str, int] = {}
        self._bare: dict[str, int] = {}
        for number, (path, depth) in enumerate(zip(files, depths, strict=True)):
            # The folder that was chosen may stand in the table as well.
            for end in _ends_of([_form(each) for each in path.parts[-depth - 2 :]]):
                _note(self._ends, end, number)
                bare = _end.sub("", end)
                if bare != end:
                    _note(self._bare, bare, number)

    def __len__(self) -> int:
        return len(self._paths)

    def find(self, told: str, beside: Path) -> Found | None:
        """The file that a table in the folder `beside` calls so; None for none or several."""
        told = told.strip().replace("\\", "/")
        if not told or len(told) > 4096 or "\0" in told:
            return None
        here = self._paths.get(os.path.normpath(beside / told))
        if here is not None:
            return Found(here, 1 << 16)
        parts = [_form(each) for each in told.split("/") if each not in ("", ".", "..")]
        ends = list(_ends_of(parts))[::-1]
        for sureness, names in ((1, ends), (0, [_end.sub("", end) for end in ends])):
            found = self._first(names, self._ends if sureness else self._bare, sureness)
            if found is not None:
                return found if found.number != _SEVERAL else None
        # Without an end that is one: `000001`, or `a.b`.
        found = self._first(ends, self._bare, 0)
        return found if found is not None and found.number != _SEVERAL else None

    def _first(self, names: Sequence[str], known: dict[str, int], sureness: int) -> Found | None:
        for place, name in enumerate(names):
            number = known.get(name)
            if number is not None:
                return Found(number, 2 * (len(names) - place) + sureness)
        return None


def _form(part: str) -> str:
    return normal(part).casefold()


def _ends_of(parts: Sequence[str]) -> Iterator[str]:
    """The ends of a path, the shortest first; no longer than any that could be known."""
    for count in range(1, min(len(parts), 32) + 1):
        yield "/".join(parts[-count:])


def _note(known: dict[str, int], name: str, number: int) -> None:
    known[name] = number if known.get(name, number) == number else _SEVERAL
