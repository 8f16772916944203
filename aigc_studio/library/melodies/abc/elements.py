"""What a voice is made of, in the order in which it is written."""

from __future__ import annotations

from dataclasses import dataclass

from aigc_studio.library.melodies.abc.fields import Key, Meter

QUARTER = 20_160
"""Units of a quarter note: triplets, nintuplets, fives, sevens and 256ths are whole numbers."""
WHOLE = 4 * QUARTER


@dataclass(slots=True)
class Sound:
    """A note, or with `pitch` -1 a rest; `length` in units. `is_tied` when it goes on into the next
    of the same pitch. `bars` is set for a rest of so many whole bars."""

    pitch: int
    length: int
    is_tied: bool = False
    bars: int = 0


@dataclass(slots=True)
class Bar:
    """A bar line. `ends` and `starts` say that a repeat ends or starts there (how many colons);
    `is_double` that a section does; `endings` are the passes that what follows is for."""

    ends: int = 0
    starts: int = 0
    is_double: bool = False
    endings: frozenset[int] = frozenset()

    @property
    def closes(self) -> bool:
        """Whether a section can end here."""
        return bool(self.ends or self.starts or self.is_double)


@dataclass(slots=True)
class Change:
    """A new metre, key or tempo (microseconds a quarter) from here on."""

    what: Meter | Key | int


Element = Sound | Bar | Change
