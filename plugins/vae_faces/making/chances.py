"""Which candidates are drawn, and which is the plain one that nothing was drawn for.

Where an edit has one best answer, that one comes first, and the others are drawn around it. A
candidate is made again from its own seed alone: drawn ones have seeds that say so.
"""

from __future__ import annotations

import torch
from torch import Tensor

from aigc_studio.api import EditRequest

DRAWN = 10**9
"""Seeds from here on are of drawn candidates; those that the studio rolls are below."""

WIDTH = 1.3
"""So much wider than it was learnt are candidates drawn: what a net is sure of it is sure of for
pictures that it knows, and a person who asks for four wants four."""


def seed_of(request: EditRequest, number: int) -> int:
    """The seed of candidate `number`: the first has the request's own, the others drawn ones."""
    seed = request.seed + number
    return seed if number == 0 or request.seed >= DRAWN else DRAWN + seed


def is_drawn(seed: int) -> bool:
    """Whether a candidate with this seed is a drawn one, and not the plain one."""
    return seed >= DRAWN


def noise_of(seed: int, size: int, freedom: float) -> Tensor:
    """Numbers (1, size) that say how a drawn candidate strays, by `freedom`; 0 for the plain one.

    They are all of one length, so that none is wild and none is the plain one again. Seeds go in
    pairs that stray opposite ways: of three in a row two are as far apart as can be, and so none
    need be as far from the plain one.
    """
    if not is_drawn(seed):
        return torch.zeros(1, size)
    source = torch.Generator().manual_seed(seed // 2 % 2**63)
    way = torch.randn(1, size, generator=source)
    noise: Tensor = WIDTH * freedom * size**0.5 / way.norm() * way
    return noise if seed % 2 else -noise
