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

WIDTH = 1.4
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
    """Normal numbers (1, size) for a drawn candidate, by `freedom`; 0 for the plain one."""
    if not is_drawn(seed):
        return torch.zeros(1, size)
    source = torch.Generator().manual_seed(seed % 2**63)
    return WIDTH * freedom * torch.randn(1, size, generator=source)
