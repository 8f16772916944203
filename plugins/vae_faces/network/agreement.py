"""New faces: points drawn at random, and parts that are drawn anew so that they agree.

Where no attributes draw the face, a drawn point lies between faces that were learnt: an eye of one
and half the glasses of another, and all of it melted. The filler knows what goes together. So it
draws the upper part, the lower one, the left and the right in turn from what is around them, as
Gibbs sampling does (Geman and Geman 1984), and the face that they make is read as a point again:
what is drawn from that is as sharp as any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from vae_faces.network.net import Faces

_PARTS = ((18, 12, 36, 52), (34, 18, 56, 46), (14, 8, 56, 32), (14, 32, 56, 56))
"""Top, left, bottom and right of each, in sixty-fourths of the side; the rim is never missing."""
_WIDER = 1.4
"""So much farther are points drawn whose parts will agree: that brings them nearer to the middle,
and does so less the more of a face is left."""
_STRAYING = 0.35
"""How far a part strays from the most likely one; at 1 parts cease to agree."""


def new_points(faces: Faces, count: int, variety: float, source: torch.Generator) -> Tensor:
    """Points (count, size) of new faces, each of which says one option of every choice; `agreed`
    comes next. `variety` 0 is the average face of its kind, 1 as in the data."""
    points = torch.randn(count, faces.size, generator=source)
    points[:, faces.traits.width :] *= variety if faces.traits else _WIDER * variety
    return faces.traits.settled(points)


def noise_for(faces: Faces, count: int, source: torch.Generator) -> Tensor:
    """How the parts of `count` faces stray, (count, parts, noise_size), standard normal."""
    return torch.randn(count, len(_PARTS), faces.filler.noise_size, generator=source)


@torch.no_grad()
def agreed(faces: Faces, points: Tensor, noise: Tensor) -> Tensor:
    """Points (n, size) of faces whose parts agree, near those of `points`: these themselves where
    attributes draw the face. `noise` is as `noise_for` gives it, or shorter."""
    if faces.traits:
        return points
    values = faces.decode(points)
    for number, hole in enumerate(_holes(faces.side)):
        holes = hole.expand(len(values), 1, -1, -1)
        values = faces.fill(values * (1 - holes), holes, _STRAYING * noise[:, number])
    return faces.encode(values)[0]


def _holes(side: int) -> Tensor:
    """The parts as holes (parts, side, side), 1 where they are."""
    holes = torch.zeros(len(_PARTS), side, side)
    for hole, part in zip(holes, _PARTS, strict=True):
        top, left, bottom, right = (round(each * side / 64) for each in part)
        hole[top:bottom, left:right] = 1
    return holes
