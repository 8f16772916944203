"""The moving average of a net's weights (EMA), which draws better than the net itself."""

from __future__ import annotations

import copy
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

_N = TypeVar("_N", bound=nn.Module)


class Average(Generic[_N]):
    """An exponential moving average of `network`, in `network` of its own; buffers are copied.

    `decay` is that of the long run; at first the memory is shorter, `(1 + n) / (10 + n)`, or the
    average would carry the untrained start along.
    """

    def __init__(self, network: _N, decay: float = 0.999) -> None:
        self.source, self.decay = network, decay
        self.network = copy.deepcopy(network).requires_grad_(False)

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move towards the source's weights as they are after step `step` (counted from 0)."""
        decay = min(self.decay, (1 + step) / (10 + step))
        moving: list[Tensor] = list(self.network.parameters())
        current: list[Tensor] = list(self.source.parameters())
        torch._foreach_lerp_(moving, current, 1 - decay)
        for old, new in zip(self.network.buffers(), self.source.buffers(), strict=True):
            old.copy_(new)
