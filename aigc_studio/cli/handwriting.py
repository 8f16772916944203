"""Digits drawn with strokes, for the tour: a small folder of pictures that needs no network."""

from __future__ import annotations

import math
import random
from pathlib import Path

SIDE = 28
"""Width and height of a drawn digit in pixels."""

Point = tuple[float, float]


def _arc(x: float, y: float, rx: float, ry: float, start: float, stop: float) -> list[Point]:
    """Points on an ellipse around (x, y), from `start` to `stop` degrees, clockwise from east."""
    angles = (math.radians(start + (stop - start) * step / 16) for step in range(17))
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]


STROKES: dict[str, list[list[Point]]] = {
    "0": [_arc(0.5, 0.5, 0.24, 0.36, 0, 360)],
    "1": [[(0.36, 0.28), (0.54, 0.14), (0.54, 0.86)]],
    "2": [[*_arc(0.5, 0.34, 0.22, 0.2, 180, 380), (0.28, 0.84), (0.74, 0.84)]],
    "3": [[*_arc(0.48, 0.32, 0.2, 0.18, 200, 450), *_arc(0.48, 0.67, 0.23, 0.19, 270, 520)]],
    "4": [[(0.6, 0.86), (0.6, 0.14), (0.26, 0.62), (0.78, 0.62)]],
    "5": [[(0.7, 0.15), (0.36, 0.15), (0.33, 0.46), *_arc(0.48, 0.62, 0.22, 0.22, 230, 500)]],
    "6": [[(0.62, 0.13), (0.38, 0.42), *_arc(0.5, 0.65, 0.2, 0.2, 180, 540)]],
    "7": [[(0.27, 0.16), (0.73, 0.16), (0.46, 0.86)]],
    "8": [[*_arc(0.5, 0.31, 0.17, 0.17, 90, 450), *_arc(0.5, 0.67, 0.21, 0.19, 270, 630)]],
    "9": [[*_arc(0.5, 0.34, 0.2, 0.2, 0, 360), (0.7, 0.34), (0.6, 0.86)]],
}
"""The strokes of each digit, in a square from 0 to 1."""


def draw_digit(label: str, path: Path, seed: int) -> None:
    """Draw one digit, light on dark, slanted and thickened by `seed`, into a PNG file."""
    from PIL import Image, ImageDraw

    random_ = random.Random(f"{label} {seed}")
    slant, turn = random_.uniform(-0.25, 0.25), random_.uniform(-0.15, 0.15)
    wide, high = random_.uniform(0.85, 1.1), random_.uniform(0.85, 1.05)
    scale = 8
    picture = Image.new("L", (SIDE * scale, SIDE * scale), 0)
    pen = ImageDraw.Draw(picture)
    width = round(SIDE * scale * random_.uniform(0.07, 0.12))
    for stroke in STROKES[label]:
        points = []
        for x, y in stroke:
            x, y = (x - 0.5) * wide, (y - 0.5) * high
            x, y = x - slant * y - turn * y, y + turn * x
            points.append(((x + 0.5) * SIDE * scale, (y + 0.5) * SIDE * scale))
        pen.line(points, fill=255, width=width, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.resize((SIDE, SIDE), Image.Resampling.BOX).save(path)


def draw_folder(folder: Path, each: int) -> None:
    """Draw `each` pictures of every digit into sub-folders named by the digit."""
    for label in STROKES:
        for number in range(each):
            draw_digit(label, folder / label / f"{number:03}.png", number)
