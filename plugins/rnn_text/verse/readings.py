"""How characters sounded to the poets: rhyme groups and tones, as they were heard in their poems.

`rhymes.tsv` is what `hearing` learnt from the poems of the Tang (`.ci/verse_sounds.py` makes it
anew). A group is called by its tone and its most frequent character (平声真). Which reading of a
character is meant is not known: all of them count; nor are the oblique tones told apart.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aigc_studio.toolkit.sequences import simplified

Tone = Literal["level", "oblique"]

_LEVEL, _OBLIQUE = "平", "仄"


@dataclass(frozen=True)
class _Book:
    """The table as it is read: characters and near groups by group, and the tones beside."""

    characters: dict[str, str]
    near: dict[str, frozenset[str]]
    tones: dict[str, frozenset[Tone]]
    groups: dict[str, frozenset[str]]


@functools.cache
def _book() -> _Book:
    rows = Path(__file__).with_name("rhymes.tsv").read_text(encoding="utf-8").splitlines()
    table = [row.split("\t") for row in rows]
    characters = {name: letters for name, letters, _near in table if len(name) > 1}
    near = {name: frozenset(told.split()) | {name} for name, _letters, told in table}
    groups: dict[str, set[str]] = {}
    tones: dict[str, set[Tone]] = {}
    for name, letters, _near in table:
        for each in letters:
            tones.setdefault(each, set())
            if len(name) == 1:
                tones[each].add(tone_of_group(name))
            else:
                groups.setdefault(each, set()).add(name)
    for each, found in tones.items():  # one that was heard in rhymes alone
        if not found:
            found.update(map(tone_of_group, groups[each]))
    return _Book(
        characters,
        near,
        {each: frozenset(found) for each, found in tones.items()},
        {each: frozenset(found) for each, found in groups.items()},
    )


def groups_of(character: str) -> frozenset[str]:
    """The rhyme groups of a character (平声真), one for each reading; empty where unknown."""
    known = _book().groups
    return known.get(character) or known.get(simplified(character), frozenset())


def tones_of(character: str) -> frozenset[Tone]:
    """The tones that a character can have; empty where unknown."""
    known = _book().tones
    return known.get(character) or known.get(simplified(character), frozenset())


def tone_of_group(name: str) -> Tone:
    """The tone of all characters of a group."""
    return "level" if name.startswith(_LEVEL) else "oblique"


def characters_of(group: str) -> str:
    """The characters of a group, the most frequent in rhymes first; empty for an unknown group."""
    return _book().characters.get(group, "")


def group_names() -> tuple[str, ...]:
    """All groups, the largest first."""
    return tuple(_book().characters)


def rhyme_of(endings: Iterable[str]) -> tuple[str, int]:
    """The group that most of the characters share, and how many do: `("", 0)` where no two do.

    Of several that are shared alike the larger one.
    """
    counts: dict[str, int] = {}
    for each in endings:
        for name in groups_of(each):
            counts[name] = counts.get(name, 0) + 1
    order = group_names()
    best = max(counts, key=lambda name: (counts[name], -order.index(name)), default="")
    return (best, counts[best]) if best and counts[best] > 1 else ("", 0)


def neighbours_of(group: str) -> frozenset[str]:
    """The groups that poets mix with this one at times; itself among them."""
    return _book().near.get(group, frozenset({group}))
