"""Batches: which examples a step sees, as a function of the seed and the step alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import torch
from torch import Tensor

from aigc_studio.toolkit import distributed, failures
from aigc_studio.toolkit.seeding import mixed_seed

T = TypeVar("T")


class Batches(Generic[T]):
    """Shuffled epochs cut into batches of `size`; a batch may reach over the end of an epoch.

    `count` examples (1 or more; fewer than `size` is fine, they come again), `fetch` makes a batch
    of int64 indices (n,). Under torch.distributed each rank sees its share of every batch. There is
    no state: `at(step)` is the same whenever it is asked. Raises ValueError for no examples, and
    GeneratorError for a `size` that the processes cannot share evenly.
    """

    def __init__(self, count: int, size: int, seed: int, fetch: Callable[[Tensor], T]) -> None:
        if count < 1 or size < 1:
            raise ValueError(f"batches need examples and a size, not {count} and {size}")
        if size % distributed.world_size():
            raise failures.not_divisible(size, distributed.world_size())
        self.count, self.size, self.seed, self.fetch = count, size, seed, fetch
        self._orders: dict[int, Tensor] = {}

    @classmethod
    def of(cls, *columns: Tensor, size: int, seed: int) -> Batches[tuple[Tensor, ...]]:
        """Batches of tensors that are as long as one another: a tuple with a part of each."""

        def fetch(chosen: Tensor) -> tuple[Tensor, ...]:
            return tuple(column[chosen] for column in columns)

        return Batches(len(columns[0]), size, seed, fetch)

    def at(self, step: int) -> T:
        """The batch of this step, this process's share of it."""
        return self.fetch(self.indices(step)[distributed.rank() :: distributed.world_size()])

    def indices(self, step: int) -> Tensor:
        """Which examples the whole batch of this step has: int64 (size,)."""
        start, stop = step * self.size, (step + 1) * self.size
        epochs = range(start // self.count, (stop - 1) // self.count + 1)
        orders = {epoch: self._order(epoch) for epoch in epochs}
        self._orders = {epochs[-1]: orders[epochs[-1]]}
        joined = torch.cat(list(orders.values()))
        offset = start - epochs[0] * self.count
        return joined[offset : offset + self.size]

    def _order(self, epoch: int) -> Tensor:
        if epoch in self._orders:
            return self._orders[epoch]
        source = torch.Generator().manual_seed(mixed_seed("epoch", self.seed, epoch))
        return torch.randperm(self.count, generator=source)
