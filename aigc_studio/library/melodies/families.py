"""Tune families: variants of one tune, which must not stand both in what is learnt and held out.

Two tunes are of one family when they have one title, or share a run of more than `RUN` intervals
(transposed or not), or when shorter runs that they share make up two fifths of both: so settings of
a tune under other titles are found. Families grow by chains. Rhythm is not asked for, as one tune
stands dotted in one book and even in the next. As many tunes have the same figures (repeated notes,
scales, trills), a run needs `DIFFERENT` different intervals.

In 3,972 fiddle tunes such a run joins 1,004 pairs, and the largest family has 22 tunes; with 14
intervals it would have 354, of tunes that have only stock phrases in common.
"""

from __future__ import annotations

import itertools
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from aigc_studio.api import Melody
from aigc_studio.library.steps import finished

RUN = 16
"""Intervals in a row that two tunes may share and be different tunes."""
DIFFERENT = 4
_WINDOW = 10
_PART, _LEAST = 0.4, 24
"""The part of both tunes, and the intervals, that shorter runs in common have to make up."""
_COMMON = 40
"""A window that stands in more tunes than this says nothing."""
_AT_ONCE = 200
"""Tunes between two steps."""
_ARTICLES = ("the", "a", "an")
_NAMELESS = frozenset({"", "do", "ditto", "untitled", "notitle", "unknown", "anon", "anonymous"})
"""Titles, normalised, that say nothing: *Do.* is an old book's word for *the same again*."""
_BASE = 0x9E3779B97F4A7C15


def normalised_title(title: str) -> str:
    """A title by which variants are one: lower case, letters and digits only, and no article at the
    beginning or the end (*Hare, The*)."""
    words = unicodedata.normalize("NFC", title).lower().split()
    cores = ["".join(filter(str.isalnum, word)) for word in words]
    cores = [core for core in cores if core]
    if len(cores) > 1 and cores[0] in _ARTICLES:
        del cores[0]
    if len(cores) > 1 and cores[-1] in _ARTICLES:
        del cores[-1]
    return "".join(cores)


def is_held_out(title: str) -> bool:
    """Whether a tune of this title is held out for good: every tenth, by the CRC-32 of its
    normalised title. Its whole family is then."""
    return zlib.crc32(normalised_title(title).encode()) % 10 == 0


def line_of(melody: Melody) -> list[int]:
    """The pitches of a melody one after another; of notes that begin together the highest."""
    highest = {note.start: note.pitch for note in melody.notes}  # sorted by start and pitch
    for note in melody.notes:
        highest[note.start] = max(highest[note.start], note.pitch)
    return list(highest.values())


def tune_families(tunes: Sequence[tuple[str, Melody]]) -> list[int]:
    """For each tune (title, melody) the number of its family, at once; see `family_steps`."""
    return finished(family_steps(tunes))


def family_steps(
    tunes: Sequence[tuple[str, Melody]],
) -> Generator[tuple[int, int], None, list[int]]:
    """For each tune (title, melody) the number of its family: that of the first tune in it.

    Yields how many tunes of how many have been looked at: 6,000 take some two seconds.
    """
    families = _Families(len(tunes))
    first_of: dict[Any, int] = {}
    lengths: list[int] = []
    runs, figures = _Windows(RUN + 1), _Windows(_WINDOW)
    for number, (title, melody) in enumerate(tunes):
        if number and number % _AT_ONCE == 0:
            yield number, len(tunes)
        name = normalised_title(title)
        line = [after - before for before, after in itertools.pairwise(line_of(melody))]
        if name not in _NAMELESS:
            families.join(first_of.setdefault(name, number), number)
        if line:  # the same from end to end, however short
            families.join(first_of.setdefault(tuple(line), number), number)
        runs.add(line)
        figures.add(line)
        lengths.append(len(line))
    for one, two in _alike(runs, figures, lengths):
        families.join(one, two)
    return [families.first(number) for number in range(len(tunes))]


def _alike(runs: _Windows, figures: _Windows, lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The pairs of `alike`, of lines that are so long.

    Of many that share one run each is paired with the next: chains join them all.
    """
    yield from {
        pair
        for places in runs.shared()
        for pair in itertools.pairwise(sorted({number for number, _at in places}))
    }
    covered: dict[tuple[int, int], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for places in figures.shared():
        found: dict[int, set[int]] = defaultdict(set)
        for number, at in places:  # a figure may stand in one line a thousand times
            found[number].update(range(at, at + _WINDOW))
        if len(found) > _COMMON:
            continue
        for one, two in itertools.combinations(found, 2):
            both = covered[one, two]
            both[0].update(found[one])
            both[1].update(found[two])
    for (one, two), (mine, its) in covered.items():
        longest = max(lengths[one], lengths[two])
        if min(len(mine), len(its)) >= max(_LEAST, _PART * longest):
            yield one, two


def alike(lines: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Pairs of lines of intervals (by number, the lower first) that share long runs, or much."""
    yield from _alike(_windows(lines, RUN + 1), _windows(lines, _WINDOW), list(map(len, lines)))


def shared(lines: Sequence[Sequence[int]], length: int) -> Iterator[list[tuple[int, int]]]:
    """Where windows of intervals stand that more than one line has: (line, place), in order."""
    return _windows(lines, length).shared()


def _windows(lines: Sequence[Sequence[int]], length: int) -> _Windows:
    found = _Windows(length)
    for line in lines:
        found.add(line)
    return found


class _Windows:
    """Hashes of all windows with enough different intervals, of lines that come one by one."""

    def __init__(self, length: int) -> None:
        import numpy as np

        self._length = length
        self._powers = np.cumprod(np.full(length, _BASE, np.uint64))
        self._hashes, self._places = [np.zeros(0, np.uint64)], [np.zeros(0, int)]
        self._counts: list[int] = []

    def add(self, line: Sequence[int]) -> None:
        """The next line of intervals."""
        import numpy as np

        self._counts.append(0)
        if len(line) < self._length:
            return
        views = np.lib.stride_tricks.sliding_window_view(np.array(line) + 128, self._length)
        kinds = np.count_nonzero(np.diff(np.sort(views, 1), axis=1), axis=1) + 1
        at = np.flatnonzero(kinds >= DIFFERENT)
        self._hashes.append((views[at].astype(np.uint64) * self._powers).sum(1, dtype=np.uint64))
        self._places.append(at)
        self._counts[-1] = len(at)

    def shared(self) -> Iterator[list[tuple[int, int]]]:
        """Where windows stand that more than one line has: (line, place), in order."""
        import numpy as np

        hashes = np.concatenate(self._hashes)
        order = np.argsort(hashes, kind="stable")
        hashes, places = hashes[order], np.concatenate(self._places)[order]
        owners = np.repeat(np.arange(len(self._counts)), self._counts)[order]
        ends = np.flatnonzero(np.diff(hashes, append=hashes[-1:] + np.uint64(1))) + 1
        begin = 0
        for end in ends.tolist():
            if end - begin > 1 and owners[begin] != owners[end - 1]:
                yield list(zip(owners[begin:end].tolist(), places[begin:end].tolist(), strict=True))
            begin = end


class _Families:
    """Numbers joined into families; each is named by its lowest number."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def first(self, number: int) -> int:
        """The lowest number of the family."""
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, two: int) -> None:
        """Make one family of two."""
        low, high = sorted((self.first(one), self.first(two)))
        self._above[high] = low
