"""How fast tunes are composed, and whether each has its bars: 16 warm, and 1,000 tunes."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from rows import Reference, row, tell
from surroundings import ROOT

METRES = ("2/4", "3/4", "4/4", "2/2", "6/8", "9/8", "12/8", "3/8", "5/4", "7/8")
COMPOSE, PRODUCTS = 200.0, 26.0
"""Milliseconds that 16 bars may take where bare products of the same size take so many."""
SHIPPED = ROOT / "resources" / "models" / "rnn-melody" / "fiddle"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--repeats", type=int, default=20)
    arguments = parser.parse_args()
    sys.path.append(str(ROOT / "plugins"))
    import torch

    torch.set_num_threads(1)
    seconds = [_compose(arguments.model, "6/8", 16, 1, n)[0] for n in range(arguments.repeats + 2)]
    bare = Reference("bare products", [_products() for _each in range(20)], PRODUCTS)
    values = [1000 * each for each in seconds[2:]]
    tell(row("melody: compose 16 bars, warm", values, bar=COMPOSE, beside=bare))
    exact, began = 0, time.perf_counter()
    for number, metre in enumerate(METRES):
        bars = 1 + 7 * number % 23
        exact += _compose(arguments.model, metre, bars, 100, 1000 * number)[1]
    took = time.perf_counter() - began
    tell(
        row("melody: complete of 1,000 tunes", [exact], "tunes", at_least=True),
        row("melody: tunes a second", [1000 / took], "tunes", at_least=True),
    )


def _products() -> float:
    """Milliseconds for two thousand products of the size of a state."""
    import numpy as np

    state, weight = np.ones((1, 320), np.float32), np.ones((320, 960), np.float32)
    began = time.perf_counter()
    for _each in range(2_000):
        np.tanh(state @ weight)
    return 1000 * (time.perf_counter() - began)


def _compose(model: Path, metre: str, bars: int, count: int, seed: int) -> tuple[float, int]:
    """Seconds, and how many tunes have exactly so many complete bars of the metre."""
    import rnn_melody
    from rnn_melody.composing.parameters import GenerateParameters

    from aigc_studio.api import Candidate, GenerateRequest, Melody

    wish = GenerateParameters.model_validate({"metre": metre, "bars": bars})
    request = GenerateRequest(
        operation="generate", model=model, count=count, seed=seed, parameters=wish
    )
    began = time.perf_counter()
    tunes = [
        each.artifact
        for each in rnn_melody.generate(request)
        if isinstance(each, Candidate) and isinstance(each.artifact, Melody)
    ]
    took = time.perf_counter() - began
    above, below = (int(each) for each in metre.split("/"))
    length = 480 * 4 * above // below * bars
    return took, sum(
        tune.bar_count == bars
        and tune.length == length
        and f"{tune.metres[0].numerator}/{tune.metres[0].denominator}" == metre
        and max((note.start + note.duration for note in tune.notes), default=0) <= length
        for tune in tunes
    )


if __name__ == "__main__":
    main()
