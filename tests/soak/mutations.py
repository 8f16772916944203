"""Thousands of changed files, over everything that reads: `python tests/soak/mutations.py`.

For each reader it says how often a changed file was read and how often it was refused. Whatever
else came of one is printed, and the status is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from damage import Specimen

sys.path.insert(0, str(Path(__file__).parent.parent))

MEMORY = Path("/dev/shm")
SLOW = 10.0
"""Seconds of processor time after which a reading counts as one that hangs."""


def main(count: int = 20_000, seed: int = 0) -> int:
    """Read `count` changed files; 0 when each was read or refused with a sentence, else 1."""
    from crew import abreast
    from outcome import Outcome, tell

    started = time.monotonic()
    names = abreast("the kinds", _names, [()])[0]
    each = -(-count // len(names))
    _say(f"{each} changes of each of {len(names)} kinds of files, seed {seed}")
    what = "files changed by chance, read or refused with a sentence"
    came = abreast("kinds of files", _damage, [(name, each, seed) for name in names])
    found = [fault for faults in came for fault in faults]
    faults = tuple(f"{name}: {came.strip().splitlines()[-1]}" for name, came in found)
    tell(Outcome("mutations", what, count, time.monotonic() - started, faults, f"seed {seed}"))
    for name, said in found:
        _say(f"-- {name}\n{said}")
    _say(f"{len(found)} undocumented")
    return 1 if found else 0


def _names() -> list[str]:
    with _specimens() as specimens:
        return list(specimens)


@contextlib.contextmanager
def _specimens() -> Iterator[dict[str, Specimen]]:
    """Whole files by name, in a home of their own: in memory, where no disk is waited for."""
    from damage import library_specimens, torch_specimens
    from file_damage import file_specimens

    logging.disable()  # what cannot be brought back of a journal is logged, thousands of times
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        home = Path(folder)
        os.environ["AIGC_STUDIO_HOME"] = folder
        found = [
            *library_specimens(home / "stores"), *torch_specimens(home / "torch"),
            *file_specimens(home / "files"),
        ]  # fmt: skip
        yield {each.name: each for each in found}


def _damage(name: str, count: int, seed: int) -> list[tuple[str, str]]:
    """Read so many changed files of one kind; what was neither read nor refused."""
    from damage import changed, outcome

    chance, counts = random.Random(f"{name} {seed}"), Counter[str]()
    told: dict[str, tuple[str, str]] = {}
    with _specimens() as specimens:
        specimen = specimens[name]
        for number in range(count):
            started = time.process_time()
            came = outcome(specimen, changed(specimen.data, chance, specimen.text))
            if time.process_time() - started > SLOW:
                came = f"it took {time.process_time() - started:.1f} s of processor time"
            counts[came if came in ("value", "StudioError") else "other"] += 1
            if came not in ("value", "StudioError"):  # one of a kind is enough to mend it
                told.setdefault(came.strip().splitlines()[-1], (f"{name}, change {number}", came))
    _say(
        f"{name:28} {counts['value']:6} read {counts['StudioError']:6} refused "
        f"{counts['other']:4} other"
    )
    return list(told.values())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    raise SystemExit(main(arguments.count, arguments.seed))
