"""The recurrent step of a trained layer for sampling: carried state, exact products, no autograd.

A step of torch's own modules costs three times as much for one row, and its last bits depend on
how many rows there are (`whole`).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from aigc_studio.toolkit.sequences.whole import Floats, WholeMatrix

State = tuple[Floats, ...]
"""What is carried from one symbol to the next: arrays (rows, width)."""


_HALF = np.float32(0.5)


class Cell(Protocol):
    """One layer: `start(rows)` is the state before anything was read."""

    def start(self, rows: int) -> State:
        """The state of rows that have read nothing."""
        ...

    def step(self, driven: Floats, state: State) -> tuple[Floats, State]:
        """The output (rows, width) and the state after an input that was multiplied already."""
        ...


def _sigmoid(values: Floats) -> Floats:
    """In place, of an array that nobody needs; by tanh, which neither overflows nor warns."""
    values *= _HALF
    np.tanh(values, out=values)
    values *= _HALF
    values += _HALF
    return values


class GruCell:
    """A gated recurrent unit (Cho et al. 2014) with the weights of `nn.GRU`: r, z, n."""

    def __init__(self, weight: Floats, bias: Floats | None) -> None:
        self._product, self._width = WholeMatrix(weight, bias), weight.shape[1]

    def start(self, rows: int) -> State:
        """Nought."""
        return (np.zeros((rows, self._width), np.float32),)

    def step(self, driven: Floats, state: State) -> tuple[Floats, State]:
        """As `nn.GRU`."""
        before, width = state[0], self._width
        own = self._product(before)
        gates = _sigmoid(driven[:, : 2 * width] + own[:, : 2 * width])
        new, after = own[:, 2 * width :], before.copy()
        new *= gates[:, :width]
        new += driven[:, 2 * width :]
        np.tanh(new, out=new)
        after -= new
        after *= gates[:, width:]
        after += new
        return after, (after,)


class LstmCell:
    """Long short-term memory (Hochreiter and Schmidhuber 1997) with the weights of `nn.LSTM`."""

    def __init__(self, weight: Floats, bias: Floats | None) -> None:
        self._product, self._width = WholeMatrix(weight, bias), weight.shape[1]

    def start(self, rows: int) -> State:
        """Nought, for the output and for the memory."""
        nought = np.zeros((rows, self._width), np.float32)
        return nought, nought

    def step(self, driven: Floats, state: State) -> tuple[Floats, State]:
        """As `nn.LSTM`, whose gates are i, f, g, o."""
        width, (before, memory) = self._width, state
        whole = driven + self._product(before)
        new = np.tanh(whole[:, 2 * width : 3 * width])
        gates = _sigmoid(whole)
        taken, kept, shown = (gates[:, width * n : width * (n + 1)] for n in (0, 1, 3))
        memory = kept * memory + taken * new
        after = shown * np.tanh(memory)
        return after, (after, memory)


class PlainCell:
    """The cell of the textbook (Elman 1990) with the weights of `nn.RNN`."""

    def __init__(self, weight: Floats, bias: Floats | None) -> None:
        self._product, self._width = WholeMatrix(weight, bias), weight.shape[1]

    def start(self, rows: int) -> State:
        """Nought."""
        return (np.zeros((rows, self._width), np.float32),)

    def step(self, driven: Floats, state: State) -> tuple[Floats, State]:
        """As `nn.RNN` with tanh."""
        after: Floats = np.tanh(driven + self._product(state[0]))
        return after, (after,)
