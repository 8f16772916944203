"""A suffix automaton: what of a sequence stands in others, whatever there is to be found."""

from __future__ import annotations

from collections.abc import Hashable, Sequence


class Runs:
    """A suffix automaton of a sequence (Blumer et al. 1985), and what of it was found elsewhere.

    A state stands for runs that end at the same places; `_link` leads to the longest shorter run
    that ends at more places, `_length` is that of the longest run of a state.
    """

    def __init__(self, sequence: Sequence[Hashable]) -> None:
        self._next: list[dict[Hashable, int]] = [{}]
        self._link, self._length = [-1], [0]
        self._ends: list[int] = []
        last = 0
        for symbol in sequence:
            last = self._extend(last, symbol)
            self._ends.append(last)
        self._found = [(0, 0, 0)] * len(self._next)

    def _extend(self, last: int, symbol: Hashable) -> int:
        new = self._add({}, 0, self._length[last] + 1)
        state = last
        while state >= 0 and symbol not in self._next[state]:
            self._next[state][symbol] = new
            state = self._link[state]
        if state < 0:
            return new
        after = self._next[state][symbol]
        if self._length[after] == self._length[state] + 1:
            self._link[new] = after
            return new
        twin = self._add(dict(self._next[after]), self._link[after], self._length[state] + 1)
        while state >= 0 and self._next[state].get(symbol) == after:
            self._next[state][symbol] = twin
            state = self._link[state]
        self._link[after] = self._link[new] = twin
        return new

    def _add(self, following: dict[Hashable, int], link: int, length: int) -> int:
        self._next.append(following)
        self._link.append(link)
        self._length.append(length)
        return len(self._next) - 1

    def look_through(self, number: int, source: Sequence[Hashable]) -> int:
        """Note the longest run of each state that stands in a source, and where it ends there.

        Gives the length of the longest run that stands in this one.
        """
        following, link, lengths, found = self._next, self._link, self._length, self._found
        state = length = longest = 0
        for end, symbol in enumerate(source, 1):
            while state and symbol not in following[state]:
                state = link[state]
                length = lengths[state]
            after = following[state].get(symbol)
            if after is None:
                continue
            state = after
            length += 1
            if length > found[state][0]:
                found[state] = (length, number, end)
                longest = max(longest, length)
        return longest

    def ending_at(self) -> list[tuple[int, int, int]]:
        """For each place, the longest run that ends there and was found: length, source, its end.

        A run that was found makes the shorter ones that it ends with found as well.
        """
        found = self._found
        by_length = sorted(range(1, len(self._next)), key=self._length.__getitem__)
        for state in reversed(by_length):
            above = self._link[state]
            if found[state][0] and found[above][0] < self._length[above]:
                found[above] = (self._length[above], *found[state][1:])
        for state in by_length:
            if not found[state][0]:
                found[state] = found[self._link[state]]
        return [found[state] for state in self._ends]
