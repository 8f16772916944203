"""What a dictionary made of the same pairs would say: the yardstick of the net."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence


def lexicon(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> dict[str, str]:
    """For each word the run of 1 to 4 pieces of the answers that goes with it most (Dice 1945); of
    those that do so equally the longest."""
    words, runs, both = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for source, target in pairs:
        ones = {word.strip().lower() for word in source[:40]}
        starts = [(at, at + length) for length in range(1, 5) for at in range(len(target[:40]))]
        others = {"".join(target[at:stop]) for at, stop in starts}
        words.update(ones)
        runs.update(others)
        both.update((one, other) for one in ones for other in others)
    best = dict[str, tuple[float, int, str]]()
    for (one, other), count in both.items():
        fit = (2 * count / (words[one] + runs[other]), len(other), other)
        best[one] = max(fit, best.get(one, fit))
    return {one: other for one, (_fit, _length, other) in best.items()}


def look_up(words: Iterable[str], known: Mapping[str, str]) -> str:
    """Word by word; what is not known is copied."""
    return "".join(known.get(word.strip().lower(), word) for word in words)
