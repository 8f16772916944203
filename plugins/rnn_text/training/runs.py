"""Which runs of symbols are looked up beside the net: those that come again and again."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from rnn_text.network.ngrams import keys_of

LEAST, MOST = 10, 1 << 16
"""A run must stand so often in the text, and so many are known at most, the most frequent: what is
seen a few times is learnt by heart and tells nothing of other texts (measured)."""
_LOOKED_AT = 4_000_000
"""So many symbols are counted; what is frequent in a longer text is so in its beginning."""


def frequent_runs(symbols: Tensor, longest: int) -> Tensor:
    """The keys of the frequent runs of 2 to `longest` symbols (n,), in order: int64 (runs,)."""
    found, counts = [torch.zeros(0, dtype=torch.int64)], [torch.zeros(0, dtype=torch.int64)]
    if longest:
        read = F.pad(symbols[None, :_LOOKED_AT].long(), (longest - 1, 0))
        for keys in keys_of(read, longest):
            each, times = torch.unique(keys, return_counts=True)
            found.append(each[times >= LEAST])
            counts.append(times[times >= LEAST])
    order = torch.cat(counts).argsort(descending=True, stable=True)[:MOST]
    return torch.cat(found)[order].sort().values
