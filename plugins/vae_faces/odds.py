"""How often options come: standard normal numbers, one an option, of which the largest wins.

What `traits` stands on. With an offset for each, options win as often as the data has them; where
the numbers lie on average when one has won is where a point says that option.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

_ROUNDS = 200


@dataclass(frozen=True)
class Odds:
    """Standard normal numbers, one an option, of which the largest wins after `offsets` (k,) were
    added: then options win as often as they shall. `middles` (k, k) says where the numbers lie on
    average when an option has won. Of yes or no one number: offset (1,), middles (2, 1)."""

    offsets: Tensor
    middles: Tensor


@lru_cache(maxsize=256)
def odds_of(shares: tuple[float, ...]) -> Odds:
    """The odds of options that come so often; of yes or no one share, that of yes."""
    wanted = torch.tensor(shares, dtype=torch.float64)
    if len(shares) == 1:
        offset = torch.special.ndtri(wanted)
        height = _log_density(offset).exp()
        middles = torch.stack([-height / (1 - wanted), height / wanted])
        return Odds(offset.float(), middles.float())
    offsets = torch.zeros_like(wanted)
    for _round in range(_ROUNDS):
        offsets = offsets + 0.5 * (wanted / _wins(offsets).sum(dim=1)).log()
        offsets = offsets - offsets.mean()
    wins = _wins(offsets)
    return Odds(offsets.float(), _middles(offsets, wins).float())


def _log_density(places: Tensor) -> Tensor:
    return -places.square().div(2).add(math.log(2 * math.pi) / 2)


def _grid() -> Tensor:
    return torch.linspace(-8, 8, 2001, dtype=torch.float64)


def _wins(offsets: Tensor) -> Tensor:
    """(k, steps): how probable it is that an option wins with its number at each place of a grid;
    over a row it adds up to how often it wins."""
    places = _grid()
    reached = places[None] - offsets[:, None]
    below = torch.special.log_ndtr(reached)
    others = below.sum(dim=0, keepdim=True) - below
    step = float(places[1] - places[0])
    chances: Tensor = (_log_density(reached) + others).exp().mul(step)
    return chances


def _middles(offsets: Tensor, wins: Tensor) -> Tensor:
    """(k, k): row j has the mean of all numbers where option j wins."""
    reached = _grid()[None] - offsets[:, None]
    lost = -(_log_density(reached) - torch.special.log_ndtr(reached)).exp()
    often = wins.sum(dim=1, keepdim=True)
    means = wins @ lost.T / often
    own = (wins * reached).sum(dim=1) / often[:, 0]
    return torch.where(torch.eye(len(offsets), dtype=torch.bool), own[:, None], means)
