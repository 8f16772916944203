"""A result that a small model made, in a much larger picture: as sharp, as bright, without a seam.

Where a model's pixel is several of the picture's, its result is blurred beside the rest, and the
edge of a mask would show as a cut. What is done here is done inside the mask only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]
    Values = np.ndarray[Any, np.dtype[np.float32]]
    Truths = np.ndarray[Any, np.dtype[np.bool_]]

LARGER = 1.5
"""From so many pixels of the picture on a pixel of the model, seams are looked after."""
REACH = 2.5
"""Pixels of the model: so far into the mask a result is led over from what surrounds it."""
_FINEST = 12  # rings of pixels that are led over one by one; of more, so many coarser ones
_NEAR = 32  # of 255: pixels this near to a level have it
_PLAIN = 0.95  # of the pixels known: so many have one of two levels in a drawing
_APART = 96  # of 255: ink and paper are this far apart at least
_SHARPEST = 4.5
_EDGE = 0.42  # where a stroke ends: below a half, or thin strokes would break


@dataclass(frozen=True)
class Levels:
    """A drawing's two colours, as (channels,) each: nearly every pixel has one of them."""

    paper: Values
    ink: Values

    def ink_in(self, pixels: Values) -> Values:
        """How much ink each pixel (h, w, channels) has, 0 to 1: (h, w, 1)."""
        import numpy as np

        way = self.ink - self.paper
        part = ((pixels - self.paper) @ way) / float(way @ way)
        return cast("Values", np.clip(part, 0.0, 1.0)[..., None].astype(np.float32))

    def drawn(self, ink: Values) -> Values:
        """Pixels with so much ink each."""
        return self.paper + ink * (self.ink - self.paper)


def joined(old: Pixels, patch: Pixels, weight: Pixels, scale: float) -> Pixels:
    """`patch` fitted to `old`, both (h, w) or (h, w, 3), where `weight` (h, w) is above 0.

    `scale` is how many pixels of the picture one of the model's takes; `patch` has been enlarged
    by it. In drawings the patch gets the paper, the ink and the sharpness of what was drawn there.
    Along the edge of the mask it begins as what lies outside, and is itself from `REACH` pixels of
    the model on.
    """
    import numpy as np

    rows, columns = (np.flatnonzero(weight.any(axis=axis)) for axis in (1, 0))
    if scale < LARGER or not len(rows):
        return patch
    levels = levels_of(old[:: _step(old.shape[0]), :: _step(old.shape[1])])
    # What counts is the mask and a rim around it: pictures may have 16 million pixels.
    part = (
        slice(max(rows[0] - 1, 0), rows[-1] + 2),
        slice(max(columns[0] - 1, 0), columns[-1] + 2),
    )
    found = patch.copy()
    found[part] = _fitted(old[part], patch[part], weight[part] == 0, scale, levels)
    return found


def _fitted(
    old: Pixels, patch: Pixels, outside: Truths, scale: float, levels: Levels | None
) -> Pixels:
    import numpy as np

    before, made = (each.reshape(*each.shape[:2], -1).astype(np.float32) for each in (old, patch))
    if levels is None:
        fitted = _led_over(before, made, outside, scale)
    else:
        # How much ink there is, led over while edges are soft: sharpening leaves no grey behind.
        ink = _led_over(levels.ink_in(before), levels.ink_in(made), outside, scale)
        fitted = levels.drawn(_sharpened(ink, scale))
    return cast("Pixels", np.clip(np.rint(fitted), 0, 255).astype(np.uint8).reshape(patch.shape))


def levels_of(pixels: Pixels) -> Levels | None:
    """Paper and ink of a drawing (h, w) or (h, w, 3); None for any other picture."""
    import numpy as np

    known = pixels.reshape(-1, 1 if pixels.ndim == 2 else pixels.shape[2]).astype(np.float32)
    paper = np.median(known, axis=0).astype(np.float32)
    apart = np.abs(known - paper).max(axis=1)
    others = known[apart > _APART]
    if not len(others):
        return None
    ink = np.median(others, axis=0).astype(np.float32)
    has_ink = np.abs(known - ink).max(axis=1) <= _NEAR
    if float(((apart <= _NEAR) | has_ink).mean()) < _PLAIN:
        return None
    return Levels(paper, ink)


def _step(length: int) -> int:
    """Of so many rows or columns every how manieth is looked at for a drawing's colours."""
    return max(1, length // 512)


def _sharpened(ink: Values, scale: float) -> Values:
    """An enlarged drawing's ink, 0 to 1, with edges nearly as sharp as a pen's."""
    import numpy as np

    sharp = min(max(0.6 * scale, 1.0), _SHARPEST)
    return cast("Values", np.clip((ink - _EDGE) * sharp + _EDGE, 0.0, 1.0))


def _led_over(old: Values, new: Values, outside: Truths, scale: float) -> Values:
    """`new` with the difference to `old` along the mask's edge, fading into the mask."""
    import numpy as np

    if not outside.any():
        return new
    reach = REACH * scale
    coarse = max(1, round(reach / _FINEST))
    step, spread = _rings(old - new, outside, coarse, max(2, round(reach / coarse)))
    part = np.clip(1.0 - step * coarse / reach, 0.0, 1.0)
    part = part * part * (3 - 2 * part)
    return np.where(outside[..., None], old, new + spread * part[..., None])


def _rings(apart: Values, known: Truths, coarse: int, count: int) -> tuple[Values, Values]:
    """How many rings of `coarse` pixels each pixel is from what is known, and the mean of what
    is known there, led on from ring to ring.
    """
    import numpy as np

    height, width = known.shape
    small, there = _shrunk(apart, known, coarse)
    step = np.where(there, 0.0, float(count)).astype(np.float32)
    for ring in range(1, count + 1):
        sums, counts = _neighbours(small, there)
        fresh = ~there & (counts > 0)
        if not fresh.any():
            break
        small[fresh] = sums[fresh] / counts[fresh][:, None]
        step[fresh] = ring
        there = there | fresh
    return _grown(step, coarse, height, width), _grown(small, coarse, height, width)


def _neighbours(values: Values, there: Truths) -> tuple[Values, Values]:
    """The sum of the values that are there around each pixel, and how many they are."""
    import numpy as np

    stacked = np.concatenate([values * there[..., None], there[..., None]], axis=2)
    wide = np.pad(stacked.astype(np.float32), ((1, 1), (1, 1), (0, 0)))
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    total = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
    return total[..., :-1], total[..., -1]


def _shrunk(values: Values, known: Truths, coarse: int) -> tuple[Values, Truths]:
    """Means of what is known in squares of `coarse` pixels, and where anything is."""
    import numpy as np

    if coarse == 1:
        return values.copy(), known.copy()
    height, width = known.shape
    down, across = -height % coarse, -width % coarse
    stacked = np.concatenate([values * known[..., None], known[..., None]], axis=2)
    wide = np.pad(stacked.astype(np.float32), ((0, down), (0, across), (0, 0)))
    squares = wide.reshape(
        wide.shape[0] // coarse, coarse, wide.shape[1] // coarse, coarse, -1
    ).sum(axis=(1, 3))
    counts = squares[..., -1]
    return squares[..., :-1] / np.maximum(counts, 1)[..., None], counts > 0


def _grown(values: Values, coarse: int, height: int, width: int) -> Values:
    """Back to full size, without steps."""
    import numpy as np
    from PIL import Image as Pillow

    if coarse == 1:
        return values
    planes = values[None] if values.ndim == 2 else np.moveaxis(values, 2, 0)
    size = (planes.shape[2] * coarse, planes.shape[1] * coarse)
    grown = [
        np.asarray(Pillow.fromarray(plane).resize(size, Pillow.Resampling.BILINEAR))
        for plane in planes
    ]
    found = np.stack(grown, axis=-1)[:height, :width]
    return found[..., 0] if values.ndim == 2 else found
