"""A gap filled: one draft for it at a time, none like those before."""

from __future__ import annotations

from collections.abc import Callable

from rnn_melody.events import HOLD
from rnn_melody.recomposing.gaps import Events
from rnn_melody.recomposing.joining import Desk, Draft

EACH = 4
"""So many candidates are chosen from the drafts that are written at once."""
OWN = 0.25
"""How much it counts how expected a draft is by itself, beside what follows it (measured)."""
_TURN = 10**9
"""Seeds from here on are of candidates that others come before; those that are rolled are below."""
_MOST_TURNS = 1_000
_ALIKE = (0.6, 0.8, 0.99)
"""Drafts that share more of their notes are too like each other; where there are no others, more
may be shared."""


class Filling:
    """A gap and all that was made for it by then.

    `avoided` says of a draft that it must not be taken as long as there is another.
    """

    each = EACH

    def __init__(self, desk: Desk, avoided: Callable[[Draft], bool]) -> None:
        self.desk, self.avoided = desk, avoided
        self._made = [desk.gap.former] if any(p >= 0 for p, _u, _place in desk.gap.former) else []
        self._waiting = list[Draft]()
        self._seed: int | None = None

    def next(self, seed: int) -> Draft:
        """The draft that joins best of those that are unlike all before; new ones are written where
        the seed is another."""
        if seed != self._seed or not self._waiting:
            self._seed = seed
            self._waiting += self.desk.drafts(seed)
            self._waiting.sort(key=_score, reverse=True)
        found = self._chosen()
        self._waiting.remove(found)
        self._made.append(found.events)
        return found

    def _chosen(self) -> Draft:
        for most in _ALIKE:
            for draft in self._waiting:
                is_new = all(alike(draft.events, other) <= most for other in self._made)
                if is_new and not self.avoided(draft):
                    return draft
        return min(self._waiting, key=lambda each: self._nearest(each))

    def _nearest(self, draft: Draft) -> float:
        """How like the most similar of those before it is."""
        return max((alike(draft.events, other) for other in self._made), default=0.0)


def turn_of(seed: int) -> tuple[int, int]:
    """The seed that a run begins from, and the number of its first candidate."""
    number, first = divmod(seed, _TURN)
    return (first, number) if 0 <= number < _MOST_TURNS else (seed, 0)


def seed_of(first: int, number: int) -> int:
    """The seed that makes candidate `number` of the run from seed `first` again, alone.

    It differs from those before it, which must be made again too: the seed says how many they are.
    """
    return first + number * _TURN if 0 <= first < _TURN else first + number


def alike(one: Events, other: Events) -> float:
    """The share of notes and rests that begin at the same place with the same pitch: 0 to 1."""
    first, second = (
        {(pitch, place) for pitch, _units, place in each if pitch != HOLD} for each in (one, other)
    )
    return len(first & second) / max(len(first), len(second), 1)


def _score(draft: Draft) -> float:
    # Where nothing follows they come as they were drawn: the most expected of many is one tone.
    return draft.fit + OWN * draft.own if draft.followed else 0.0
