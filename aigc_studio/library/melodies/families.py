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
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Melody

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.int64]]

RUN = 16
"""Intervals in a row that two tunes may share and be different tunes."""
DIFFERENT = 4
_WINDOW = 10
_PART, _LEAST = 0.4, 24
"""The part of both tunes, and the intervals, that shorter runs in common have to make up."""
_COMMON = 40
"""A window that stands in more tunes than this says nothing."""
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


def tune_families(tunes: Iterable[tuple[str, Melody]]) -> list[int]:
    """For each tune (title, melody) the number of its family: that of the first tune in it.

    12,000 tunes take some two seconds.
    """
    lines, titles = list[list[int]](), list[str]()
    for title, melody in tunes:
        pitches = line_of(melody)
        lines.append([after - before for before, after in itertools.pairwise(pitches)])
        titles.append(normalised_title(title))
    families = _Families(len(lines))
    first_of: dict[Any, int] = {}
    for number, (title, line) in enumerate(zip(titles, lines, strict=True)):
        if title not in _NAMELESS:
            families.join(first_of.setdefault(title, number), number)
        if line:  # the same from end to end, however short
            families.join(first_of.setdefault(tuple(line), number), number)
    for one, two in alike(lines):
        families.join(one, two)
    return [families.first(number) for number in range(len(lines))]


def alike(lines: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Pairs of lines of intervals (by number, the lower first) that share long runs, or much.

    Of many that share one run each is paired with the next: chains join them all.
    """
    yield from {
        pair
        for places in shared(lines, RUN + 1)
        for pair in itertools.pairwise(sorted({number for number, _at in places}))
    }
    covered: dict[tuple[int, int], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for places in shared(lines, _WINDOW):
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
        longest = max(len(lines[one]), len(lines[two]))
        if min(len(mine), len(its)) >= max(_LEAST, _PART * longest):
            yield one, two


def shared(lines: Sequence[Sequence[int]], length: int) -> Iterator[list[tuple[int, int]]]:
    """Where windows of intervals stand that more than one line has: (line, place), in order."""
    import numpy as np

    hashes, owners, places = _windows(lines, length)
    order = np.argsort(hashes, kind="stable")
    hashes, owners, places = hashes[order], owners[order], places[order]
    ends = np.flatnonzero(np.diff(hashes, append=hashes[-1:] + np.uint64(1))) + 1
    begin = 0
    for end in ends.tolist():
        if end - begin > 1 and owners[begin] != owners[end - 1]:
            yield list(zip(owners[begin:end].tolist(), places[begin:end].tolist(), strict=True))
        begin = end


def _windows(
    lines: Sequence[Sequence[int]], length: int
) -> tuple[np.ndarray[Any, np.dtype[np.uint64]], Numbers, Numbers]:
    """Hashes of all windows with enough different intervals, the lines and places of each."""
    import numpy as np

    powers = np.cumprod(np.full(length, _BASE, np.uint64))
    hashes, owners, places = [np.zeros(0, np.uint64)], [np.zeros(0, int)], [np.zeros(0, int)]
    for number, line in enumerate(lines):
        if len(line) < length:
            continue
        views = np.lib.stride_tricks.sliding_window_view(np.array(line) + 128, length)
        kinds = np.count_nonzero(np.diff(np.sort(views, 1), axis=1), axis=1) + 1
        at = np.flatnonzero(kinds >= DIFFERENT)
        hashes.append((views[at].astype(np.uint64) * powers).sum(1, dtype=np.uint64))
        owners.append(np.full(len(at), number))
        places.append(at)
    return np.concatenate(hashes), np.concatenate(owners), np.concatenate(places)


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
