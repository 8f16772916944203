"""The net of a `Writer` one symbol at a time, as arrays: what the pen reads and writes with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aigc_studio.toolkit.sequences import GruCell, LstmCell, PlainCell, WholeMatrix

if TYPE_CHECKING:
    from torch import Tensor, nn

    from rnn_text.network.net import Writer

Floats = np.ndarray[Any, np.dtype[np.float32]]
Cell = GruCell | LstmCell | PlainCell
State = tuple[Floats, ...]
"""What is carried from one symbol to the next: arrays (rows, width)."""

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
        self._table = self._driven() if len(self._embedding) <= _TABLE else None
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
        return tuple(part for layer in self._layers for part in layer.cell.start(rows))

    def advance(self, symbols: Any, state: State) -> tuple[Floats, State]:
        """The outputs (rows, width) and the state after one symbol more of each, int (rows,)."""
        first, *others = self._layers
        size = len(state) // len(self._layers)
        table = self._table
        driven = first.drive(self._embedding[symbols]) if table is None else table[symbols]
        flow, found = first.cell.step(driven, state[:size])
        for number, layer in enumerate(others, 1):
            flow, after = layer.cell.step(layer.drive(flow), state[number * size :][:size])
            found += after
        return (flow if self._projection is None else self._projection(flow)), found

    def logits(self, outputs: Floats) -> Floats:
        """The logits (rows, symbols) that outputs give: an array of its own, to be changed."""
        return self._output(outputs)

    def _driven(self) -> Floats:
        return self._layers[0].drive(self._embedding)


class _Layer:
    """A layer of torch's with what its input is multiplied with."""

    def __init__(self, layer: nn.Module, cell: str) -> None:
        inputs, own = (_array(getattr(layer, f"weight_{side}_l0")) for side in ("ih", "hh"))
        self.drive = WholeMatrix(inputs, _array(layer.bias_ih_l0), bounded=False)
        self.cell: Cell = _CELLS[cell](own, _array(layer.bias_hh_l0))


def _array(tensor: Tensor | nn.Module) -> Floats:
    found: Floats = tensor.detach().float().cpu().numpy()  # type: ignore[operator]
    return found
