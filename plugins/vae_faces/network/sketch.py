"""The sketch: what can be said of a hole without training, from pictures' principal components.

Pictures that are aligned are nearly a sum of few others: eigenfaces (Sirovich and Kirby 1987; Turk
and Pentland 1991). They are found in seconds. Taken as a normal distribution of whole pictures
(Tipping and Bishop 1999) they say what is most likely behind a hole, given all that is seen around
it; what they cannot say of the rim is grown in as ever (`network.diffusion`). The filler goes on
from there.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vae_faces.network.diffusion import first_guess

MOST = 128
"""Components of a new model, at most."""
EACH = 16
"""Pictures for each component: of fewer it would learn what is chance."""
FEWEST = 4
"""Fewer components than this are none."""
_ROOM = 2_000_000
"""Numbers that all components have together: 4 MB in a file."""
_GRAIN = 1e-2
"""Of values in -1..1, squared: what each pixel may differ by, at least. With less, a hole is filled
by what the rim happens to be."""


def components_for(pictures: int, values: int) -> int:
    """How many components so many pictures of so many values each are worth; 0 for none."""
    count = min(MOST, pictures // EACH, _ROOM // values)
    return count if count >= FEWEST else 0


class Sketch(nn.Module):
    """Knows pictures of `shape` (channels, side, side) in -1..1 by `count` components.

    Nothing in it is learnt step by step. Not yet fitted it knows nothing, and is not to be asked.
    """

    mean: Tensor
    axes: Tensor
    spreads: Tensor
    grain: Tensor
    fitted: Tensor

    def __init__(self, count: int, shape: tuple[int, int, int]) -> None:
        super().__init__()
        size = shape[0] * shape[1] * shape[2]
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("axes", torch.zeros(count, size))
        self.register_buffer("spreads", torch.zeros(count))
        self.register_buffer("grain", torch.ones(1))
        self.register_buffer("fitted", torch.zeros(1, dtype=torch.int64))

    @property
    def is_fitted(self) -> bool:
        """Whether it knows any pictures."""
        return bool(self.fitted)

    @torch.no_grad()
    def fit(self, values: Tensor) -> None:
        """Find the components of these pictures (n, channels, side, side)."""
        flat = values.flatten(1)
        self.mean.copy_(flat.mean(dim=0))
        apart = flat - self.mean
        count = min(len(self.axes), len(flat))
        # Of few pictures that are large, their products are the smaller matrix.
        found, vectors = torch.linalg.eigh((apart @ apart.T).double())
        lengths = found.flip(0)[:count].clamp_min(0).sqrt()
        real = lengths > 1e-4 * lengths.max().clamp_min(1e-2)
        axes = (vectors.flip(1)[:, :count].T.float() @ apart) / lengths.clamp_min(1e-6)[:, None]
        self.axes.zero_()
        self.spreads.zero_()
        self.axes[:count] = axes * real[:, None]
        self.spreads[:count] = lengths * real / len(flat) ** 0.5
        self.grain.copy_((apart - apart @ self.axes.T @ self.axes).square().mean()[None])
        self.fitted.fill_(1)

    def scores(self, values: Tensor) -> Tensor:
        """How much of each component is in values, (n, count)."""
        return (values.flatten(1) - self.mean) @ self.axes.T

    def picture(self, scores: Tensor) -> Tensor:
        """The values, all in a row, (n, size), of scores (n, count)."""
        return self.mean + scores @ self.axes

    @torch.no_grad()
    def fill(self, values: Tensor, hole: Tensor) -> Tensor:
        """Values with their holes (n, 1, side, side; 1 = missing) filled by what is most likely,
        joined to the rim; equal outside the holes."""
        likely = self._likely(values.flatten(1), hole.expand_as(values).flatten(1) >= 0.5)
        likely = likely.view_as(values)
        left = first_guess((values - likely).cpu().numpy(), hole.cpu().numpy())
        return torch.where(hole >= 0.5, likely + torch.from_numpy(left).to(values), values)

    def _likely(self, values: Tensor, missing: Tensor) -> Tensor:
        """The pictures (n, size) that are most likely, by what is not missing of them."""
        ways = self.axes * self.spreads[:, None]
        whole = ways @ ways.T
        grain = self.grain.clamp_min(_GRAIN) * torch.eye(len(ways), device=ways.device)
        scores = torch.empty(len(values), len(ways), device=ways.device)
        for n, (each, out) in enumerate(zip(values, missing, strict=True)):
            behind = ways[:, out]
            seen = whole - behind @ behind.T
            told = ways @ torch.where(out, 0, each - self.mean)
            scores[n] = torch.linalg.solve((seen + grain).double(), told.double()).float()
        return self.mean + scores @ ways
