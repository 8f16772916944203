"""The net of a `Writer` one symbol at a time, as arrays: what the pen reads and writes with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aigc_studio.toolkit.sequences import GruCell, LstmCell, PlainCell, WholeMatrix
from rnn_text.network.ngrams import keys_of

if TYPE_CHECKING:
    from torch import Tensor, nn

    from rnn_text.network.net import Writer
    from rnn_text.network.ngrams import NGrams

Floats = np.ndarray[Any, np.dtype[np.float32]]
Cell = GruCell | LstmCell | PlainCell
State = tuple[Floats, ...]
"""What is carried from one symbol to the next: arrays (rows, width). Where n-grams are looked up
the symbols read last come behind them, int64 (rows, longest - 1)."""

_CELLS: dict[str, type[Cell]] = {
    "gru": GruCell,
    "lstm": LstmCell,
    "tanh": PlainCell,
}
_TABLE = 1024
"""Of at most so many symbols what they drive the first layer with is kept in a table."""


class Steps:
    """A net with carried state; rows are texts, and no row depends on the others.

    The state is all layers' arrays (rows, width), one after the other.
    """

    def __init__(self, writer: Writer) -> None:
        self._layers = [_Layer(layer, writer.settings.cell) for layer in writer.layers]
        self._embedding = _array(writer.embedding.weight)
        self._runs = None if writer.ngrams is None else _Runs(writer.ngrams)
        is_small = len(self._embedding) <= _TABLE and self._runs is None
        self._table = self._driven() if is_small else None
        projection = writer.projection
        self._projection = projection and WholeMatrix(
            _array(projection.weight), _array(projection.bias)
        )
        self._output = WholeMatrix(
            _array(writer.output_weight), _array(writer.output_bias), bounded=False
        )
        self.width: int = writer.settings.output_width

    def start(self, rows: int) -> State:
        """The state of rows that have read nothing."""
        cells = tuple(part for layer in self._layers for part in layer.cell.start(rows))
        return cells if self._runs is None else (*cells, self._runs.start(rows))

    def advance(self, symbols: Any, state: State) -> tuple[Floats, State]:
        """The outputs (rows, width) and the state after one symbol more of each, int (rows,)."""
        first, *others = self._layers
        driven, read = self._input(symbols, state)
        size = (len(state) - len(read)) // len(self._layers)
        flow, found = first.cell.step(driven, state[:size])
        for number, layer in enumerate(others, 1):
            flow, after = layer.cell.step(layer.drive(flow), state[number * size :][:size])
            found += after
        return (flow if self._projection is None else self._projection(flow)), (*found, *read)

    def logits(self, outputs: Floats) -> Floats:
        """The logits (rows, symbols) that outputs give: an array of its own, to be changed."""
        return self._output(outputs)

    def _input(self, symbols: Any, state: State) -> tuple[Floats, State]:
        """What drives the first layer, and the symbols read last, where they are carried on."""
        if self._table is not None:
            return self._table[symbols], ()
        if self._runs is None:
            return self._layers[0].drive(self._embedding[symbols]), ()
        said, last = self._runs.say(symbols, state[-1])
        return self._layers[0].drive(self._embedding[symbols] + said), (last,)

    def _driven(self) -> Floats:
        return self._layers[0].drive(self._embedding)


class _Runs:
    """The n-grams of a net, one symbol at a time."""

    def __init__(self, ngrams: NGrams) -> None:
        self._longest, self._keys = ngrams.longest, ngrams.keys.cpu().numpy()
        self._table = _array(ngrams.table)

    def start(self, rows: int) -> Any:
        """The symbols read last where nothing was read."""
        return np.zeros((rows, self._longest - 1), np.int64)

    def say(self, symbols: Any, read: Any) -> tuple[Floats, Any]:
        """What the runs say that end in these symbols, and the symbols read last with them."""
        window = np.concatenate([read, np.asarray(symbols, np.int64)[:, None]], 1)
        said = np.zeros((len(window), self._table.shape[1]), np.float32)
        for found in keys_of(window, self._longest):
            keys = found[:, 0]
            places = np.searchsorted(self._keys, keys).clip(max=len(self._keys) - 1)
            said += self._table[places] * (self._keys[places] == keys)[:, None]
        return said, window[:, 1:]


class _Layer:
    """A layer of torch's with what its input is multiplied with."""

    def __init__(self, layer: nn.Module, cell: str) -> None:
        inputs, own = (_array(getattr(layer, f"weight_{side}_l0")) for side in ("ih", "hh"))
        self.drive = WholeMatrix(inputs, _array(layer.bias_ih_l0), bounded=False)
        self.cell: Cell = _CELLS[cell](own, _array(layer.bias_hh_l0))


def _array(tensor: Tensor | nn.Module) -> Floats:
    found: Floats = tensor.detach().float().cpu().numpy()  # type: ignore[operator]
    return found
