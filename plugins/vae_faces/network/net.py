"""The net: an encoder, a decoder whose points are standard normal, and the filler as a part.

A hierarchical variational autoencoder (Kingma and Welling 2014; Sønderby et al. 2016; Child 2021):
a few global numbers, then grids of numbers at a quarter and at an eighth of the worked side. What
a grid says is told apart from what could be expected of it: the decoder predicts a mean and a
spread from what it has drawn so far and from the attributes, and the point's numbers say how far
the picture is from that. So points are standard normal wherever they come from, sample as they
are, and hold only what neither the attributes nor the numbers above explain.

Most of the work happens at half the picture's side and below (Shi et al. 2016), above 64 pixels at
a quarter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae_faces.network.completion import Filler
from vae_faces.network.contrast import fine
from vae_faces.network.draft import Draft
from vae_faces.network.finishing import Finisher
from vae_faces.network.parts import silent
from vae_faces.network.prior import Prior
from vae_faces.network.sketch import Sketch
from vae_faces.network.touches import Touches
from vae_faces.settings import FINE, TOUCHES, FacesSettings
from vae_faces.traits import Traits

_SURE = -10.0
"""The log variance of what is certain, and the least that a posterior may have."""
_MOST_VARIANCE = 2.0
_READ = -5.0
"""The log variance with which what a draft leaves over is read at first."""


@dataclass(frozen=True)
class Reading:
    """What an encoder finds in pictures: `mean` and `log_variance` (n, numbers) of the decoder's
    numbers, the traits' `logits` (n, traits), and the `values` drawn from it.
    """

    mean: Tensor
    log_variance: Tensor
    logits: Tensor
    values: Tensor


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
        return mean, log_variance.clamp(_SURE, _MOST_VARIANCE)

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


class Faces(nn.Module):
    """Values (n, channels, side, side) in -1..1 as points (n, size), and back; and the filler.

    The first `traits.width` numbers of a point are its attributes. Points are standard normal: the
    `prior` stands between what is behind them and the decoder's numbers.
    """

    def __init__(self, settings: FacesSettings, traits: Traits | None = None) -> None:
        super().__init__()
        self.settings, self.traits = settings, traits or Traits()
        self.side, self.channels = settings.side, settings.channels
        self.size = self.traits.width + settings.numbers
        self.encoder = Encoder(settings, self.traits.width)
        self.decoder = Decoder(settings, self.traits.width)
        self.prior = Prior(settings.numbers, settings.axes)
        self.filler = Filler(
            settings.side, settings.channels, settings.filler_width, fine=settings.fine
        )
        if settings.sketch:
            shape = (self.channels, self.side, self.side)
            self.filler.sketch = Sketch(settings.sketch, shape)
        self.draft = self._new_draft() if settings.draft and settings.sketch else None
        touched = settings.touches and self.traits
        self.touches = self._new_touches() if touched else None

    def _new_touches(self) -> Touches:
        return Touches(self.settings.touches, self.channels, self.side)

    def _new_draft(self) -> Draft:
        s, whole = self.settings, self.settings.globals
        # At first the nets change nothing of it, and numbers are what it leaves over.
        silent(self.decoder.last)
        with torch.no_grad():
            self.encoder.head.weight[:whole].zero_()
            self.encoder.head.bias[:whole].zero_()
            self.encoder.head.bias[whole : 2 * whole].fill_(_READ)
        return Draft(self.traits, s.draft, s.sketch, whole)

    def spread_along(self, axes: int) -> None:
        """Give the prior so many axes: more than it has are not yet fitted, and of fewer the widest
        are kept."""
        if axes != self.settings.axes:
            narrower = axes < self.settings.axes
            self.settings = replace(self.settings, axes=axes)
            self.prior = (
                self.prior.narrowed(axes) if narrower else Prior(self.settings.numbers, axes)
            )

    def refine(self) -> None:
        """Give the filler a finisher, not yet taught, where it has none."""
        if not self.settings.fine:
            self.settings = replace(self.settings, fine=FINE)
            self.filler.finisher = Finisher(self.channels, FINE)

    def touch_up(self) -> None:
        """Give the net touches, not yet fitted, where it has attributes and none of them."""
        if self.traits and not self.settings.touches:
            self.settings = replace(self.settings, touches=TOUCHES)
            self.touches = self._new_touches()

    # -- points ----------------------------------------------------------------------------------

    def encode(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance (n, size) of the points of values (n, channels, side, side)."""
        found = self.read(values)
        first = self.traits.points(found.logits)
        mean = torch.cat([first, self.prior.points(found.mean)], dim=1)
        spread = self.prior.log_variance(found.log_variance)
        return mean, torch.cat([torch.full_like(first, _SURE), spread], dim=1)

    def decode(self, points: Tensor) -> Tensor:
        """Values (n, channels, side, side) in -1..1 of points (n, size)."""
        return self.draw(points).clamp(-1, 1)

    def draw(self, points: Tensor) -> Tensor:
        """As `decode`, but not cut off at -1 and 1."""
        rest = self.prior.numbers(points[:, self.traits.width :])
        codes = self.traits.codes(points)
        values = self.drawn(codes, rest)
        return values if self.touches is None else values + self.touches(self.traits.apart(codes))

    def leading(self) -> Tensor:
        """Directions (k, size) of points that are worth looking at: the attributes' own numbers,
        and the axes along which real pictures differ most."""
        width, axes = self.traits.width, self.prior.axes
        if not bool(axes.any()):
            axes = torch.eye(len(axes), axes.shape[1])
        own = torch.eye(width, self.size)
        return torch.cat([own, F.pad(axes, (width, 0))])

    def drawn(self, codes: Tensor, rest: Tensor) -> Tensor:
        """Values, not cut off and without touches, of the traits' codes (n, traits) and the
        decoder's own numbers: what a training learns from."""
        whole = self.settings.globals
        grids = dict(self._grids(rest[:, whole:]))
        values = self.decoder.descend(
            torch.cat([codes, rest[:, :whole]], dim=1), lambda _level, _seen, n: grids[n]
        )
        return values + self.drafted(codes)

    def drafted(self, codes: Tensor) -> Tensor | float:
        """What attributes alone draw, (n, channels, side, side), where that is known, else 0."""
        draft, sketch = self.draft, self.filler.sketch
        if draft is None or sketch is None or not draft.is_fitted:
            return 0.0
        return sketch.picture(draft(codes)).view(-1, self.channels, self.side, self.side)

    def _left_over(self, values: Tensor, codes: Tensor) -> Tensor | float:
        """What the draft leaves over of values, as numbers (n, globals), where there is one."""
        draft, sketch = self.draft, self.filler.sketch
        if draft is None or sketch is None or not draft.is_fitted:
            return 0.0
        return draft.numbers(sketch.scores(values), codes)

    def _grids(self, numbers: Tensor) -> Iterator[tuple[int, Tensor]]:
        start = 0
        for n, (channels, side) in enumerate(self.settings.grid_shapes):
            if channels:
                part = numbers[:, start : start + channels * side * side]
                yield n, part.view(len(part), channels, side, side)
                start += channels * side * side

    # -- pictures --------------------------------------------------------------------------------

    def read(
        self,
        values: Tensor,
        codes: Tensor | None = None,
        generator: torch.Generator | None = None,
        kept: Tensor | None = None,
    ) -> Reading:
        """What is found in values (n, channels, side, side).

        `codes` (n, traits) are the attributes where they are known; else they are as the encoder
        sees them. With a `generator` the numbers are drawn from what was found, as a training
        needs it; without one they are the means. `kept` (n,), int64, says how many parts of the
        numbers count: 0 none of them, 1 those of the whole, 2 the innermost grid as well, and so
        on; the others are 0, which is what is most likely.
        """
        features, told = self.encoder(values)
        whole = self.settings.globals
        mean, log_variance, logits = told.split([whole, whole, self.traits.width], dim=1)
        means, variances = [mean], [log_variance.clamp(_SURE, _MOST_VARIANCE)]
        if codes is None:
            codes = self.traits.codes(self.traits.points(logits))
        means[0] = mean + self._left_over(values, codes)
        first = _kept(_chosen(means[0], variances[0], generator), kept, 0)

        def choose(level: Level, seen: Tensor, number: int) -> Tensor:
            found, spread = level.read(seen, features[number])
            means.append(found.flatten(1))
            variances.append(spread.flatten(1))
            return _kept(_chosen(found, spread, generator), kept, number + 1)

        drawn = self.decoder.descend(torch.cat([codes, first], dim=1), choose)
        rest, variance = torch.cat(means, dim=1), torch.cat(variances, dim=1)
        return Reading(rest, variance, logits, drawn + self.drafted(codes))

    def fill(self, values: Tensor, hole: Tensor, noise: Tensor) -> Tensor:
        """Values with the hole (n, 1, side, side; 1 = to be made) filled in; see `Filler.fill`."""
        return self.filler.fill(values, hole, noise)

    def restore(self, values: Tensor) -> Tensor:
        """Values without noise, blur and other damage; see `Filler.restore`."""
        return self.filler.restore(values)


def _chosen(mean: Tensor, log_variance: Tensor, generator: torch.Generator | None) -> Tensor:
    if generator is None:
        return mean
    noise = torch.randn(mean.shape, generator=generator)
    return mean + (log_variance / 2).exp() * noise


def _kept(numbers: Tensor, kept: Tensor | None, part: int) -> Tensor:
    if kept is None:
        return numbers
    return numbers * (kept > part).to(numbers).view(-1, *(1,) * (numbers.ndim - 1))


def _clear(layer: nn.Conv2d | nn.Linear) -> None:
    """Let a layer begin without a bias."""
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
