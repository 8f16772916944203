"""Faces drawn by code, for prepared boards: nobody's photograph, and nobody's drawing."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aigc_studio.api import Image

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

SIDE = 64
"""Pixels along a side."""
_TIMES = 8
"""So much larger it is drawn, and then scaled down: that makes its edges smooth."""

Colour = tuple[int, int, int]
_WHITE: Colour = (255, 255, 255)
_DARK: Colour = (58, 34, 30)
_RAGGED = (
    (0.5, 0.0), (0.72, 0.14), (0.98, 0.1), (0.9, 0.42), (1.0, 0.62), (0.8, 0.8), (0.7, 1.0),
    (0.42, 0.9), (0.12, 0.98), (0.14, 0.66), (0.0, 0.46), (0.16, 0.22), (0.3, 0.24),
)  # fmt: skip
"""The edge of a torn patch, (x, y) in 0 to 1 of its box."""


@dataclass(frozen=True)
class Looks:
    """What a drawn face looks like."""

    ground: Colour
    skin: Colour
    hair: Colour
    clothes: Colour
    long_hair: bool = False
    beard: bool = False


ANNE = Looks((181, 226, 243), (238, 196, 166), (196, 134, 62), (22, 128, 62), long_hair=True)
BEN = Looks((254, 213, 219), (150, 98, 72), (44, 28, 26), (228, 176, 10), beard=True)


@functools.cache
def draw_face(looks: Looks) -> Image:
    """A face (64, 64, 3) from the front, with the shoulders."""
    from PIL import Image as Pillow

    page = Pillow.new("RGB", (SIDE * _TIMES, SIDE * _TIMES), looks.ground)
    pen = _Pen(page)
    shade = _darker(looks.skin, 0.82)
    if looks.long_hair:
        pen.block(16, 24, 48, 57, looks.hair, 7)
    pen.oval(12, 52, 52, 92, looks.clothes)
    pen.block(27, 42, 37, 57, shade, 4)
    for left in (15, 43):
        pen.oval(left, 31, left + 6, 39, shade)
    pen.oval(18, 15, 46, 49, looks.skin)
    _hair(pen, looks)
    for eye in (23.5, 34.5):
        _eye(pen, eye, looks)
    pen.curve(29, 33, 35, 39, shade, 30, 150)
    pen.curve(27, 36, 37, 43, _darker(looks.skin, 0.5), 25, 155)
    return Image.from_pillow(page.resize((SIDE, SIDE), Pillow.Resampling.BOX))


def torn(face: Image, left: int, top: int, right: int, bottom: int) -> Image:
    """A picture with a patch torn out of it: white, with a ragged edge, within the box."""
    from PIL import Image as Pillow

    hole = Pillow.new("L", (face.width * _TIMES, face.height * _TIMES), 0)
    wide, high = right - left, bottom - top
    _Pen(hole).shape([(left + x * wide, top + y * high) for x, y in _RAGGED], 255)
    picture = face.to_pillow().copy()
    size = (face.width, face.height)
    picture.paste(_WHITE, (0, 0), hole.resize(size, Pillow.Resampling.BOX))
    return Image.from_pillow(picture)


class _Pen:
    """Draws in pixels of the small picture on a page that is larger."""

    def __init__(self, page: PillowImage) -> None:
        from PIL import ImageDraw

        self._draw = ImageDraw.Draw(page)

    def oval(self, left: float, top: float, right: float, bottom: float, ink: Colour) -> None:
        self._draw.ellipse(_large(left, top, right, bottom), fill=ink)

    def upper(self, left: float, top: float, right: float, bottom: float, ink: Colour) -> None:
        self._draw.chord(_large(left, top, right, bottom), 180, 360, fill=ink)

    def lower(self, left: float, top: float, right: float, bottom: float, ink: Colour) -> None:
        self._draw.chord(_large(left, top, right, bottom), 0, 180, fill=ink)

    def block(
        self, left: float, top: float, right: float, bottom: float, ink: Colour, radius: float
    ) -> None:
        self._draw.rounded_rectangle(_large(left, top, right, bottom), radius * _TIMES, fill=ink)

    def curve(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        ink: Colour,
        start: int,
        end: int,
    ) -> None:
        self._draw.arc(_large(left, top, right, bottom), start, end, fill=ink, width=_TIMES)

    def shape(self, places: list[tuple[float, float]], ink: int) -> None:
        self._draw.polygon([(x * _TIMES, y * _TIMES) for x, y in places], fill=ink)


def _hair(pen: _Pen, looks: Looks) -> None:
    if looks.beard:
        pen.lower(18, 17, 46, 52, looks.hair)
        pen.oval(20.5, 22, 43.5, 41, looks.skin)
        pen.oval(26, 36.5, 38, 44, looks.skin)
    pen.upper(16, 10, 48, 46, looks.hair)
    pen.oval(20, 19, 44, 41, looks.skin)
    if looks.long_hair:
        for left in (16, 43):
            pen.block(left, 24, left + 5, 56, looks.hair, 2.5)


def _eye(pen: _Pen, left: float, looks: Looks) -> None:
    pen.oval(left, 28.5, left + 6, 34, _WHITE)
    pen.oval(left + 1, 28.8, left + 5, 33.5, _DARK)
    pen.oval(left + 3, 29.6, left + 4.4, 31, _WHITE)
    pen.curve(left - 0.5, 24, left + 6.5, 30, looks.hair, 205, 335)


def _large(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    return left * _TIMES, top * _TIMES, right * _TIMES, bottom * _TIMES


def _darker(colour: Colour, part: float) -> Colour:
    red, green, blue = (round(each * part) for each in colour)
    return red, green, blue
