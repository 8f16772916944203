"""How a change is carried over to a picture: where it counts, and what goes with what has gone.

The net draws a face as it is, `base`, and as it is wanted. Their difference is added to the
picture, so that what the net cannot draw of it (a scar, the weave of a jacket) stays. But what it
could not draw of a mouth that has become another mouth would be a ghost of the old one.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from vae_faces.settings import KEEP

_LARGEST = 0.98
"""The quantile of the differences that is taken for the largest."""
_THRESHOLD = 0.6
"""The part of the largest difference below which nothing is carried over, at most."""
_FAINT = 3e-5
"""Variance of what nobody sees, in the range -1 to 1."""
_ALIKE, _APART = 0.1, 0.35
"""How unlike two structures are that count as one, and as two."""
SLACK = 0.15
"""How far a change may go beyond what is wanted, as a part of the way there."""


def carried(values: Tensor, wanted: Tensor, base: Tensor, keep: float = KEEP) -> Tensor:
    """Pictures (n, c, side, side) of the net's own size with the change from `base` to `wanted`,
    as a person gets it who leaves *keep the rest* as it is; see `subjects.Subject.composed`."""
    kept = 1 - renewed(wanted, base)[:, None]
    slack = SLACK * (wanted - values).abs()
    low, high = torch.minimum(values, wanted) - slack, torch.maximum(values, wanted) + slack
    made = (wanted + kept * (values - base)).clamp(low, high)
    return values + changed(wanted - base, keep)[:, None] * (made - values)


def changed(difference: Tensor, keep: float) -> Tensor:
    """Where differences (n, c, side, side) are large, as weights (n, side, side) from 0 to 1.

    Smoothly: a change has no edge where the face has none. `keep` 0 takes all of it.
    """
    size = _around(difference.abs().mean(dim=1, keepdim=True))[:, 0]
    if not keep:
        return torch.ones_like(size)
    most = size.flatten(1).quantile(_LARGEST, dim=1)[:, None, None]
    high = keep * _THRESHOLD * most
    return torch.where(most > 0, _eased(size, high / 3, high.clamp_min(1e-12)), 0.0)


def renewed(wanted: Tensor, base: Tensor) -> Tensor:
    """Where something else is seen, (n, side, side) from 0 to 1: where what is wanted has not the
    structure and the contrast that were there, over 5 × 5 pixels (after Wang et al. 2004).

    Skin of another colour has the same structure, and a mouth that laughs another than one that
    does not.
    """
    one, other = (each - _around(each) for each in (wanted, base))
    both = _around(2 * one * other).mean(dim=1, keepdim=True)
    each = _around(one.square() + other.square()).mean(dim=1, keepdim=True)
    unlike = 1 - ((both + _FAINT) / (each + _FAINT)).clamp(0, 1)
    wide = F.max_pool2d(_eased(unlike, _ALIKE, _APART), 3, stride=1, padding=1)
    return _around(wide, 3)[:, 0]


def _around(planes: Tensor, size: int = 5) -> Tensor:
    """The mean of size × size pixels round each pixel."""
    rim = (size // 2,) * 4
    return F.avg_pool2d(F.pad(planes, rim, mode="replicate"), size, stride=1)


def _eased(values: Tensor, low: float | Tensor, high: float | Tensor) -> Tensor:
    """From 0 at `low` to 1 at `high`, without a corner."""
    share = ((values - low) / (high - low)).clamp(0, 1)
    return share * share * (3 - 2 * share)
