"""Names of generated files, by seed: equal work gets equal names, and can be gone on with."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.api import Candidate, Description
from aigc_studio.cli.results import SUFFIXES
from aigc_studio.files import shortened

if TYPE_CHECKING:
    from aigc_studio.project.provenance import Provenance


_STOPPED = "-stopped"
_LONGEST = 120
"""Bytes of a strip's name in the name of a file: some systems take 255 in all."""


class Names:
    """The names of one generator's results in a folder, given in the order that they come in.

    `suffix`: of the files; that of the medium where none is given.
    """

    def __init__(self, folder: Path, description: Description, suffix: str = "") -> None:
        self._folder = folder
        self._generator = description.id
        self._suffix = suffix or SUFFIXES[str(description.medium)]
        self._seed: int | None = None
        self._taken: set[str] = set()

    def path(self, event: Candidate) -> Path:
        """Where a result goes: `id-seed.png`, the second of that seed `id-seed-2.png`."""
        if event.seed != self._seed:
            self._seed, self._taken = event.seed, set()
        name = f"{self._generator}-{event.seed}"
        if event.strip:
            name += f"-{_as_name(event.strip)}-{event.position:03}"
        if name in self._taken:
            name = f"{name}-{len(self._taken) + 1}"
        self._taken.add(name)
        return self._folder / f"{name}{self._suffix}"

    def stopped(self, event: Candidate) -> Path:
        """Where what was there of a result goes that was stopped: `id-seed-stopped.png`, or with a
        number behind it when that is taken."""
        name = f"{self._generator}-{event.seed}{_STOPPED}"
        found, number = self._folder / f"{name}{self._suffix}", 1
        while found.exists():
            number += 1
            found = self._folder / f"{name}-{number}{self._suffix}"
        return found

    def first_of(self, seed: int) -> Path:
        """Where the first result of a seed is, when it is there."""
        return self._folder / f"{self._generator}-{seed}{self._suffix}"

    def there(self, first: int, count: int) -> int:
        """For how many seeds in a row, from `first` on, there is a file that is not empty."""
        if not self._folder.is_dir():
            return 0
        with os.scandir(self._folder) as entries:
            names = {each.name for each in entries if each.is_file() and each.stat().st_size}
        found = 0
        while found < count and f"{self._generator}-{first + found}{self._suffix}" in names:
            found += 1
        return found

    def files(self, first: int, count: int) -> int:
        """How many results of these seeds are in the folder; a seed may have several."""
        pattern = re.compile(re.escape(self._generator) + r"-(\d+)\D.*")
        with os.scandir(self._folder) as entries:
            names = [each.name for each in entries if each.name.endswith(self._suffix)]
        names = [name for name in names if _STOPPED not in name]
        seeds = [int(found[1]) for name in names if (found := pattern.fullmatch(name))]
        return sum(first <= seed < first + count for seed in seeds)


class NumberedNames:
    """The names of results of which the first goes to one file: `a.png`, `a-2.png` and so on."""

    def __init__(self, first: Path) -> None:
        self._first = first
        self._given: dict[tuple[int | None, str], int] = {}

    def path(self, event: Candidate) -> Path:
        """Where a result goes; the frames of a strip stand behind each other."""
        if not event.strip:
            return self._numbered(len(self._given), event)
        number = self._given.get((event.seed, event.strip), len(self._given))
        path = self._numbered(number, event)
        return path.with_stem(f"{path.stem}-{event.position:03}")

    def stopped(self, event: Candidate) -> Path:
        """Where what was there of a result goes that was stopped."""
        path = self.path(event)
        return path.with_stem(f"{path.stem}{_STOPPED}")

    def _numbered(self, number: int, event: Candidate) -> Path:
        self._given[event.seed, event.strip or str(number)] = number
        return numbered(self._first, number)


def numbered(path: Path, number: int) -> Path:
    """`a.png` for 0, `a-2.png` for 1 and so on."""
    return path if number == 0 else path.with_stem(f"{path.stem}-{number + 1}")


def _as_name(strip: str) -> str:
    """A strip's name as a part of the name of a file on any system; another strip's is another."""
    plain = shortened(re.sub(r"[^\w.+=@ -]+", "-", strip).strip(" .-"), _LONGEST)
    if plain == strip:
        return plain
    digest = hashlib.sha256(strip.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{plain}-{digest[:8]}".lstrip("-")


def other_settings(path: Path, wanted: Provenance) -> list[str]:
    """The flags that a result was made with, where `wanted` is made with others.

    Empty when the file does not say how it was made.
    """
    from aigc_studio.project.export import read_provenance

    made = read_provenance(path)
    if made is None:
        return []
    then, now = _flags(made), _flags(wanted)
    other = [flag for flag in then | now if then.get(flag, "") != now.get(flag, "")]
    return [shlex.join((flag, then.get(flag, ""))) for flag in other]


def _flags(made: Provenance) -> dict[str, str]:
    """What the words of a command would be for what this was made with."""
    named = {
        "--operation": made.operation,
        "--model": made.model_digest[:12],
        "--prompt": made.prompt,
    }
    given = made.parameters.items()
    flags = {f"--{name.replace('_', '-')}": str(value) for name, value in given}
    steered = " ".join(f"{name}={value}" for name, value in sorted(made.controls.items()))
    return named | flags | {"--control": steered}


def resuming(arguments: argparse.Namespace, seed: int) -> str:
    """The command that goes on with what was begun with this seed."""
    words = _without_seed(getattr(arguments, "words", ()))
    return shlex.join(["aigc-studio", *words, "--seed", str(seed), "--resume"])


def _without_seed(words: Iterable[str]) -> Iterator[str]:
    rest = iter(words)
    for word in rest:
        if word == "--seed":
            next(rest, None)
        elif word != "--resume" and not word.startswith("--seed="):
            yield word
