"""A text of 200 MB comes in: seconds beside reading, decoding and hashing it plainly, and memory.

Each runs in a process of its own, so that memory is told apart.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

from rows import Reference, row, tell
from surroundings import environment, new_home

BYTES = 200_000_000
SECONDS = 60.0
MEGABYTES = 100.0
"""Half of the text: below that it was not held in memory."""
BARE = 1.0
"""Seconds that reading, decoding and hashing took on the machine where the bars were set."""

READ = """
import hashlib, json, sys, time
from pathlib import Path
from aigc_studio.library import DatasetStore
from aigc_studio.library.options import ImportOptions
path, who = Path(sys.argv[1]), sys.argv[2]

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)

def bare():
    hashlib.sha256(path.read_bytes().decode().encode()).hexdigest()
    return 1

def studio():
    store = DatasetStore()
    small = path.with_name("small.txt")
    small.write_text("One. Two. " * 400)
    list(store.import_files(small, "small", "text"))  # what is loaded once is no part of it
    global before, began
    before, began = peak(), time.perf_counter()
    return sum(1 for _step in store.import_files(path, "long", "text", ImportOptions()))

before, began = peak(), time.perf_counter()
steps = (bare if who == "bare" else studio)()
print(json.dumps([time.perf_counter() - began, peak() - before, steps]))
"""


def main() -> None:
    """Make the text, measure, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    with new_home() as home:
        path = home / "long.txt"
        write_text(path, BYTES)
        bare = [measure(home / f"bare{n}", path, "bare") for n in range(repeats)]
        found = [measure(home / f"studio{n}", path, "studio") for n in range(repeats)]
    beside = Reference("read, decoded, hashed", [each[0] for each in bare], BARE)
    seconds = [each[0] for each in found]
    tell(row("200 MB of text imported", seconds, "s", bar=SECONDS, beside=beside))
    held = [each[1] for each in found]
    tell(row("200 MB of text: memory above", held, "MB", bar=MEGABYTES, judged="worst"))
    told = [float(each[2]) for each in found]
    tell(row("200 MB of text: steps told", told, "steps", bar=100.0, at_least=True))


def measure(home: Path, path: Path, who: str) -> tuple[float, float, int]:
    """Seconds, megabytes and steps of one reading in a process and a home of its own."""
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), who],
        env=environment(home), stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    seconds, megabytes, steps = json.loads(done.stdout)
    return float(seconds), float(megabytes), int(steps)


def write_text(path: Path, size: int) -> None:
    """So many bytes of made-up words in paragraphs, in two scripts."""
    chance = random.Random(1)
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _n in range(5000)]
    written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            told = (" ".join(chance.choices(words, k=300)).capitalize() for _n in range(200))
            part = "".join(f"{each}. “天地玄黄”\n\n" for each in told)
            written += len(part.encode())
            file.write(part)


if __name__ == "__main__":
    main()
