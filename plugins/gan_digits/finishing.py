"""The last touch: from what the nets draw to pictures that bear being shown large.

A generator leaves faint blocks on its ground. At 28 pixels nobody sees them; enlarged, or dark on
white paper, they are dirt.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from aigc_studio.toolkit import to_planes
from aigc_studio.toolkit.pictures import Pixels
from gan_digits.pictures import Look

FAINTEST = 24
"""Of 255: what differs less from the ground is the ground."""
_STRONG = 96  # of 255: surely a stroke; a paler drawing has half of its strongest instead
_REACH = 2  # pixels that the soft edge of a stroke may take; what it does not hold is a speck


def can_be_ink(look: Look, channels: int) -> bool:
    """Whether drawings of this look are light on dark and grey: then they may be ink on paper."""
    return channels == 1 and look.drawn and look.ground < 128


def finished(cells: Tensor, look: Look, *, paper: bool = False) -> Pixels:
    """Drawn cells (c, s, s) or (n, c, s, s) in -1..1 as clean uint8 pixels.

    Drawings get a clean ground; pictures of any other look are left as they are. With `paper`,
    grey drawings that are light on dark become dark on light.
    """
    pixels = cleaned(to_planes(cells, -1).cpu().numpy(), look)
    dark = paper and can_be_ink(look, pixels.shape[-3])
    return 255 - pixels if dark else pixels


def cleaned(pixels: Pixels, look: Look) -> Pixels:
    """Cells (…, c, s, s) with the ground blank wherever there is no stroke, nor an edge of one."""
    if not look.drawn:
        return pixels
    ground = 0 if look.ground < 128 else 255
    apart = pixels if ground == 0 else 255 - pixels
    strength = apart.max(axis=-3)
    most = strength.max(axis=(-2, -1), keepdims=True)
    strokes = strength >= np.maximum(np.minimum(most / 2, _STRONG), FAINTEST)
    kept, seen = strokes, strength >= FAINTEST
    for _step in range(_REACH):
        kept = _widened(kept) & seen
    return np.where(kept[..., None, :, :], pixels, np.uint8(ground))


def _widened(marked: np.ndarray) -> np.ndarray:
    """What is marked and its neighbours, in the last two axes."""
    wide = np.pad(marked, [(0, 0)] * (marked.ndim - 2) + [(1, 1)] * 2)
    rows = wide[..., :-2, :] | wide[..., 1:-1, :] | wide[..., 2:, :]
    found: np.ndarray = rows[..., :-2] | rows[..., 1:-1] | rows[..., 2:]
    return found
