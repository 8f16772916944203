"""Frames: the part of a picture that goes to the model, and the way of its result back.

A model eats pictures of one size and mode. The frame is a rectangle of that shape around the mask;
it is cut out and scaled, and what comes back is blended in by the mask, without a seam (`seams`).
Pixels where the mask is 0 keep every bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aigc_studio.api.artifacts import Image
from aigc_studio.api.selections import Mask
from aigc_studio.project.framing import MARGIN, Frame, Mode, bounds, choose, whole

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]
    Numbers = np.ndarray[Any, np.dtype[np.unsignedinteger[Any]]]

__all__ = ["MARGIN", "Frame", "Mode", "bounds", "bring_back", "choose", "cut", "whole"]


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
    result stands, and where it was enlarged it begins along the edge of the mask as what lies
    outside (`seams.joined`). A grey picture becomes RGB when the result has colour in the mask, and
    RGBA when it has holes there; a result without alpha is opaque. Raises `ValueError` when the
    mask is not of the image's size.
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
    scale = min(frame.width / result.width, frame.height / result.height)
    _blend(place, _fitted(place, Image(patch).convert(mode).pixels, weight, scale), weight)
    return Image(pixels)


def _fitted(place: Pixels, patch: Pixels, weight: Pixels, scale: float) -> Pixels:
    """The patch without a seam; where anything is transparent it stays as it is."""
    import numpy as np

    from aigc_studio.project import seams

    if place.ndim == 2 or place.shape[2] == 3:
        return seams.joined(place, patch, weight, scale)
    if place[..., 3].min() < 255 or patch[..., 3].min() < 255:
        return patch
    colours = seams.joined(place[..., :3], patch[..., :3], weight, scale)
    return np.concatenate([colours, patch[..., 3:]], axis=2)


def _blend(place: Pixels, patch: Pixels, weight: Pixels) -> None:
    from aigc_studio.project import rings

    for square in rings.squares(weight.shape):
        part = weight[square]
        if part.min() == 255:
            place[square] = patch[square]
        elif part.any():
            _mix(place[square], patch[square], part)


def _mix(place: Pixels, patch: Pixels, weight: Pixels) -> None:
    import numpy as np

    has_alpha = place.ndim == 3 and place.shape[2] == 4
    # As much as the largest product needs: of two bytes, or of three.
    exact: type[np.unsignedinteger[Any]] = np.uint32 if has_alpha else np.uint16
    part: Numbers = weight.astype(exact)
    if place.ndim == 3:
        part = part[..., None]
    old: Numbers = place.astype(exact)
    new: Numbers = patch.astype(exact)
    if has_alpha:
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
    # Lanczos would leave a second, faint ring around every stroke.
    how = Pillow.Resampling.BOX if smaller else Pillow.Resampling.BICUBIC
    # Pillow weighs the colours of RGBA by alpha itself when it resizes.
    return Image.from_pillow(image.to_pillow().resize((width, height), how))


def _coverage(selected: Pixels, width: int, height: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which pixels of a smaller mask a selected pixel of the large one falls into."""
    import numpy as np

    rows, columns = selected.nonzero()
    found = np.zeros((height, width), bool)
    found[rows * height // selected.shape[0], columns * width // selected.shape[1]] = True
    return found


def _check_sizes(image: Image, mask: Mask | None) -> None:
    if mask is not None and mask.pixels.shape != (image.height, image.width):
        raise ValueError(
            f"the mask is {mask.pixels.shape[1]}×{mask.pixels.shape[0]} pixels, "
            f"the picture {image.width}×{image.height}"
        )
