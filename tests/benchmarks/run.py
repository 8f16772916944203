"""`make bench`: measures what the studio promises and writes docs/benchmarks.md, part by part.

Each measurement is a script of its own that can be run alone. Ends with status 1 when a bar is
missed, and says which. Takes about a quarter of an hour; nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

import machine
import report
from rows import Row, figures_of, read
from surroundings import HERE

SPEED = {
    "first_paint": ("--napari",),
    "first_results": (),
    "memory": (),
    "brush": (),
    "napari_brush": ("--napari",),
    "blocks": (),
    "generating": (),
    "growing": (),
    "bulk": (),
    "cancelling": (),
    "reloading": (),
    "large_board": (),
    "many_candidates": (),
    "long_media": (),
    "large_edit": (),
    "large_files": (),
    "text_import": (),
    "explaining": (),
}
FACES: dict[str, dict[str, tuple[str, ...]]] = {
    "faces": {"faces_repairs": ("--peers", "--home"), "faces_size": ()},
    "attributes": {"faces_attributes": ("--home", "--reader")},
    "drawings": {"faces_drawing": ("--plain", "--home"), "faces_training": ("--train", "--home")},
    "faces_window": {"faces_window": ("--home",)},
}
"""By part of the report, what `faces.py --only` takes; `--plain` and `--train` take minutes."""
TEXT = {
    name: words
    for name, words in {
        "text": ("--home", "--texts", "--nanogpt", "--train"),
        "text_speed": (),
        "translation": (),
    }.items()
    if (HERE / f"{name}.py").is_file()
}
"""The texts, a part as well; what `text` needs and is not there is left out, and said."""
MELODY = {
    name: words
    for name, words in {
        "melody": ("--home", "--train"),
        "melody_speed": (),
        "melody_bars": ("--home",),
        "sound": (),
        "playing": (),
        "rolls": (),
    }.items()
    if (HERE / f"{name}.py").is_file()
}
"""The tunes: models, sound, and how they are drawn and played."""
STYLE: dict[str, tuple[str, ...]] = {"style_transfer": ()}
"""The example plugin that paints."""
OF = {
    **dict.fromkeys(SPEED, "speed"),
    **{name: part for part, scripts in FACES.items() for name in scripts},
    **dict.fromkeys(TEXT, "text"),
    **dict.fromkeys(MELODY, "melody"),
    **dict.fromkeys(STYLE, "style"),
}
"""In which part of the report the rows of a measurement stand."""
ALL = SPEED | {k: v for each in FACES.values() for k, v in each.items()} | TEXT | MELODY | STYLE
PEERS_ONLY = ("napari_brush",)
PATIENCE = 3600.0
REMARK = (
    "Times are taken in the real window with real workers, on a virtual display or none. "
    "`p95` is the time that 95 of 100 did not exceed; the bar is for the median unless it says "
    "otherwise. Run one alone: `python tests/benchmarks/brush.py`."
)
FACES_REMARK = (
    "Held-out people and seeds that no model here has seen. Same pictures, same masks, one run: "
    "`python tests/benchmarks/faces.py --help`. PSNR is taken inside the hole, SSIM over the whole "
    "picture; figures are means over all pictures and masks."
)

TEXT_REMARK = (
    "Texts that no model here has learnt from; what stands beside a figure was measured in the "
    "same run: `python tests/benchmarks/text.py --help`."
)

MELODY_REMARK = (
    "Tunes of families that no model here has learnt from; what stands beside a figure was "
    "measured in the same run: `python tests/benchmarks/melody.py --help`."
)
STYLE_REMARK = (
    "Six pairs that the example plugin was not tried on. Other patches, scales and projections "
    "than it uses: `python tests/benchmarks/style_transfer.py --help`."
)

REMARKS = {
    **dict.fromkeys(FACES, FACES_REMARK),
    "text": TEXT_REMARK,
    "melody": MELODY_REMARK,
    "style": STYLE_REMARK,
}
PARTS = ("speed", *REMARKS)
"""The parts of the report."""

CHOSEN = (
    ("--napari", "AIGC_BENCH_NAPARI", "a Python with napari in it, to measure beside the studio"),
    ("--peers", "AIGC_BENCH_PEERS", "a Python with opencv and scikit-image, for classical repairs"),
    ("--plain", "AIGC_BENCH_PLAIN", "minutes to train a plain VAE for, beside the shipped models"),
    ("--train", "AIGC_BENCH_TRAIN", "minutes to train the cartoon model anew for"),
    ("--home", "AIGC_BENCH_HOME", "a home folder that may have the sample packs already"),
    ("--reader", "AIGC_BENCH_READER", "what `faces_reader.py` made: knows attributes of faces"),
    ("--texts", "AIGC_BENCH_TEXTS", "a folder with tinyshakespeare.txt, to train on"),
    ("--nanogpt", "NANOGPT", "a checkout of nanoGPT, to train beside the text generator"),
)
"""Words of a script that `make bench` can be told by a variable."""


def main() -> int:
    """Measure what is asked for; 1 when a bar is missed, 2 when a measurement broke."""
    arguments = parse()
    wanted = [name for name in arguments.only or ALL if name not in arguments.skip]
    wanted = [name for name in wanted if OF[name] in (arguments.part or PARTS)]
    if not arguments.napari:
        wanted = [name for name in wanted if name not in PEERS_ONLY]
    load = machine.load()
    if load > 0.5:
        sys.stderr.write(f"Other work runs here (load {load:.1f}): the figures will be worse.\n")
    taken: list[Row] = []
    broken: list[str] = []
    for part in PARTS:
        rows, failed = measure_part([name for name in wanted if OF[name] == part], arguments)
        if rows and not failed and not arguments.only:  # what comes after may take long, or break
            write(part, rows, load, arguments)
        taken += rows
        broken += failed
    if arguments.only:
        sys.stdout.write(report.table(taken))
    missed = [each for each in taken if each.met is False]
    for each in missed:
        ratio = "" if each.ratio is None else f", {each.ratio:.2f} × {each.reference}"
        said = f"{each.what}: {figures_of(each)}{ratio}, bar {report.bar_of(each)}"
        sys.stderr.write(f"MISSED: {said}\n")
    for name in broken:
        sys.stderr.write(f"BROKEN: {name}.py; the part {OF[name]} stays as it was\n")
    return 2 if broken else 1 if missed else 0


def measure_part(
    names: Sequence[str], arguments: argparse.Namespace
) -> tuple[list[Row], Sequence[str]]:
    """The rows of these scripts, and those of them that broke."""
    found = {name: measure(name, arguments) for name in names}
    rows = [row for each in found.values() for row in each]
    return rows, [name for name in names if not found[name]]


def write(part: str, rows: Sequence[Row], load: float, arguments: argparse.Namespace) -> None:
    """Put what was measured into docs/benchmarks.md; the other parts stay as they were."""
    remark = " ".join([REMARK, *left_out(arguments)]) if part == "speed" else REMARKS[part]
    report.write({part: report.part(part, report.table(rows), load, remark)})
    sys.stderr.write(f"Written: docs/benchmarks.md, {part}\n")


def left_out(arguments: argparse.Namespace) -> list[str]:
    """What a reader must know of a run that was not the whole one."""
    told = ["Taken with few repeats (`--quick`)."] if arguments.quick else []
    missing = [name for name in arguments.skip if OF[name] == "speed"]
    missing += [] if arguments.napari else PEERS_ONLY
    return told + ([f"Not measured in this run: {', '.join(missing)}."] if missing else [])


def parse() -> argparse.Namespace:
    """What to measure, and with what beside it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(ALL), help="measure these, print them")
    parser.add_argument("--skip", nargs="+", choices=list(ALL), default=[], help="all but these")
    parser.add_argument("--part", nargs="+", choices=PARTS, help="write these parts of the report")
    parser.add_argument("--quick", action="store_true", help="few repeats, to try the scripts")
    for name, variable, help in CHOSEN:
        parser.add_argument(name, default=os.environ.get(variable, ""), help=help)
    return parser.parse_args()


def measure(name: str, arguments: argparse.Namespace) -> list[Row]:
    """Run a script to its end and read its rows; none when it broke."""
    words = [sys.executable, *command(name)]
    for word in ALL[name]:
        if value := getattr(arguments, word.removeprefix("--")):
            words += [word, value]
    if arguments.quick:
        words += ["--events", "100"] if name.endswith("brush") else ["--repeats", "3"]
    sys.stderr.write(f"{name} …\n")
    try:
        done = subprocess.run(
            words, stdout=subprocess.PIPE, timeout=PATIENCE, check=False, text=True
        )
    except subprocess.TimeoutExpired:
        return []
    return [] if done.returncode else read(done.stdout)


def command(name: str) -> list[str]:
    """The script of a measurement, and which part of it is meant."""
    if OF[name] in FACES:
        return [str(HERE / "faces.py"), "--only", name.removeprefix("faces_")]
    return [str(HERE / f"{name}.py")]


if __name__ == "__main__":
    sys.exit(main())
