"""The frame that every picture of an import is cut to: one for all, in shares of each picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aigc_studio.api import Image, StudioError
from aigc_studio.translation import _

SMALLEST = 0.02
"""Least share of a picture's width and height that a frame may have."""


class Frame(NamedTuple):
    """Edges as shares of width (`left`, `right`) and height (`top`, `bottom`), 0 to 1."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in pixels of a picture, at least one each way.

        What is a square but for the rounding becomes one.
        """
        left, across = _span(self.left, self.right, width)
        top, down = _span(self.top, self.bottom, height)
        if abs(across - down) == 1 and abs(_square_error(self, width, height)) < 1:
            across = down = min(across, down)
        return left, top, left + across, top + down

    def cut(self, image: Image) -> Image:
        """What of a picture lies in the frame."""
        if self == WHOLE:
            return image
        left, top, right, bottom = self.box(image.width, image.height)
        return Image(image.pixels[top:bottom, left:right])


WHOLE = Frame()


def read_frame(values: Sequence[float]) -> Frame:
    """A frame of four numbers. Raises `StudioError` when they are none."""
    numbers = [each for each in values if isinstance(each, int | float) and 0 <= each <= 1]
    if len(numbers) == len(values) == 4:
        frame = Frame(*map(float, numbers))
        if frame.right - frame.left >= SMALLEST and frame.bottom - frame.top >= SMALLEST:
            return frame
    raise StudioError(
        _(
            "A frame is left,top,right,bottom as shares of the picture from 0 to 1, such as "
            "0.1,0,0.9,0.8: left is less than right, and top less than bottom."
        )
    )


def square(width: int, height: int) -> Frame:
    """The largest square in the middle of a picture of so many pixels."""
    side = min(width, height)
    across, down = side / width, side / height
    return Frame((1 - across) / 2, (1 - down) / 2, (1 + across) / 2, (1 + down) / 2)


def _span(low: float, high: float, length: int) -> tuple[int, int]:
    first = min(round(low * length), length - 1)
    return first, max(min(round(high * length), length) - first, 1)


def _square_error(frame: Frame, width: int, height: int) -> float:
    return (frame.right - frame.left) * width - (frame.bottom - frame.top) * height


def moved(frame: Frame, across: float, down: float) -> Frame:
    """The frame moved by shares of width and height, as far as the picture goes."""
    across = min(max(across, -frame.left), 1 - frame.right)
    down = min(max(down, -frame.top), 1 - frame.bottom)
    left, top, right, bottom = frame
    return Frame(left + across, top + down, right + across, bottom + down)


def spanned(
    corner: tuple[float, float], point: tuple[float, float], width: int, height: int
) -> Frame:
    """The square from a corner towards a point (shares) in a picture of so many pixels.

    As long as the longer way to the point, and no longer than there is room that way.
    """
    ways = [
        (to - start) * side for start, to, side in zip(corner, point, (width, height), strict=True)
    ]
    rooms = [
        (1 - start if way >= 0 else start) * side
        for start, way, side in zip(corner, ways, (width, height), strict=True)
    ]
    side = min(max(*map(abs, ways), 2 * SMALLEST * max(width, height)), *rooms)
    ends = [
        start + (side if way >= 0 else -side) / length
        for start, way, length in zip(corner, ways, (width, height), strict=True)
    ]
    left, right = sorted((corner[0], ends[0]))
    top, bottom = sorted((corner[1], ends[1]))
    return Frame(max(left, 0.0), max(top, 0.0), min(right, 1.0), min(bottom, 1.0))


def grown(frame: Frame, by: float, width: int, height: int) -> Frame:
    """A square around the frame's middle, `by` a share of the shorter side larger (or smaller)."""
    short = min(width, height)
    now = min((frame.right - frame.left) * width, (frame.bottom - frame.top) * height)
    side = min(max(now + by * short, 2 * SMALLEST * max(width, height)), short)
    across, down = side / width, side / height
    left = (frame.left + frame.right - across) / 2
    top = (frame.top + frame.bottom - down) / 2
    left, top = min(max(left, 0.0), 1 - across), min(max(top, 0.0), 1 - down)
    return Frame(left, top, min(left + across, 1.0), min(top + down, 1.0))
