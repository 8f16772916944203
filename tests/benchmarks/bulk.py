"""Many digits from the shell: the net alone, PNG writing alone, and both as one command.

    python tests/benchmarks/bulk.py --count 10000 --repeats 3

Each round measures all four, one after the other, so that other work on the machine slows all of
them alike. What a command takes to start (torch, mostly) is measured and told apart.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from rows import Reference, row, tell
from surroundings import enter, environment, new_home

COMMAND = (sys.executable, "-m", "aigc_studio", "generate", "gan-digits", "--seed", "1")
FEW = 65
"""As few as the shell still counts as many: what a command costs beside its digits."""

NET_ALONE = 0.8
"""Milliseconds that the net alone takes for a digit where the bars were set."""

NET = """
import sys, time
from aigc_studio.api import Candidate, GenerateRequest
from aigc_studio.library import ModelStore
sys.path.append(sys.argv[1])
from gan_digits.generating import generate_pictures
model = ModelStore().list("gan-digits")[0].folder
draw = lambda count: sum(
    isinstance(event, Candidate)
    for event in generate_pictures(GenerateRequest(prompt="3", seed=1, count=count, model=model))
)
draw(64)
began = time.perf_counter()
draw(int(sys.argv[2]))
print(time.perf_counter() - began)
"""

WRITING = """
import argparse, sys, time
from pathlib import Path
from aigc_studio.api import Dataset
from aigc_studio.cli import results
from aigc_studio.project.provenance import Provenance
data, out = Dataset(Path(sys.argv[1]), None), Path(sys.argv[2])
pictures = [data[n].artifact for n in range(len(data))]
told = argparse.Namespace(no_label=False, no_prompt=False, enlarge=1.0, crisp=False)
out.mkdir()
began = time.perf_counter()
for seed, picture in enumerate(pictures):
    made = Provenance(medium="image", generator="gan-digits", prompt="3", seed=seed)
    results.write_result(picture, out / f"gan-digits-{seed}.png", made, told, durable=False)
print(time.perf_counter() - began)
"""


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home)
        rounds = [measure(home, arguments.count) for _n in range(arguments.repeats)]
    found = {what: [each[what] * 1000 / arguments.count for each in rounds] for what in rounds[0]}
    net = Reference("the net alone", found["the net alone"], NET_ALONE)
    for what, values in found.items():
        bar = 1.0 if what.startswith("into") else None
        beside = net if bar else None
        tell(row(f"a digit of {arguments.count:,}, {what}", values, bar=bar, beside=beside))


def measure(home: Path, count: int) -> dict[str, float]:
    """Seconds for `count` digits, each way."""
    plugins = str(Path(__file__).resolve().parents[2] / "plugins")
    out, data = home / "out", home / "data" / "datasets" / "made"
    found = {"the net alone": script(home, NET, plugins, str(count))}
    start = command(home, FEW, "--to-data", "few")
    whole = command(home, count, "--to-data", "made")
    found["into a dataset"] = whole - start
    found["PNG writing alone"] = script(home, WRITING, str(data), str(home / "png"))
    start = command(home, FEW, "--out", str(home / "few"))
    whole = command(home, count, "--out", str(out))
    found["into a folder"] = whole - start
    found["the whole command, into a folder"] = whole
    for folder in (out, home / "png", home / "few", data, data.parent / "few"):
        shutil.rmtree(folder)
    return found


def script(home: Path, code: str, *words: str) -> float:
    """What a script prints: its seconds."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=environment(home), stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    return float(done.stdout)


def command(home: Path, count: int, *place: str) -> float:
    """Seconds of one command from start to end."""
    words = [*COMMAND, "--prompt", "3", "--count", str(count), *place]
    began = time.perf_counter()
    subprocess.run(
        words, env=environment(home), check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
