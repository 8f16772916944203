"""Thousands of changed files, over everything that reads: `python tests/soak/mutations.py`.

For each reader it says how often a changed file was read and how often it was refused. Whatever
else came of one is printed, and the status is 1.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

SLOW = 10.0
"""Seconds of processor time after which a reading counts as one that hangs."""


def main(count: int = 20_000, seed: int = 0) -> int:
    """Read `count` changed files; 0 when each was read or refused with a sentence, else 1."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["AIGC_STUDIO_HOME"] = home
        started = time.monotonic()
        found = list(_run(Path(home), count, seed))
    from outcome import Outcome, tell

    faults = tuple(f"{name}: {came.strip().splitlines()[-1]}" for name, came in found)
    what = "files changed by chance, read or refused with a sentence"
    tell(Outcome("mutations", what, count, time.monotonic() - started, faults, f"seed {seed}"))
    for name, came in found:
        _say(f"-- {name}\n{came}")
    _say(f"{len(found)} undocumented")
    return 1 if found else 0


def _run(home: Path, count: int, seed: int) -> Iterator[tuple[str, str]]:
    from damage import changed, library_specimens, outcome, torch_specimens
    from file_damage import file_specimens

    specimens = [
        *library_specimens(home / "stores"), *torch_specimens(home / "torch"),
        *file_specimens(home / "files"),
    ]  # fmt: skip
    each = -(-count // len(specimens))
    _say(f"{each} changes of each of {len(specimens)} kinds of files, seed {seed}")
    for specimen in specimens:
        chance, counts = random.Random(f"{specimen.name} {seed}"), Counter[str]()
        told: set[str] = set()
        for number in range(each):
            started = time.process_time()
            came = outcome(specimen, changed(specimen.data, chance, specimen.text))
            if time.process_time() - started > SLOW:
                came = f"it took {time.process_time() - started:.1f} s of processor time"
            counts[came if came in ("value", "StudioError") else "other"] += 1
            last = came.strip().splitlines()[-1]
            if came not in ("value", "StudioError") and last not in told:
                told.add(last)  # one of a kind is enough to mend it
                yield f"{specimen.name}, change {number}", came
        _say(
            f"{specimen.name:28} {counts['value']:6} read {counts['StudioError']:6} refused "
            f"{counts['other']:4} other"
        )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    raise SystemExit(main(arguments.count, arguments.seed))
