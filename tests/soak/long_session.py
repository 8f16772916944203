"""Ten thousand random commands in one session, with undo: what is kept grows with what changed.

python tests/soak/long_session.py --count 10000 --seed 1
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from outcome import Outcome, status, tell
from places import ROOT, new_home

if TYPE_CHECKING:
    from walks import Left

sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


def main(count: int = 10_000, seed: int = 1) -> Outcome:
    """One walk in a home of its own, and what was wrong with what it left."""
    # A session is a window's: memory is counted beside what a window has loaded anyhow.
    for name in ("aigc_studio.ui.window.window", "numpy", "PIL.Image", "pydantic"):
        importlib.import_module(name)
    from walks import walk

    began, faults, note = time.monotonic(), list[str](), ""
    with new_home() as home:
        os.environ["AIGC_STUDIO_HOME"] = str(home)
        try:
            found = walk(count, seed, Path(home))
            faults, note = judged(count, found), told(found)
        except AssertionError as error:
            faults = [f"seed {seed}: not as it was: {error}"]
    what = "random commands in one session"
    return Outcome("long_session", what, count, time.monotonic() - began, tuple(faults), note)


def judged(count: int, found: Left) -> list[str]:
    """What grew with more than what changed."""
    faults = []
    if found.file > 200 * count + 100_000:
        faults.append(f"the file has {found.file:,} bytes")
    if found.journal > 1000 * count + 2_500_000:
        faults.append(f"the journal has {found.journal:,} bytes")
    if found.memory_after > 1.1 * found.memory_before:
        faults.append(f"memory grew from {found.memory_before:,} to {found.memory_after:,} bytes")
    return faults


def told(found: Left) -> str:
    """The figures."""
    grown = found.memory_after / max(found.memory_before, 1) - 1
    return (
        f"file {found.file / 1000:,.0f} kB, journal {found.journal / 1000:,.0f} kB, opened in "
        f"{found.open_seconds:.2f} s, brought back in {found.recover_seconds:.2f} s of processor "
        f"time, memory + {grown:.1%}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    ended = main(arguments.count, arguments.seed)
    tell(ended)
    sys.exit(status([ended]))
