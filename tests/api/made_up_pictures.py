"""Pictures that are made here: digits as a hand draws them, and pictures of every other kind."""

import functools
import math
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter, ImageFont

from aigc_studio.api import Image
from aigc_studio.cli.handwriting import STROKES

Picture = Pillow.Image
Colour = tuple[int, int, int]
_words = ("the", "moon", "is", "but", "a", "thief", "and", "steals", "her", "light", "from")


def clouds(seed: int, width: int, height: int) -> Any:
    """Noise of many sizes, 0 to 1, (height, width)."""
    source, whole = np.random.default_rng(seed), np.zeros((height, width))
    for octave in range(6):
        small = source.normal(size=(2 ** (octave + 1),) * 2).astype(np.float32)
        large = Pillow.fromarray(small).resize((width, height), Pillow.Resampling.BICUBIC)
        whole += np.asarray(large) / 1.7**octave
    return (whole - whole.min()) / (whole.max() - whole.min())


def photo(seed: int, mode: str = "RGB") -> Picture:
    """A sky over hills, with a sun and grain."""
    source, (width, height) = np.random.default_rng(seed), (320, 240)
    down = np.linspace(0, 1, height)[:, None, None]
    top, low = source.uniform(0, 255, 3), source.uniform(0, 255, 3)
    pixels = top * (1 - down) + low * down + 60 * (clouds(seed, width, height)[..., None] - 0.5)
    rows, columns = np.mgrid[:height, :width]
    for hill in range(3):
        waves = 20 * np.sin(columns[0] / source.uniform(15, 50) + source.uniform(0, 6))
        land = rows > height * (0.5 + 0.15 * hill) + waves
        shade = 70 * (clouds(seed + hill + 1, width, height)[land][:, None] - 0.5)
        pixels[land] = source.uniform(0, 200, 3) + shade
    x, y = source.uniform(0, width), source.uniform(0, height / 2)
    pixels[(columns - x) ** 2 + (rows - y) ** 2 < 900] = (255, 230, 150)
    pixels += source.normal(0, 6, pixels.shape)
    return Pillow.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).convert(mode)


def portrait(seed: int, mode: str = "RGB") -> Picture:
    """A face before a wall."""
    source, (width, height) = np.random.default_rng(seed), (92, 112)
    picture = Pillow.new("RGB", (width, height), _any(source, 40, 200))
    pen = ImageDraw.Draw(picture)
    pen.ellipse([18, 17, 74, 101], fill=_any(source, 120, 240))
    pen.pieslice([17, 11, 75, 78], 180, 360, fill=_any(source, 0, 120))
    for x in (34, 58):
        pen.ellipse([x - 5, 47, x + 5, 54], fill=(250, 250, 250))
        pen.ellipse([x - 2, 47, x + 2, 54], fill=(30, 30, 30))
    pen.arc([35, 67, 57, 85], 20, 160, fill=(160, 40, 40), width=3)
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5))).astype(float)
    pixels += 40 * (clouds(seed, width, height)[..., None] - 0.5)
    pixels += source.normal(0, 4, pixels.shape)
    return Pillow.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).convert(mode)


def _any(source: np.random.Generator, low: int, high: int) -> Colour:
    red, green, blue = source.integers(low, high, 3).tolist()
    return red, green, blue


def page(seed: int, size: int = 14, columns: int = 1, dark: bool = False) -> Picture:
    """A page of print."""
    odd, (width, height) = random.Random(seed), (420, 560)
    picture = Pillow.new("L", (width, height), 20 if dark else 250)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size)
    wide = (width - 20 * (columns + 1)) / columns
    for column in range(columns):
        x0, y = 20 + column * (wide + 20), 24.0
        while y < height - 24:
            x, word = x0, odd.choice(_words)
            while x + pen.textlength(word, font) < x0 + wide:
                pen.text((x, y), word, font=font, fill=230 if dark else 20)
                x += pen.textlength(f"{word} ", font)
                word = odd.choice(_words)
            y += size * 1.4
    return picture


def screenshot(seed: int, dark: bool = False) -> Picture:
    """A window with a menu, a list and cards."""
    odd, (width, height) = random.Random(seed), (400, 260)
    ink = (230, 230, 230) if dark else (30, 30, 30)
    grey = (30, 32, 38) if dark else (246, 247, 249)
    picture = Pillow.new("RGB", (width, height), grey)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(10)
    pen.rectangle([0, 0, width, 22], fill=(45, 48, 56) if dark else (225, 228, 233))
    for number, word in enumerate(("File", "Edit", "View", "Help")):
        pen.text((8 + 34 * number, 5), word, font=font, fill=ink)
    for number in range(8):
        pen.text((8, 32 + 20 * number), odd.choice(_words), font=font, fill=ink)
    for number in range(5):
        x, y = 84 + number % 3 * 104, 34 + number // 3 * 110
        pen.rounded_rectangle([x, y, x + 94, y + 96], 6, outline=(120, 130, 140))
        colour = (odd.randint(30, 220), odd.randint(30, 220), odd.randint(30, 220))
        pen.rectangle([x + 8, y + 8, x + 86, y + 56], fill=colour)
        pen.text((x + 8, y + 62), odd.choice(_words), font=font, fill=ink)
    return picture


def chart(seed: int) -> Picture:
    """Bars in colours over a line."""
    odd, picture = random.Random(seed), Pillow.new("RGB", (320, 220), "white")
    pen = ImageDraw.Draw(picture)
    for number in range(8):
        left, top = 24 + number * 34, odd.randint(20, 180)
        colour = (odd.randint(40, 220), odd.randint(40, 220), odd.randint(40, 220))
        pen.rectangle([left, top, left + 24, 200], fill=colour)
    pen.line([16, 200, 312, 200], fill="black")
    return picture


def music(seed: int) -> Picture:
    """Four staves with notes."""
    odd, picture = random.Random(seed), Pillow.new("L", (400, 300), 255)
    pen = ImageDraw.Draw(picture)
    for staff in range(4):
        for line in range(5):
            y = 24 + staff * 70 + line * 8
            pen.line([10, y, 390, y], fill=0)
        for number in range(16):
            x, y = 30 + number * 22, 24 + staff * 70 + odd.randint(-1, 8) * 4
            pen.ellipse([x, y, x + 9, y + 7], fill=0)
            pen.line([x + 9, y + 3, x + 9, y - 24], fill=0)
    return picture


def _surfaces() -> Iterator[tuple[str, Picture]]:
    source = np.random.default_rng(0)
    yield "noise", Pillow.fromarray(source.integers(0, 256, (128, 128, 3), np.uint8))
    yield "grey noise", Pillow.fromarray(source.integers(0, 256, (64, 64), np.uint8))
    squares = (np.indices((8, 8)).sum(axis=0) % 2 * 255).astype(np.uint8)
    yield "squares", Pillow.fromarray(np.kron(squares, np.ones((16, 16), np.uint8)))
    fade = np.linspace((160, 70, 10), (10, 200, 210), 200)[None].repeat(160, axis=0)
    yield "fade", Pillow.fromarray(fade.astype(np.uint8))
    for seed in (0, 5):
        yield f"texture {seed}", Pillow.fromarray((clouds(seed, 200, 200) * 255).astype(np.uint8))
    land = (clouds(0, 260, 200) > 0.5)[..., None]
    yield "map", Pillow.fromarray(np.where(land, (130, 180, 110), (120, 170, 220)).astype(np.uint8))
    stripes = np.array([(200, 196, 20), (130, 250, 210), (150, 240, 180)], np.uint8)
    yield "flag", Pillow.fromarray(stripes.repeat(60, axis=0)[None].repeat(120, axis=0))


@functools.cache
def others() -> dict[str, Image]:
    """More than thirty pictures that are no digits, by what they are."""
    found = dict(_surfaces())
    for seed in range(6):
        found[f"photo {seed}"] = photo(seed)
    for seed in range(3):
        found[f"grey photo {seed}"] = photo(seed + 10, "L")
        found[f"portrait {seed}"] = portrait(seed)
        found[f"grey portrait {seed}"] = portrait(seed + 20, "L")
        found[f"small photo {seed}"] = photo(seed + 30).resize((28, 28))
        found[f"screenshot {seed}"] = screenshot(seed, dark=seed == 2)
    for number, kind in enumerate(({}, {"size": 10}, {"size": 22}, {"dark": True}, {"columns": 2})):
        found[f"page {number}"] = page(number, **kind)  # type: ignore[arg-type]
    for seed in range(2):
        found[f"chart {seed}"], found[f"music {seed}"] = chart(seed), music(seed)
    return {name: Image.from_pillow(picture) for name, picture in found.items()}


def pen_digit(
    label: str, seed: int, ink: Colour, ground: Colour | None, side: int = 192
) -> Picture:
    """A digit somewhere on a sheet, by a thin or a thick pen; without a ground it is clear."""
    odd = random.Random(f"{label} {seed}")
    slant, wide, size = odd.uniform(-0.3, 0.3), odd.uniform(0.8, 1.1), odd.uniform(0.35, 0.9) * side
    width = odd.choice((2, 4, 8, 14, 20)) * side / 192
    x0, y0 = (odd.uniform(size / 2, side - size / 2) for _ in range(2))
    mask = Pillow.new("L", (side * 3, side * 3), 0)
    pen = ImageDraw.Draw(mask)
    for stroke in STROKES[label]:
        points = [
            (
                3 * (x0 + ((x - 0.5) * wide - slant * (y - 0.5) + odd.gauss(0, 0.008)) * size),
                3 * (y0 + (y - 0.5) * size),
            )
            for x, y in stroke
        ]
        pen.line(points, fill=255, width=math.ceil(3 * width), joint="curve")
        for x, y in (points[0], points[-1]):
            reach = 1.5 * width
            pen.ellipse([x - reach, y - reach, x + reach, y + reach], fill=255)
    mask = mask.resize((side, side), Pillow.Resampling.BOX)
    sheet = Pillow.new("RGBA", (side, side), (*ink, 0) if ground is None else (*ground, 255))
    sheet.paste(Pillow.new("RGBA", (side, side), (*ink, 255)), (0, 0), mask)
    return sheet


_black, _white = (0, 0, 0), (255, 255, 255)


def drawn() -> dict[str, Image]:
    """Digits as a person may draw them: pens, inks, sheets and places; and rows of them."""
    found: dict[str, Picture] = {}
    kinds: dict[str, tuple[Colour, Colour | None]] = {
        "black on white": (_black, _white),
        "white on black": (_white, _black),
        "black on clear": (_black, None),
        "blue on white": ((40, 60, 220), _white),
        "grey on white": ((120, 120, 120), _white),
    }
    for label in STROKES:
        for kind, (ink, ground) in kinds.items():
            for seed in range(3):
                found[f"{label} {kind} {seed}"] = pen_digit(label, seed, ink, ground)
    for word in ("17", "2024", "90210"):
        row = Pillow.new("RGBA", (96 * len(word), 96), "white")
        for place, label in enumerate(word):
            row.paste(pen_digit(label, place, _black, _white, 96), (96 * place, 0))
        found[word] = row
    return {name: Image.from_pillow(picture) for name, picture in found.items()}
