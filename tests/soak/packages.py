"""Plugins that come, go and change at the worst moment: nothing half is left, and work goes on.

    python tests/soak/packages.py --count 40 --seed 1

Half of the attacks kill a `plugins install` or `plugins remove` in the shell: what is installed is
then as it was before or as it was wanted, whole, and the next one works. A quarter rewrites the
file of a plugin while it trains: the training ends as one that was left alone. A quarter rewrites
the file of a plugin that a window watches (`plugins dev`): it shows the last text at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from outcome import Outcome, status, tell
from places import ROOT, environment, left_running, new_home, new_mark, script

sys.path.insert(0, str(ROOT / "tests"))

NAME = "aigc-shouter"
VERSIONS = ("1.0", "2.0")
PATIENCE = 240.0
LINES = 400
"""Texts that the training counts; it takes a moment for each."""


def main() -> int:
    """Attack, look, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    some = max(arguments.count // 4, 1)
    parts: tuple[Callable[[], Outcome], ...] = (
        lambda: kill_installs(max(arguments.count - 2 * some, 1), chance),
        lambda: replace_trained(some, chance),
        lambda: rewrite_watched(some, chance),
    )
    outcomes: list[Outcome] = []
    for part in parts:
        outcomes.append(part())
        tell(outcomes[-1])
    return status(outcomes)


# Packages


def kill_installs(count: int, chance: random.Random) -> Outcome:
    """Install, bring up to date and remove one package, and kill most of it at some moment."""
    from wheels import plugin_wheel

    began, faults, whole = time.monotonic(), list[str](), 0
    with new_home() as home:
        wheels = {each: plugin_wheel(home / "shelf", NAME, each) for each in VERSIONS}
        for number in range(count):
            before = installed(home)
            wanted = chance.choice(["", *VERSIONS]) if before else chance.choice(VERSIONS)
            words = ["install", str(wheels[wanted]), "--yes"] if wanted else ["remove", NAME]
            killed, left = command(home, words, chance.uniform(0.2, 8.0))
            whole += not killed
            found = [f"left running: {each}" for each in left]
            found += [*half_made(home)]
            now = installed(home)
            if now not in ((before, wanted) if killed else (wanted,)):
                found.append(f"{before or 'none'} became {now or 'none'}, not {wanted or 'none'}")
            faults += [f"{number} ({' '.join(words[:1])}): {each}" for each in found]
        faults += swept(home, str(wheels[VERSIONS[0]]))
    note = f"{whole} of them came to their end before"
    what = "kill -9 of plugins install and remove"
    return Outcome("packages", what, count, time.monotonic() - began, tuple(faults), note)


def command(home: Path, words: list[str], seconds: float) -> tuple[bool, list[str]]:
    """Run `plugins` so long, then kill it: whether it was killed, and what it left running."""
    mark = new_mark()
    child = subprocess.Popen(
        [sys.executable, "-m", "aigc_studio", "plugins", *words],
        env=environment(home, mark, PIP_NO_INDEX="1"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
    return child.wait() != 0, left_running(mark)


def packages(home: Path) -> Path:
    """Where packages of plugins lie."""
    return home / "data" / "installed"


def installed(home: Path) -> str:
    """The version that is installed, or nothing."""
    found = sorted((packages(home) / NAME).glob("*.dist-info"))
    return found[-1].name.removesuffix(".dist-info").rpartition("-")[2] if found else ""


def half_made(home: Path) -> Iterator[str]:
    """What is seen of packages that is not a whole one."""
    folder = packages(home)
    for each in folder.iterdir() if folder.is_dir() else ():
        if each.name.startswith("."):
            continue
        about = list(each.glob("*.dist-info"))
        if each.name != NAME or len(about) != 1:
            yield f"{each.name} holds {len(about)} packages"
            continue
        record = about[0] / "RECORD"
        rows = csv.reader(record.read_text("utf-8").splitlines()) if record.is_file() else [["-"]]
        for row in rows:
            if not (each / row[0]).exists():
                yield f"{row[0]} of {each.name} is missing"


def swept(home: Path, wheel: str) -> Iterator[str]:
    """One that nobody kills must work, and take away what the killed ones left."""
    killed, left = command(home, ["install", wheel, "--yes"], PATIENCE)
    yield from (f"left running at the end: {each}" for each in left)
    if killed or installed(home) != VERSIONS[0]:
        yield "an installation that nobody killed did not work"
    for each in packages(home).iterdir():
        if each.name.startswith((".run-", ".former-")):
            yield f"{each.name} was left behind"


# Files


def replace_trained(count: int, chance: random.Random) -> Outcome:
    """Rewrite a plugin's file while it trains; its model is the one of a training left alone."""
    began, faults, written = time.monotonic(), list[str](), 0
    with new_home() as home:
        texts(home)
        code = slow_counts()
        file = home / "data" / "plugins" / "counts.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, "utf-8")
        train(home, "alone", lambda: None)
        for number in range(count):
            rewrites: list[int] = []
            name = f"replaced {number}"
            found = train(home, name, lambda: rewrites.append(rewrite(file, code, chance)))  # noqa: B023
            written += len(rewrites)
            file.write_text(code, "utf-8")
            if not found and model(home, name) != model(home, "alone"):
                found = ["its model is another one" if model(home, name) else "there is no model"]
            faults += [f"training {number}: {each}" for each in found]
    note = f"{written} times written"
    what = "a plugin's file rewritten while it trains"
    return Outcome("packages", what, count, time.monotonic() - began, tuple(faults), note)


def texts(home: Path) -> None:
    """A dataset of short texts, named `texts`."""
    from aigc_studio.api import Text
    from aigc_studio.testing import write_dataset

    made = [Text(f"text {number}: " + "abcab" * (number % 7)) for number in range(LINES)]
    write_dataset(home / "data" / "datasets" / "texts", made, [""] * LINES, "text")


def slow_counts() -> str:
    """The toy plugin that counts letters, taking a moment for each text."""
    code = (ROOT / "tests" / "plugins" / "counts.py").read_text("utf-8")
    line = "        text = example.artifact\n"
    assert line in code
    return code.replace(line, f"        time.sleep(0.02)\n{line}").replace(
        "import random\n", "import random\nimport time\n"
    )


def train(home: Path, name: str, meanwhile: Callable[[], object]) -> list[str]:
    """Train to the end, doing something meanwhile; what was wrong."""
    mark, log, former = new_mark(), home / "training.log", begun(home)
    words = ["train", "counts", "--data", "texts", "--seed", "3", "--out", name]
    with log.open("wb") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "aigc_studio", *words], env=environment(home, mark),
            stdout=subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip
        due = time.monotonic() + PATIENCE
        while child.poll() is None and time.monotonic() < due:
            # Once it has begun to learn: before, another plugin might be what is trained.
            if begun(home) != former:
                meanwhile()
            time.sleep(0.05)
        child.kill()
    faults = [f"left running: {each}" for each in left_running(mark)]
    if child.wait():
        faults.append(f"ended with {child.returncode}: {log.read_text('utf-8', 'replace')[-300:]}")
    return faults


def begun(home: Path) -> set[Path]:
    """The trainings that have learnt something."""
    return set((home / "data" / "jobs").glob("*/work/models"))


def model(home: Path, name: str) -> bytes:
    """What a model knows, or nothing."""
    file = home / "data" / "models" / name / "model.json"
    return file.read_bytes() if file.is_file() else b""


def rewrite(file: Path, code: str, chance: random.Random) -> int:
    """Write the file as an editor may leave it for a moment: whole, cut off, empty, or gone."""
    kind = chance.choice(["whole", "cut", "empty", "gone", "raises", "other"])
    if kind == "gone":
        with contextlib.suppress(FileNotFoundError):
            file.unlink()
    else:
        text = {
            "whole": code,
            "cut": code[: chance.randrange(len(code))],
            "empty": "",
            "raises": code + "\nraise RuntimeError('no')\n",
            "other": code + f"\n# {chance.random()}\n",
        }[kind]
        file.write_text(text, "utf-8")
    return 1


def rewrite_watched(count: int, chance: random.Random) -> Outcome:
    """Rewrite the file of a plugin that a window watches; the window shows the last text."""
    began, faults = time.monotonic(), list[str]()
    code = (ROOT / "tests" / "plugins" / "echo.py").read_text("utf-8")
    with new_home() as home:
        file = home / "echo.py"
        file.write_text(code, "utf-8")
        mark, log = new_mark(), home / "window.log"
        with log.open("wb") as errors:
            child = subprocess.Popen(
                script("watched", file), env=environment(home, mark, PYTHONDONTWRITEBYTECODE="1"),
                stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip
            try:
                for number in range(count):
                    for _n in range(chance.randint(1, 12)):
                        rewrite(file, code, chance)
                        time.sleep(chance.uniform(0, 0.4))
                    title = f"Echo {number}"
                    file.write_text(code.replace('"Echo"', f'"{title}"'), "utf-8")
                    faults += shown(child, title, number)
            finally:
                child.kill()
                child.wait()
        faults += [f"left running: {each}" for each in left_running(mark)]
    what = "a plugin's file rewritten while a window watches it"
    return Outcome("packages", what, count, time.monotonic() - began, tuple(faults))


def shown(child: subprocess.Popen[str], title: str, number: int) -> Iterator[str]:
    """Read what the window says until it has the plugin with this title."""
    assert child.stdout is not None
    due = time.monotonic() + PATIENCE
    for line in child.stdout:
        if line.startswith("broken"):
            yield f"round {number}: {line.strip()}"
        if line.strip() == f"at ready {title}":
            return
        if time.monotonic() > due:
            yield f"round {number}: {title} was not shown"
            return
    yield f"round {number}: the window ended"


if __name__ == "__main__":
    sys.exit(main())
