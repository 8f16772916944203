"""`make soak`: what is too long for the tests. Writes docs/reliability.md.

Each part is a script of its own that can be run alone, and has a part of the page of its own, which
stays as it was when only others are run. Ends with status 1 when anything was lost, undocumented or
left running, and says what; 2 when a part broke.
"""

from __future__ import annotations

import argparse
import re
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
    "packages": ("--count", "80"),
}
SEEDED = ("kills", "mutations", "long_session", "two_at_once", "packages")
FILE = ROOT / "docs" / "reliability.md"
PATIENCE = 3600.0
HEAD = """# Reliability

Written by `make soak`; do not edit. What each part does, and what counts as a fault, stands at the
head of its script in `tests/soak/`. What is quick enough of it is among the tests.
"""
_part = re.compile(r"<!-- part (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)


def main() -> int:
    """Run what is asked for, and write its part of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), help="these parts")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    outcomes: list[Outcome] = []
    broken = []
    for name in arguments.only or PARTS:
        words = [*PARTS[name], *(("--seed", str(arguments.seed)) if name in SEEDED else ())]
        found = run(name, words)
        outcomes += found
        if found:
            write({name: part(name, words, found)})
        else:
            broken.append(name)
    for each in outcomes:
        for fault in each.faults:
            sys.stderr.write(f"FAULT: {each.what}: {fault}\n")
    for name in broken:
        sys.stderr.write(f"BROKEN: {name}.py; its part was not written\n")
    return 2 if broken else 0 if all(each.well for each in outcomes) else 1


def run(name: str, words: list[str]) -> list[Outcome]:
    """The outcomes of one part; none when it broke."""
    sys.stderr.write(f"{name} …\n")
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, str(HERE / f"{name}.py"), *words],
            stdout=subprocess.PIPE, timeout=PATIENCE, check=False, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return []
    sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    return read(done.stdout)


def part(name: str, words: list[str], outcomes: list[Outcome]) -> str:
    """A part of the page: its command, its table, what was wrong, where and when it was run."""
    import machine

    lines = [
        f"## {name.replace('_', ' ').capitalize()}", "",
        f"`python tests/soak/{name}.py {' '.join(words)}`".replace(" `", "`"), "",
        "| what was tried | times | faults | seconds | beside |", "|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| {each.what} | {each.count:,} | {len(each.faults)} | {each.seconds:.0f} | {each.note} |"
        for each in outcomes
    ]
    faults = [f"- {each.what}: {fault}" for each in outcomes for fault in each.faults]
    if faults:
        lines += ["", "Faults:", "", *faults]
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    return "\n".join([*lines, "", f"{day}, at {commit()}. {machine.describe()}", ""])


def commit() -> str:
    """The commit that was attacked, in short."""
    words = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    return done.stdout.strip() or "an unknown commit"


def write(parts: dict[str, str], path: Path = FILE) -> None:
    """Write these parts, keeping the others, and the page whole."""
    kept = dict(_part.findall(path.read_text("utf-8"))) if path.is_file() else {}
    kept |= parts
    text = HEAD
    for name in PARTS:
        if name in kept:
            text += f"\n<!-- part {name} -->\n{kept[name]}<!-- end -->\n"
    temporary = path.with_suffix(".part")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    sys.exit(main())
