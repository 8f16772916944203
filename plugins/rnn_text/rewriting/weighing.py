"""How expected drafts of a gap are between what stands before it and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnn_text.network.net import Writer

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
State = Tensor | tuple[Tensor, ...]

_FORCED = -7.0
"""A symbol that is less expected than this (one in a thousand) is none that a writer would take."""


@dataclass(frozen=True)
class Weight:
    """How expected a draft is: the logarithms of chances, each at most 0.

    `written` (n,) are those of the draft's own symbols behind what stands before, `followed` (m,)
    those of what stands after, behind the draft. A symbol that the writer does not know counts 0.
    """

    written: Floats
    followed: Floats

    @property
    def fit(self) -> float:
        """How well the draft goes over into what follows: the logarithm of the chance of that.

        A draft that only came about because nothing better was allowed pays for it.
        """
        least = float(self.written.min(initial=0.0))
        return float(self.followed.sum()) + (least if least < _FORCED else 0.0)

    @property
    def total(self) -> float:
        """The logarithm of the chance of the draft and of what follows, together."""
        return float(self.written.sum() + self.followed.sum())

    @property
    def typical(self) -> float:
        """The chance of a symbol, as it is on (geometric) average: 0 to 1."""
        both = np.concatenate([self.written, self.followed])
        return float(np.exp(both.mean())) if len(both) else 1.0


@torch.no_grad()
def weighed(
    writer: Writer,
    before: Numbers,
    drafts: Sequence[Numbers],
    after: Numbers,
    *,
    state: State | None = None,
) -> list[Weight]:
    """Weigh drafts of any lengths against each other; `before` has at least one symbol.

    All are numbers of the writer's alphabet. `state` is that of all but the last symbol of
    `before`, as `state_after` gives it, where it is known; else it is read here, once for all.
    """
    if not drafts:
        return []
    if state is None:
        state = state_after(writer, before[:-1])
    rows = [np.concatenate([before[-1:], each, after]) for each in drafts]
    longest = max(map(len, rows))
    whole = np.stack([np.pad(each, (0, longest - len(each))) for each in rows])
    symbols = torch.from_numpy(whole)
    logits, _state = writer.read(symbols[:, :-1], _repeated(state, len(rows)))
    log = logits.float().log_softmax(-1).gather(-1, symbols[:, 1:, None])[..., 0]
    found = np.where(whole[:, 1:] == 0, 0.0, log.double().numpy())
    return [
        Weight(row[: len(each)], row[len(each) : len(each) + len(after)])
        for row, each in zip(found, drafts, strict=True)
    ]


@torch.no_grad()
def joints(
    writer: Writer, before: Numbers, drafts: Numbers, symbol: int, *, state: State | None = None
) -> Floats:
    """The logarithm of the chance that `symbol` comes next after 1, 2, … n symbols of drafts.

    `drafts` are (rows, n), and so is what comes back. `state` is as in `weighed`.
    """
    if state is None:
        state = state_after(writer, before[:-1])
    rows = np.concatenate([np.full((len(drafts), 1), before[-1]), drafts], 1)
    logits, _state = writer.read(torch.from_numpy(rows), _repeated(state, len(rows)))
    found: Floats = logits[:, 1:].float().log_softmax(-1)[..., symbol].double().numpy()
    return found


@torch.no_grad()
def state_after(writer: Writer, symbols: Numbers) -> State | None:
    """The writer's state when it has read these symbols; None for none."""
    if not len(symbols):
        return None
    _outputs, state = writer.outputs(torch.from_numpy(symbols)[None], None)
    return state


def _repeated(state: State | None, rows: int) -> State | None:
    if state is None or isinstance(state, Tensor):
        return None if state is None else state.expand(-1, rows, -1).contiguous()
    return tuple(part.expand(-1, rows, -1).contiguous() for part in state)
