"""What the texts can do, on texts that no model here has seen.

Parts that can be taken alone (`--only`): `tang` (beside a Kneser-Ney 4-gram on the same data, and
its poems), `shakespeare` (the shipped model on plays held out for good), `training` (tiny
Shakespeare beside nanoGPT's recipe for a CPU in equal time; with `--train` so many minutes),
`rewriting` (by judges that did not rewrite), `copies` (how fast they are found), `size`.

    NANOGPT=FOLDER python tests/benchmarks/text.py --only training --texts FOLDER --train 10

`--home` is a home folder that has the sample packs of Tang poems and of Shakespeare; `--texts` a
folder with `tinyshakespeare.txt` or `.txt.gz`. What is not there is left out, and said.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path

from surroundings import enter, new_home

PARTS = ("tang", "shakespeare", "rewriting", "training", "copies", "size")


def main() -> None:
    """Measure and tell."""
    arguments = parse()
    with contextlib.ExitStack() as stack:
        home = Path(arguments.home).absolute() if arguments.home else None
        enter(home if home is not None else stack.enter_context(new_home()))
        measure(arguments)


def parse() -> argparse.Namespace:
    """What to measure, on what, beside what."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--home", default="", help="a home folder that may have the datasets")
    parser.add_argument("--texts", default="", help="a folder with tiny Shakespeare")
    parser.add_argument("--nanogpt", default=os.environ.get("NANOGPT", ""), help="a checkout of it")
    parser.add_argument("--seconds", type=float, default=85.0, help="without nanoGPT beside it")
    parser.add_argument("--train", type=float, default=0.0, help="minutes of the long training")
    parser.add_argument("--tang", default="", help="a model's folder; else the one that came along")
    parser.add_argument("--shakespeare", default="", help="the same")
    parser.add_argument("--judge", type=float, default=3.0, help="minutes to train an LSTM for")
    parser.add_argument("--poems", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=5)
    return parser.parse_args()


def measure(arguments: argparse.Namespace) -> None:
    """Every part that is asked for."""
    import text_copies
    import text_models
    import text_rewriting
    import text_training

    steps = {
        "tang": text_models.tang,
        "shakespeare": text_models.shakespeare,
        "rewriting": text_rewriting.shipped,
        "training": text_training.measure,
        "copies": text_copies.measure,
        "size": text_models.size,
    }
    for part in arguments.only:
        try:
            steps[part](arguments)
        except FileNotFoundError as missing:
            sys.stderr.write(f"text, {part}: left out, as {missing}\n")


if __name__ == "__main__":
    main()
