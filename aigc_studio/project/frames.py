"""Frames: the part of a picture that goes to the model, and the way of its result back.

A model eats pictures of one size and mode. The frame is a rectangle of that shape around the mask;
it is cut out and scaled, and what comes back is blended in by the mask, without a seam (`seams`).
Pixels where the mask is 0 keep every bit.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from aigc_studio.api.artifacts import Image
from aigc_studio.api.selections import Mask
from aigc_studio.project.framing import MARGIN, Frame, Mode, bounds, choose, whole

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]
    Numbers = np.ndarray[Any, np.dtype[np.unsignedinteger[Any]]]
    Square = tuple[slice, slice]

__all__ = [
    "FINEST", "MARGIN", "Frame", "Mode", "bounds", "bring_back", "choose", "cut", "finer", "whole",
]  # fmt: skip

FINEST = 512
"""Pixels along a side that a frame of hairlines may have."""
_CROSSINGS = 0.05
"""The part of hairlines that may lie deeper than they are thick: where they cross."""
_GREY = 2  # of 255: channels no farther apart than this are grey
_SEEN = 512  # rows and columns are looked at to tell whether a picture is grey


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


def finer(mask: Mask, frame: Frame) -> Frame:
    """The frame in the picture's own pixels, as far as `FINEST` along a side, where only hairlines
    are selected in it; else as it is. Scaled down to a model's size little is left of them: one is
    a hairline that is nowhere thicker than four pixels, or three of the model's."""
    scale = min(1.0, FINEST / max(frame.width, frame.height))
    width, height = (max(1, round(side * scale)) for side in (frame.width, frame.height))
    if width <= frame.model_width:
        return frame
    selected = _coverage(_inside(mask.pixels, frame, edge=False), width, height)
    if not _is_thin(selected, max(2, math.ceil(1.5 * width / frame.model_width))):
        return frame
    return replace(frame, model_width=width, model_height=height)


def _is_thin(selected: np.ndarray[Any, np.dtype[np.bool_]], steps: int) -> bool:
    """Whether something is selected, and next to nothing of it lies deeper than so many steps from
    its rim: lines that cross are lines."""
    import numpy as np

    deep = np.pad(selected, 1)
    for _step in range(steps):
        inner = deep.copy()
        for axis in (0, 1):
            for way in (1, -1):
                inner &= np.roll(deep, way, axis)
        deep = inner
    return bool(selected.any()) and int(deep.sum()) <= _CROSSINGS * int(selected.sum())


def bring_back(
    image: Image, mask: Mask | None, frame: Frame, result: Image, *, fits: bool = False
) -> Image:
    """The picture with the model's result in the frame, blended by the mask.

    Where the mask is 0, and outside the frame, every pixel keeps every bit; where it is 255 the
    result stands, and where it was enlarged it begins along the edge of the mask as what lies
    outside (`seams.joined`). A grey picture becomes RGB when the result has colour in the mask, and
    RGBA when it has holes there; a result without alpha is opaque. A result that `fits` belongs to
    what is around it: it gets its colours, is grey in a picture that is, and a result that cannot
    know alpha keeps the picture's. Raises `ValueError` when the mask is not of the image's size.
    """
    from aigc_studio.project import seams

    _check_sizes(image, mask)
    area = _area(image, frame)
    if area is None:
        return image
    weight, ground = _weights(mask, frame, area), image.pixels[area]
    scale = min(frame.width / result.width, frame.height / result.height)
    shaped = fits and _keeps_alpha(ground, result, weight)
    near = _everywhere(weight) if shaped else seams.around(weight, scale)
    if near is None:
        return image
    weight, area = weight[near], _within(area, near)
    patch = Image(_patch(result, frame, area))
    if fits and _is_grey(ground):
        patch = _grey(patch)
    mode = _joined_mode(image, patch, weight)
    pixels = image.convert(mode).pixels.copy()
    place, new = pixels[area], patch.convert(mode).pixels
    if shaped:
        made = _shaped(place, new, weight, scale)
    else:
        made = _fitted(place, new, weight, scale, fits, Image(ground).convert(mode).pixels)
    _blend(place, made, weight)
    pixels.flags.writeable = False  # so that it is not copied once more
    return Image(pixels)


def _weights(mask: Mask | None, frame: Frame, area: Square) -> Pixels:
    """How much of the result is to be seen in the area: nothing around the frame."""
    import numpy as np

    rows, columns = area
    weight = np.full((rows.stop - rows.start, columns.stop - columns.start), 255, np.uint8)
    if mask is not None:
        weight = mask.pixels[area].copy()
    weight[: max(frame.top - rows.start, 0)] = 0
    weight[:, : max(frame.left - columns.start, 0)] = 0
    weight[frame.top + frame.height - rows.start :] = 0
    weight[:, frame.left + frame.width - columns.start :] = 0
    return weight


def _everywhere(weight: Pixels) -> Square | None:
    return (slice(0, weight.shape[0]), slice(0, weight.shape[1])) if weight.any() else None


def _within(area: Square, part: Square) -> Square:
    """What a part of an area, which may reach beyond its end, is of the picture."""
    rows, columns = (
        slice(whole.start + inner.start, min(whole.start + inner.stop, whole.stop))
        for whole, inner in zip(area, part, strict=True)
    )
    return rows, columns


def _area(image: Image, frame: Frame) -> Square | None:
    """What of the picture is in the frame, and a pixel around it that the edge is matched to."""
    left, top, right, bottom = frame.box
    if right <= 0 or bottom <= 0 or left >= image.width or top >= image.height:
        return None
    rows = slice(max(top - 1, 0), min(bottom + 1, image.height))
    return rows, slice(max(left - 1, 0), min(right + 1, image.width))


def _patch(result: Image, frame: Frame, area: Square) -> Pixels:
    """The result at the size of the frame, as far as it lies in the area."""
    rows, columns = area
    left, top = max(columns.start - frame.left, 0), max(rows.start - frame.top, 0)
    right = min(columns.stop - frame.left, frame.width)
    bottom = min(rows.stop - frame.top, frame.height)
    # No more is made large than is seen: a frame may be four times what is selected in it.
    large = _scaled(result, frame.width, frame.height, (left, top, right, bottom))
    inside = Frame(
        columns.start - frame.left - left, rows.start - frame.top - top,
        columns.stop - columns.start, rows.stop - rows.start, 1, 1, frame.mode,
    )  # fmt: skip
    return _inside(large.pixels, inside, edge=True)


def _is_grey(pixels: Pixels) -> bool:
    import numpy as np

    if pixels.ndim == 2:
        return True
    rows, columns = (max(1, length // _SEEN) for length in pixels.shape[:2])
    return int(np.ptp(pixels[::rows, ::columns, :3], axis=2).max()) <= _GREY


def _grey(patch: Image) -> Image:
    if patch.mode != "RGBA":
        return patch.convert("L")
    pixels = patch.pixels.copy()
    pixels[..., :3] = patch.convert("RGB").convert("L").pixels[..., None]
    return Image(pixels)


def _keeps_alpha(place: Pixels, patch: Image, weight: Pixels) -> bool:
    """Whether a result that knows nothing of alpha came into a picture with a shape of its own.

    A drawing on nothing has no shape to keep: what is drawn anew there would not be seen.
    """
    if place.ndim == 2 or place.shape[2] != 4 or patch.mode == "RGBA":
        return False
    clear = place[..., 3][weight > 0]
    return bool(len(clear) and (clear < 255).any() and (clear >= 128).mean() >= 0.5)


def _shaped(place: Pixels, patch: Pixels, weight: Pixels, scale: float) -> Pixels:
    """The patch without a seam, as clear as the picture; what is not seen has no colour."""
    import numpy as np

    from aigc_studio.project import seams

    unknown = np.where((place[..., 3] < 255) & (weight == 0), 1, weight).astype(np.uint8)
    colours = seams.joined(place[..., :3], patch[..., :3], unknown, scale, fits=True)
    return np.concatenate([colours, place[..., 3:]], axis=2)


def _fitted(
    place: Pixels, patch: Pixels, weight: Pixels, scale: float, fits: bool, ground: Pixels
) -> Pixels:
    """The patch without a seam; where anything on the ground is transparent it stays as it is."""
    import numpy as np

    from aigc_studio.project import seams

    if place.ndim == 2 or place.shape[2] == 3:
        return seams.joined(place, patch, weight, scale, fits=fits, ground=ground)
    if ground[..., 3].min() < 255 or patch[..., 3].min() < 255:
        return patch
    colours = seams.joined(
        place[..., :3], patch[..., :3], weight, scale, fits=fits, ground=ground[..., :3]
    )
    return np.concatenate([colours, patch[..., 3:]], axis=2)


def _blend(place: Pixels, patch: Pixels, weight: Pixels) -> None:
    from aigc_studio.project import cells

    for square in cells.squares(weight.shape):
        part = weight[square]
        full = part == 255
        if full.all():
            place[square] = patch[square]
        elif (full | (part == 0)).all():
            place[square][full] = patch[square][full]
        else:
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
    """What is in the frame; beyond the picture the nearest pixels (`edge`), or zero."""
    import numpy as np

    height, width = pixels.shape[:2]
    left, top, right, bottom = frame.box
    if right <= 0 or bottom <= 0 or left >= width or top >= height:
        rows, columns = np.arange(top, bottom), np.arange(left, right)
        found = pixels[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]
        return cast("Pixels", found if edge else np.zeros_like(found))
    part = pixels[max(top, 0) : bottom, max(left, 0) : right]
    beyond = [
        (max(-top, 0), max(bottom - height, 0)),
        (max(-left, 0), max(right - width, 0)),
        *[(0, 0)] * (pixels.ndim - 2),
    ]
    if not any(map(any, beyond)):
        return part
    return np.pad(part, beyond, mode="edge" if edge else "constant")


def _scaled(
    image: Image, width: int, height: int, part: tuple[int, int, int, int] | None = None
) -> Image:
    """A picture of another size, or a part (left, top, right, bottom) of what it would be then."""
    from PIL import Image as Pillow

    left, top, right, bottom = part or (0, 0, width, height)
    if (image.width, image.height) == (width, height):
        return image if part is None else Image(image.pixels[top:bottom, left:right])
    smaller = width <= image.width and height <= image.height
    # Lanczos would leave a second, faint ring around every stroke.
    how = Pillow.Resampling.BOX if smaller else Pillow.Resampling.BICUBIC
    across, down = image.width / width, image.height / height
    box = left * across, top * down, min(right * across, image.width), bottom * down
    box = *box[:3], min(box[3], image.height)
    # Pillow weighs the colours of RGBA by alpha itself when it resizes.
    return Image.from_pillow(image.to_pillow().resize((right - left, bottom - top), how, box))


def _coverage(selected: Pixels, width: int, height: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which pixels of a smaller mask a selected pixel of the large one falls into."""
    import numpy as np

    found = selected > 0
    for axis, length in enumerate((height, width)):
        cells = np.arange(found.shape[axis]) * length // found.shape[axis]
        if length >= found.shape[axis]:
            # Enlarged: each pixel of the large one is one of the small one at least.
            spread = np.zeros((*found.shape[:axis], length, *found.shape[axis + 1 :]), bool)
            spread[(slice(None),) * axis + (cells,)] = found
            found = spread
            continue
        # A pixel may lie across two of the smaller mask: what is known must be so in both.
        ends = ((np.arange(found.shape[axis]) + 1) * length - 1) // found.shape[axis]
        parts = [
            np.logical_or.reduceat(found, np.searchsorted(each, np.arange(length)), axis=axis)
            for each in (cells, ends)
        ]
        found = parts[0] | parts[1]
    return found


def _check_sizes(image: Image, mask: Mask | None) -> None:
    if mask is not None and mask.pixels.shape != (image.height, image.width):
        raise ValueError(
            f"the mask is {mask.pixels.shape[1]}×{mask.pixels.shape[0]} pixels, "
            f"the picture {image.width}×{image.height}"
        )
