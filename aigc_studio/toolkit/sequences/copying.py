"""What was copied: the runs of symbols that stand in the training data as well."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Dataset, Progress
from aigc_studio.toolkit.sequences.automaton import Runs

if TYPE_CHECKING:
    from aigc_studio.toolkit.sequences.stretches import Stretches

_FIRST = 1 << 16
"""Symbols of the sources that are looked through for a first idea of how long the longest is."""
_PIECE = 1 << 20
"""Bytes of a text in a dataset that are read at once."""


@dataclass(frozen=True)
class Copy:
    """Symbols `start` to `stop` (half-open) stand in source number `source` as well, at `place`."""

    start: int
    stop: int
    source: int
    place: int

    def __len__(self) -> int:
        return self.stop - self.start


def longest_copy(
    sequence: Sequence[Hashable], sources: Iterable[Sequence[Hashable]]
) -> Copy | None:
    """The longest run of `sequence` that stands in one of the sources; the first of equal ones.

    None where not one symbol does. Time and memory as in `copies`.
    """
    rest, runs, looked = iter(sources), Runs(sequence), 0
    first: list[Sequence[Hashable]] = []
    least = 1
    for source in rest:
        first.append(source)
        least = max(least, runs.look_through(0, source[: _FIRST - looked]))
        looked += len(source)
        if looked >= _FIRST:
            break
    found = copies(sequence, chain(first, rest), least)
    return max(found, key=lambda each: (len(each), -each.start), default=None)


def copies(
    sequence: Sequence[Hashable], sources: Iterable[Sequence[Hashable]], least: int
) -> list[Copy]:
    """All runs of at least `least` symbols that stand in a source and cannot be made longer.

    They are in order, and may overlap. Takes time in proportion to the sequence and the sources (a
    second for some twenty million characters of sources; where a megabyte was copied in small
    pieces that overlap, a minute), memory in proportion to the sequence and what was copied: the
    sources may come from an iterator. Raises `ValueError` for a `least` below 1.
    """
    finder = Finder(sequence, least)
    for source in sources:
        finder.begin()
        finder.take(source)
    return finder.copies()


def find_copies(text: str, data: Dataset, least: int) -> Generator[Progress, None, list[Copy]]:
    """The same as `copies` in the examples of a dataset of texts, which is read piece by piece.

    A `Copy` has the number of the example (`data[copy.source]`) and the place in it in code points;
    a run may go on in the next example where that continues the text of this one. Yields Progress
    in bytes; may be closed at any time. Raises `OSError`.
    """
    finder = Finder(text, least)
    total, done, told = sum(row["length"] for row in data.rows), 0, 0
    yield Progress(0, total)
    with (data.path / "content.bin").open("rb") as content:
        before: Mapping[str, Any] = {}
        for row in data.rows:
            finder.begin(goes_on=_goes_on(before, row))
            before = row
            for count, piece in _pieces(content, row["offset"], row["length"]):
                finder.take(piece)
                done += count
                if done - told >= _PIECE:
                    told = done
                    yield Progress(done, total)
    yield Progress(total, total)
    return finder.copies()


def _goes_on(before: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether an example is the passage of a text that follows the one before it."""
    passage = row.get("passage", 0)
    last = before.get("passage"), before.get("source")
    return bool(passage) and last == (passage - 1, row.get("source"))


def _pieces(content: Any, offset: int, length: int) -> Iterator[tuple[int, str]]:
    """A text of a dataset a megabyte at a time, no character cut, and the bytes of each piece."""
    from codecs import getincrementaldecoder

    decoder = getincrementaldecoder("utf-8")("replace")
    content.seek(offset)
    while length > 0:
        data = content.read(min(_PIECE, length))
        if not data:
            return
        length -= len(data)
        yield len(data), decoder.decode(data, length <= 0)


class Finder:
    """Finds copies in sources that are given in pieces: `begin` each, and `take` what is in it."""

    def __init__(self, sequence: Sequence[Hashable], least: int) -> None:
        from aigc_studio.toolkit.sequences.stretches import Numbering, Stretches

        if least < 1:
            raise ValueError(f"a copy has one symbol at least, not {least}")
        self._numbering = Numbering(sequence)
        self._sequence = self._numbering(sequence)
        self._stretches: Stretches = Stretches(self._sequence, least)
        self._starts: list[int] = []
        self._length = 0

    def begin(self, goes_on: bool = False) -> None:
        """What is taken from now on is of another source, which may go on where this one ended."""
        import numpy as np

        from aigc_studio.toolkit.sequences.stretches import SEPARATOR

        if not goes_on:
            self._stretches.take(np.array([SEPARATOR], np.uint32))
            self._length += 1
        self._starts.append(self._length)

    def take(self, symbols: Sequence[Hashable]) -> None:
        """Some more of the source."""
        numbers = self._numbering(symbols)
        self._stretches.take(numbers)
        self._length += len(numbers)

    def copies(self) -> list[Copy]:
        """What was found, in order; nothing can be taken any more."""
        self._stretches.end()
        whole, parts = list[Copy](), list[tuple[int, int]]()
        for (start, stop), place in self._stretches.regions():
            if place is None:
                parts.append((start, stop))
            else:
                whole.append(self._copy(start, stop, place))
        return sorted([*whole, *self._in_parts(parts)], key=lambda each: (each.start, each.stop))

    def _in_parts(self, parts: Sequence[tuple[int, int]]) -> Iterator[Copy]:
        """The runs in parts of the sequence that do not stand anywhere in one piece, maybe."""
        joined, places = list[int](), list[int]()
        for number, (start, stop) in enumerate(parts):
            joined += [*self._sequence[start:stop].tolist(), -1 - number]
            places += range(start, stop + 1)
        if not joined:
            return
        runs, found = Runs(joined), self._stretches.found
        for number, (_start, numbers) in enumerate(found):
            runs.look_through(number, numbers.tolist())
        ending = runs.ending_at()
        for at, (length, number, end) in enumerate(ending):
            goes_on = at + 1 < len(ending) and ending[at + 1][0] == length + 1
            if length >= self._stretches.least and not goes_on:
                stop = places[at] + 1
                yield self._copy(stop - length, stop, found[number][0] + end - length)

    def _copy(self, start: int, stop: int, place: int) -> Copy:
        source = bisect_right(self._starts, place) - 1
        return Copy(start, stop, source, place - self._starts[source])
