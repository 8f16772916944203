"""Which part of a picture goes to a model: a rectangle of the model's shape around the mask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from aigc_studio.api.artifacts import Image
from aigc_studio.api.errors import StudioError
from aigc_studio.api.selections import Mask
from aigc_studio.translation import _

Mode = Literal["L", "RGB", "RGBA"]

MARGIN = 0.25
"""How much of the mask's size is added around it on each side, so that the model sees context."""

MARGIN_LIMIT = 8.0
LEAST = 4
"""Pixels along a frame that a person drew: of fewer no model makes anything."""

REPEAT_LIMIT = 64
"""How many model frames may stand side by side in one."""


@dataclass(frozen=True)
class Frame:
    """A rectangle of a picture, in its pixels, and what the model gets for it.

    `left` and `top` may lie outside the picture, and so may the far sides: what is not there is
    filled with the nearest pixels and is never brought back. `model_width` and `model_height` are
    in pixels of `mode`.
    """

    left: int
    top: int
    width: int
    height: int
    model_width: int
    model_height: int
    mode: Mode

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom; the far sides are not in it."""
        return self.left, self.top, self.left + self.width, self.top + self.height


def choose(
    image_size: tuple[int, int],
    mask: Mask | None,
    model_frame: Mapping[str, Any],
    chosen: tuple[int, int, int, int] | None = None,
) -> Frame:
    """The frame for a picture of (width, height) pixels and a mask, of the model's proportions.

    `model_frame` is a card's `frame`: `width`, `height`, `mode`, and `repeat` = "horizontal" when
    several frames side by side make one picture, as the digits of a number do; `margin` says how
    much around a mask the model should see (`MARGIN` without it). `chosen` (left, top, right,
    bottom) is the person's own rectangle. Without a mask, or with an empty one, the whole picture
    is in the frame; a small mask gets a frame of the model's own size, where the picture is as
    large. Raises `StudioError` when the model's frame or the rectangle is no use.
    """
    width, height, mode = _checked(model_frame)
    if chosen is not None:
        _check_chosen(chosen, image_size, mask)
        left, top, right, bottom = chosen
        box = (left, top, right - left, bottom - top)
        times = _times(box[2], box[3], width, height, model_frame)
        return Frame(*box, width * times, height, mode)
    found = bounds(mask) if mask is not None else None
    if found is None:
        times = _times(*image_size, width, height, model_frame)
        box = _around((0, 0, *image_size), image_size, width * times, height)
        return Frame(*box, width * times, height, mode)
    cells = _cells(found, image_size, width, height, model_frame)
    if cells is not None:
        left, right, times = cells
        return Frame(left, 0, right - left, image_size[1], width * times, height, mode)
    left, top, right, bottom = found
    margin = _margin(model_frame)
    across, down = round((right - left) * margin), round((bottom - top) * margin)
    wanted = (left - across, top - down, right + across, bottom + down)
    times = _times(right - left, bottom - top, width, height, model_frame)
    box = _around(wanted, image_size, width * times, height)
    return Frame(*box, width * times, height, mode)


def whole(image: Image, result: Image) -> Frame:
    """The frame that is all of `image`, for a model that gave `result` for it."""
    return Frame(0, 0, image.width, image.height, result.width, result.height, result.mode)


def bounds(mask: Mask) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what is selected (above 0); None when nothing is."""
    import numpy as np

    rows, columns = (np.flatnonzero(mask.pixels.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _around(
    wanted: tuple[int, int, int, int], size: tuple[int, int], width: int, height: int
) -> tuple[int, int, int, int]:
    """Left, top, width and height of the proportions width:height around `wanted`.

    Inside the picture when it fits there, else around its middle.
    """
    across, down = wanted[2] - wanted[0], wanted[3] - wanted[1]
    # A frame is never larger than the picture because of a margin alone.
    most = min(size[0] / width, size[1] / height)
    # Nor so small that the model would be shown less than it can see: a dot alone says nothing.
    unit = max(across / width, down / height, 1.0)
    unit = max(min(unit, most), _least(wanted, size, width, height))
    wide, high = max(1, round(unit * width)), max(1, round(unit * height))
    return (
        _shifted((wanted[0] + wanted[2]) / 2, wide, size[0]),
        _shifted((wanted[1] + wanted[3]) / 2, high, size[1]),
        wide,
        high,
    )


def _least(
    wanted: tuple[int, int, int, int], size: tuple[int, int], width: int, height: int
) -> float:
    """The smallest unit that still holds what is wanted of the picture."""
    across = min(wanted[2], size[0]) - max(wanted[0], 0)
    down = min(wanted[3], size[1]) - max(wanted[1], 0)
    return max(across / width, down / height)


def _shifted(middle: float, length: int, limit: int) -> int:
    if length >= limit:
        return -((length - limit) // 2)
    return min(max(0, round(middle - length / 2)), limit - length)


def _cells(
    found: tuple[int, int, int, int],
    size: tuple[int, int],
    width: int,
    height: int,
    model_frame: Mapping[str, Any],
) -> tuple[int, int, int] | None:
    """Left, right and number of the cells that hold what was found, or None.

    In a picture that is a row of model frames (the digits of a number, or a single one) the model
    should see whole ones, never the end of one and the beginning of the next.
    """
    if model_frame.get("repeat") != "horizontal":
        return None
    times = _times(*size, width, height, model_frame)
    if abs(size[0] * height / (size[1] * width) / times - 1) > 0.02:
        return None
    first, last = found[0] * times // size[0], (found[2] - 1) * times // size[0]
    left, right = round(first * size[0] / times), round((last + 1) * size[0] / times)
    return left, right, last + 1 - first


def _times(
    width: int, height: int, frame_width: int, frame_height: int, model_frame: Mapping[str, Any]
) -> int:
    if model_frame.get("repeat") != "horizontal":
        return 1
    return min(max(1, round(width * frame_height / (height * frame_width))), REPEAT_LIMIT)


def _check_chosen(
    chosen: tuple[int, int, int, int], size: tuple[int, int], mask: Mask | None
) -> None:
    """Raise `StudioError` for a rectangle in which there is nothing to do."""
    left, top, right, bottom = chosen
    across, down = right - left, bottom - top
    if across <= 0 or down <= 0:
        raise StudioError(_("The frame is empty: draw it around a part of the picture."))
    names = {"width": size[0], "height": size[1]}
    if right <= 0 or bottom <= 0 or left >= size[0] or top >= size[1]:
        raise StudioError(
            _(
                "The frame lies outside the picture, which has {width} × {height} pixels: move it "
                "onto the part that the model is to see."
            ).format(**names)
        )
    if across > size[0] or down > size[1]:
        raise StudioError(
            _(
                "The frame is larger than the picture, which has {width} × {height} pixels: make "
                "it smaller, or take it away to show all of the picture."
            ).format(**names)
        )
    if across < min(LEAST, size[0]) or down < min(LEAST, size[1]):
        raise StudioError(
            _(
                "A frame of {width} × {height} pixels shows the model too little: make it larger."
            ).format(width=across, height=down)
        )
    if mask is not None and mask.pixels.any():
        part = mask.pixels[max(top, 0) : bottom, max(left, 0) : right]
        if not part.any():
            raise StudioError(
                _("Nothing of the mask is inside the frame: move the frame over the mask.")
            )


def _margin(model_frame: Mapping[str, Any]) -> float:
    margin = model_frame.get("margin", MARGIN)
    if type(margin) not in (int, float) or not 0 <= margin <= MARGIN_LIMIT:
        return MARGIN
    return float(margin)


def _checked(model_frame: Mapping[str, Any]) -> tuple[int, int, Mode]:
    width, height = model_frame.get("width"), model_frame.get("height")
    mode = model_frame.get("mode", "RGB")
    whole_numbers = type(width) is int and type(height) is int
    if not whole_numbers or mode not in ("L", "RGB", "RGBA"):
        raise StudioError(_("The model's card does not say what pictures it takes."))
    if not (1 <= cast(int, width) <= 8192 and 1 <= cast(int, height) <= 8192):
        raise StudioError(_("The model's card does not say what pictures it takes."))
    return cast(int, width), cast(int, height), cast(Mode, mode)
