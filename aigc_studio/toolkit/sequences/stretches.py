"""Stretches of a stream whose every window stands in a sequence as well, found by hashes.

A window is hashed by a polynomial modulo 2^64 (Karp and Rabin 1987), of all places at once. That
takes some 20 ns a symbol, whatever the sequence is; what is found is looked at exactly by others.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    Numbers = np.ndarray[Any, np.dtype[np.uint32]]
    Hashes = np.ndarray[Any, np.dtype[np.uint64]]
    Places = np.ndarray[Any, np.dtype[np.int64]]

BLOCK = 1 << 18
"""Symbols that are looked at together: what is worked on stays in the processor's cache."""
SEPARATOR = 0x110000
"""The number of what stands in no sequence: it is between two sources."""
_BASE = 0x9E3779B97F4A7C15
_MOST_BITS = 26
_TRIES = 64
"""Places of a window at which a part is looked for in one piece."""
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


class Numbering:
    """Symbols as numbers, uint32: code points where the sequence is a text."""

    def __init__(self, sequence: Sequence[Hashable]) -> None:
        self._is_text = isinstance(sequence, str)
        symbols = dict.fromkeys(sequence)
        if isinstance(sequence, str):
            self._table: dict[Hashable, int] = {symbol: ord(str(symbol)) for symbol in symbols}
        else:
            self._table = {symbol: n + SEPARATOR + 1 for n, symbol in enumerate(symbols)}

    def __call__(self, source: Sequence[Hashable]) -> Numbers:
        """The numbers of a source; what the sequence does not have is a separator, or its own."""
        if self._is_text and isinstance(source, str):
            return np.frombuffer(source.encode("utf-32-le", "surrogatepass"), np.uint32)
        known = self._table
        return np.array([known.get(symbol, SEPARATOR) for symbol in source], np.uint32)


class Stretches:
    """Takes a stream of numbers, piece by piece, and keeps the different stretches of it whose
    every window of `least` symbols has the hash of one of `sequence`.

    `found` has the first place of each in the stream and its numbers, in order; one that was seen
    before is not kept again.
    """

    def __init__(self, sequence: Numbers, least: int) -> None:
        self.least = least
        self.found: list[tuple[int, Numbers]] = []
        self._sequence = sequence
        self._hashing = _Hashing(least)
        self._set = _HashSet(self._hashing.all(sequence))
        self._seen: set[bytes] = set()
        self._waiting: list[Numbers] = []
        self._held = self._start = 0
        self._open: tuple[int, list[Numbers]] | None = None

    def take(self, numbers: Numbers) -> None:
        """Some more of the stream."""
        for first in range(0, len(numbers), BLOCK):
            piece = numbers[first : first + BLOCK]
            self._waiting.append(piece)
            self._held += len(piece)
            if self._held >= BLOCK:
                self._look()

    def end(self) -> None:
        """There is no more."""
        self._look()
        self._close()

    def regions(self) -> Iterator[tuple[tuple[int, int], int | None]]:
        """The parts of the sequence (start, stop) whose every window was in the stream, and where
        in the stream each stands in one piece first; None where it does not, or it is not easily
        found: then it is in pieces that overlap."""
        parts = [(first, last + self.least) for first, last in _runs(self._set.met())]
        if not parts:
            return
        index = _Index(self.found, self._hashing)
        for start, stop in parts:
            yield (start, stop), index.place_of(self._sequence[start:stop])

    def _look(self) -> None:
        block = np.concatenate(self._waiting) if self._waiting else np.zeros(0, np.uint32)
        count = len(block) - self.least + 1
        if count < 1:
            return
        hits = self._set.hits(self._hashing(block))
        for first, last in _runs(hits):
            if first > 0 or self._open is None:
                self._close()
                self._open = self._start + first, [block[first : last + self.least]]
            else:  # it goes on from the block before
                self._open[1].append(block[self.least - 1 : last + self.least])
            if last < count - 1:
                self._close()
        if not len(hits) or hits[-1] < count - 1:
            self._close()
        self._waiting, self._held = [block[count:].copy()], self.least - 1
        self._start += count

    def _close(self) -> None:
        if self._open is None:
            return
        (start, parts), self._open = self._open, None
        numbers = np.concatenate(parts)
        key = numbers.tobytes()
        if key not in self._seen:
            self._seen.add(key)
            self.found.append((start, numbers))


class _Hashing:
    """Hashes of all windows of a length, the same wherever they stand."""

    def __init__(self, least: int) -> None:
        self.least = least
        self._powers = np.cumprod(np.full(2 * BLOCK + least, _BASE, np.uint64))
        self._back = self._powers[::-1].copy()

    def __call__(self, block: Numbers) -> Hashes:
        """Of one block, shorter than two and the windows' length."""
        sums = np.empty(len(block) + 1, np.uint64)
        sums[0] = 0
        np.cumsum(block * self._powers[: len(block)], out=sums[1:])
        windows = sums[self.least :] - sums[: -self.least]
        windows *= self._back[: len(windows)]
        return windows

    def all(self, sequence: Numbers) -> Hashes:
        """Of a sequence of any length."""
        count = len(sequence) - self.least + 1
        parts = [
            self(sequence[first : min(first + BLOCK, count) + self.least - 1])
            for first in range(0, count, BLOCK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.uint64)


class _HashSet:
    """Which hashes there are, and which of them were met."""

    def __init__(self, hashes: Hashes) -> None:
        self._all, self._number = np.unique(hashes, return_inverse=True)
        self._met = np.zeros(len(self._all), bool)
        bits = min(max(16, len(self._all).bit_length() + 4), _MOST_BITS)
        self._shift = np.uint64(64 - bits)
        self._table = np.zeros(1 << bits, bool)
        self._table[(self._all >> self._shift).astype(np.int64)] = True

    def hits(self, hashes: Hashes) -> Places:
        """The places of those that are in the set, in order."""
        if not len(self._all):
            return np.zeros(0, np.int64)
        likely = np.flatnonzero(self._table[(hashes >> self._shift).astype(np.int64)])
        wanted = hashes[likely]
        places = np.minimum(np.searchsorted(self._all, wanted), len(self._all) - 1)
        here = self._all[places] == wanted
        self._met[places[here]] = True
        found: Places = likely[here]
        return found

    def met(self) -> Places:
        """The places of the hashes that were given which were met."""
        places: Places = np.flatnonzero(self._met[self._number.reshape(-1)])
        return places


class _Index:
    """Where windows stand in the stretches that were found."""

    def __init__(self, found: Sequence[tuple[int, Numbers]], hashing: _Hashing) -> None:
        between = np.array([SEPARATOR], np.uint32)
        self._joined = np.concatenate([part for _at, each in found for part in (each, between)])
        self._ends = np.cumsum([len(each) + 1 for _at, each in found])
        self._starts = [start for start, _each in found]
        self._hashing, self._least = hashing, hashing.least
        hashes = hashing.all(self._joined)
        self._order = np.argsort(hashes, kind="stable")
        self._sorted = hashes[self._order]

    def place_of(self, part: Numbers) -> int | None:
        """Where in the stream all of a part stands first; None where that is not seen soon."""
        wanted = self._hashing(part[: self._least])
        first, last = (int(self._sorted.searchsorted(wanted, side)[0]) for side in _SIDES)
        for at in self._order[first : min(last, first + _TRIES)].tolist():
            if np.array_equal(self._joined[at : at + len(part)], part):
                number = int(self._ends.searchsorted(at, "right"))
                begin = int(self._ends[number - 1]) if number else 0
                return self._starts[number] + int(at) - begin
        return None


def _runs(places: Places) -> Iterator[tuple[int, int]]:
    """First and last of the places that follow one another."""
    if not len(places):
        return
    ends = np.flatnonzero(np.diff(places) > 1)
    firsts = places[np.concatenate(([0], ends + 1))].tolist()
    lasts = places[np.concatenate((ends, [len(places) - 1]))].tolist()
    yield from zip(firsts, lasts, strict=True)
