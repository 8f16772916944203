"""How near made texts come to the right ones: chrF, by the runs of characters they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

ORDERS = 6
BETA = 2


def chrf(pairs: Iterable[tuple[str, str]]) -> float:
    """chrF (Popović 2015) of texts and, second in each pair, the right ones: 0 to 100.

    F-score of the runs of 1 to 6 characters, spaces left out, where recall weighs twice as much as
    precision; counted over all pairs together, and averaged over those lengths that the right texts
    have. 0 where there is none. It needs no words, so it is as good for Chinese as for English.
    """
    both, made, right = Counter[int](), Counter[int](), Counter[int]()
    for text, wanted in pairs:
        for order in range(1, ORDERS + 1):
            one, other = _runs(text, order), _runs(wanted, order)
            both[order] += (one & other).total()
            made[order] += one.total()
            right[order] += other.total()
    orders = [order for order in right if right[order]]
    if not any(both[order] for order in orders):
        return 0.0
    precision = sum(both[n] / made[n] for n in orders if made[n]) / len(orders)
    recall = sum(both[n] / right[n] for n in orders) / len(orders)
    return 100 * (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def _runs(text: str, order: int) -> Counter[str]:
    text = "".join(text.split())
    return Counter(text[at : at + order] for at in range(len(text) - order + 1))
