"""What the faces can do, on people and seeds that no model here has seen.

Parts that can be taken alone (`--only`): `repairs` (holes and scratches beside classical methods,
and how far four candidates differ), `drawing` (reconstruction, samples, copies), `attributes`,
`window` (times, and a large photograph), `size`, `training` (with `--train`).

    python tests/benchmarks/faces.py --only repairs --data photographs --model FOLDER --direct \\
        --home HOME --peers PYTHON
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from surroundings import enter, new_home

PARTS = ("repairs", "drawing", "attributes", "window", "size", "training")


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
    parser.add_argument("--data", nargs="+", choices=("photographs", "cartoon"), default=[])
    parser.add_argument(
        "--model", default="", help="a model's folder; else the one that came along"
    )
    parser.add_argument("--home", default="", help="a home folder that may have the packs already")
    parser.add_argument("--peers", default="", help="a Python with opencv and scikit-image in it")
    parser.add_argument("--reader", default="", help="what faces_reader.py made; knows attributes")
    parser.add_argument("--plain", type=float, default=0.0, help="minutes to train a plain VAE for")
    parser.add_argument(
        "--train", type=float, default=0.0, help="minutes to train cartoon anew for"
    )
    parser.add_argument("--count", type=int, default=200, help="held-out pictures at most")
    parser.add_argument("--masks", type=int, default=5, help="masks for each of them")
    parser.add_argument("--direct", action="store_true", help="ask the net, not the plugin's edit")
    parser.add_argument("--sheets", default="", help="a folder to put contact sheets into")
    parser.add_argument("--repeats", type=int, default=20, help="of each time in the window")
    return parser.parse_args()


def measure(arguments: argparse.Namespace) -> None:
    """Every part that is asked for."""
    if any(part in arguments.only for part in ("repairs", "drawing", "attributes", "training")):
        import faces_attributes
        import faces_drawing
        import faces_repairs
        import faces_training
        from faces_subjects import SUBJECTS, open_subject

        from aigc_studio.api import StudioError

        for name in arguments.data or SUBJECTS:
            try:
                subject = open_subject(name, arguments.model, arguments.count)
            except StudioError as error:
                sys.stderr.write(f"Nothing of {name} was measured: {error}\n")
                continue
            if "repairs" in arguments.only:
                faces_repairs.measure(subject, arguments)
            if "drawing" in arguments.only:
                faces_drawing.measure(subject, arguments)
            if "attributes" in arguments.only and subject.network.traits:
                faces_attributes.measure(subject, arguments.direct, arguments.reader)
            if "training" in arguments.only and name == "cartoon" and arguments.train:
                faces_training.measure(subject, arguments)
    if "size" in arguments.only:
        import faces_subjects

        faces_subjects.tell_size()
    if "window" in arguments.only:
        import faces_window

        faces_window.measure(arguments)
    left_out(arguments)


def left_out(arguments: argparse.Namespace) -> None:
    """Say which bars had nothing to stand beside."""
    if "repairs" in arguments.only and not arguments.peers:
        sys.stderr.write("No peers (--peers PYTHON): nothing stands beside the repairs.\n")
    if "drawing" in arguments.only and not arguments.plain:
        sys.stderr.write("No plain VAE (--plain MINUTES): the Fréchet distance has no bar.\n")
    if "training" in arguments.only and not arguments.train:
        sys.stderr.write("Nothing was trained anew (--train MINUTES).\n")


if __name__ == "__main__":
    main()
