"""A plain VAE (Kingma & Welling 2014), as one writes it first: what our samples stand beside.

Convolutions with stride, 64 numbers, a Gaussian likelihood, Adam; flips as augmentation. Its width
is chosen so that it has as many parameters as it is told.
"""

from __future__ import annotations

import time

import torch
from torch import Tensor, nn

LATENT, BATCH, RATE, BETA = 64, 64, 1e-3, 1.0
VARIANCE = 0.02
"""Of the likelihood, for values in -1..1: about what such a net errs by."""


class PlainVae(nn.Module):
    """Values (n, c, side, side) in -1..1 and points (n, 64)."""

    def __init__(self, channels: int, side: int, width: int) -> None:
        super().__init__()
        widths = [width, 2 * width, 4 * width, 4 * width]
        down: list[nn.Module] = []
        for one, two in zip([channels, *widths], widths, strict=False):
            down += [nn.Conv2d(one, two, 4, stride=2, padding=1), nn.ReLU()]
        inner = side // 16
        self.encoder = nn.Sequential(
            *down, nn.Flatten(), nn.Linear(widths[-1] * inner**2, 2 * LATENT)
        )
        up: list[nn.Module] = [nn.Linear(LATENT, widths[-1] * inner**2), nn.ReLU()]
        up.append(nn.Unflatten(1, (widths[-1], inner, inner)))
        for one, two in zip(widths[::-1], [*widths[-2::-1], channels], strict=True):
            up += [nn.ConvTranspose2d(one, two, 4, stride=2, padding=1), nn.ReLU()]
        self.decoder = nn.Sequential(*up[:-1])

    def forward(self, values: Tensor) -> Tensor:
        """The negative evidence bound of a batch, in nats a picture."""
        mean, log_variance = self.encoder(values).chunk(2, dim=1)
        log_variance = log_variance.clamp(-10, 10)
        points = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        error = (self.decoder(points) - values).square().flatten(1).sum(dim=1) / (2 * VARIANCE)
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1)
        bound: Tensor = (error + BETA * kl).mean()
        return bound

    @torch.no_grad()
    def samples(self, count: int) -> Tensor:
        """Values of points that were drawn."""
        source = torch.Generator().manual_seed(7)
        points = torch.randn(count, LATENT, generator=source)
        return torch.cat([self.decoder(p) for p in torch.split(points, 100)]).clamp(-1, 1)


def sized(channels: int, side: int, parameters: int) -> PlainVae:
    """The one whose number of parameters comes nearest."""

    def size(width: int) -> int:
        return sum(each.numel() for each in PlainVae(channels, side, width).parameters())

    width = min(range(4, 65), key=lambda width: abs(size(width) - parameters))
    torch.manual_seed(0)
    return PlainVae(channels, side, width)


def trained(values: Tensor, parameters: int, seconds: float) -> PlainVae:
    """One that learnt these pictures for so long, with a rate that falls to nothing."""
    net = sized(values.shape[1], values.shape[-1], parameters)
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE, fused=True)
    began, steps = time.monotonic(), 0
    with torch.enable_grad():
        while (part := (time.monotonic() - began) / seconds) < 1:
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1.0, 2 * (1 - part))
            batch = values[torch.randint(len(values), (BATCH,))]
            flipped = torch.rand(len(batch), 1, 1, 1) < 0.5
            loss = net(torch.where(flipped, batch.flip(-1), batch))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 100.0)
            optimiser.step()
            steps += 1
    net.eval()
    return net
