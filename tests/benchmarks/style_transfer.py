"""The style transfer example on six pairs that it has never seen, beside plain colour transfer.

Distance to the look: sliced Wasserstein distance of patches, of sizes, scales and projections that
the plugin does not use. What is kept of the picture: correlation of soft gradients of its light.
`--photos FOLDER` takes six pictures of one's own in place of drawn scenes, `--sheet FILE` keeps
what was made.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import style_pictures
from PIL import Image as Pillow
from PIL import ImageFilter
from references import Loops
from rows import row, tell
from surroundings import ROOT, enter, new_home

SIDE = 256
SIZES, SCALES, PROJECTIONS = (3, 5, 11), (1.0, 0.5, 0.25), 24
KEPT, SECONDS, FIRST = 0.3, 15_000.0, 1_000.0
Pixels = np.ndarray[Any, np.dtype[np.float32]]


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, help="a folder with six pictures to be painted")
    parser.add_argument("--sheet", type=Path, help="where a sheet of all pictures is written")
    parser.add_argument("--side", type=int, default=SIDE, help="pixels along a picture's side")
    parser.add_argument("--repeats", type=int, default=1, help="not used: six pairs are enough")
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home)
        sys.path.insert(0, str(ROOT / "docs" / "plugins" / "examples" / "style_transfer"))
        measure(arguments)


def measure(arguments: argparse.Namespace) -> None:
    """Rows on closeness, on what is kept, and on time."""
    looks = [draw(11) for draw in style_pictures.LOOKS.values()]
    pictures = subjects(arguments.photos, arguments.side)
    loops = Loops()
    close, plain, kept, seconds, firsts, sheet = [], [], [], [], [], []
    for picture, look in zip(pictures, looks, strict=True):
        made, first, last = asked("restyle", picture, look)
        recoloured, *_times = asked("colours", picture, look)
        loops.take()
        close.append(distance(made, look))
        plain.append(distance(recoloured, look))
        kept.append(likeness(made, picture))
        seconds.append(last * 1000)
        firsts.append(first * 1000)
        sheet.append([picture, look.resize(picture.size), recoloured, made])
        if arguments.sheet:
            keep(arguments.sheet, sheet)
    ratios = [one / other for one, other in zip(close, plain, strict=True)]
    what = "style transfer: patch distance to the look, of colour transfer's"
    note = f"six pairs; {fmean(close):.1f} and {fmean(plain):.1f} of 255 on average"
    tell(row(what, ratios, "×", judged="worst", bar=1.0, note=note))
    what = "style transfer: correlation of soft gradients with the picture"
    tell(row(what, kept, "", at_least=True, judged="mean", bar=KEPT))
    beside = loops.reference()
    size = f"{arguments.side}×{arguments.side}"
    bars: list[float | None] = [SECONDS, FIRST] if arguments.side == SIDE else [None, None]
    tell(row(f"style transfer, {size}: a result", seconds, bar=bars[0], beside=beside))
    tell(row(f"style transfer, {size}: the first look", firsts, bar=bars[1], beside=beside))


def subjects(folder: Path | None, side: int) -> list[Pillow.Image]:
    """Six pictures to be painted, square."""
    if folder is None:
        found = [style_pictures.scene(seed) for seed in range(6)]
    else:
        found = [Pillow.open(path).convert("RGB") for path in sorted(folder.iterdir())[:6]]
    cut = []
    for each in found:
        short = min(each.size)
        left, top = (each.width - short) // 2, (each.height - short) // 2
        box = (left, top, left + short, top + short)
        cut.append(each.resize((side, side), Pillow.Resampling.LANCZOS, box))
    return cut


def asked(
    operation: str, picture: Pillow.Image, look: Pillow.Image
) -> tuple[Pillow.Image, float, float]:
    """What the plugin's own edit makes, the seconds to the first look, and those to the end."""
    import aigc_style_transfer as plugin

    from aigc_studio.api import Candidate, EditRequest, Image, Partial
    from aigc_studio.host.pool import default_threads

    request: EditRequest[Any] = EditRequest(
        operation=operation,
        parameters=plugin.Restyling() if operation == "restyle" else {},
        artifacts=(Image.from_pillow(picture), Image.from_pillow(look)),
        threads=default_threads(),
        seed=5,
    )
    began, first = time.perf_counter(), 0.0
    for event in plugin.edit(request):
        if isinstance(event, Partial | Candidate):
            first = first or time.perf_counter() - began
            made = event.artifact
    return made.to_pillow().convert("RGB"), first, time.perf_counter() - began


def distance(one: Pillow.Image, other: Pillow.Image) -> float:
    """Sliced Wasserstein-1 distance of patches, in parts of 255; the mean over sizes and scales."""
    rng = np.random.default_rng(77)
    found = []
    for scale in SCALES:
        two = [np.asarray(_scaled(each, scale), np.float32) for each in (one, other)]
        for size in SIZES:
            filters = rng.normal(size=(size * size * 3, PROJECTIONS)).astype(np.float32)
            filters /= np.linalg.norm(filters, axis=0)
            found.append(_between(*(np.sort(_patches(each, size) @ filters, 0) for each in two)))
    return fmean(found)


def _scaled(picture: Pillow.Image, scale: float) -> Pillow.Image:
    size = round(picture.width * scale), round(picture.height * scale)
    return picture.resize(size, Pillow.Resampling.BOX)


def _patches(pixels: Pixels, size: int) -> Pixels:
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (size, size), (0, 1))
    found: Pixels = windows[::2, ::2].reshape(-1, size * size * 3)
    return found


def _between(one: Pixels, other: Pixels) -> float:
    places = np.linspace(0, 1, 2000)
    parts = [each[(places * (len(each) - 1)).round().astype(int)] for each in (one, other)]
    return float(abs(parts[0] - parts[1]).mean())


def likeness(made: Pillow.Image, picture: Pillow.Image) -> float:
    """The correlation of the gradients of light, both softened."""
    soft = []
    for each in (made, picture):
        grey = each.convert("L").filter(ImageFilter.GaussianBlur(2))
        rows, columns = np.gradient(np.asarray(grey, np.float32))
        soft.append(np.concatenate([rows.ravel(), columns.ravel()]))
    return float(np.corrcoef(*soft)[0, 1])


def keep(path: Path, cells: list[list[Pillow.Image]]) -> None:
    """A row for each pair: the picture, the look, its colours alone, and the result."""
    side = cells[0][0].width
    sheet = Pillow.new("RGB", (side * len(cells[0]), side * len(cells)))
    for down, each in enumerate(cells):
        for across, picture in enumerate(each):
            sheet.paste(picture, (across * side, down * side))
    sheet.save(path)


if __name__ == "__main__":
    main()
