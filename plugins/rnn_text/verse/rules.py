"""What may stand at a place of a poem, by what stands before: rhyme, tones, and no idle repeats."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rnn_text.verse.forms import Form
from rnn_text.verse.metre import Pattern
from rnn_text.verse.readings import Tone, tone_of_group
from rnn_text.verse.sounds import Mask, Sounds

_repeats = {5: 1, 7: 2}
"""So many characters of an earlier line may come again: of the poems of the Tang 94 in 100 have no
more (counted over 32,594; a rhyme comes again in 3 of 1,000, a character in a third line in 15)."""


@dataclass(frozen=True)
class Rules:
    """What a poem keeps to. `given` are the symbols of places that stand, by the number of the
    character; `rhyme` wants even lines to rhyme, in one of `groups` where some are given."""

    sounds: Sounds
    form: Form
    given: Mapping[int, int] = field(default_factory=dict)
    rhyme: bool = True
    groups: frozenset[str] = frozenset()

    def allowed(self, written: Sequence[int], pattern: Pattern | None) -> Mask:
        """Which symbols may come after `written`, one for each character so far: (symbols,).

        What cannot be kept is let go, tones first: there is always something that may come.
        """
        place = len(written)
        mask = self.sounds.characters.copy()
        mask[list(self._repeated(written))] = False
        tone = None if pattern is None else pattern.places[place]
        rhymes = self._rhymes(written, pattern)
        for wanted in (rhymes, None if tone is None else self.sounds.tones[tone]):
            if wanted is not None and (mask & wanted).any():
                mask &= wanted
        return mask if mask.any() else self.sounds.characters

    def rhyme_places(self, pattern: Pattern | None) -> list[int]:
        """The numbers of the characters that rhyme."""
        ends = self.form.ends
        first = [ends[0]] if pattern is not None and pattern.opens else []
        return first + list(ends[1::2])

    def _rhymes(self, written: Sequence[int], pattern: Pattern | None) -> Mask | None:
        place, places = len(written), self.rhyme_places(pattern)
        if not self.rhyme or place not in places:
            return None
        tone: Tone | None = "level" if pattern is not None else None
        groups = self.groups or self.sounds.beginning(tone)
        used = [written[each] for each in places if each < place]
        for number in used:
            groups = (groups & self.sounds.groups(number)) or groups
        if tone is not None:
            groups = frozenset(each for each in groups if tone_of_group(each) == tone) or groups
        mask = self.sounds.rhyming(groups).copy()
        mask[used] = False
        mask[[self.given[each] for each in places if each in self.given]] = False
        return mask

    def _repeated(self, written: Sequence[int]) -> set[int]:
        """The symbols that would be repeated as poems do not."""
        place = len(written)
        line, start = self._line_of(place)
        here = list(written[start:place])
        lines = self._lines(written, line)
        counts = Counter(number for each in lines for number in set(each))
        again = {number for number, count in counts.items() if count > 1 or number in here}
        spent = sum(count > 1 or number in here for number, count in counts.items())
        width = self.form.lengths[line]
        forbidden = set(again)
        if spent >= _repeats.get(width, 2):
            forbidden |= set(counts)
        forbidden |= set(here[:-1])  # again in a line only side by side
        if len(here) > 1 and here[-1] == here[-2]:
            forbidden.add(here[-1])
        if here:
            pairs = [pair for each in (*lines, here) for pair in itertools.pairwise(each)]
            forbidden |= {b for a, b in pairs if a == here[-1]}
        return forbidden

    def _line_of(self, place: int) -> tuple[int, int]:
        """The line of a character, and the number of the line's first."""
        start = 0
        for line, length in enumerate(self.form.lengths):
            if place < start + length:
                return line, start
            start += length
        raise IndexError(place)

    def _lines(self, written: Sequence[int], line: int) -> list[list[int]]:
        """All other lines as far as they stand."""
        found, start = [], 0
        for number, length in enumerate(self.form.lengths):
            if number < line:
                found.append(list(written[start : start + length]))
            elif number > line:
                places = range(start, start + length)
                found.append([self.given[each] for each in places if each in self.given])
            start += length
        return found
