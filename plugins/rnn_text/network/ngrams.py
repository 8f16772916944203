"""What the last few symbols say together, looked up beside the net.

Runs of two symbols and more have vectors in a table, as the parts of words have in fastText
(Bojanowski et al. 2017) and those of bytes in BLT (Pagnoni et al. 2024). A look-up costs next to
nothing and is learnt at once, so that the recurrent part learns what a short context cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

_SHUFFLE = 1_000_003
_LEVELS, _ZERO = 7, 8
"""A number is one of 7 levels either way; 0 is written as 8."""
_Numbers = TypeVar("_Numbers", Tensor, np.ndarray[Any, np.dtype[np.int64]])


def keys_of(window: _Numbers, longest: int) -> list[_Numbers]:
    """A number for each run of 2, 3, … `longest` symbols: int64 (texts, n) each, by their ends.

    `window` int64 (texts, longest - 1 + n) are n symbols with those that were read before them.
    Other runs have other numbers, but for one in 2^40 or fewer.
    """
    found, before = [], longest - 1
    count = window.shape[1] - before
    mixed = window[:, before:] + 1
    for back in range(1, longest):
        mixed = (mixed ^ (mixed >> 29)) * _SHUFFLE + window[:, before - back :][:, :count] + 1
        found.append(mixed)
    return found


class NGrams(nn.Module):
    """A table of vectors of so many numbers (`width`) for `runs` runs of 2 to `longest` symbols.

    `keys` (runs,) are those of the runs, in order; all others say nothing. `dropout` is the part
    that is left out in training, at each place others. The table is a buffer: what changes it
    touches the rows of a step and no others (`RowAdagrad`), and an average of the net has the same.

    With `packed` it is as a file has it, and of no use before it is `unpacked`: each row as whole
    numbers of 4 bits, two in a byte (`levels`), of the largest of the row (`peaks`). On text that
    was not learnt that costs .0005 nats a character, and 3 bits cost .003.
    """

    keys: Tensor
    table: Tensor
    levels: Tensor
    peaks: Tensor

    def __init__(self, longest: int, runs: int, width: int, packed: bool = False) -> None:
        super().__init__()
        self.longest, self.width, self.dropout = longest, width, 0.0
        self.register_buffer("keys", torch.zeros(runs, dtype=torch.int64))
        if packed:
            self.register_buffer("levels", torch.zeros(runs, (width + 1) // 2, dtype=torch.uint8))
            self.register_buffer("peaks", torch.zeros(runs))
        else:
            self.register_buffer("table", torch.zeros(runs, width))

    def packed(self) -> NGrams:
        """The same as a file has it."""
        found = NGrams(self.longest, len(self.keys), self.width, packed=True)
        found.keys.copy_(self.keys)
        table = self.table.detach()
        found.peaks.copy_(table.abs().amax(1).half())  # as they are kept
        levels = table * (_LEVELS / found.peaks.clamp(min=1e-9))[:, None]
        whole = (levels.round().clamp(-_LEVELS, _LEVELS) + _ZERO).to(torch.uint8)
        whole = F.pad(whole, (0, self.width % 2))
        found.levels.copy_(whole[:, ::2] + 16 * whole[:, 1::2])
        return found

    def unpacked(self) -> NGrams:
        """The same, to be used."""
        found = NGrams(self.longest, len(self.keys), self.width)
        found.keys.copy_(self.keys)
        pairs = torch.stack([self.levels % 16, self.levels // 16], 2)
        levels = pairs.flatten(1)[:, : self.width].float() - _ZERO
        found.table.copy_(levels * (self.peaks / _LEVELS)[:, None])
        return found

    def window(self, symbols: Tensor, read: Tensor | None) -> Tensor:
        """The symbols (texts, n) with the `longest` - 1 that were read before them; `read`
        (1, texts, longest - 1) are those, None at a beginning, where they are 0."""
        if read is None:
            read = symbols.new_zeros(1, len(symbols), self.longest - 1)
        return torch.cat([read[0], symbols], 1)

    def forward(self, window: Tensor, source: torch.Generator | None = None) -> Tensor:
        """The sum (texts, n, width) of what the runs say that end in each symbol of a window.

        In training `source` draws which are left out; without it torch's own generator does.
        """
        keys = torch.stack(keys_of(window, self.longest), 2)
        places = torch.searchsorted(self.keys, keys).clamp(max=len(self.keys) - 1)
        share = (self.keys[places] == keys).float()
        if self.training and self.dropout > 0:
            share *= torch.rand(share.shape, device=share.device, generator=source) >= self.dropout
            share /= 1 - self.dropout
        said = F.embedding_bag(
            places.flatten(0, 1),
            self.table,
            mode="sum",
            sparse=True,
            per_sample_weights=share.flatten(0, 1),
        )
        return said.view(*places.shape[:2], -1)

    def kept(self, window: Tensor) -> Tensor:
        """What is to be carried on of a window: its last symbols (1, texts, longest - 1)."""
        return window[None, :, window.shape[1] - self.longest + 1 :]


class RowAdagrad(torch.optim.Optimizer):
    """Adagrad (Duchi et al. 2011) with one number a row, which steps the rows of sparse gradients
    and no others. Each row begins with the squares `begun`: what was met a few times says little.
    """

    def __init__(self, tables: Iterable[Tensor], lr: float, begun: float = 0.0) -> None:
        super().__init__(tables, {"lr": lr, "begun": begun})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Change the rows that have a gradient."""
        for group in self.param_groups:
            for table in group["params"]:
                if table.grad is not None:
                    self._change(table, table.grad, group["lr"], group["begun"])

    def _change(self, table: Tensor, gradient: Tensor, rate: float, begun: float) -> None:
        state = self.state[table]
        if not state:
            state["squares"] = torch.full((len(table),), begun)
        gradient = (gradient if gradient.is_sparse else gradient.to_sparse(1)).coalesce()
        rows, values = gradient.indices()[0], gradient.values()
        squares = state["squares"][rows] + values.square().mean(1)
        state["squares"][rows] = squares
        table.index_add_(0, rows, values / (squares.sqrt() + 1e-10)[:, None], alpha=-rate)
