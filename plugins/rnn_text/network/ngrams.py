"""What the last few symbols say together, looked up: it costs next to nothing and is learnt at once.

Runs of two symbols and more are hashed into one table of vectors, as words are from their parts in
fastText (Bojanowski et al. 2017) and patches from their bytes in BLT (Pagnoni et al. 2024). So the
recurrent part need not learn what any short context tells, and learns the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

_SHUFFLE, _MIX = 1_000_003, 0x5851F42D4C957F2D
_Numbers = TypeVar("_Numbers", Tensor, np.ndarray[Any, np.dtype[np.int64]])


def places_of(window: _Numbers, count: int, longest: int, rows: int) -> list[_Numbers]:
    """Where the runs of 2, 3, … `longest` symbols that end in each of the last `count` stand in a
    table of so many rows, a power of two: int64 (texts, count) each.

    `window` int64 (texts, longest - 1 + count) are those symbols with what was read before them.
    """
    found, before = [], longest - 1
    mixed = window[:, before:] + 1
    for back in range(1, longest):
        mixed = (mixed ^ (mixed >> 29)) * _SHUFFLE
        mixed = mixed + window[:, before - back : before - back + count] + 1
        found.append(((mixed * _MIX) >> 33) & (rows - 1))
    return found


class NGrams(nn.Module):
    """A table of `rows` vectors of so many numbers (`width`) for runs of 2 to `longest` symbols.

    `dropout` is the part of the runs that is left out in training, at each place others. The table
    is a buffer: what changes it touches the rows of a step and no others (`RowAdagrad`), and an
    average of the net has the same one.
    """

    table: Tensor

    def __init__(self, longest: int, rows: int, width: int) -> None:
        super().__init__()
        self.longest, self.dropout = longest, 0.0
        self.register_buffer("table", torch.zeros(rows, width))

    def window(self, symbols: Tensor, read: Tensor | None) -> Tensor:
        """The symbols (texts, n) with the `longest` - 1 that were read before them; `read`
        (1, texts, longest - 1) are those, None at a beginning, where they are 0."""
        if read is None:
            read = symbols.new_zeros(1, len(symbols), self.longest - 1)
        return torch.cat([read[0], symbols], 1)

    def forward(self, window: Tensor) -> Tensor:
        """The sum (texts, n, width) of what the runs say that end in each symbol of a window."""
        count = window.shape[1] - self.longest + 1
        places = torch.stack(places_of(window, count, self.longest, len(self.table)), 2)
        kept: Tensor | None = None
        if self.training and self.dropout > 0:
            kept = (torch.rand(places.shape, device=places.device) >= self.dropout).float()
            kept = (kept / (1 - self.dropout)).flatten(0, 1)
        said = F.embedding_bag(
            places.flatten(0, 1), self.table, mode="sum", sparse=True, per_sample_weights=kept
        )
        return said.view(*places.shape[:2], -1)

    def kept(self, window: Tensor) -> Tensor:
        """What is to be carried on of a window: its last symbols (1, texts, longest - 1)."""
        return window[None, :, window.shape[1] - self.longest + 1 :]


class RowAdagrad(torch.optim.Optimizer):
    """Adagrad (Duchi et al. 2011) with one number a row, which steps the rows of sparse gradients
    and no others. `begun` is the sum of squares that each row begins with: what was seen a few
    times only then says little."""

    def __init__(self, tables: Iterable[Tensor], lr: float, begun: float) -> None:
        super().__init__(tables, {"lr": lr, "begun": begun})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Change the rows that have a gradient."""
        for group in self.param_groups:
            for table in group["params"]:
                if table.grad is not None:
                    self._change(table, group["lr"], group["begun"])

    def _change(self, table: Tensor, rate: float, begun: float) -> None:
        state = self.state[table]
        if not state:
            state["squares"] = torch.full((len(table),), begun)
        gradient = table.grad if table.grad.is_sparse else table.grad.to_sparse(1)
        gradient = gradient.coalesce()
        rows, values = gradient.indices()[0], gradient.values()
        squares = state["squares"][rows] + values.square().mean(1)
        state["squares"][rows] = squares
        table.index_add_(0, rows, values / (squares.sqrt() + 1e-10)[:, None], alpha=-rate)
