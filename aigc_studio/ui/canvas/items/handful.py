"""Notes as hands hold them: columns of numbers, so that a hundred thousand are moved at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol, overload

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.api.melody import Note

    Ticks = np.ndarray[Any, np.dtype[np.int64]]

_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
"""Numbers that scatter others over 64 bits when they are multiplied by them."""


class _Score(Protocol):
    """A melody as columns, as far as its notes are taken from it."""

    @property
    def starts(self) -> Ticks:
        """Where they begin, in ticks."""

    @property
    def stops(self) -> Ticks:
        """Where they end."""

    @property
    def pitches(self) -> Ticks:
        """0 to 127."""

    @property
    def velocities(self) -> Ticks:
        """0 to 127."""


@dataclass(frozen=True, eq=False)
class Handful:
    """Notes in any order: `starts` and `durations` in ticks, `pitches` and `velocities` (0 to 127).

    It is walked through as a sequence of notes is, which are made then.
    """

    starts: Ticks
    durations: Ticks
    pitches: Ticks
    velocities: Ticks

    @classmethod
    def of(cls, notes: Iterable[Note]) -> Handful:
        """These notes, each of them once."""
        if isinstance(notes, Handful):
            return notes
        import numpy as np

        held = tuple(dict.fromkeys(notes))
        return cls(
            *(
                np.fromiter(map(attrgetter(name), held), np.int64, len(held))
                for name in ("start", "duration", "pitch", "velocity")
            )
        )

    @classmethod
    def of_score(cls, score: _Score, chosen: Any = slice(None)) -> Handful:
        """The notes of a score, or those that an index of its columns has chosen."""
        starts = score.starts[chosen]
        durations = score.stops[chosen] - starts
        return cls(starts, durations, score.pitches[chosen], score.velocities[chosen])

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Note]:
        from aigc_studio.api.melody import Note

        return map(Note, *(each.tolist() for each in self._columns))

    @overload
    def __getitem__(self, at: int) -> Note: ...
    @overload
    def __getitem__(self, at: slice) -> Handful: ...
    def __getitem__(self, at: int | slice) -> Note | Handful:
        from aigc_studio.api.melody import Note

        if isinstance(at, slice):
            return self._chosen(at)
        return Note(*(int(each[at]) for each in self._columns))

    def __contains__(self, note: object) -> bool:
        return bool(self._like(note).any())

    @property
    def end(self) -> int:
        """Where the last of them ends, in ticks; 0 of none."""
        return int((self.starts + self.durations).max()) if len(self) else 0

    def is_same(self, other: Handful) -> bool:
        """Whether they are the same notes in the same order."""
        pairs = zip(self._columns, other._columns, strict=True)
        return self is other or all(
            len(one) == len(two) and bool((one == two).all()) for one, two in pairs
        )

    def among(self, others: Handful) -> Handful:
        """Those of them that are among others."""
        import numpy as np

        there = np.isin(self._marks, others._marks)
        return self if there.all() else self._chosen(there)

    def with_others(self, others: Iterable[Note]) -> Handful:
        """They, and behind them those of `others` that are not among them."""
        import numpy as np

        more = Handful.of(others)
        more = more._chosen(~np.isin(more._marks, self._marks))
        pairs = zip(self._columns, more._columns, strict=True)
        return Handful(*(np.concatenate(pair) for pair in pairs))

    def without(self, note: Note) -> Handful:
        """All but one."""
        return self._chosen(~self._like(note))

    def ending_after(self, tick: int) -> Handful:
        """Those of them that sound behind a tick."""
        return self._chosen(self.starts + self.durations > tick)

    def moved(self, later: int = 0, higher: int = 0) -> Handful:
        """So many ticks later and semitones higher: whoever asks knows that there is room."""
        return replace(self, starts=self.starts + later, pitches=self.pitches + higher)

    def louder(self, by: int) -> Handful:
        """Another velocity, as far as there is one."""
        return replace(self, velocities=(self.velocities + by).clip(1, 127))

    def longer(self, by: int, least: int) -> Handful:
        """By so many ticks; shorter not below `least`, unless they are that short."""
        import numpy as np

        floor = np.minimum(self.durations, least)
        return replace(self, durations=np.maximum(self.durations + by, floor))

    def lasting(self, ticks: int) -> Handful:
        """All of them so long."""
        import numpy as np

        return replace(self, durations=np.full_like(self.durations, ticks))

    def stretched(self, by: float) -> Handful:
        """In other ticks, so many for each; each note one tick long at least."""
        import numpy as np

        starts, durations = (
            np.rint(each * by).astype(np.int64) for each in (self.starts, self.durations)
        )
        return replace(self, starts=starts, durations=np.maximum(durations, 1))

    @property
    def _columns(self) -> tuple[Ticks, ...]:
        return self.starts, self.durations, self.pitches, self.velocities

    def _chosen(self, index: Any) -> Handful:
        return Handful(*(each[index] for each in self._columns))

    def _like(self, note: object) -> Any:
        values = (getattr(note, name) for name in ("start", "duration", "pitch", "velocity"))
        one, two, three, four = (
            each == value for each, value in zip(self._columns, values, strict=True)
        )
        return one & two & three & four

    @cached_property
    def _marks(self) -> np.ndarray[Any, np.dtype[np.uint64]]:
        """A number for each note, the same for the same: two others meet once in 64 bits."""
        import numpy as np

        starts, durations, pitches, velocities = (each.astype(np.uint64) for each in self._columns)
        scattered = starts * np.uint64(_ODD[0])
        scattered ^= scattered >> np.uint64(29)
        scattered *= np.uint64(_ODD[1])
        rest = (durations * np.uint64(128) + pitches) * np.uint64(128) + velocities
        marks: np.ndarray[Any, np.dtype[np.uint64]] = (scattered + rest) * np.uint64(_ODD[0])
        return marks


@cache
def nothing() -> Handful:
    """No notes."""
    return Handful.of(())


if TYPE_CHECKING:
    Notes = Handful | Sequence[Note]
    """What can be walked through and counted."""
