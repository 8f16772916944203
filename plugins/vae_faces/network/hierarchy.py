"""The hierarchy: an encoder and a decoder of a few global numbers, and of grids of numbers.

What a grid says is told apart from what could be expected of it: the decoder predicts a mean and a
spread from what it has drawn so far, and numbers say how far the picture is from that.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae_faces.network.contrast import fine
from vae_faces.settings import FacesSettings

SURE = -10.0
"""The log variance of what is certain, and the least that a posterior may have."""
MOST_VARIANCE = 2.0


class Block(nn.Module):
    """A 3x3 and a 1x1 convolution beside a skip, scaled and shifted by a style where there is one.

    Takes and gives (n, width, h, w). The last convolution starts at zero (Zhang et al. 2019).
    """

    def __init__(self, width: int, style: int = 0) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 1)
        nn.init.zeros_(self.second.weight)
        _clear(self.second)
        self.style = nn.Linear(style, 2 * width) if style else None
        if self.style is not None:
            nn.init.normal_(self.style.weight, std=0.05)
            _clear(self.style)

    def forward(self, features: Tensor, style: Tensor | None = None) -> Tensor:
        """Transform (n, width, h, w), with a style (n, style)."""
        hidden = self.first(F.silu(features))
        if self.style is not None and style is not None:
            scale, shift = self.style(style)[:, :, None, None].chunk(2, dim=1)
            hidden = hidden * (1 + scale) + shift
        change: Tensor = self.second(F.silu(hidden))
        return features + change


class Encoder(nn.Module):
    """Pictures to the features that the decoder's levels compare with, and to what is global."""

    def __init__(self, settings: FacesSettings, traits: int) -> None:
        super().__init__()
        s = settings
        self.patch = s.patch
        self.shrinks, self.blocks = nn.ModuleList(), nn.ModuleList()
        self.contrast = s.contrast
        inside = (2 if s.contrast else 1) * s.channels * s.patch**2
        for number, width in enumerate(s.widths):
            kernel, factor = (3, 1) if number == 0 else (1, 4)
            self.shrinks.append(nn.Conv2d(inside * factor, width, kernel, padding=kernel // 2))
            self.blocks.append(Block(width))
            inside = width
        self.told = nn.Conv2d(inside, 32, 1)
        self.head = nn.Linear(32 * s.innermost**2, 2 * s.globals + traits)

    def forward(self, values: Tensor) -> tuple[list[Tensor], Tensor]:
        """Features at each level, the innermost first, and (n, 2 * globals + traits)."""
        if self.contrast:
            values = torch.cat([values, fine(values)], dim=1)
        features = F.pixel_unshuffle(values, self.patch)
        found: list[Tensor] = []
        for number, (shrink, block) in enumerate(zip(self.shrinks, self.blocks, strict=True)):
            features = block(shrink(features if number == 0 else F.pixel_unshuffle(features, 2)))
            found.insert(0, features)
        return found, self.head(F.silu(self.told(F.silu(features))).flatten(1))


class Level(nn.Module):
    """One resolution of the decoder: the numbers that stand there, and a block behind them."""

    def __init__(self, width: int, style: int, numbers: int, first: bool) -> None:
        super().__init__()
        self.numbers = numbers
        # What comes from the stem has been through the mapping.
        self.before = Block(width, style) if numbers and not first else None
        self.after = Block(width, style)
        if numbers:
            self.expected = nn.Conv2d(width, 2 * numbers, 1)
            self.compared = nn.Conv2d(2 * width, width, 1)
            self.found = nn.Conv2d(width, 2 * numbers, 3, padding=1)
            self.put = nn.Conv2d(numbers, width, 1)
            for net in (self.expected, self.found):
                nn.init.normal_(net.weight, std=0.01)
                _clear(net)

    def read(self, features: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the numbers, (n, numbers, h, w), from what is drawn so far and
        the encoder's features."""
        both = self.compared(torch.cat([features, seen], dim=1))
        mean, log_variance = self.found(F.silu(both)).chunk(2, dim=1)
        return mean, log_variance.clamp(SURE, MOST_VARIANCE)

    def place(self, features: Tensor, numbers: Tensor) -> Tensor:
        """Features with the numbers (standard normal) in them."""
        mean, log_spread = self.expected(F.silu(features)).chunk(2, dim=1)
        told: Tensor = self.put(mean + log_spread.clamp(-5, 2).exp() * numbers)
        return features + told


class Decoder(nn.Module):
    """Numbers to pictures, level by level; see `descend`."""

    def __init__(self, settings: FacesSettings, traits: int) -> None:
        super().__init__()
        s = settings
        self.settings = s
        self.patch, self.innermost = s.patch, s.innermost
        self.mapping = nn.Sequential(nn.Linear(s.globals + traits, s.style), nn.SiLU())
        widths = s.widths[::-1]
        self.stem = nn.Linear(s.style, widths[0] * s.innermost**2)
        grids = (*s.grids, *(0,) * len(widths))
        self.levels = nn.ModuleList(
            Level(width, s.style, grids[n], not n) for n, width in enumerate(widths)
        )
        self.grows = nn.ModuleList(
            nn.Conv2d(inner, 4 * outer, 1) for inner, outer in pairwise(widths)
        )
        self.last = nn.Conv2d(widths[-1], s.channels * s.patch**2, 3, padding=1)

    def descend(self, told: Tensor, choose: Callable[[Level, Tensor, int], Tensor]) -> Tensor:
        """Values (n, c, side, side) of `told` (n, traits + globals).

        `choose(level, features, number)` gives the numbers (n, numbers, h, w) of each level that
        has some; `number` counts levels from the innermost.
        """
        style = self.mapping(told)
        features: Tensor = self.stem(style).unflatten(1, (-1, self.innermost, self.innermost))
        for number, level in enumerate(self.levels):
            assert isinstance(level, Level)
            if number:
                features = F.pixel_shuffle(self.grows[number - 1](features), 2)
            if level.before is not None:
                features = level.before(features, style)
            if level.numbers:
                features = level.place(features, choose(level, features, number))
            features = level.after(features, style)
        return F.pixel_shuffle(self.last(F.silu(features)), self.patch)


def _clear(layer: nn.Conv2d | nn.Linear) -> None:
    """Let a layer begin without a bias."""
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
