"""Pictures for measuring style transfer, all drawn here: six looks, and scenes to be painted.

Each is a function of its seed alone. None resembles what the plugin was tried on while it was made.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter

SIDE = 384
_Colour = tuple[int, int, int]


def swirls(seed: int) -> Pillow.Image:
    """Short thick strokes that run around whirls, blue with yellow suns."""
    rng = np.random.default_rng(seed)
    page = Pillow.new("RGB", (SIDE, SIDE), (24, 40, 92))
    pen = ImageDraw.Draw(page)
    suns = rng.uniform(0.1, 0.9, (5, 2)) * SIDE
    for x, y in rng.uniform(-10, SIDE + 10, (9000, 2)):
        away = np.hypot(suns[:, 0] - x, suns[:, 1] - y)
        near = int(away.argmin())
        angle = math.atan2(suns[near, 1] - y, suns[near, 0] - x) + 1.45
        warm = math.exp(-away[near] / 26) + 0.12 * rng.random()
        cold = np.array([40, 84, 160]) + rng.normal(0, 26) + rng.normal(0, 10, 3)
        colour = _mix(cold, np.array([250, 206, 80]) + rng.normal(0, 16, 3), warm)
        _stroke(pen, x, y, angle, rng.uniform(8, 15), 4, colour)
    return page


def dots(seed: int) -> Pillow.Image:
    """Dots of pure colours close together: what they are is mixed by the eye."""
    rng = np.random.default_rng(seed)
    page = Pillow.new("RGB", (SIDE, SIDE), (240, 228, 204))
    pen = ImageDraw.Draw(page)
    pure = [(206, 60, 48), (236, 164, 40), (60, 132, 84), (36, 96, 160), (110, 60, 120)]
    for x, y in rng.uniform(0, SIDE, (15000, 2)):
        band = y / SIDE * 4 + math.sin(x / 50 + seed) * 0.6 + rng.normal(0, 0.7)
        colour = pure[int(np.clip(band, 0, 4))]
        colour = _mix(np.array(colour), np.array([255, 250, 240]), rng.uniform(0, 0.35))
        radius = rng.uniform(1.6, 3.1)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return page


def hatching(seed: int) -> Pillow.Image:
    """Ink on paper: tones are lines, the darker the more of them cross."""
    rng = np.random.default_rng(seed)
    page = Pillow.new("RGB", (SIDE, SIDE), (244, 238, 222))
    pen = ImageDraw.Draw(page)
    tone = _clouds(rng, 5)
    for layer, angle in enumerate((0.8, -0.7, 0.05, 1.5)):
        for x, y in rng.uniform(0, SIDE, (5200, 2)):
            if tone[int(y) % SIDE, int(x) % SIDE] > 0.24 * (layer + 1):
                ink = int(rng.uniform(16, 60))
                turned = angle + rng.normal(0, 0.06)
                _stroke(pen, x, y, turned, rng.uniform(10, 22), 1, (ink, ink, ink + 12))
    return page


def glass(seed: int) -> Pillow.Image:
    """Panes of stained glass in lead."""
    rng = np.random.default_rng(seed)
    cells = rng.uniform(0, SIDE, (230, 2))
    rows, columns = np.mgrid[:SIDE, :SIDE]
    away = np.hypot(rows[..., None] - cells[:, 0], columns[..., None] - cells[:, 1])
    order = np.sort(away, axis=2)
    tints = np.array([(180, 30, 40), (240, 190, 50), (30, 90, 170), (30, 130, 90), (230, 220, 190)])
    chosen = tints[rng.integers(0, 5, 230)] + rng.normal(0, 14, (230, 3))
    light = 0.75 + 0.4 * _clouds(rng, 24)[..., None]
    panes = chosen[away.argmin(axis=2)] * light
    lead = np.clip((order[..., 1] - order[..., 0]) / 4, 0, 1)[..., None]
    return _picture(panes * lead + 22 * (1 - lead))


def watercolour(seed: int) -> Pillow.Image:
    """Washes that run out, with darker rims, on rough paper."""
    rng = np.random.default_rng(seed)
    page = np.full((SIDE, SIDE, 3), (250.0, 247.0, 238.0))
    tints = np.array(
        [(90, 150, 190), (220, 130, 110), (150, 170, 90), (240, 200, 120), (120, 90, 140)]
    )
    for number in range(26):
        field = _clouds(rng, 4) + 0.2 * _clouds(rng, 20)
        level = np.quantile(field, rng.uniform(0.72, 0.95))
        inside = np.clip((field - level) * 40, 0, 1)
        rim = np.exp(-(((field - level) * 34) ** 2)) * 0.5
        share = (0.42 * inside + 0.22 * rim * inside)[..., None]
        page *= 1 - share * (1 - tints[number % 5] / 255)
    grain = rng.normal(0, 1, (SIDE, SIDE))
    soft = np.asarray(_picture(128 + 40 * grain).filter(ImageFilter.GaussianBlur(0.9)), float) - 128
    return _picture(page + soft[..., None] * 0.8)


def woodcut(seed: int) -> Pillow.Image:
    """Waves of even bold lines that swell and thin, in three inks."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    field = _clouds(rng, 4)
    phase = 42 * rows + 7 * np.sin(5 * columns + 4 * field) + 8 * field
    swell = 0.55 * np.cos(2 * math.pi * (columns * 1.5 + field))
    line = np.clip((np.sin(2 * math.pi * phase / 1.6) - swell) * 2.4 + 0.5, 0, 1)[..., None]
    ground = np.where(field[..., None] > 0.55, (214, 92, 58), (228, 214, 178))
    return _picture(ground * line + np.array([30, 36, 52]) * (1 - line))


def scene(seed: int) -> Pillow.Image:
    """Hills, trees and a house under the sun, softly shaded: what is to be painted anew."""
    rng = np.random.default_rng(100 + seed)
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    sun = np.hypot(rows - rng.uniform(0.1, 0.3), columns - rng.uniform(0.2, 0.8))
    sky = (
        np.array([120, 170, 220])
        + (rows[..., None] * [90, 60, 10])
        + 60 * _clouds(rng, 6)[..., None]
    )
    page = np.where(sun[..., None] < 0.08, (255, 240, 190), sky)
    for depth in range(4):
        edge = 0.4 + 0.14 * depth + 0.09 * np.sin(columns * rng.uniform(4, 11) + rng.uniform(0, 6))
        land = np.array([70, 120, 90]) * (0.6 + 0.14 * depth) + 46 * _clouds(rng, 12)[..., None]
        page = np.where((rows > edge)[..., None], land * (1.25 - rows[..., None] * 0.5), page)
        for x in rng.uniform(0.02, 0.98, 5):
            height = float(edge[0, int(x * SIDE)]) - 0.03 * (depth + 1)
            crown = np.hypot(rows - height, columns - x) / (0.022 * (depth + 1))
            page = np.where(crown[..., None] < 1, (30, 74, 40) + 60 * (1 - crown[..., None]), page)
    left, top = rng.uniform(0.2, 0.6), rng.uniform(0.55, 0.65)
    wall = (abs(columns - left - 0.1) < 0.1) & (abs(rows - top - 0.07) < 0.07)
    roof = (
        (rows < top) & (rows > top - 0.09) & (abs(columns - left - 0.1) < (rows - top + 0.1) * 1.3)
    )
    page = np.where(wall[..., None], (226, 214, 190), page)
    page = np.where(roof[..., None], (170, 60, 46), page)
    return _picture(page)


LOOKS: dict[str, Callable[[int], Pillow.Image]] = {
    each.__name__: each for each in (swirls, dots, hatching, glass, watercolour, woodcut)
}


def _mix(one: np.ndarray, two: np.ndarray, share: float) -> _Colour:
    share = min(max(share, 0.0), 1.0)
    red, green, blue = np.clip(one * (1 - share) + two * share, 0, 255).astype(int).tolist()
    return red, green, blue


def _stroke(
    pen: ImageDraw.ImageDraw,
    x: float,
    y: float,
    angle: float,
    length: float,
    width: int,
    ink: _Colour,
) -> None:
    across, down = math.cos(angle) * length / 2, math.sin(angle) * length / 2
    pen.line((x - across, y - down, x + across, y + down), fill=ink, width=width)


def _clouds(rng: np.random.Generator, cells: int) -> np.ndarray:
    """Smooth noise from 0 to 1."""
    small = Pillow.fromarray(rng.random((cells + 1, cells + 1)).astype(np.float32))
    large = np.asarray(small.resize((SIDE, SIDE), Pillow.Resampling.BICUBIC))
    return (large - large.min()) / np.ptp(large)


def _picture(values: np.ndarray) -> Pillow.Image:
    return Pillow.fromarray(np.clip(values, 0, 255).round().astype(np.uint8))
