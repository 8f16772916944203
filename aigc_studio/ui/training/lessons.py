"""What a model learns from, as a person looks at it: a few examples of each kind. No widgets."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.translation import _, ngettext

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

MOST_KINDS = 40
"""Kinds of which examples are shown; the others are counted."""
_OF_EACH = 12
_OF_ALL = 48
"""Examples that are shown of each kind, and of what has no kinds."""


@dataclass(frozen=True)
class Kind:
    """Examples with one label, which may be empty: `count` there are, some of them are here."""

    label: str
    count: int
    artifacts: tuple[Artifact, ...]


@dataclass(frozen=True)
class Lessons:
    """What of a dataset is learnt from, by kind; `test` examples are held out, and `more` kinds are
    left out of the list."""

    medium: str
    kinds: tuple[Kind, ...]
    train: int
    test: int
    more: int = 0


def read_lessons(folder: Path, each: int = _OF_EACH) -> Lessons:
    """Some examples of each kind, evenly through the dataset. Takes its time: not on the UI thread.

    Raises `OSError`, `StudioError` and `ValueError` when it is gone or damaged.
    """
    from aigc_studio.library.rows import Browser
    from aigc_studio.ui.candidates.small import small

    browser = Browser(folder)
    numbers: dict[str, list[int]] = {}
    train = test = 0
    for index in range(len(browser)):
        info = browser.info(index)
        if info.excluded:
            continue
        if info.split == "test":
            test += 1
            continue
        train += 1
        numbers.setdefault(info.label, []).append(index)
    labels = sorted(numbers)
    most = each if len(labels) > 1 else max(each, _OF_ALL)
    kinds = tuple(
        Kind(
            label,
            len(numbers[label]),
            tuple(small(browser.artifact(n)) for n in _spread(numbers[label], most)),
        )
        for label in labels[:MOST_KINDS]
    )
    return Lessons(browser.medium, kinds, train, test, max(0, len(labels) - MOST_KINDS))


def mixed(lessons: Lessons) -> list[Artifact]:
    """The examples of all kinds, one of each in turn."""
    turns = itertools.zip_longest(*(kind.artifacts for kind in lessons.kinds))
    return [artifact for turn in turns for artifact in turn if artifact is not None]


def _spread(numbers: list[int], most: int) -> list[int]:
    """At most so many of these, evenly through them."""
    if len(numbers) <= most:
        return numbers
    return [numbers[place * len(numbers) // most] for place in range(most)]


def count_words(medium: str, count: int) -> str:
    """`4,500 pictures`."""
    forms = {
        "image": ngettext("{n} picture", "{n} pictures", count),
        "text": ngettext("{n} text", "{n} texts", count),
        "melody": ngettext("{n} tune", "{n} tunes", count),
    }
    return forms.get(medium, "{n}").format(n=f"{count:,}")


def about(lessons: Lessons) -> str:
    """`4,500 pictures in 10 kinds · 500 to test it`."""
    kinds = len(lessons.kinds) + lessons.more
    words = count_words(lessons.medium, lessons.train)
    if kinds > 1:
        words = _("{examples} in {n} kinds").format(examples=words, n=kinds)
    if lessons.test:
        words += " · " + _("{n} to test it").format(n=f"{lessons.test:,}")
    return words
