"""The interpolated Markov chain: probabilities, conditions, orders, and what is not there."""

import math

import numpy as np
import pytest

from aigc_studio.toolkit.sequences import Markov


def told(*numbers: int) -> tuple[list[int], np.ndarray]:
    """A sequence without conditions."""
    return list(numbers), np.zeros((len(numbers), 0), np.int64)


def placed(numbers: list[int], width: int = 2) -> tuple[list[int], list[list[int]]]:
    """A sequence whose conditions are the place modulo `width`, and how far it is."""
    return numbers, [[place % width, place] for place in range(len(numbers))]


def test_the_chances_of_all_symbols_sum_to_one_whatever_came_before() -> None:
    source = np.random.default_rng(1)
    rows = [placed(source.integers(0, 5, 30).tolist()) for _n in range(30)]
    chain = Markov(rows, 6)
    start = [0, 4, 2]
    lasts = [chain.nats([placed([*start, symbol])])[-1] for symbol in range(6)]
    assert sum(math.exp(-each) for each in lasts) == pytest.approx(1.0)
    assert chain.weights.sum() == pytest.approx(1.0)
    assert len(chain.weights) == 3


def test_order_three_knows_what_a_unigram_does_not() -> None:
    rows = [told(*[0, 1, 2, 3] * 6) for _n in range(20)]
    chain, unigram = Markov(rows, 4), Markov(rows, 4, order=0)
    assert chain.nats(rows).mean() < 0.3
    assert unigram.nats(rows).mean() == pytest.approx(math.log(4), abs=0.01)
    # What follows is told only by the third symbol before.
    source = np.random.default_rng(2)
    hidden = []
    for _n in range(60):
        line = source.integers(0, 2, 3).tolist()
        while len(line) < 40:
            line.append(1 - line[-3])
        hidden.append(told(*line))
    assert Markov(hidden, 2).nats(hidden)[3:].mean() < 0.35
    assert Markov(hidden, 2, order=1).nats(hidden).mean() > 0.55


def test_conditions_tell_what_symbols_do_not() -> None:
    source = np.random.default_rng(3)
    rows = []
    for _n in range(40):
        given = source.integers(0, 3, 30)
        rows.append((given.tolist(), given[:, None]))
    blind = [(symbols, np.zeros((30, 0))) for symbols, _given in rows]
    assert Markov(rows, 3).nats(rows).mean() < 0.2
    assert Markov(blind, 3).nats(blind).mean() > 0.9


def test_useless_conditions_cost_little() -> None:
    source = np.random.default_rng(4)
    rows = [
        ([0, 1, 2, 3] * 8, source.integers(0, 50, (32, 1)).tolist()) for _n in range(40)
    ]  # fmt: skip
    chain = Markov(rows, 4)
    fresh = [([0, 1, 2, 3] * 8, source.integers(50, 99, (32, 1)).tolist())]
    assert chain.weights[1] > 0.5
    assert chain.nats(fresh)[4:].mean() < 0.5


def test_unknown_symbols_and_empty_sequences_have_finite_nats() -> None:
    chain = Markov([told(0, 1, 0, 1), told(0, 1)], 5)
    assert np.isfinite(chain.nats([told(4, 3, 2), told()])).all()
    assert len(chain.nats([told(4, 3, 2), told()])) == 3
    assert len(chain.nats([])) == 0
    assert np.isfinite(Markov([told(0)], 2).nats([told(1, 1)])).all()


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(ValueError, match="learn from"):
        Markov([], 3)
