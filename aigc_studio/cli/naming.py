"""Names of generated files, by seed: equal work gets equal names, and can be gone on with."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from aigc_studio.api import Candidate, Description
from aigc_studio.cli.results import SUFFIXES


class Names:
    """The names of one generator's results in a folder, given in the order that they come in."""

    def __init__(self, folder: Path, description: Description) -> None:
        self._folder = folder
        self._generator = description.id
        self._suffix = SUFFIXES[str(description.medium)]
        self._seed: int | None = None
        self._taken: set[str] = set()

    def path(self, event: Candidate) -> Path:
        """Where a result goes: `id-seed.png`, the second of that seed `id-seed-2.png`."""
        if event.seed != self._seed:
            self._seed, self._taken = event.seed, set()
        name = f"{self._generator}-{event.seed}"
        if event.strip:
            name += f"-{event.strip}-{event.position:03}"
        if name in self._taken:
            name = f"{name}-{len(self._taken) + 1}"
        self._taken.add(name)
        return self._folder / f"{name}{self._suffix}"

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
