"""From the start of the process to the first painted window, with 30 plugins installed.

Everything is measured in turns: the studio, a bare Qt window, and napari where there is one. The
clock starts before the process is made. One earlier run of each has filled the caches. What the 30
plugins add is told by a studio that has none of them, in the same turn.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import references
from display import Display, open_display
from rows import row, tell
from surroundings import HERE, ROOT, add_copies, environment, new_home, run_script

PLUGINS = 30
BAR = 0.40
ADDED_BAR = 0.05
"""Seconds that all of the plugins may add to the start, to the first paint as to the whole."""

QT_ONLY = "imported before the first paint"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--napari", default="")
    arguments = parser.parse_args()
    with new_home() as home, new_home() as empty, open_display() as display:
        variables, without = (
            environment(each, display.platform, **display.variables) for each in (home, empty)
        )
        add_copies(home, PLUGINS)
        fill_cache(variables, PLUGINS)
        fill_cache(without, 0)
        measure(arguments.repeats, arguments.napari, variables, without, display)


def fill_cache(variables: dict[str, str], plugins: int) -> None:
    """Have the plugins described, as an earlier run of the studio would have."""
    words = [sys.executable, "-m", "aigc_studio", "plugins", "list", "--json"]
    listed = run_script(words, variables).count("echo-")
    if listed < plugins:
        raise SystemExit(f"only {listed} of {plugins} plugins were found")


def measure(
    repeats: int,
    napari: str,
    variables: dict[str, str],
    without: dict[str, str],
    display: Display,
) -> None:
    """Take turns, so that a busy moment of the machine meets all of them."""
    studio: list[float] = []
    whole: list[float] = []
    outline_added: list[float] = []
    whole_added: list[float] = []
    bare: list[float] = []
    other: list[float] = []
    versions: list[str] = []
    for turn in range(repeats + 1):
        # In turns: whoever is second finds what the first has left in the system's caches.
        if turn % 2:
            (outline, full), (less, least) = start_studio(variables), start_studio(without)
        else:
            (less, least), (outline, full) = start_studio(without), start_studio(variables)
        found = [(studio, outline), (whole, full)]
        found += [(outline_added, outline - less), (whole_added, full - least)]
        found.append((bare, start_peer("bare_window.py", variables)))
        if napari and turn <= max(repeats // 3, 1):
            other_found = start_peer("napari_window.py", variables, napari, versions)
            found.append((other, other_found))
        for values, seconds in found:
            if turn:  # the first of each fills caches
                values.append(seconds)
    where = f"on {display.title}"
    what = f"process start to first painted window, {PLUGINS} plugins installed"
    tell(row(what, studio, "s", bar=BAR, beside=references.window(bare), note=where))
    what = "process start to all of its window, panel and board ready for the first key"
    tell(row(what, whole, "s", beside=references.window(bare), note=where))
    beside = references.window(bare)
    for until, added in (("first paint", outline_added), ("whole window", whole_added)):
        what = f"what {PLUGINS} plugins add to the start, to the {until}"
        tell(row(what, added, "s", bar=ADDED_BAR, beside=beside, note=where))
    tell(row("a bare main window with three docks", bare, "s", peer=True, note=where))
    if other:
        tell(row(f"napari {versions[0]}, empty viewer", other, "s", peer=True, note=where))


def start_studio(variables: dict[str, str]) -> tuple[float, float]:
    """Seconds to the first paint of the studio, and until all of its window is there.

    Refuses a start that imported too much.
    """
    line = started([sys.executable, "-m", "aigc_studio"], variables, subprocess.PIPE, "stderr")
    measured = json.loads(line)
    if measured["modules"]:
        raise SystemExit(f"{QT_ONLY}: {', '.join(measured['modules'])}")
    return float(measured["first_paint_ms"]) / 1000, float(measured["whole_ms"]) / 1000


def start_peer(
    script: str,
    variables: dict[str, str],
    interpreter: str = sys.executable,
    versions: list[str] | None = None,
) -> float:
    """Seconds to the first paint of a peer."""
    if interpreter != sys.executable:
        variables = {name: text for name, text in variables.items() if name != "PYTHONPATH"}
    words = started([interpreter, str(HERE / script)], variables, subprocess.PIPE, "stdout").split()
    if versions is not None:
        versions.append(words[1])
    return float(words[0]) / 1000


def started(words: list[str], variables: dict[str, str], pipe: int, stream: str) -> str:
    """The last line that a child wrote to one of its streams; it must end well."""
    began = {"AIGC_STUDIO_STARTED": repr(time.time()), "AIGC_STUDIO_MEASURE": "1"}
    child = subprocess.run(
        words,
        env=variables | began,
        cwd=ROOT,
        timeout=120,
        text=True,
        check=False,
        stdout=pipe if stream == "stdout" else subprocess.DEVNULL,
        stderr=pipe if stream == "stderr" else subprocess.DEVNULL,
    )
    said = (getattr(child, stream) or "").strip().splitlines()
    if child.returncode or not said:
        raise SystemExit(f"{Path(words[-1]).name} did not paint: {said[-3:]}")
    return said[-1]


if __name__ == "__main__":
    main()
