"""How different sequences are from one another, and from themselves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence

Grams = Counter[tuple[Hashable, ...]]


def distinct(sequences: Sequence[Sequence[Hashable]], n: int) -> float:
    """The share of n-grams that are different, 0 to 1 (Li et al. 2016): low where it repeats.

    It falls with the length, so that only sets of one size compare. 0 where there is no n-gram.
    """
    grams: Grams = Counter()
    for sequence in sequences:
        grams.update(_grams(sequence, n))
    return len(grams) / grams.total() if grams else 0.0


def self_bleu(sequences: Sequence[Sequence[Hashable]], n: int = 4) -> float:
    """The mean BLEU of each sequence with all others as references (Zhu et al. 2018).

    0 (all different) to 1 (all the same), over n-grams of up to `n`. Where one has no n-gram of a
    length in common with the others, half of one counts. 0 for fewer than two sequences.
    """
    if len(sequences) < 2:
        return 0.0
    precisions = [_precisions(sequences, length) for length in range(1, n + 1)]
    lengths = [len(sequence) for sequence in sequences]
    scores = []
    for number, length in enumerate(lengths):
        if not length:
            scores.append(0.0)
            continue
        logs = [math.log(each[number]) for each in precisions]
        others = lengths[:number] + lengths[number + 1 :]
        reference = min(others, key=lambda other: (abs(other - length), other))
        brevity = min(0.0, 1 - reference / length)
        scores.append(math.exp(brevity + sum(logs) / len(logs)))
    return sum(scores) / len(scores)


def _grams(sequence: Sequence[Hashable], n: int) -> Grams:
    return Counter(tuple(sequence[at : at + n]) for at in range(len(sequence) - n + 1))


def _precisions(sequences: Sequence[Sequence[Hashable]], n: int) -> list[float]:
    """Of each sequence the share of its n-grams that the others have as well, as BLEU counts.

    Too short for an n-gram counts as a share of 1: there is nothing that could differ.
    """
    counted = [_grams(sequence, n) for sequence in sequences]
    most: Counter[tuple[Hashable, ...]] = Counter()
    second: Counter[tuple[Hashable, ...]] = Counter()
    for grams in counted:
        for gram, count in grams.items():
            highest = most[gram]
            most[gram] = max(highest, count)
            second[gram] = max(second[gram], min(highest, count))
    shares = []
    for grams in counted:
        # What the others have at most is the highest count, or the second where this one has that.
        shared = sum(
            min(count, second[gram] if count == most[gram] else most[gram])
            for gram, count in grams.items()
        )
        shares.append(max(shared, 0.5) / grams.total() if grams else 1.0)
    return shares
