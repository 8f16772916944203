"""The net of a `Writer` an event at a time, as arrays: what the pen reads and writes with.

All that a step is told is the sum of rows of one table, so they are multiplied beforehand; the rest
are the toolkit's exact products, so that no row depends on how many are beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aigc_studio.toolkit.sequences import GruCell, WholeMatrix

if TYPE_CHECKING:
    from rnn_melody.network.net import Writer

Floats = np.ndarray[Any, np.dtype[np.float32]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


class Steps:
    """A net with carried state, float32 (rows, width): rows are tunes."""

    def __init__(self, writer: Writer) -> None:
        cell, head = writer.cell, writer.settings.head
        table = _array(writer.table.weight)
        driven = table @ _array(cell.weight_ih_l0).T
        self._gates = driven.shape[1]
        # What the cell is driven with and what goes by it, row by row of the table.
        self._table = np.concatenate([driven, table @ _array(writer.near.weight).T], 1)
        self._bias = _array(cell.bias_ih_l0)
        self._offsets = writer.offsets.numpy().astype(np.int64)
        self._cell = GruCell(_array(cell.weight_hh_l0), _array(cell.bias_hh_l0))
        self._far = WholeMatrix(_array(writer.far.weight), _array(writer.far.bias))
        self._told = _array(writer.told.weight)
        self._lengths = _product(writer.lengths)
        self._tones = _product(writer.tones)
        self._head = head

    def start(self, rows: int) -> Floats:
        """The state of tunes that nothing was read of."""
        return self._cell.start(rows)[0]

    def advance(self, inputs: Ints, state: Floats) -> tuple[Floats, Floats]:
        """What the heads see (rows, 2 * head) of the next event, and the state after what is known
        of it beforehand; `inputs` (rows, columns) as `signs.joined` gives them."""
        heard = self._table[inputs + self._offsets].sum(1, dtype=np.float32)
        driven = heard[:, : self._gates] + self._bias
        flow, (after,) = self._cell.step(driven, (state,))
        return self._far(flow) + heard[:, self._gates :], after

    def length_logits(self, outputs: Floats) -> Floats:
        """The logits (rows, durations) of how long the next event is."""
        return self._lengths(np.maximum(outputs[:, : self._head], 0))

    def tone_logits(self, outputs: Floats, lengths: Ints) -> Floats:
        """The logits (rows, tones) of what it is, given the number of its duration."""
        return self._tones(np.maximum(outputs[:, self._head :] + self._told[lengths], 0))


def _product(layer: Any) -> WholeMatrix:
    return WholeMatrix(_array(layer.weight), _array(layer.bias), bounded=False)


def _array(tensor: Any) -> Floats:
    found: Floats = tensor.detach().float().cpu().numpy()
    return found
