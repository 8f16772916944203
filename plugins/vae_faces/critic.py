"""What tells drawn faces from real ones, so that drawn ones are no blur: an adversarial term.

The decoder learns from pictures by their mean error alone to draw what lies between the faces that
a point may mean. A critic that sees samples beside pictures asks for one of them (Larsen et al.
2016), by pairs (Jolicoeur-Martineau 2019; Huang et al. 2024), with gradient penalties on both sides
(Mescheder et al. 2018).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae_faces.settings import FacesSettings

_EVERY = 4
"""The penalty is taken at every so many steps, and weighs as much more."""


class Critic(nn.Module):
    """Values (n, c, side, side) to a logit each, higher for real."""

    def __init__(self, settings: FacesSettings) -> None:
        super().__init__()
        s = settings
        self.patch = s.patch
        widths = s.widths
        self.shrinks = nn.ModuleList()
        inside = s.channels * s.patch**2
        for number, width in enumerate(widths):
            kernel, factor = (3, 1) if number == 0 else (3, 4)
            self.shrinks.append(nn.Conv2d(inside * factor, width, kernel, padding=1))
            inside = width
        # How much the pictures of a batch differ tells a lack of variety (Karras et al. 2018).
        self.hidden = nn.Linear(inside * s.innermost**2 + 1, 64)
        self.score = nn.Linear(64, 1)

    def forward(self, values: Tensor) -> Tensor:
        """Logits (n,)."""
        features = F.pixel_unshuffle(values, self.patch)
        for number, shrink in enumerate(self.shrinks):
            features = shrink(features if number == 0 else F.pixel_unshuffle(features, 2))
            features = F.leaky_relu(features, 0.2)
        flat = features.flatten(1)
        spread = (flat - flat.mean(dim=0)).square().mean(dim=0).add(1e-8).sqrt().mean()
        flat = torch.cat([flat, spread.expand(len(flat), 1)], dim=1)
        logits: Tensor = self.score(F.leaky_relu(self.hidden(flat), 0.2))[:, 0]
        return logits


def critic_loss(critic: Critic, real: Tensor, drawn: Tensor, step: int, gamma: float) -> Tensor:
    """What the critic learns from real and from drawn values (n, c, side, side)."""
    penalised = step % _EVERY == 0
    if penalised:
        real, drawn = real.detach().requires_grad_(), drawn.detach().requires_grad_()
    told, guess = critic(real), critic(drawn)
    loss = F.softplus(guess - told).mean()
    if penalised:
        slope = _slope(told, real) + _slope(guess, drawn)
        loss = loss + gamma / 2 * _EVERY * slope
    return loss


def drawing_loss(critic: Critic, real: Tensor, drawn: Tensor) -> Tensor:
    """What the decoder learns from the critic."""
    with torch.no_grad():
        told = critic(real)
    return F.softplus(told - critic(drawn)).mean()


def _slope(logits: Tensor, values: Tensor) -> Tensor:
    (slope,) = torch.autograd.grad(logits.sum(), values, create_graph=True)
    return slope.square().sum(dim=(1, 2, 3)).mean()
