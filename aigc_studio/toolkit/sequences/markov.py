"""An interpolated Markov chain under conditions: what a model of sequences is measured beside.

A chain of order 3 says of each symbol how probable it is after the three before it; one of order 0
is a unigram. Conditions (metre, place in the bar) are numbers that stand beside each symbol and are
known before it, so that a chain knows what the model knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Numbers = np.ndarray[Any, np.dtype[np.int64]]
    Keys = np.ndarray[Any, np.dtype[np.uint64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(31)
_APART = 10
"""Every tenth sequence is kept apart, to find out how much each chain is to be trusted."""
_ROUNDS = 30


@dataclass(frozen=True)
class _Level:
    """Counts after contexts of one length: sorted keys, and of contexts totals and kinds."""

    keys: Keys
    counts: Floats
    contexts: Keys
    totals: Floats
    kinds: Floats
    discount: float


class Markov:
    """Learns from sequences of numbers 0 to `symbols` - 1, each with its conditions.

    `sequences` are pairs: symbols (n,) and conditions (n, c), integers not below 0, those first
    that matter most; c may be 0. Chains with all conditions, with fewer, and without are mixed, by
    weights that suit sequences which were kept apart (Jelinek and Mercer 1980); in each chain
    longer contexts are backed by shorter ones with the discount of Kneser and Ney (1995).
    400,000 symbols under three conditions take some three seconds.
    """

    def __init__(self, sequences: Iterable[tuple[Any, Any]], symbols: int, order: int = 3) -> None:
        self.order, self.symbols = order, symbols
        rows = _arrays(sequences)
        if not rows:
            raise ValueError("a Markov chain needs sequences to learn from")
        width = rows[0][1].shape[1]
        held, kept = rows[::_APART][: max(len(rows) - 1, 0)], rows
        if held:
            kept = [row for number, row in enumerate(rows) if number % _APART]
        self._chains = [_Chain(kept, symbols, order, count) for count in range(width, -1, -1)]
        self.weights = np.full(len(self._chains), 1 / len(self._chains))
        """How much each chain counts: the one with all conditions first, without any last."""
        if held:
            self.weights = _weights(np.stack([chain.chances(held) for chain in self._chains]))
            self._chains = [_Chain(rows, symbols, order, each.width) for each in self._chains]

    def nats(self, sequences: Iterable[tuple[Any, Any]]) -> Floats:
        """How unexpected each symbol of sequences is, one behind another: float64 (all of n,)."""
        rows = _arrays(sequences)
        if not rows:
            return np.zeros(0)
        chances = np.stack([chain.chances(rows) for chain in self._chains])
        found: Floats = -np.log(self.weights @ chances)
        return found


class _Chain:
    """One chain: the first `width` conditions and up to `order` symbols before."""

    def __init__(
        self, rows: Sequence[tuple[Numbers, Numbers]], symbols: int, order: int, width: int
    ) -> None:
        self._symbols, self._order, self.width = symbols, order, width
        targets = _joined(row[0] for row in rows)
        contexts = list(self._contexts(rows))
        self._levels = [_counted(_with(contexts[-1], targets), contexts[-1])]
        for longer, shorter in zip(contexts[::-1], contexts[-2::-1], strict=False):
            # A shorter context counts a symbol once for each longer one that it was seen after.
            _keys, first = np.unique(_with(longer, targets), return_index=True)
            self._levels.append(_counted(_with(shorter[first], targets[first]), shorter[first]))
        self._levels.reverse()

    def chances(self, rows: Sequence[tuple[Numbers, Numbers]]) -> Floats:
        """How probable each symbol is, one behind another."""
        targets = _joined(row[0] for row in rows)
        found = np.full(len(targets), 1.0 / self._symbols)
        for level, context in zip(self._levels, self._contexts(rows), strict=True):
            place = np.minimum(level.contexts.searchsorted(context), len(level.contexts) - 1)
            seen = level.contexts[place] == context
            keys = _with(context, targets)
            at = np.minimum(level.keys.searchsorted(keys), len(level.keys) - 1)
            counts = np.where(level.keys[at] == keys, level.counts[at], 0)
            totals = level.totals[place]
            own = np.maximum(counts - level.discount, 0) / totals
            left = level.discount * level.kinds[place] / totals
            found = np.where(seen, own + left * found, found)
        return found

    def _contexts(self, rows: Sequence[tuple[Numbers, Numbers]]) -> Iterator[Keys]:
        """Keys of the contexts of all symbols: none, conditions one by one, then symbols."""
        key = np.zeros(sum(len(row[0]) for row in rows), np.uint64)
        yield key
        for column in range(self.width):
            key = _with(key, _joined(row[1][:, column] for row in rows))
            yield key
        for back in range(1, self._order + 1):
            key = _with(key, _joined(_shifted(row[0], back) for row in rows))
            yield key


def _arrays(sequences: Iterable[tuple[Any, Any]]) -> list[tuple[Numbers, Numbers]]:
    """Symbols (n,) and conditions (n, c) of those sequences that have any."""
    found = []
    for symbols, conditions in sequences:
        numbers = np.asarray(symbols, np.int64)
        if len(numbers):
            found.append((numbers, np.asarray(conditions, np.int64).reshape(len(numbers), -1)))
    return found


def _joined(parts: Iterable[Numbers]) -> Numbers:
    return np.concatenate(list(parts))


def _shifted(symbols: Numbers, back: int) -> Numbers:
    """The symbol so many before each; -1 before the beginning."""
    start = np.full(min(back, len(symbols)), -1)
    return np.concatenate([start, symbols[: len(symbols) - len(start)]])


def _with(keys: Keys, numbers: Numbers) -> Keys:
    """Keys of 64 bits for a context and one thing more; that two are one is as good as never."""
    mixed = (keys + (numbers + 2).astype(np.uint64)) * _BASE
    found: Keys = (mixed ^ (mixed >> _SHIFT)) * _MIX
    return found


def _counted(keys: Keys, contexts: Keys) -> _Level:
    """Counts of the keys, and of their contexts."""
    different, first, counts = np.unique(keys, return_index=True, return_counts=True)
    heads, which = np.unique(contexts[first], return_inverse=True)
    totals = np.bincount(which, counts, len(heads)).astype(np.float64)
    once, twice = int((counts == 1).sum()), int((counts == 2).sum())
    discount = once / (once + 2 * twice) if once else 0.5
    kinds = np.bincount(which, minlength=len(heads)).astype(np.float64)
    return _Level(different, counts.astype(np.float64), heads, totals, kinds, discount)


def _weights(chances: Floats) -> Floats:
    """The weights of chains that make what was kept apart most probable, by expectation and
    maximisation; `chances` (chains, n)."""
    weights = np.full(len(chances), 1 / len(chances))
    for _round in range(_ROUNDS):
        shares = weights[:, None] * chances
        weights = (shares / shares.sum(0)).mean(1)
    return weights
