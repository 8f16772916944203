"""What the tunes can do, on tunes that no model here has seen.

Parts that can be taken alone (`--only`): `loss` (beside a Markov chain and a unigram on the same
events and conditions), `bars` (as many as asked, each whole, in all metres), `copied` (runs of
intervals shared with what was learnt, and what real tunes share), `likeness` (histograms, key,
range, form, variety beside real tunes), `training` (a model anew; with `--train` so many minutes),
`size`.

    python tests/benchmarks/melody.py --home FOLDER --only loss copied

`--home` is a home folder that has the sample pack of fiddle tunes. What is not there is left out,
and said.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from surroundings import enter, new_home

PARTS = ("loss", "bars", "copied", "likeness", "training", "size")


def main() -> None:
    """Measure and tell."""
    arguments = parse()
    with contextlib.ExitStack() as stack:
        home = Path(arguments.home).absolute() if arguments.home else None
        enter(home if home is not None else stack.enter_context(new_home()))
        measure(arguments)


def parse() -> argparse.Namespace:
    """What to measure, on what."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--home", default="", help="a home folder that may have the dataset")
    parser.add_argument(
        "--model", default="", help="a model's folder; else the one that came along"
    )
    parser.add_argument("--train", type=float, default=0.0, help="minutes to train anew for")
    parser.add_argument("--threads", type=int, default=0, help="0: as the toolkit chooses")
    parser.add_argument("--tunes", type=int, default=1_000, help="tunes to count the bars of")
    parser.add_argument("--repeats", type=int, default=5)
    return parser.parse_args()


def measure(arguments: argparse.Namespace) -> None:
    """Every part that is asked for."""
    import melody_models
    import melody_samples

    steps = {
        "loss": melody_models.loss,
        "bars": melody_samples.bars,
        "copied": melody_samples.copied,
        "likeness": melody_samples.likeness,
        "training": melody_models.training,
        "size": melody_models.size,
    }
    for part in arguments.only:
        try:
            steps[part](arguments)
        except FileNotFoundError as missing:
            sys.stderr.write(f"melody, {part}: left out, as {missing}\n")


if __name__ == "__main__":
    main()
