"""Small pictures made large: lines stay lines, without squares, stars or a grey haze.

Bicubic alone shows each pixel as a step in every slanted edge. So it is smoothed by less than a
pixel and sharpened by as much, within the values that the pixels around have: nothing gets a halo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as PillowImage

    Values = np.ndarray[Any, np.dtype[np.uint8]]

_SMOOTHED = 0.4  # of a pixel
_SHARPENED = 0.8  # of a pixel: as wide as what is taken off
_MUCH = 1.5  # how much of it
_LARGER = 2.0  # times: what is enlarged less is led over by bicubic alone
_ROWS = 512  # are sharpened at a time: of 64 million pixels, no more are in memory as floats


def enlarged(band: PillowImage, size: tuple[int, int]) -> PillowImage:
    """One band (mode L) of a picture at a larger size (width, height)."""
    from PIL import Image as Pillow
    from PIL import ImageFilter

    times = min(size[0] / band.width, size[1] / band.height)
    large = band.resize(size, Pillow.Resampling.BICUBIC)
    if times < _LARGER:
        return large
    soft = large.filter(ImageFilter.GaussianBlur(_SMOOTHED * times))
    softer = soft.filter(ImageFilter.GaussianBlur(_SHARPENED * times))
    linear = Pillow.Resampling.BILINEAR
    lowest = band.filter(ImageFilter.MinFilter(3)).resize(size, linear)
    highest = band.filter(ImageFilter.MaxFilter(3)).resize(size, linear)
    return Pillow.fromarray(_sharpened(soft, softer, lowest, highest))


def enlarged_clear(bands: list[PillowImage], size: tuple[int, int]) -> list[PillowImage]:
    """Bands of colours multiplied by alpha, and alpha as the last: no colour outgrows it."""
    from PIL import ImageChops

    *colours, alpha = (enlarged(band, size) for band in bands)
    return [*(ImageChops.darker(colour, alpha) for colour in colours), alpha]


def _sharpened(*pictures: PillowImage) -> Values:
    import numpy as np

    soft, softer, lowest, highest = (np.asarray(each) for each in pictures)
    found = np.empty_like(soft)
    for start in range(0, len(soft), _ROWS):
        rows = slice(start, start + _ROWS)
        middle = soft[rows].astype(np.float32)
        sharp = middle + _MUCH * (middle - softer[rows])
        found[rows] = np.rint(np.clip(sharp, lowest[rows], highest[rows]))
    return cast("Values", found)
