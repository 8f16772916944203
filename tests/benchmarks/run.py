"""`make bench`: measures what the studio promises and writes docs/benchmarks.md.

Each measurement is a script of its own that can be run alone. Ends with status 1 when a bar is
missed, and says which. Takes about a quarter of an hour; nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

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
    "large_board": (),
    "many_candidates": (),
    "long_media": (),
    "large_edit": (),
    "large_files": (),
    "explaining": (),
}
PEERS_ONLY = ("napari_brush",)
PATIENCE = 1800.0
REMARK = (
    "Times are taken in the real window with real workers, on a virtual display or none. "
    "`p95` is the time that 95 of 100 did not exceed; the bar is for the median unless it says "
    "otherwise. Run one alone: `python tests/benchmarks/brush.py`."
)


def main() -> int:
    """Measure what is asked for; 1 when a bar is missed, 2 when a measurement broke."""
    arguments = parse()
    wanted = [name for name in arguments.only or SPEED if name not in arguments.skip]
    load = machine.load()
    if load > 0.5:
        sys.stderr.write(f"Other work runs here (load {load:.1f}): the figures will be worse.\n")
    rows: list[Row] = []
    broken = []
    for name in wanted:
        if name in PEERS_ONLY and not arguments.napari:
            continue
        found = measure(name, arguments)
        rows += found
        if not found:
            broken.append(name)
    missed = [each for each in rows if each.met is False]
    if arguments.only:
        sys.stdout.write(report.table(rows))
    elif not broken:
        remark = " ".join([REMARK, *left_out(arguments)])
        report.write({"speed": report.part("speed", report.table(rows), load, remark)})
        sys.stderr.write("Written: docs/benchmarks.md\n")
    for each in missed:
        ratio = "" if each.ratio is None else f", {each.ratio:.2f} × {each.reference}"
        said = f"{each.what}: {figures_of(each)}{ratio}, bar {report.bar_of(each)}"
        sys.stderr.write(f"MISSED: {said}\n")
    for name in broken:
        sys.stderr.write(f"BROKEN: {name}.py; nothing was written\n")
    return 2 if broken else 1 if missed else 0


def left_out(arguments: argparse.Namespace) -> list[str]:
    """What a reader must know of a run that was not the whole one."""
    told = ["Taken with few repeats (`--quick`)."] if arguments.quick else []
    missing = [*arguments.skip, *([] if arguments.napari else PEERS_ONLY)]
    return told + ([f"Not measured in this run: {', '.join(missing)}."] if missing else [])


def parse() -> argparse.Namespace:
    """What to measure, and with what beside it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(SPEED), help="measure these, print them")
    parser.add_argument("--skip", nargs="+", choices=list(SPEED), default=[], help="all but these")
    parser.add_argument("--quick", action="store_true", help="few repeats, to try the scripts")
    parser.add_argument(
        "--napari",
        default=os.environ.get("AIGC_BENCH_NAPARI", ""),
        help="a Python with napari in it, to measure beside the studio",
    )
    return parser.parse_args()


def measure(name: str, arguments: argparse.Namespace) -> list[Row]:
    """Run a script to its end and read its rows; none when it broke."""
    words = [sys.executable, str(HERE / f"{name}.py")]
    if "--napari" in SPEED[name] and arguments.napari:
        words += ["--napari", arguments.napari]
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


if __name__ == "__main__":
    sys.exit(main())
