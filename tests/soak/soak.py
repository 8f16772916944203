"""`make soak`: what is too long for the tests. Writes docs/reliability.md.

Each part is a script of its own that can be run alone. Ends with status 1 when anything was lost,
undocumented or left running, and says what; 2 when a part broke.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from outcome import Outcome, read
from places import HERE, ROOT

sys.path.insert(0, str(ROOT / "tests" / "benchmarks"))

PARTS = {
    "kills": ("--count", "200"),
    "mutations": ("--count", "20000"),
    "zoo": (),
    "long_session": ("--count", "10000"),
    "two_at_once": ("--seconds", "60", "--kill"),
}
SEEDED = ("kills", "mutations", "long_session", "two_at_once")
FILE = ROOT / "docs" / "reliability.md"
PATIENCE = 3600.0


def main() -> int:
    """Run what is asked for; write the page when that is everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), help="these, and write nothing")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    outcomes: list[Outcome] = []
    broken = []
    for name in arguments.only or PARTS:
        found = run(name, arguments.seed)
        outcomes += found
        if not found:
            broken.append(name)
    if not arguments.only and not broken:
        write(page(outcomes, arguments.seed))
        sys.stderr.write("Written: docs/reliability.md\n")
    for each in outcomes:
        for fault in each.faults:
            sys.stderr.write(f"FAULT: {each.what}: {fault}\n")
    for name in broken:
        sys.stderr.write(f"BROKEN: {name}.py; nothing was written\n")
    return 2 if broken else 0 if all(each.well for each in outcomes) else 1


def run(name: str, seed: int) -> list[Outcome]:
    """The outcomes of one part; none when it broke."""
    words = [sys.executable, str(HERE / f"{name}.py"), *PARTS[name]]
    if name in SEEDED:
        words += ["--seed", str(seed)]
    sys.stderr.write(f"{name} …\n")
    began = time.monotonic()
    try:
        done = subprocess.run(
            words, stdout=subprocess.PIPE, timeout=PATIENCE, check=False, text=True
        )
    except subprocess.TimeoutExpired:
        return []
    sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    return read(done.stdout)


def page(outcomes: list[Outcome], seed: int) -> str:
    """The page, with what was wrong below the table."""
    import machine

    day = datetime.now(UTC).strftime("%Y-%m-%d")
    lines = [
        "# Reliability", "",
        f"Written by `make soak` (seed {seed}); do not edit. What each part does, and what counts",
        "as a fault, stands at the head of its script in `tests/soak/`. What is quick enough of it",
        "is among the tests.", "",
        "| what was tried | times | faults | seconds | beside |", "|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| {each.what} | {each.count:,} | {len(each.faults)} | {each.seconds:.0f} | {each.note} |"
        for each in outcomes
    ]
    faults = [f"- {each.what}: {fault}" for each in outcomes for fault in each.faults]
    if faults:
        lines += ["", "## Faults", "", *faults]
    return "\n".join([*lines, "", f"{day}. {machine.describe()}", ""])


def write(text: str, path: Path = FILE) -> None:
    """Write the page whole."""
    temporary = path.with_suffix(".part")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    sys.exit(main())
