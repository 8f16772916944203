"""How fast copies are found: in a megabyte, and in 200 without holding them in memory."""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from pathlib import Path

from rows import Reference, row, tell

WORDS = 4_000
_LETTERS = "etaoinshrdlucmfwyp"
MEGABYTE, MANY = 1_000_000, 200
SECOND, USUAL = 0.5, 0.0009
"""A megabyte was searched in 0.07 s where encoding it took 0.9 ms."""
MEMORY = 200.0


def measure(arguments: argparse.Namespace) -> None:
    """Three rows."""
    from aigc_studio.api import Dataset, Text
    from aigc_studio.testing import write_dataset
    from aigc_studio.toolkit.sequences import find_copies

    source = random.Random(1)
    text = _words(source, MEGABYTE)
    wanted = text[5_000:5_300] + _words(source, 1_400) + text[90_000:90_300]
    with tempfile.TemporaryDirectory() as folder:
        small = Dataset(write_dataset(Path(folder) / "small", [Text(text)]))
        times, bare = list[float](), list[float]()
        for _n in range(arguments.repeats):
            began = time.perf_counter()
            for _progress in find_copies(wanted, small, 24):
                pass
            times.append(time.perf_counter() - began)
            began = time.perf_counter()
            text.encode("utf-32-le")
            bare.append(time.perf_counter() - began)
        beside = Reference("encoding it", bare, USUAL)
        what = "copies of 2,000 characters found in a megabyte"
        tell(row(what, times, "s", bar=SECOND, beside=beside))
        parts = [Text(_words(source, MEGABYTE)) for _n in range(MANY // 20)] * 20
        large = Dataset(write_dataset(Path(folder) / "large", parts))
        del parts
        before, began = _peak(), time.perf_counter()
        for _progress in find_copies(wanted, large, 24):
            pass
        tell(
            row(f"the same in {MANY} MB", [time.perf_counter() - began], "s"),
            row("· memory above what was there", [_peak() - before], "MB", bar=MEMORY),
        )


def _words(source: random.Random, length: int) -> str:
    words = ["".join(source.choices(_LETTERS, k=source.randint(2, 9))) for _n in range(WORDS)]
    text = " ".join(source.choices(words, k=length // 5))
    return text[:length]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
