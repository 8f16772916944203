"""What the first result costs beyond `import torch`: in the shell, and in a window just started.

Both are taken in turns with a bare `import torch` in a process of its own. The window's clock runs
from the start of the process to the paint after the first candidate has come, with no worker warm.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from display import Display, open_display
from rows import Reference, row, tell
from surroundings import HERE, ROOT, environment, new_home, run_script

BAR = 0.8
TORCH = 1.05
"""Seconds of a bare `import torch` on the machine of the bars."""


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    arguments = parser.parse_args()
    with new_home() as home, open_display() as display:
        variables = environment(home, display.platform, **display.variables)
        run_script([sys.executable, "-m", "aigc_studio", "plugins", "list", "--json"], variables)
        measure(arguments.repeats, home, variables, display)


def measure(repeats: int, home: Path, variables: dict[str, str], display: Display) -> None:
    """Take turns; the first of each fills caches."""
    torch: list[float] = []
    shell: list[float] = []
    window: list[float] = []
    for turn in range(repeats + 1):
        bare = seconds([sys.executable, "-c", "import torch"], variables)
        out = str(home / f"made-{turn}")
        words = [sys.executable, "-m", "aigc_studio", "generate", "gan-digits"]
        typed = seconds([*words, "--prompt", "3", "--seed", "4", "--out", out], variables)
        shown = first_picture(variables)
        if turn:
            torch.append(bare)
            shell.append(typed - bare)
            window.append(shown - bare)
    beside = Reference("a bare import torch", torch, TORCH)
    tell(row("`aigc-studio generate`, one digit, beyond it", shell, "s", bar=BAR, beside=beside))
    what = "start of the app to the first picture on the board, nothing warm, beyond it"
    tell(row(what, window, "s", bar=BAR, beside=beside, note=f"on {display.title}"))


def seconds(words: list[str], variables: dict[str, str]) -> float:
    """From before the process is made to its end."""
    began = time.perf_counter()
    subprocess.run(words, env=variables, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def first_picture(variables: dict[str, str]) -> float:
    """Start the app, press Generate as soon as that does something, and wait for the picture."""
    told = run_script(
        [sys.executable, str(HERE / "first_picture_window.py")],
        variables | {"AIGC_STUDIO_STARTED": repr(time.time())},
    )
    return float(told.splitlines()[-1])


if __name__ == "__main__":
    main()
