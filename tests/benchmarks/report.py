"""docs/benchmarks.md: made of parts that each measurement writes anew; the others are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import machine
from rows import Row, figures_of, number
from surroundings import ROOT

FILE = ROOT / "docs" / "benchmarks.md"
ORDER = (
    "speed",
    "quality",
    "faces",
    "attributes",
    "drawings",
    "faces_window",
    "text",
    "melody",
    "style",
    "tests",
)
TITLES = {
    "speed": "Speed",
    "quality": "Quality of the model that comes along",
    "faces": "Faces: repairs, and the size of the models",
    "attributes": "Faces: attributes",
    "drawings": "Faces: what comes back, what is drawn, what ten minutes learn",
    "faces_window": "Faces in the window",
    "text": "Texts",
    "melody": "Tunes: models, sound, playing",
    "style": "Style transfer, an example plugin",
    "tests": "Tests",
}
_HEAD = """# Benchmarks

Written by `make bench`; do not edit. A bar is set beside a reference, something bare that does work
of the same kind and was measured in the same run: `≤ 3.2 × (0.4 s at 0.125)` says at most 3.2 times
the reference, which is 0.4 s on a machine where that takes 0.125. So the machine decides nothing.
Bars without a reference are for what does not depend on the machine. Peers were measured in the
same run, first paints in turns.
"""
_part = re.compile(r"<!-- part (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table; peers stand under what they are compared with."""
    heads = ["what", "bar", "measured", "times", "the reference, in this run", "ratio", "met"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for each in rows:
        what = f"· *peer:* {each.what}" if each.peer else each.what
        note = f" ({each.note})" if each.note else ""
        beside = f"{each.reference}: {number(each.beside)} {each.unit}" if each.reference else ""
        ratio = "" if each.ratio is None else f"{number(each.ratio)} ×"
        cells = [what + note, bar_of(each), figures_of(each), str(each.count)]
        cells += [beside, ratio, _verdict(each)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def bar_of(each: Row) -> str:
    """`p95 ≤ 50 ms`, `p95 ≤ 2.5 × (50 ms at 20)` beside a reference, or nothing."""
    if each.bar is None:
        return ""
    figure = "" if each.judged == "median" else f"{each.judged} "
    plain = f"{number(each.bar)} {each.unit}".rstrip()
    if each.most is None:
        return f"{figure}{'≥' if each.at_least else '≤'} {plain}"
    return f"{figure}≤ {number(each.most)} × ({plain} at {number(each.usual)})"


def taken(load: float) -> str:
    """Where and when, for a part: the machine, how busy it was before, the day."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    return f"{day}. {machine.describe()} Load average before the run: {load:.1f}.\n"


def write(parts: dict[str, str], path: Path = FILE) -> None:
    """Write these parts, keeping those of an earlier run that are not among them."""
    kept = dict(_part.findall(path.read_text("utf-8"))) if path.is_file() else {}
    kept |= parts
    text = _HEAD
    for name in ORDER:
        if name in kept:
            text += f"\n<!-- part {name} -->\n{kept[name]}<!-- end -->\n"
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_suffix(".part")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


def part(name: str, body: str, load: float, remark: str = "") -> str:
    """A part with its title, its table, and where it comes from."""
    words = f"\n{remark}\n" if remark else ""
    return f"## {TITLES[name]}\n\n{body}{words}\n{taken(load)}"


def _verdict(each: Row) -> str:
    return {None: "", True: "yes", False: "**no**"}[each.met]
