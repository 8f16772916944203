"""A loss in parts, on several threads side by side.

Torch shares single operations among its threads. Of a recurrent net's many small ones, one after
another, that makes nothing quicker: two threads took as long as one. Rows of a batch do not depend
on one another, and are dealt out instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from threading import Lock
from typing import TypeVar

import torch
from torch import Tensor

_FEWEST = 8
"""Products of fewer rows take as long as those of so many."""
_Found = TypeVar("_Found")


def rows_abreast(rows: int, like: Tensor) -> list[int]:
    """How many of a batch's rows each thread should take that torch may use: all one where it may
    use one only, where rows are few, and where `like` is not on the CPU."""
    count = min(torch.get_num_threads(), rows // _FEWEST)
    if count < 2 or like.device.type != "cpu":
        return [rows]
    return [rows * (n + 1) // count - rows * n // count for n in range(count)]


def differentiate(losses: Sequence[Callable[[], Tensor]], parameters: Sequence[Tensor]) -> Tensor:
    """Leave the gradients of the sum of `losses` in the `grad` of the parameters; returns the sum.

    Several are worked out side by side, each on a thread of its own with torch's operations on
    that thread alone, and added up in their order: the same to the bit each time. What they draw at
    random must be from generators of their own. Raises what one of them raises, when all have
    ended.
    """
    for each in parameters:
        each.grad = None
    if len(losses) == 1:
        loss = losses[0]()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()
    found = _side_by_side([partial(_slopes, make, parameters) for make in losses])
    for parameter, *slopes in zip(parameters, *(slopes for _loss, slopes in found), strict=True):
        for slope in slopes:
            if slope is not None:
                parameter.grad = slope if parameter.grad is None else parameter.grad + slope
    return torch.stack([loss for loss, _slopes in found]).sum()


def _slopes(
    make: Callable[[], Tensor], parameters: Sequence[Tensor]
) -> tuple[Tensor, tuple[Tensor | None, ...]]:
    loss = make()
    return loss.detach(), torch.autograd.grad(loss, parameters, allow_unused=True)


def _side_by_side(tasks: Sequence[Callable[[], _Found]]) -> list[_Found]:
    with _kept.lock:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # the math library's own number is one for all threads
        try:
            futures = [_kept.pool(len(tasks)).submit(each) for each in tasks]
            wait(futures)
        finally:
            torch.set_num_threads(threads)
    return [each.result() for each in futures]


def end_threads() -> None:
    """End the threads that are kept from one step to the next: a training calls it as it ends."""
    with _kept.lock:
        for pool in _kept.pools.values():
            pool.shutdown()
        _kept.pools.clear()


class _Kept:
    """The threads, by how many there are; whoever uses them holds the lock."""

    def __init__(self) -> None:
        self.lock, self.pools = Lock(), dict[int, ThreadPoolExecutor]()

    def pool(self, threads: int) -> ThreadPoolExecutor:
        """So many threads, each of which does torch's operations alone."""
        if threads not in self.pools:
            self.pools[threads] = ThreadPoolExecutor(
                threads, "abreast", initializer=torch.set_num_threads, initargs=(1,)
            )
        return self.pools[threads]


_kept = _Kept()


if hasattr(os, "register_at_fork"):  # neither threads nor who holds a lock come along
    os.register_at_fork(after_in_child=_kept.__init__)  # type: ignore[misc]
