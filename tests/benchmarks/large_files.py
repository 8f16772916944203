"""Large files that people have: read, or refused, in seconds and megabytes beside a bare decoder.

Each is read in a process of its own, once by the studio and once by Pillow alone, to pixels that
can be shown (or by a bare `read` and `decode` of a text), so that memory is told apart too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rows import Reference, row, tell
from surroundings import environment, new_home

SIDE = 8000
SECONDS = 2.0
MEGABYTES = 600.0
BARE = {"picture": 0.45, "other": 0.02}
"""Seconds that a bare decoder took on the machine where the bars were set."""

READ = """
import json, sys, time
from pathlib import Path
path, kind = Path(sys.argv[1]), sys.argv[2]
import numpy, PIL.Image, PIL.ImageCms
PIL.Image.MAX_IMAGE_PIXELS = None
from aigc_studio.api import StudioError
from aigc_studio.library import checks, readers
from aigc_studio.library.options import ImportOptions

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)

def bare():
    if kind == "picture":
        picture = PIL.Image.open(path)
        # Pillow only maps a file without compression: its pixels are read when they are looked at.
        numpy.asarray(picture.convert("RGB") if picture.mode in ("CMYK", "P") else picture)
        return 0
    return len(path.read_bytes().decode("latin-1")) * 0

def studio():
    if kind == "text":
        checks.preflight(path, "text", ImportOptions())
        return 0
    try:
        found = readers.read(path)[0]
    except StudioError:
        return 0
    return found.pixels.nbytes / 1e6 if kind == "picture" else 0

readers.suffixes("image")
before, began = peak(), time.perf_counter()
taken = (bare if sys.argv[3] == "bare" else studio)()
print(json.dumps([time.perf_counter() - began, peak() - before - taken]))
"""


def main() -> None:
    """Make the files, measure, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with new_home() as home:
        for what, path, kind in files(home):
            measure(home, what, path, kind, arguments.repeats)
            path.unlink()


def measure(home: Path, what: str, path: Path, kind: str, repeats: int) -> None:
    """Two rows for a file: how long, and how much memory above its pixels."""
    found = [
        [read(home, path, kind, who) for who in ("bare", "studio")] for _n in range(repeats + 1)
    ][1:]
    seconds = [each[1][0] for each in found]
    group = "picture" if kind == "picture" else "other"
    beside = Reference("a bare decoder", [each[0][0] for each in found], BARE[group])
    tell(row(f"{what}: read or refused", seconds, "s", bar=SECONDS, beside=beside))
    held = [each[1][1] for each in found]
    tell(row(f"{what}: memory above the pixels", held, "MB", bar=MEGABYTES, judged="worst"))


def read(home: Path, path: Path, kind: str, who: str) -> tuple[float, float]:
    """Seconds and megabytes of one reading in a process of its own."""
    words = [sys.executable, "-c", READ, str(path), kind, who]
    done = subprocess.run(
        words, env=environment(home), stdout=subprocess.PIPE, check=True, text=True
    )
    seconds, megabytes = json.loads(done.stdout)
    return float(seconds), float(megabytes)


def files(home: Path) -> list[tuple[str, Path, str]]:
    """What is read, made here: what it is, where, and which kind."""
    made: list[tuple[str, Path, str]] = []
    for what, name, save in pictures():
        path = home / name
        save(path)
        made.append((f"64 megapixels, {what}", path, "picture"))
    tune, text = home / "notes.mid", home / "quotes.txt"
    notes = b"\0\x90\x3c\x40\1\x80\x3c\x40" * 1_900_000 + b"\0\xff\x2f\0"
    head = b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk" + len(notes).to_bytes(4, "big")
    tune.write_bytes(head + notes)
    text.write_bytes(b'"' * 24_000_000)
    made.append(("15 MB of MIDI", tune, "melody"))
    made.append(("24 MB of quotation marks, to be imported", text, "text"))
    return made


def pictures() -> list[tuple[str, str, Callable[[Path], Any]]]:
    """Name, file and what writes it, for each mode that files have."""
    import numpy as np
    from PIL import Image as Pillow

    ramp = np.broadcast_to(np.linspace(0, 255, SIDE).astype(np.uint8), (SIDE, SIDE))
    grey = np.ascontiguousarray(ramp)

    def colours(mode: str) -> Pillow.Image:
        found = Pillow.merge("RGB", [Pillow.fromarray(each) for each in (grey, grey.T, 255 - grey)])
        return found if mode == "RGB" else found.convert(mode)

    return [
        ("grey", "l.png", lambda path: Pillow.fromarray(grey).save(path, compress_level=1)),
        ("16 bits", "i.png", lambda path: Pillow.fromarray(grey.astype(np.uint16)).save(path)),
        ("floats", "f.tif", lambda path: Pillow.fromarray(grey.astype(np.float32)).save(path)),
        ("palette", "p.png", lambda path: Pillow.fromarray(grey).convert("P").save(path)),
        ("RGB", "rgb.jpg", lambda path: colours("RGB").save(path, quality=80)),
        ("RGB, WebP", "rgb.webp", lambda path: colours("RGB").save(path, quality=50)),
        ("RGBA", "rgba.png", lambda path: colours("RGBA").save(path, compress_level=1)),
        ("CMYK", "cmyk.tif", lambda path: colours("CMYK").save(path)),
        ("LAB", "lab.tif", lambda path: colours("LAB").save(path)),
    ]


if __name__ == "__main__":
    main()
