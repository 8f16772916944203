"""Pictures on their way to a net and back: any size and mode in, tensors of one shape out.

Two kinds of tensor: *planes* are what is kept, uint8 (c, h, w) or (n, c, h, w) with 1, 3 or 4
channels; *values* are what nets see, float32 of the same shape from `low` to 1. `low` is 0 unless
said otherwise; nets that end in a tanh take -1. A picture of the studio becomes planes, planes
become values, and back:

    values = to_values(image_planes(image, 64, "RGB"), low=-1)
    image = planes_image(to_planes(values, low=-1))

The functions on `Pixels` do the same work on arrays as `Image.pixels` has them: (h, w) or
(h, w, c).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import torch
from PIL import Image as Pillow
from torch import Tensor

from aigc_studio.api import Image

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Mode = Literal["L", "RGB", "RGBA"]
Fit = Literal["pad", "crop", "stretch"]
CHANNELS: dict[Mode, int] = {"L": 1, "RGB": 3, "RGBA": 4}
"""How many planes a picture of a mode has."""
_COLOURED = 12  # of 255: less apart than this are grey


# -- tensors -----------------------------------------------------------------------------------


def image_planes(image: Image, size: int | tuple[int, int], mode: Mode, fit: Fit = "pad") -> Tensor:
    """A picture as planes (c, height, width). `size` is a side, or (width, height).

    `pad` puts it in the middle of its border's usual colour, `crop` takes its middle, `stretch`
    changes its proportions; all of them scale by `resized`. For `mode` see `flatten`.
    """
    width, height = (size, size) if isinstance(size, int) else size
    pixels = _fitted(flatten(image, mode), width, height, fit)
    return torch.from_numpy(to_channels(resized(pixels, width, height)))


def planes_image(planes: Tensor, like: Image | None = None) -> Image:
    """The picture of planes (c, h, w); with `like`, scaled to its size and in its mode.

    The opacity of an RGBA picture `like` is not taken over: where planes have none, all is opaque.
    """
    image = Image(from_channels(planes.cpu().numpy()))
    if like is None:
        return image
    return Image(resized(image.pixels, like.width, like.height)).convert(like.mode)


def to_values(planes: Tensor, low: float = 0.0) -> Tensor:
    """Planes of any shape as float32 from `low` to 1, on the device where they are."""
    return planes.float() / (255 / (1 - low)) + low


def to_planes(values: Tensor, low: float = 0.0) -> Tensor:
    """Values from `low` to 1, of any shape, as uint8; what lies outside is cut off."""
    bright = (values.detach() - low) * (255 / (1 - low))
    return bright.round().clamp(0, 255).to(torch.uint8)


# -- arrays ------------------------------------------------------------------------------------


def to_channels(pixels: Pixels) -> Pixels:
    """(h, w) or (h, w, c) as (c, h, w), a copy that may be written to."""
    return np.array(pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1), order="C")


def from_channels(planes: Pixels) -> Pixels:
    """(c, h, w) as (h, w) for one channel, else (h, w, c)."""
    found = planes[0] if len(planes) == 1 else planes.transpose(1, 2, 0)
    return np.ascontiguousarray(found)


def sheet(cells: Sequence[Pixels] | Pixels | Tensor, columns: int = 0) -> Image:
    """Planes (n, c, h, w), or n of (c, h, w), side by side in one picture, row by row.

    `columns` 0 puts all in one row. Places that are left over in the last row are black (clear in
    an RGBA picture). For the samples of a training, and for strips of characters.
    """
    planes = list(cells.cpu().numpy() if isinstance(cells, Tensor) else cells)
    columns = columns or len(planes)
    missing = -len(planes) % columns
    planes += [np.zeros_like(planes[0])] * missing if missing else []
    rows = [
        np.concatenate(planes[start : start + columns], axis=2)
        for start in range(0, len(planes), columns)
    ]
    whole = rows[0] if len(rows) == 1 else np.concatenate(rows, axis=1)
    return Image(from_channels(whole))


def flatten(image: Image, mode: Mode) -> Pixels:
    """The pixels in this mode: (h, w) for L, (h, w, 3) for RGB, (h, w, 4) for RGBA.

    For L and RGB, what is transparent becomes the ground that the picture stands out from: white
    under a dark one, black under a light one.
    """
    if image.mode != "RGBA" or mode == "RGBA":
        return image.convert(mode).pixels
    alpha = image.pixels[..., 3:].astype(np.float64) / 255
    colour = image.pixels[..., :3].astype(np.float64)
    weight = float(alpha.sum())
    dark = weight > 0 and float((colour.mean(axis=2, keepdims=True) * alpha).sum()) / weight < 128
    joined = colour * alpha + (255.0 if dark else 0.0) * (1 - alpha)
    return Image(joined.round().astype(np.uint8)).convert(mode).pixels


def has_colour(image: Image) -> bool:
    """Whether any pixel that can be seen is not grey."""
    if image.mode == "L":
        return False
    colour = image.pixels[..., :3].astype(np.int16)
    spread = colour.max(axis=2) - colour.min(axis=2)
    seen = image.pixels[..., 3] > 0 if image.mode == "RGBA" else True
    return bool(((spread > _COLOURED) & seen).any())


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Scaled to this size: by area when it gets smaller, else by Lanczos."""
    if pixels.shape[:2] == (height, width):
        return pixels
    smaller = width <= pixels.shape[1] and height <= pixels.shape[0]
    how = Pillow.Resampling.BOX if smaller else Pillow.Resampling.LANCZOS
    return np.asarray(Pillow.fromarray(pixels).resize((width, height), how))


def padded(pixels: Pixels, width: int, height: int) -> tuple[Pixels, int, int]:
    """In the middle of a larger picture of its border's usual colour, and where: (left, top)."""
    high, wide = pixels.shape[:2]
    if (high, wide) == (height, width):
        return pixels, 0, 0
    edges = (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])
    border = np.concatenate([edge.reshape(len(edge), -1) for edge in edges])
    canvas = np.empty((height, width, *pixels.shape[2:]), np.uint8)
    canvas[:] = np.median(border, axis=0).astype(np.uint8).reshape(pixels.shape[2:])
    left, top = (width - wide) // 2, (height - high) // 2
    canvas[top : top + high, left : left + wide] = pixels
    return canvas, left, top


def _fitted(pixels: Pixels, width: int, height: int, fit: Fit) -> Pixels:
    """With the proportions of `width` to `height`, before it is scaled."""
    high, wide = pixels.shape[:2]
    if fit == "stretch" or wide * height == high * width:
        return pixels
    if fit == "pad":
        # Whole pixels, so that neither side gets smaller.
        return padded(
            pixels, max(wide, -(-high * width // height)), max(high, -(-wide * height // width))
        )[0]
    kept_wide = min(wide, max(high * width // height, 1))
    kept_high = min(high, max(wide * height // width, 1))
    left, top = (wide - kept_wide) // 2, (high - kept_high) // 2
    return np.ascontiguousarray(pixels[top : top + kept_high, left : left + kept_wide])
