"""Every hostile plugin, in the shell and in the real window: each hurts nobody but itself.

    python tests/soak/zoo.py                      # those in tests/plugins/bad
    python tests/soak/zoo.py --plugins FOLDER     # any others

After each: a documented exit status and one sentence in the shell, no traceback, the list of
plugins whole; in the window no long block, an error or a result, and a good job that works. Nothing
runs afterwards, and nothing is written outside the home.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from crew import abreast
from outcome import Outcome, status, tell
from places import ROOT, ZOO, add_plugins, environment, left_running, new_home, new_mark, script

ECHO = ROOT / "tests" / "plugins" / "echo.py"
LONG = 25.0
"""Seconds after which a person presses Ctrl+C."""
ENDS = 10.0
"""Seconds that the shell may take then."""
DOCUMENTED = {0, 1, 2, 130}
Faults = Callable[[Path, Path, str], list[str]]
FORBIDDEN = ("Traceback (most recent", "Something broke")


def main() -> int:
    """Try each, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugins", type=Path, default=ZOO)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--where", choices=["shell", "window", "both"], default="both")
    arguments = parser.parse_args()
    # In the background it may be ignored, and what is started here would ignore it as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    files = [
        each
        for each in sorted(arguments.plugins.iterdir())
        if (each.suffix == ".py" or (each / "__init__.py").is_file())
        and (not arguments.only or each.stem in arguments.only)
    ]
    outcomes = []
    if arguments.where != "window":
        outcomes.append(visit("hostile plugins in the shell", files, shell_faults))
    if arguments.where != "shell":
        outcomes.append(visit("hostile plugins in the window", files, window_faults))
    tell(*outcomes)
    return status(outcomes)


def visit(what: str, files: list[Path], faults_of: Faults) -> Outcome:
    """Try every plugin in a home of its own; what they wait for is others' time."""
    began, faults = time.monotonic(), list[str]()
    for file, found in zip(
        files, abreast(what, let_in, [(file, faults_of) for file in files]), strict=True
    ):
        faults += [f"{file.stem}: {each}" for each in found]
    return Outcome("zoo", what, len(files), time.monotonic() - began, tuple(faults))


def let_in(file: Path, faults_of: Faults) -> list[str]:
    """What is wrong with one plugin, and what it leaves."""
    mark = new_mark()
    with new_home() as home:
        add_plugins(home, file, ECHO)
        found = faults_of(file, home, mark)
        # Looked at before the home goes: what runs may still write there.
        return found + [f"left running: {each}" for each in left_running(mark)]


def shell_faults(file: Path, home: Path, mark: str) -> list[str]:
    """What is wrong when the plugin is listed, used for all that it offers, and echo after it."""
    faults: list[str] = []
    listed = command(home, mark, "plugins", "list", "--json")
    faults += problems("plugins list", listed)
    try:
        document = json.loads(listed.stdout)
        records = document["plugins"] if isinstance(document, dict) else document
    except (ValueError, KeyError):
        return [*faults, "plugins list is not JSON"]
    names = {str(each.get("id") or each.get("name")) for each in records}
    if "echo" not in names:
        faults.append(f"plugins list hides others: {sorted(names)}")
    for generator in sorted(names - {"echo"}):
        if generator.startswith("gan-"):
            continue
        words = ["--prompt", "x", "--count", "1", "--out", str(home / "out")]
        faults += problems(
            f"generate {generator}", command(home, mark, "generate", generator, *words)
        )
    again = command(home, mark, "generate", "echo", "--prompt", "x", "--out", str(home / "good"))
    if again.returncode:
        faults.append(f"echo after it ended with {again.returncode}: {again.stderr[-200:]}")
    return faults


def command(home: Path, mark: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command; Ctrl+C after a while, and it must end soon."""
    child = subprocess.Popen(
        [sys.executable, "-m", "aigc_studio", *words], env=environment(home, mark), text=True,
        errors="replace", stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        out, errors = child.communicate(timeout=LONG)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGINT)
        try:
            out, errors = child.communicate(timeout=ENDS)
        except subprocess.TimeoutExpired:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            return subprocess.CompletedProcess(words, 999, "", "did not end after Ctrl+C")
    return subprocess.CompletedProcess(words, child.returncode, out, errors)


def problems(what: str, done: subprocess.CompletedProcess[str]) -> list[str]:
    """What is not as documented about a command that has ended."""
    found = []
    if done.returncode not in DOCUMENTED:
        found.append(f"{what} ended with {done.returncode}: {done.stderr[-200:]}")
    found += [f"{what} says “{each}”: {done.stderr[-300:]}" for each in FORBIDDEN
              if each in done.stderr]  # fmt: skip
    if done.returncode == 1 and not done.stderr.strip():
        found.append(f"{what} failed without a word")
    return found


def window_faults(file: Path, home: Path, mark: str) -> list[str]:
    """What is wrong when it is used in the real window, which a process of its own drives."""
    try:
        done = subprocess.run(
            script("zoo_window", home), env=environment(home, mark), text=True, errors="replace",
            capture_output=True, timeout=150, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return ["the window did not end"]
    if done.returncode:
        return [f"the window ended with {done.returncode}: {done.stderr[-300:]}"]
    found = [f"the window says “{each}”" for each in FORBIDDEN if each in done.stderr]
    lines = done.stdout.strip().splitlines()
    return found + (json.loads(lines[-1]) if lines else ["the window said nothing"])


if __name__ == "__main__":
    sys.exit(main())
