"""A reference for texts: an interpolated Kneser-Ney n-gram over numbers of symbols, in numpy.

Chen and Goodman 1999, with one discount for each order, estimated from how many n-grams occur once
and twice. All symbols together must be below 2^62 to the power of the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class _Order:
    """The n-grams of one length: sorted keys and counts, and of their contexts totals and kinds."""

    keys: Numbers
    counts: Numbers
    contexts: Numbers
    totals: Numbers
    kinds: Numbers
    discount: float


class KneserNey:
    """`order` symbols long; texts are padded with symbol `symbols` before them."""

    def __init__(self, texts: Iterable[Numbers], symbols: int, order: int = 4) -> None:
        self.order, self._base = order, symbols + 1
        grams = np.concatenate([self._grams(each) for each in texts])
        keys, counts = np.unique(grams, return_counts=True)
        self._orders = [self._counted(keys, counts)]
        for length in range(order - 1, 0, -1):
            # A shorter one counts once for each symbol that it was seen behind.
            shorter = keys % self._base**length
            keys, counts = np.unique(shorter, return_counts=True)
            self._orders.append(self._counted(keys, counts))

    def nats(self, texts: Sequence[Numbers]) -> Floats:
        """How unexpected each symbol of texts is, one behind another: float64 (n,)."""
        grams = np.concatenate([self._grams(each) for each in texts])
        found = np.full(len(grams), 1.0 / (self._base - 1))
        for length, each in zip(range(1, self.order + 1), reversed(self._orders), strict=True):
            keys = grams % self._base**length
            context = keys // self._base
            place = np.minimum(each.contexts.searchsorted(context), len(each.contexts) - 1)
            seen = each.contexts[place] == context
            total = np.where(seen, each.totals[place], 1)
            at = np.minimum(each.keys.searchsorted(keys), len(each.keys) - 1)
            counts = np.where(each.keys[at] == keys, each.counts[at], 0)
            own = np.maximum(counts - each.discount, 0) / total
            left = each.discount * each.kinds[place] / total
            found = np.where(seen, own + left * found, found)
        nats: Floats = -np.log(found)
        return nats

    def _grams(self, text: Numbers) -> Numbers:
        padded = np.concatenate([np.full(self.order - 1, self._base - 1), text]).astype(np.int64)
        keys = np.zeros(len(text), np.int64)
        for shift in range(self.order):
            keys = keys * self._base + padded[shift : shift + len(text)]
        return keys

    def _counted(self, keys: Numbers, counts: Numbers) -> _Order:
        contexts, first = np.unique(keys // self._base, return_index=True)
        totals = np.add.reduceat(counts, first)
        kinds = np.diff(np.append(first, len(keys)))
        once, twice = int((counts == 1).sum()), int((counts == 2).sum())
        discount = once / (once + 2 * twice) if once else 0.5
        return _Order(keys, counts, contexts, totals, kinds, discount)


def nats_a_symbol(model: KneserNey, texts: Sequence[Numbers]) -> float:
    """The mean over all symbols of texts."""
    return float(model.nats(texts).mean())
