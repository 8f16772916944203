"""The order of a board's items, as what leaves its place and where it comes to stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Places = tuple[tuple[int, str], ...]
"""Places in an order and the ids that stand there, lowest first."""

_FEW = 32
"""So many moves are made in the list itself; for more it is written anew."""


@dataclass(frozen=True, slots=True)
class Order:
    """A change of an order, bottom first: `out` in the order before, `into` in the one after.

    Who comes is only in `into`, who goes only in `out`, who moves in both. All others keep the
    order that they have among each other, so that it is as long as what changed.
    """

    out: Places = ()
    into: Places = ()

    def __bool__(self) -> bool:
        return bool(self.out or self.into)

    @property
    def inverse(self) -> Order:
        """What undoes it."""
        return Order(self.into, self.out)

    @property
    def moves(self) -> bool:
        """Whether somebody changes places who was there and stays."""
        return bool(self.out and self.into) and not {id for _place, id in self.out}.isdisjoint(
            id for _place, id in self.into
        )

    @classmethod
    def between(cls, before: Sequence[str], after: Sequence[str]) -> Order:
        """The least that makes one order of the other. n log n steps at most."""
        start = _common(before, after)
        end = _common(before[start:][::-1], after[start:][::-1])
        old, new = before[start : len(before) - end], after[start : len(after) - end]
        places = {id: place for place, id in enumerate(new)}
        stay = _rising([(places[id], id) for id in old if id in places])
        return cls(_others(old, stay, start), _others(new, stay, start))

    def applied(self, ids: list[str]) -> list[str]:
        """The order after, of the order before; the list itself when few move.

        Raises `ValueError`, and leaves the list as it is, when it does not fit.
        """
        self.check(ids)
        if len(self.out) + len(self.into) <= _FEW:
            for place, _id in reversed(self.out):
                del ids[place]
            for place, id in self.into:
                ids.insert(place, id)
            return ids
        return self._woven(ids)

    def forced(self, ids: list[str]) -> list[str]:
        """As `applied`, on an order that may be another: near enough, and never refused."""
        leaving = {id for _place, id in (*self.out, *self.into)}
        left = [id for id in ids if id not in leaving]
        for place, id in self.into:
            left.insert(place, id)
        return left

    def then(self, other: Order) -> Order:
        """Both as one change."""
        out, into = dict(_turned(self.out)), dict(_turned(other.into))
        came, gone = dict(_turned(self.into)), dict(_turned(other.out))
        back, on = self.inverse._shift(), other._shift()
        out |= {id: back(place) for id, place in gone.items() if id not in came and id not in out}
        into |= {id: on(place) for id, place in came.items() if id not in gone and id not in into}
        return Order(_sorted(out), _sorted(into))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "out": [list(each) for each in self.out],
            "into": [list(each) for each in self.into],
        }

    @classmethod
    def from_json(cls, value: Any) -> Order:
        """Read what `to_json` gave. Raises `ValueError` for anything else."""
        if not isinstance(value, dict):
            raise ValueError("not an order")
        return cls(_read_places(value.get("out")), _read_places(value.get("into")))

    def check(self, ids: list[str]) -> None:
        """Raise `ValueError` unless this order is the one before."""
        length = len(ids) - len(self.out) + len(self.into)
        if any(place >= len(ids) or ids[place] != id for place, id in self.out):
            raise ValueError("the order of the command does not fit the board")
        if self.into and self.into[-1][0] >= length:
            raise ValueError("the order of the command does not fit the board")

    def _woven(self, ids: list[str]) -> list[str]:
        leaving = {id for _place, id in self.out}
        stay = [id for id in ids if id not in leaving]
        made: list[str] = []
        taken = 0
        for place, id in self.into:
            further = taken + place - len(made)
            made += stay[taken:further]
            taken = further
            made.append(id)
        return made + stay[taken:]

    def _shift(self) -> Callable[[int], int]:
        """Tells where somebody stands afterwards who stood at a place before and is not moved."""
        out = [place for place, _id in self.out]
        into = [place - number for number, (place, _id) in enumerate(self.into)]

        def shifted(place: int) -> int:
            rank = place - bisect_left(out, place)
            return rank + bisect_right(into, rank)

        return shifted


def chained(orders: Iterable[Order | None]) -> Order | None:
    """Several changes, one after the other, as one; None when there is none. n log n steps."""
    left = [order for order in orders if order is not None]
    while len(left) > 1:
        pairs = zip(left[::2], left[1::2], strict=False)
        left = [one.then(two) for one, two in pairs] + left[len(left) & ~1 :]
    return left[0] if left else None


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many of both are the same from the beginning on."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _rising(places: Sequence[tuple[int, str]]) -> set[str]:
    """As many ids as can stay: the longest run of them whose places rise."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (place, _id) in enumerate(places):
        pile = bisect_left(tops, place)
        before.append(last[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            last.append(number)
        else:
            tops[pile], last[pile] = place, number
    found: set[str] = set()
    number = last[-1] if last else -1
    while number >= 0:
        found.add(places[number][1])
        number = before[number]
    return found


def _others(ids: Sequence[str], stay: set[str], start: int) -> Places:
    return tuple((start + place, id) for place, id in enumerate(ids) if id not in stay)


def _turned(places: Places) -> Iterable[tuple[str, int]]:
    return ((id, place) for place, id in places)


def _sorted(places: dict[str, int]) -> Places:
    return tuple(sorted((place, id) for id, place in places.items()))


def _read_places(value: Any) -> Places:
    if not isinstance(value, list):
        raise ValueError("not an order")
    places = []
    former = -1
    for each in value:
        if not isinstance(each, list) or len(each) != 2:
            raise ValueError("not an order")
        place, id = each
        if type(place) is not int or not isinstance(id, str) or place <= former:
            raise ValueError("not an order")
        places.append((place, id))
        former = place
    if len({id for _place, id in places}) < len(places):
        raise ValueError("somebody stands twice in an order")
    return tuple(places)
