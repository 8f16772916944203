"""What tunes share with those that a model learnt: runs of intervals, told by digests alone.

A tune's line is cut into its intervals, so that it is the same in every key and rhythm. Of the
tunes that were learnt the model's folder keeps one byte for each six intervals in a row, which is a
digest of them: it tells how long a run is that another tune shares, and in which tune it stands,
but not what the tune is. Runs of fewer than `SHORTEST` intervals are in every tune and not told.
"""

from __future__ import annotations

import base64
import itertools
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aigc_studio.api import Melody
from aigc_studio.toolkit.sequences import line

if TYPE_CHECKING:
    Bytes = np.ndarray[Any, np.dtype[np.uint8]]
    Numbers = np.ndarray[Any, np.dtype[np.int64]]

FILE = "tunes.json"
"""Lies in the folder of a model."""
MOST_SHARED = 16
"""Intervals in a row that a new tune may share with one that was learnt: more are a copy."""
DIFFERENT = 4
"""Different intervals that a run has to have: repeated notes, scales and trills are nobody's."""
SHORTEST = 10
_WINDOW = 6
_AT_ONCE = 8
_MOST = 8_000_000
"""Digests that a folder keeps; of a larger collection those of the tunes that come first."""
_BASE = 0x9E3779B97F4A7C15
_TITLE = 200


@dataclass(frozen=True)
class Run:
    """The longest run that a tune shares: from interval `start` of its line on, `intervals` long,
    in the tune of this `title` (empty where it has none). Nothing is shared when it is 0 long."""

    intervals: int = 0
    title: str = ""
    start: int = 0

    @property
    def is_copy(self) -> bool:
        """Whether it is longer than may be."""
        return self.intervals > MOST_SHARED


def steps_of(melody: Melody) -> list[int]:
    """The intervals of a tune's line in semitones, upwards positive."""
    pitches = [note.pitch for note in line(melody)]
    return [after - before for before, after in itertools.pairwise(pitches)]


def write_known(folder: Path, tunes: Iterable[tuple[str, Melody]]) -> None:
    """Write the digests of the tunes (title, melody) that a model learnt into its folder.

    A collection of 3,400 tunes takes half a megabyte. Raises OSError.
    """
    titles, lengths, parts, room = list[str](), list[int](), list[bytes](), _MOST
    for title, melody in tunes:
        digests = _digests(steps_of(melody))[:room]
        if len(digests):
            titles.append(title[:_TITLE])
            lengths.append(len(digests))
            parts.append(digests.tobytes())
            room -= len(digests)
    told = {"titles": titles, "lengths": lengths, "digests": _packed(b"".join(parts))}
    (folder / FILE).write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def read_known(folder: Path | None) -> Known:
    """What a model learnt, the same as last time while its file is; nothing is known where nobody
    wrote it, or it is damaged."""
    try:
        if folder is None:
            return Known((), (), b"")
        path = (folder / FILE).resolve()
        about = path.stat()
    except OSError:
        return Known((), (), b"")
    return _read(path, about.st_mtime_ns, about.st_size, about.st_ino)


@lru_cache(maxsize=3)
def _read(path: Path, *_as_it_is: int) -> Known:
    try:
        told = json.loads(path.read_bytes())
        titles, lengths = list(map(str, told["titles"])), list(map(int, told["lengths"]))
        digests = _unpacked(told["digests"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError, zlib.error):
        return Known((), (), b"")
    if len(titles) != len(lengths) or min(lengths, default=0) < 0 or sum(lengths) != len(digests):
        return Known((), (), b"")
    return Known(titles, lengths, digests)


@dataclass
class Known:
    """The tunes that a model learnt, to be asked what another shares with them.

    It holds 17 bytes for each note; to make it takes a tenth of a second for 400,000 notes, to ask
    it a millisecond.
    """

    titles: Sequence[str]
    lengths: Sequence[int]
    digests: bytes
    _all: Bytes = field(init=False, repr=False)
    _keys: np.ndarray[Any, np.dtype[np.uint64]] = field(init=False, repr=False)
    _order: Numbers = field(init=False, repr=False)
    _ends: Numbers = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._all = np.frombuffer(self.digests, np.uint8)
        self._ends = np.cumsum(np.array(self.lengths, np.int64))
        keys = _keys(self._all)
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def __bool__(self) -> bool:
        return bool(self.digests)

    def longest_run(self, melody: Melody, besides: str | None = None) -> Run:
        """The longest run of intervals that a melody shares with a tune that was learnt.

        It has `DIFFERENT` different intervals at least. `besides` is the title of a tune that does
        not count.
        """
        steps, best = steps_of(melody), Run()
        digests = _digests(steps)
        for start, key in enumerate(_keys(digests).tolist()):
            if best.start + best.intervals >= len(steps):
                break
            for place, length in self._matches(digests, start, key, best.intervals + 1 - _WINDOW):
                found = length + _WINDOW - 1
                title = self.title_at(place)
                if (
                    found > best.intervals
                    and title != besides
                    and len(set(steps[start : start + found])) >= DIFFERENT
                ):
                    best = Run(found, title, start)
        return best if best.intervals >= SHORTEST else Run()

    def title_at(self, place: int) -> str:
        """The title of the tune that the digest number `place` is of."""
        return self.titles[int(self._ends.searchsorted(place, "right"))]

    def _matches(self, digests: Bytes, start: int, key: int, least: int) -> list[tuple[int, int]]:
        """Where `least` digests from `start` on and more stand, and how many of them are equal."""
        wanted = max(least, SHORTEST - _WINDOW + 1)
        if start + wanted > len(digests):
            return []
        rest = (1 << 8 * max(0, _AT_ONCE - wanted)) - 1
        first = self._keys.searchsorted(np.uint64(key & ~rest))
        last = self._keys.searchsorted(np.uint64(key | rest), "right")
        found = []
        for place in self._order[int(first) : int(last)].tolist():
            end = int(self._ends[int(self._ends.searchsorted(place, "right"))])
            length = _equal(digests[start:], self._all[place:end])
            if length >= wanted:
                found.append((place, length))
        return found


def _equal(one: Bytes, two: Bytes) -> int:
    """How many are equal from the beginning on."""
    length = min(len(one), len(two))
    differ = np.flatnonzero(one[:length] != two[:length])
    return int(differ[0]) if len(differ) else length


def _digests(steps: Sequence[int]) -> Bytes:
    """A byte for each window of intervals: uint8 (n - 5,)."""
    if len(steps) < _WINDOW:
        return np.zeros(0, np.uint8)
    numbers = np.array(steps, np.int64).astype(np.uint64) + np.uint64(1 << 20)
    hashes = np.zeros(len(steps) - _WINDOW + 1, np.uint64)
    for at in range(_WINDOW):
        hashes = (hashes + numbers[at : at + len(hashes)]) * np.uint64(_BASE)
        hashes ^= hashes >> np.uint64(29)
    return (hashes >> np.uint64(56)).astype(np.uint8)


def _keys(digests: Bytes) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """The eight digests from each place on as one number that sorts as they do."""
    padded = np.concatenate([digests, np.zeros(_AT_ONCE - 1, np.uint8)]).astype(np.uint64)
    keys = np.zeros(len(digests), np.uint64)
    for at in range(_AT_ONCE):
        keys = (keys << np.uint64(8)) | padded[at : at + len(digests)]
    return keys


def _packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def _unpacked(told: str) -> bytes:
    """Raises ValueError for what is none, or too much."""
    stream = zlib.decompressobj()
    data = stream.decompress(base64.b64decode(told, validate=True), _MOST + 1)
    if len(data) > _MOST:
        raise ValueError("more digests than a model keeps")
    return data
