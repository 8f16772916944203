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

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae_faces.network.completion import Filler
from vae_faces.network.draft import Draft
from vae_faces.network.finishing import Finisher
from vae_faces.network.hierarchy import MOST_VARIANCE, SURE, Decoder, Encoder, Level
from vae_faces.network.parts import silent
from vae_faces.network.prior import Prior
from vae_faces.network.sketch import Sketch
from vae_faces.network.touches import Touches
from vae_faces.settings import FINE, TOUCHES, FacesSettings
from vae_faces.traits import Traits

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
        self.draft: Draft | None = None
        if settings.draft and settings.sketch:
            self.draft = Draft(self.traits, settings.draft, settings.sketch, settings.globals)
        touched = settings.touches and self.traits
        self.touches = self._new_touches() if touched else None

    def _new_touches(self) -> Touches:
        return Touches(self.settings.touches, self.channels, self.side)

    def begin_with_draft(self) -> None:
        """Have the nets change nothing at first of what the draft draws, and numbers be what it
        leaves over."""
        whole, head = self.settings.globals, self.encoder.head
        silent(self.decoder.last)
        with torch.no_grad():
            head.weight[:whole].zero_()
            head.bias[:whole].zero_()
            head.bias[whole : 2 * whole].fill_(_READ)

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
        return mean, torch.cat([torch.full_like(first, SURE), spread], dim=1)

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
        told = self._told(codes, rest[:, :whole])
        values = self.decoder.descend(told, lambda _level, _seen, n: grids[n])
        return values + self.drafted(codes)

    def _told(self, codes: Tensor, first: Tensor) -> Tensor:
        """What the decoder is told, (n, traits + globals): numbers as far as codes leave room."""
        draft = self.draft
        if draft is not None and draft.is_fitted:
            first = first * draft.spread(codes)
        return torch.cat([codes, first], dim=1)

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
        means, variances = [mean], [log_variance.clamp(SURE, MOST_VARIANCE)]
        if codes is None:
            codes = self.traits.codes(self.traits.points(logits))
        means[0] = mean + self._left_over(values, codes)
        first = _kept(_chosen(means[0], variances[0], generator), kept, 0)

        def choose(level: Level, seen: Tensor, number: int) -> Tensor:
            found, spread = level.read(seen, features[number])
            means.append(found.flatten(1))
            variances.append(spread.flatten(1))
            return _kept(_chosen(found, spread, generator), kept, number + 1)

        drawn = self.decoder.descend(self._told(codes, first), choose)
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
