"""The finisher: what a filling of hairlines lacks at the picture's own pixels.

The filler works at half the picture's side, where a scratch is hardly wider than one place. This
small net works at the whole of it: it sees the picture filled, the same by a filler that looked
into a mirror, and where the filler began, and draws what all of them leave over. It has learnt from
scratches alone, and so nothing else is touched: a hole over a face is as the filler leaves it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.toolkit import Moment, measures
from vae_faces.network.parts import Block, depth, silent, squared_error
from vae_faces.training.damage import draw_scratches

_DEEP = 3  # what a square of twice this and one more, all missing, has covered is no hairline
_BLOCKS = 2
_ALIKE = 1e-3  # a likeness of .999: what is more alike does not pull any harder
_PRECISE = 1e-3  # squared error, at 36 dB: what is nearer does not pull any harder


class Finisher(nn.Module):
    """Draws what fillings of hairlines lack, (n, channels, side, side).

    Untaught it leads to the mean of the filling and the one from the mirror, which is nearer than
    either where left and right do not matter; where they do it learns how much to leave of that.
    """

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3 * channels + 2, width, 3, padding=1)
        self.blocks = nn.Sequential(*(Block(width) for _number in range(_BLOCKS)))
        self.mirror = nn.Parameter(torch.full((1,), 0.5))
        self.head = silent(nn.Conv2d(width, channels, 3, padding=1))

    def forward(self, filled: Tensor, mirrored: Tensor, start: Tensor, hole: Tensor) -> Tensor:
        """What is added to `filled` (n, c, side, side) in the hairlines of `hole`; 0 elsewhere.

        `mirrored` is the filling of the mirrored picture, mirrored back, and `start` the guess that
        both began with.
        """
        seen = torch.cat([filled, mirrored, start, hole, depth(hole)], dim=1)
        drawn: Tensor = self.head(F.silu(self.blocks(self.stem(seen))))
        return (drawn + self.mirror * (mirrored - filled)) * hairlines(hole)


def hairlines(hole: Tensor) -> Tensor:
    """The part of holes (n, 1, h, w) that is nowhere wider than six pixels, 1 there."""
    deep = -F.max_pool2d(-F.pad(hole, (_DEEP,) * 4), 2 * _DEEP + 1, stride=1)
    wide = F.max_pool2d(deep, 2 * _DEEP + 1, stride=1, padding=_DEEP)
    return hole * (1 - wide)


def scratches_for(values: Tensor, moment: Moment) -> Tensor:
    """Holes (n, 1, side, side) to learn finishing from."""
    return draw_scratches(len(values), values.shape[-1], moment.generator).to(values)


def finishing_loss(drawn: Tensor, values: Tensor, hole: Tensor) -> Tensor:
    """The mean logarithm of the squared error inside the holes, which counts decibels, and of what
    structural similarity lacks: that minds a stain on even skin which the error hardly counts."""
    error = squared_error(drawn, values, hole) + _PRECISE
    whole = torch.where(hole > 0, drawn, values).clamp(-1, 1)
    unlike = 1 - measures.ssim((whole + 1) / 2, (values + 1) / 2).float() + _ALIKE
    return error.log().mean() + unlike.log().mean()
