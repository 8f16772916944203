"""Where the numbers of real pictures lie, so that drawn points lie there too.

A decoder knows only numbers that pictures have had, and these do not fill the space evenly: what a
forehead says goes with what a chin says. So a second stage (Dai and Wipf 2019) stands between
points and the decoder's numbers: a normal distribution fitted to what the encoder reads in the
training pictures, along its widest axes exactly and with one spread across all others. It is a
linear map, and so each picture has its point and no exactness is lost.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

AXES = 64
"""Along so many axes the spread is fitted, where nothing else is said."""
_LEAST_SPREAD = 0.05
"""Of a standard normal number: along no axis does the map squeeze more, or points run away."""


class Prior(nn.Module):
    """Standard normal points (n, numbers) to the decoder's numbers, and back.

    Not yet fitted it changes nothing. `taught` counts the steps of the training, `fitted` is the
    one at which this was fitted; -1 for never.
    """

    middle: Tensor
    axes: Tensor
    spreads: Tensor
    rest: Tensor
    taught: Tensor
    fitted: Tensor

    def __init__(self, numbers: int, axes: int = AXES) -> None:
        super().__init__()
        count = min(axes, numbers)
        self.register_buffer("middle", torch.zeros(numbers))
        self.register_buffer("axes", torch.zeros(count, numbers))
        self.register_buffer("spreads", torch.ones(count))
        self.register_buffer("rest", torch.ones(1))
        self.register_buffer("taught", torch.zeros(1, dtype=torch.int64))
        self.register_buffer("fitted", torch.full((1,), -1, dtype=torch.int64))

    def numbers(self, points: Tensor) -> Tensor:
        """The decoder's numbers of points, both (n, numbers)."""
        along = (points @ self.axes.T) * (self.spreads - self.rest)
        return self.middle + self.rest * points + along @ self.axes

    def points(self, numbers: Tensor) -> Tensor:
        """The points of the decoder's numbers: what `numbers` undoes."""
        apart = numbers - self.middle
        along = (apart @ self.axes.T) * (1 / self.spreads - 1 / self.rest)
        return apart / self.rest + along @ self.axes

    def log_variance(self, log_variance: Tensor) -> Tensor:
        """Log variances (n, numbers) of points, from those of the decoder's numbers; at most 0: a
        number that tells nothing is as uncertain as one that is drawn, and not more."""
        across = torch.eye(self.axes.shape[1]) / self.rest
        whole = across + (self.axes.T * (1 / self.spreads - 1 / self.rest)) @ self.axes
        return (log_variance.exp() @ whole.square().T).clamp(1e-12, 1.0).log()

    @torch.no_grad()
    def fit(self, found: Tensor) -> None:
        """Fit this to what the encoder found in pictures, (n, numbers): as many axes as they have,
        one fewer than there are pictures at most."""
        middle = found.double().mean(dim=0)
        apart = found.double() - middle
        spread, axes = torch.linalg.eigh(apart.T @ apart / max(len(found), 1))
        count = min(len(self.spreads), max(len(found) - 1, 0))
        spread, axes = spread.flip(0).clamp_min(0), axes.flip(1).T
        left = spread[count:].mean() if count < len(spread) else spread[-1:].mean()
        rest = left.sqrt().clamp_min(_LEAST_SPREAD)
        self.middle.copy_(middle)
        self.rest.fill_(float(rest))
        self.axes.zero_()
        self.spreads.fill_(float(rest))
        self.axes[:count] = axes[:count].to(self.axes)
        self.spreads[:count] = spread[:count].sqrt().clamp_min(float(rest)).to(self.spreads)
        self.fitted.copy_(self.taught)

    @torch.no_grad()
    def narrowed(self, axes: int) -> Prior:
        """This with its widest `axes` alone, and one spread across all others, as `fit` would have
        fitted it."""
        found = Prior(len(self.middle), axes)
        count, across = len(found.spreads), len(self.middle) - len(found.spreads)
        beyond = (len(self.middle) - len(self.spreads)) * self.rest.square()
        left = (self.spreads[count:].square().sum() + beyond) / max(across, 1)
        found.middle.copy_(self.middle)
        found.axes.copy_(self.axes[:count])
        found.spreads.copy_(self.spreads[:count])
        found.rest.copy_(left.sqrt().clamp_min(_LEAST_SPREAD))
        found.taught.copy_(self.taught)
        found.fitted.copy_(self.fitted)
        return found

    @property
    def is_due(self) -> bool:
        """Whether the net has learnt so much since this was fitted that it should be anew."""
        return int(self.taught) >= 1.5 * int(self.fitted) + 1
