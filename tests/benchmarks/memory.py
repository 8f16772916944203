"""What the window's process holds when nobody does anything, with 30 plugins installed."""

from __future__ import annotations

import argparse
import subprocess
import sys

from rows import row, tell
from surroundings import HERE, add_copies, enter, environment, new_home

PLUGINS = 30
BAR = 200.0
QUIET = 8.0
"""Seconds after which the window has loaded and warmed all that it will."""


def main() -> None:
    """Measure and tell; each repeat is a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--once", action="store_true", help="measure in this process")
    arguments = parser.parse_args()
    if arguments.once:
        sys.stdout.write(f"{measure()}\n")
        return
    with new_home() as home:
        add_copies(home, PLUGINS)
        words = [sys.executable, str(HERE / "memory.py"), "--once"]
        held = []
        for _n in range(arguments.repeats + 1):
            done = subprocess.run(
                words, env=environment(home), stdout=subprocess.PIPE, check=True, text=True
            )
            held.append(float(done.stdout.split()[-1]))
    what = f"memory of the window's process, idle, {PLUGINS} plugins installed"
    # The first one has described the plugins.
    tell(row(what, held[1:], "MB", bar=BAR, judged="worst", note="resident, without its workers"))


def measure() -> float:
    """Megabytes that this process holds with an idle window."""
    import os
    from pathlib import Path

    enter(Path(os.environ["AIGC_STUDIO_HOME"]))
    import studio_window as studio

    window = studio.open_studio()
    studio.turn(QUIET)
    from aigc_studio.jobs import resident_bytes

    held = resident_bytes() / 1e6
    studio.shut(window)
    return held


if __name__ == "__main__":
    main()
