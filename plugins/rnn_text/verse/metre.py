"""The tone patterns of regulated verse (平仄), and how far a poem keeps to one.

Of a line the second, fourth and sixth characters and the last are bound, and the third from the end
where a line would end on three of one tone otherwise (三平尾, 三仄尾): "the first, third and fifth
do not count" (一三五不论), in which the books are stricter and the poets were not.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rnn_text.verse.forms import Form
from rnn_text.verse.readings import Tone

_lines = {"a": "oollo", "b": "llool", "c": "llloo", "d": "oooll"}
"""The four lines of five by their tones, level and oblique; `b` and `d` rhyme."""
_orders = ("abcd", "cdab", "dbcd", "bdab")
"""How a quatrain goes; the last two rhyme from the first line on. Eight lines go on as unrhymed."""
_tone: dict[str, Tone] = {"l": "level", "o": "oblique"}


@dataclass(frozen=True)
class Pattern:
    """The tone of each bound character of a poem, line by line; None where it is free.

    `name` is the order of the lines; `opens` says whether the first line rhymes too.
    """

    name: str
    lines: tuple[tuple[Tone | None, ...], ...]

    @property
    def opens(self) -> bool:
        """Whether the first line rhymes with the even ones."""
        return self.name[0] in "bd"

    @property
    def places(self) -> tuple[Tone | None, ...]:
        """The tones of all characters of the poem, one after another."""
        return tuple(tone for line in self.lines for tone in line)


@functools.cache
def patterns_of(form: Form) -> tuple[Pattern, ...]:
    """The four patterns of a regular form; none for another."""
    if not form.is_regular:
        return ()
    width, count = form.lengths[0], len(form.lengths)
    found = []
    for order in _orders:
        following = order if order[0] in "ac" else {"d": "abcd", "b": "cdab"}[order[0]]
        name = order + following * (count // 4 - 1)
        found.append(Pattern(name, tuple(_bound(kind, width) for kind in name)))
    return tuple(found)


def _bound(kind: str, width: int) -> tuple[Tone | None, ...]:
    """The tones of a line of `kind`, those that do not count left out."""
    tones = _lines[kind]
    if width == 7:
        tones = ("ll" if tones[1] == "o" else "oo") + tones
    bound = {*range(1, width - 1, 2), width - 1}
    if kind in "cd":  # otherwise the line would end on three of one tone
        bound.add(width - 3)
    return tuple(_tone[tone] if at in bound else None for at, tone in enumerate(tones))


@dataclass(frozen=True)
class Fit:
    """How a poem keeps to a pattern: the places (counted through the poem) that break it, those
    whose tone is unknown, and how many are bound in all."""

    pattern: Pattern
    broken: tuple[int, ...]
    unknown: tuple[int, ...]
    bound: int

    @property
    def kept(self) -> float:
        """The share of the bound places that are as the pattern wants them, unknown ones too."""
        return 1 - len(self.broken) / self.bound


def fit_of(
    tones: Sequence[Collection[Tone]], form: Form, *, opens: bool | None = None
) -> Fit | None:
    """The pattern that a poem breaks least, with where it breaks it; None for an irregular form.

    `tones` are those that each character can have, empty where unknown; a character that can have
    both breaks nothing. `opens` leaves only patterns whose first line rhymes, or does not.
    """
    fits = []
    for pattern in patterns_of(form):
        if opens is not None and pattern.opens is not opens:
            continue
        wanted = [(at, tone) for at, tone in enumerate(pattern.places) if tone is not None]
        turned = _turned(pattern, tones)
        broken = tuple(
            at for at, tone in wanted if tones[at] and tone not in tones[at] and at not in turned
        )
        unknown = tuple(at for at, _tone in wanted if not tones[at])
        fits.append(Fit(pattern, broken, unknown, len(wanted)))
    return min(fits, key=lambda fit: len(fit.broken), default=None)


def _turned(pattern: Pattern, tones: Sequence[Collection[Tone]]) -> set[int]:
    """The places of lines that go 平平仄平仄 for 平平平仄仄: the poets took that as good."""
    found: set[int] = set()
    end = 0
    for kind, line in zip(pattern.name, pattern.lines, strict=True):
        end += len(line)
        third, fourth = end - 3, end - 2
        if kind == "c" and "level" not in tones[third] and "oblique" not in tones[fourth]:
            found |= {third, fourth}
    return found
