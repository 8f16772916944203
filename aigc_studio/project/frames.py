"""Frames: the part of a picture that goes to the model, and the way of its result back.

A model eats pictures of one size and mode. The frame is a rectangle of that shape around the mask;
it is cut out and scaled, and what comes back is blended in by the mask. Pixels where the mask is 0
keep every bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from aigc_studio.api.artifacts import Image
from aigc_studio.api.errors import StudioError
from aigc_studio.api.selections import Mask
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

Mode = Literal["L", "RGB", "RGBA"]

MARGIN = 0.25
"""How much of the mask's size is added around it on each side, so that the model sees context."""

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
    several frames side by side make one picture, as the digits of a number do. `chosen` (left, top,
    right, bottom) is the person's own rectangle. Without a mask, or with an empty one, the whole
    picture is in the frame. Raises `StudioError` when the model's frame or the rectangle is no use.
    """
    width, height, mode = _checked(model_frame)
    if chosen is not None:
        left, top, right, bottom = chosen
        if right <= left or bottom <= top:
            raise StudioError(_("The frame is empty: draw it around a part of the picture."))
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
    across, down = round((right - left) * MARGIN), round((bottom - top) * MARGIN)
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


def cut(image: Image, mask: Mask | None, frame: Frame) -> tuple[Image, Mask]:
    """The picture and the mask inside the frame, at the model's size and mode.

    Without a mask everything is selected. A pixel of the mask that a selected one falls into stays
    selected, however small that was. Raises `ValueError` when the mask is not of the image's size.
    """
    import numpy as np

    _check_sizes(image, mask)
    inside = _inside(image.pixels, frame, edge=True)
    picture = _scaled(Image(inside), frame.model_width, frame.model_height)
    picture = _flattened(picture, frame.mode)
    if mask is None:
        full = np.full((frame.model_height, frame.model_width), 255, np.uint8)
        return picture, Mask(full)
    selected = _inside(mask.pixels, frame, edge=False)
    small = _scaled(Image(selected), frame.model_width, frame.model_height).pixels
    reach = _coverage(selected, frame.model_width, frame.model_height)
    return picture, Mask(np.where(reach, np.maximum(small, 1), small).astype(np.uint8))


def bring_back(image: Image, mask: Mask | None, frame: Frame, result: Image) -> Image:
    """The picture with the model's result in the frame, blended by the mask.

    Where the mask is 0, and outside the frame, every pixel keeps every bit; where it is 255 the
    result stands. A grey picture becomes RGB when the result has colour in the mask, and RGBA when
    it has holes there; a result without alpha is opaque. Raises `ValueError` when the mask is not
    of the image's size.
    """
    import numpy as np

    _check_sizes(image, mask)
    left, top = max(frame.left, 0), max(frame.top, 0)
    right = min(frame.left + frame.width, image.width)
    bottom = min(frame.top + frame.height, image.height)
    if right <= left or bottom <= top:
        return image
    large = _scaled(result, frame.width, frame.height)
    patch = large.pixels[
        top - frame.top : bottom - frame.top, left - frame.left : right - frame.left
    ]
    weight = np.full((bottom - top, right - left), 255, np.uint8)
    if mask is not None:
        weight = mask.pixels[top:bottom, left:right]
    mode = _joined_mode(image, Image(patch), weight)
    pixels = image.convert(mode).pixels.copy()
    place = pixels[top:bottom, left:right]
    _blend(place, Image(patch).convert(mode).pixels, weight)
    return Image(pixels)


def _blend(place: Pixels, patch: Pixels, weight: Pixels) -> None:
    import numpy as np

    part = weight.astype(np.uint32)
    if place.ndim == 3:
        part = part[..., None]
    old, new = place.astype(np.uint32), patch.astype(np.uint32)
    if place.ndim == 3 and place.shape[2] == 4:
        # Straight alpha: colours count by how opaque they are, or the hidden ones bleed in.
        old_part, new_part = (255 - part) * old[..., 3:], part * new[..., 3:]
        total = np.maximum(old_part + new_part, 1)
        mixed = (old[..., :3] * old_part + new[..., :3] * new_part + total // 2) // total
        alpha = (old_part + new_part + 127) // 255
        blended = np.concatenate([mixed, alpha], axis=2)
    else:
        blended = (old * (255 - part) + new * part + 127) // 255
    place[:] = np.where(part == 0, place, np.where(part == 255, patch, blended)).astype(np.uint8)


def _joined_mode(image: Image, patch: Image, weight: Pixels) -> Mode:
    if patch.mode == "RGBA" and image.mode != "RGBA":
        seen = patch.pixels[weight > 0]
        if len(seen) and (seen[:, 3] < 255).any():
            return "RGBA"
    if image.mode == "L" and patch.mode != "L":
        seen = patch.pixels[weight > 0]
        if len(seen) and (seen[:, :2] != seen[:, 1:3]).any():
            return "RGB"
    return image.mode


def _flattened(picture: Image, mode: Mode) -> Image:
    if picture.mode != "RGBA" or mode == "RGBA":
        return picture.convert(mode)
    # A model without alpha gets what is transparent as a ground that the drawing stands out from.
    import numpy as np
    from PIL import Image as Pillow

    weight = picture.pixels[..., 3].astype(np.float64)
    light = picture.convert("RGB").convert("L").pixels
    dark = weight.any() and float((light * weight).sum() / weight.sum()) < 128
    page = Pillow.new("RGBA", (picture.width, picture.height), "white" if dark else "black")
    page.alpha_composite(picture.to_pillow())
    return Image.from_pillow(page.convert(mode))


def _inside(pixels: Pixels, frame: Frame, *, edge: bool) -> Pixels:
    import numpy as np

    height, width = pixels.shape[:2]
    rows, columns = np.arange(frame.height) + frame.top, np.arange(frame.width) + frame.left
    found = pixels[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]
    if not edge:
        found = found.copy()
        found[(rows < 0) | (rows >= height)] = 0
        found[:, (columns < 0) | (columns >= width)] = 0
    return cast("Pixels", found)


def _scaled(image: Image, width: int, height: int) -> Image:
    from PIL import Image as Pillow

    if (image.width, image.height) == (width, height):
        return image
    smaller = width <= image.width and height <= image.height
    how = Pillow.Resampling.BOX if smaller else Pillow.Resampling.LANCZOS
    # Pillow weighs the colours of RGBA by alpha itself when it resizes.
    return Image.from_pillow(image.to_pillow().resize((width, height), how))


def _coverage(selected: Pixels, width: int, height: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which pixels of a smaller mask a selected pixel of the large one falls into."""
    import numpy as np

    rows, columns = selected.nonzero()
    found = np.zeros((height, width), bool)
    found[rows * height // selected.shape[0], columns * width // selected.shape[1]] = True
    return found


def _around(
    wanted: tuple[int, int, int, int], size: tuple[int, int], width: int, height: int
) -> tuple[int, int, int, int]:
    """Left, top, width and height of the proportions width:height around `wanted`.

    Inside the picture when it fits there, else around its middle.
    """
    across, down = wanted[2] - wanted[0], wanted[3] - wanted[1]
    # A frame is never larger than the picture because of a margin alone.
    most = min(size[0] / width, size[1] / height)
    unit = max(across / width, down / height)
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

    In a picture that is a row of model frames (the digits of a number) the model should see whole
    ones, never the end of one and the beginning of the next.
    """
    times = _times(*size, width, height, model_frame)
    if times == 1 or abs(size[0] * height / (size[1] * width) / times - 1) > 0.02:
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


def _checked(model_frame: Mapping[str, Any]) -> tuple[int, int, Mode]:
    width, height = model_frame.get("width"), model_frame.get("height")
    mode = model_frame.get("mode", "RGB")
    whole_numbers = type(width) is int and type(height) is int
    if not whole_numbers or mode not in ("L", "RGB", "RGBA"):
        raise StudioError(_("The model's card does not say what pictures it takes."))
    if not (1 <= cast(int, width) <= 8192 and 1 <= cast(int, height) <= 8192):
        raise StudioError(_("The model's card does not say what pictures it takes."))
    return cast(int, width), cast(int, height), cast(Mode, mode)


def _check_sizes(image: Image, mask: Mask | None) -> None:
    if mask is not None and mask.pixels.shape != (image.height, image.width):
        raise ValueError(
            f"the mask is {mask.pixels.shape[1]}×{mask.pixels.shape[0]} pixels, "
            f"the picture {image.width}×{image.height}"
        )
