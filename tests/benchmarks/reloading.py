"""How long an author waits: from a save in the editor to the plugin that is read anew, and to the
result that is made of it, in the window of `aigc-studio plugins dev`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from rows import Reference, row, tell
from surroundings import enter, new_home, plugin_folder

CODE = """
from aigc_studio.api import Candidate, Description, Text, hookimpl

VERSION = 0


@hookimpl
def describe():
    return Description(id="saved", title="Saved", medium=Text)


@hookimpl
def generate(request):
    {more}
    yield Candidate(Text(str(VERSION)))
"""
TORCH = "import torch; torch.nn.Linear(4, 4)(torch.zeros(1, 4)).sum().backward()"
BARE = "import pydantic, numpy, PIL.Image"
"""What every worker imports."""
USUAL = 0.26
"""Seconds of a bare Python with it, quiet, on the machine on which the bars were set."""
CASES = (("without torch", "pass", 1.0), ("with torch", TORCH, 3.0))


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=8)
    arguments = parser.parse_args()
    for what, more, bar in CASES:
        with new_home() as home:
            enter(home)
            os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # as the command does
            measure(home, what, CODE.replace("{more}", more), bar, arguments.repeats)


def measure(home: Path, what: str, code: str, bar: float, repeats: int) -> None:
    """One row to the plugin, and one to the result."""
    import studio_window as studio

    from aigc_studio.host.discovery import source_at
    from aigc_studio.ui.authoring.development import Development

    file = plugin_folder(home) / "saved.py"
    file.write_text(code, "utf-8")
    source = source_at(file)
    if source is None:
        raise SystemExit("the plugin is not there")
    window = studio.open_studio()
    development = Development(window, source)
    development.band.again.setChecked(True)
    studio.choose(window, "saved")
    studio.warm_up(window)
    read: list[float] = []
    window.studio.renewal.renewed.connect(lambda *_record: read.append(time.perf_counter()))
    reloads, results, bare = [], [], []
    for number in range(1, repeats + 1):
        studio.turn(4.0)  # somebody types, and the next worker is made ready
        bare.append(bare_python())
        read.clear()
        before, began = len(window.session.waiting), time.perf_counter()
        save(file, code.replace("VERSION = 0", f"VERSION = {number}"))
        studio.wait(lambda: bool(read), "the plugin read anew")
        studio.wait(lambda before=before: len(window.session.waiting) > before, "a result")
        results.append(time.perf_counter() - began)
        reloads.append(read[0] - began)
    beside = Reference("a bare Python with pydantic, numpy and Pillow", bare, USUAL)
    tell(row(f"save to reloaded, {what}", reloads, "s", bar=bar, beside=beside))
    tell(row(f"save to result, {what}", results, "s"))
    studio.shut(window)


def save(file: Path, code: str) -> None:
    """As an editor does."""
    beside = file.with_suffix(".swp")
    beside.write_text(code, "utf-8")
    os.replace(beside, file)


def bare_python() -> float:
    """Seconds from start to end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", BARE], check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
