"""How characters sounded, heard from the poems themselves: rhyme groups and tones.

No book of rhymes is needed. Characters that end the even lines of one poem rhyme: they are put into
groups as people who know each other are (modularity, Newman and Girvan 2004, by the moves of
Blondel et al. 2008). And in regulated verse tones alternate along a line, are opposite within a
couplet and alike between two: the tones that agree best with this are found by mean-field steps, as
the spins of a magnet are. Which reading of a character is meant, and which tones beyond level and
oblique there were, it cannot know.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_text.verse.forms import lines_of

Array = np.ndarray[Any, np.dtype[np.float64]]
Pairs = np.ndarray[Any, np.dtype[np.int64]]

_fewest = 4
"""A character that rhymes in fewer poems is in no group."""
_resolution = 4.0
"""How small groups may be: at 1 those that only rhyme loosely fall together."""
_second_share, _second_count = 0.2, 3.0
"""A character is in a second group too when this share of its rhymes, and so many, are there."""
_near_share = 0.04
"""Groups are near each other when so much of one's rhymes are in the other."""
_sure, _heard = 0.35, 10
"""A tone is taken as the only one of a character from this mean agreement on; with fewer witnesses
nothing is said."""
_opposite, _alike, _end, _other_end = 0.8, 0.5, 2.0, 1.5
"""What a place tells: its opposite in the line or couplet, its like between couplets, the end of an
even line (level), of an odd line (oblique)."""
_steps = 30


@dataclass(frozen=True)
class Group:
    """Characters that rhyme, the most frequent first. `tone` is "level" or "oblique"; `near` are
    the names of groups that it is mixed with at times."""

    name: str
    tone: str
    characters: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    """What was heard: the `groups`, the largest first, and beside them the characters whose tone is
    known: `level` and `oblique`; one that stands in both can have either."""

    groups: tuple[Group, ...]
    level: str
    oblique: str


def hear(poems: Iterable[str]) -> Heard:
    """Learn rhyme groups and tones from poems, given as texts. 33,000 take half a minute."""
    lines = [found for found in map(lines_of, poems) if len(found) > 1]
    counts = Counter(character for poem in lines for line in poem for character in line)
    tones = _tones(lines, counts)
    rhymes = [[line[-1] for line in poem[1::2]] for poem in lines]
    groups = _groups(rhymes, tones)
    ranked = [character for character, _count in counts.most_common()]
    level = "".join(each for each in ranked if tones.get(each, 0.0) > -_sure and each in tones)
    oblique = "".join(each for each in ranked if tones.get(each, 0.0) < _sure and each in tones)
    return Heard(groups, level, oblique)


# -- rhymes ------------------------------------------------------------------------------------


def _groups(rhymes: Sequence[Sequence[str]], tones: dict[str, float]) -> tuple[Group, ...]:
    counts = Counter(each for ends in rhymes for each in set(ends))
    known = [each for each, count in counts.most_common() if count >= _fewest]
    if not known:
        return ()
    together = _together(rhymes, known)
    labels = communities(together, _resolution)
    shares = np.zeros((len(known), int(labels.max()) + 1))
    for label in range(shares.shape[1]):
        shares[:, label] = together[:, labels == label].sum(1)
    members = _members(shares, labels)
    weights = np.array([counts[each] for each in known], np.float64)
    order = sorted(members, key=lambda label: -float(weights[labels == label].sum()))
    names, told = {}, {}
    for label in order:
        own = [known[n] for n in np.flatnonzero(labels == label)]
        mean = sum(tones.get(each, 0.0) * counts[each] for each in own)
        told[label] = "level" if mean > 0 else "oblique"
        names[label] = ("平声" if mean > 0 else "仄声") + own[0]
    between = np.array([shares[labels == label].sum(0) for label in range(shares.shape[1])])
    between /= np.maximum(between.sum(1, keepdims=True), 1e-12)
    return tuple(
        Group(
            names[label],
            told[label],
            "".join(known[n] for n in members[label]),
            tuple(
                names[other]
                for other in order
                if other != label
                and told[other] == told[label]
                and max(between[label, other], between[other, label]) >= _near_share
            ),
        )
        for label in order
    )


def _together(rhymes: Sequence[Sequence[str]], known: Sequence[str]) -> Array:
    """How often characters rhyme with each other: (n, n), each poem counting once for a rhyme."""
    numbers = {each: number for number, each in enumerate(known)}
    found = np.zeros((len(known), len(known)))
    for ends in rhymes:
        here = [numbers[each] for each in dict.fromkeys(ends) if each in numbers]
        if len(here) > 1:
            found[np.ix_(here, here)] += 1 / (len(here) - 1)
    np.fill_diagonal(found, 0.0)
    return found


def _members(shares: Array, labels: Pairs) -> dict[int, list[int]]:
    """Who is in each community, with those that rhyme there beside their own."""
    found: dict[int, list[int]] = defaultdict(list)
    whole = shares.sum(1)
    for number, label in enumerate(labels.tolist()):
        enough = np.maximum(_second_share * whole[number], _second_count)
        there = set(np.flatnonzero(shares[number] >= enough).tolist()) | {label}
        for each in sorted(there):
            found[each].append(number)
    return found


def communities(weights: Array, resolution: float = 1.0) -> Pairs:
    """The community of each node of a graph: int64 (n,), numbered from 0.

    `weights` (n, n) is symmetric, 0 where there is no edge. Greedy moves that raise modularity, of
    nodes first, then of whole communities, until none does (the Louvain method).
    """
    labels = np.arange(len(weights))
    graph = weights
    while True:
        moved = _moved(graph, resolution)
        _names, moved = np.unique(moved, return_inverse=True)
        labels = moved[labels]
        if len(_names) == len(graph):
            return labels
        merged = np.zeros((len(_names), len(_names)))
        np.add.at(merged, (moved[:, None], moved[None, :]), graph)
        graph = merged


def _moved(graph: Array, resolution: float) -> Pairs:
    """Each node in the community of neighbours where it raises modularity most."""
    count = len(graph)
    degree = graph.sum(1)
    whole = max(float(degree.sum()), 1e-12)
    labels, total = np.arange(count), degree.copy()
    order = np.random.default_rng(0)
    for _sweep in range(_steps):
        changed = False
        for node in order.permutation(count).tolist():
            edges = graph[node].copy()
            edges[node] = 0.0
            near = np.bincount(labels, weights=edges, minlength=count)
            total[labels[node]] -= degree[node]
            gain = near - resolution * degree[node] * total / whole
            best = int(gain.argmax())
            if gain[best] > gain[labels[node]] + 1e-9:
                labels[node], changed = best, True
            total[labels[node]] += degree[node]
        if not changed:
            break
    return labels


# -- tones -------------------------------------------------------------------------------------


def _tones(poems: Sequence[Sequence[str]], counts: Counter[str]) -> dict[str, float]:
    """How level each character sounds, in about -1 to 1, of those that enough places tell of."""
    known = [each for each, count in counts.most_common() if count > 1]
    numbers = {each: number for number, each in enumerate(known)}
    opposite, alike, ends = _witnesses(poems, numbers)
    size = len(known)
    even = np.bincount(ends[ends[:, 1] == 1, 0], minlength=size).astype(np.float64)
    odd = np.bincount(ends[ends[:, 1] == 0, 0], minlength=size).astype(np.float64)
    said = even + odd
    for pairs in (opposite, alike):
        said += np.bincount(pairs.ravel(), minlength=size)
    pull = np.zeros(size)
    tone = np.tanh(even - odd)
    for _step in range(_steps):
        pull = _end * even - _other_end * odd
        for pairs, weight in ((opposite, -_opposite), (alike, _alike)):
            first, second = pairs[:, 0], pairs[:, 1]
            pull += weight * np.bincount(first, weights=tone[second], minlength=size)
            pull += weight * np.bincount(second, weights=tone[first], minlength=size)
        tone = np.tanh(pull)
    mean = pull / np.maximum(said, 1)
    return {each: float(mean[n]) for each, n in numbers.items() if said[n] >= _heard}


def _witnesses(
    poems: Sequence[Sequence[str]], numbers: dict[str, int]
) -> tuple[Pairs, Pairs, Pairs]:
    """Pairs of characters (n, 2) whose tones are opposite, and alike, in regulated verse; and the
    ends of lines: character and 1 for an even line, 0 for an odd one but the first."""
    opposite: list[tuple[int, int]] = []
    alike: list[tuple[int, int]] = []
    ends: list[tuple[int, int]] = []
    for poem in poems:
        width = len(poem[0])
        if width not in (5, 7) or any(len(line) != width for line in poem):
            continue
        rows = [[numbers.get(each, -1) for each in line] for line in poem]
        bound = range(1, width - 1, 2)
        for at, row in enumerate(rows):
            opposite += [(row[place], row[place + 2]) for place in bound if place + 2 < width - 1]
            if at:
                ends.append((row[-1], at % 2))
                pairs = [(rows[at - 1][place], row[place]) for place in bound]
                (opposite if at % 2 else alike).extend(pairs)
    return tuple(_known(each) for each in (opposite, alike, ends))  # type: ignore[return-value]


def _known(pairs: list[tuple[int, int]]) -> Pairs:
    found = np.array(pairs, np.int64).reshape(-1, 2)
    return found[(found >= 0).all(1)]
