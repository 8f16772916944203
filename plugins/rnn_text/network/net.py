"""The net that reads symbols one after another and says what may come next."""

from __future__ import annotations

import copy
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.toolkit.sequences import swift_gru
from rnn_text.network.ngrams import NGrams
from rnn_text.network.right import Right
from rnn_text.settings import WriterSettings

State = Tensor | tuple[Tensor, ...]
"""What is carried on: (layers, rows, width); two such of the cells with a memory. Where n-grams are
looked up the symbols read last come behind it, int64 (1, rows, longest - 1)."""
_CELLS: dict[str, type[nn.GRU] | type[nn.LSTM] | type[nn.RNN]] = {
    "gru": nn.GRU,
    "lstm": nn.LSTM,
    "tanh": nn.RNN,
}


class Writer(nn.Module):
    """A recurrent net over symbols.

    `embedding` gives the numbers of a symbol, `ngrams` what is added to them of the run of symbols
    that ends there, `layers` are single layers of torch's own cells (batch first), `projection`
    leads to the width of the embedding where the output is tied.
    `dropout` is the part left out in training: of the numbers of a symbol, of those between layers
    and before the output, the same ones all along a row (Gal and Ghahramani 2016).
    """

    def __init__(self, settings: WriterSettings) -> None:
        super().__init__()
        s = self.settings = settings
        self.dropout = 0.0
        self.embedding = nn.Embedding(s.symbols, s.embedding)
        self.ngrams = NGrams(s.ngrams, s.runs, s.embedding, s.packed) if s.ngrams else None
        inputs = [s.embedding] + [s.width] * (s.layers - 1)
        cell = _CELLS[s.cell]
        self.layers = nn.ModuleList(cell(each, s.width, batch_first=True) for each in inputs)
        self.projection = nn.Linear(s.width, s.embedding) if s.tied else None
        self.output = None if s.tied else nn.Linear(s.width, s.symbols)
        self.bias = nn.Parameter(torch.zeros(s.symbols)) if s.tied else None
        self.right: Right | None = None
        if s.right:
            self.right = Right(s.embedding, s.output_width, s.right, s.right + 32)
        if not self.embedding.weight.is_meta:
            self._begin()

    def _begin(self) -> None:
        """The weights that a training begins with."""
        s = self.settings
        nn.init.normal_(self.embedding.weight, std=s.embedding**-0.5 if s.tied else 1.0)
        with torch.no_grad():
            self.embedding.weight[0] = 0  # what is unknown says nothing
            for layer in self.layers:
                nn.init.orthogonal_(layer.weight_hh_l0)  # type: ignore[arg-type]
                layer.bias_hh_l0.zero_()  # type: ignore[operator]
                layer.bias_ih_l0.zero_()  # type: ignore[operator]
                if s.cell == "lstm":  # it begins by keeping what it remembers
                    layer.bias_ih_l0[s.width : 2 * s.width] = 1  # type: ignore[operator]

    def packed(self) -> Writer:
        """The same net as a file has it: of its runs the table is packed, the rest is shared."""
        if self.ngrams is None:
            return self
        found = copy.copy(self)
        found._modules = dict(self._modules)
        found.ngrams, found.settings = self.ngrams.packed(), replace(self.settings, packed=True)
        return found

    def unpack(self) -> None:
        """Make it one to be used of one that a file had."""
        if self.ngrams is not None and self.settings.packed:
            self.ngrams = self.ngrams.unpacked().train(self.training)
            self.settings = replace(self.settings, packed=False)

    @property
    def output_weight(self) -> Tensor:
        """The weight of the output layer (symbols, what it sees)."""
        return self.embedding.weight if self.output is None else self.output.weight

    @property
    def output_bias(self) -> Tensor:
        """The bias of the output layer (symbols,)."""
        found = self.bias if self.output is None else self.output.bias
        assert found is not None
        return found

    def embed(self, symbols: Tensor) -> Tensor:
        """The numbers (…, embedding) of symbols."""
        return self.embedding(symbols)  # type: ignore[no-any-return]

    def outputs(
        self,
        symbols: Tensor,
        state: State | None = None,
        source: torch.Generator | None = None,
    ) -> tuple[Tensor, State]:
        """What the output layer sees of symbols (rows, n), int64, and the state after them.

        `state` is that before them, None at a beginning. The first is (rows, n, `output_width`).
        In training `source` draws what is left out; without it torch's own generator does.
        """
        flow, cells, read = self.embed(symbols), state, tuple[Tensor, ...]()
        if self.ngrams is not None:
            cells, last_read = _parted(state)
            window = self.ngrams.window(symbols, last_read)
            flow, read = flow + self.ngrams(window, source), (self.ngrams.kept(window),)
        flow, after = self._thinned(flow, source), list[State]()
        for number, layer in enumerate(self.layers):
            before = _layer_state(cells, number)
            if self.training and isinstance(layer, nn.GRU):
                flow, last = swift_gru(layer, flow, before)  # type: ignore[arg-type]
            else:
                flow, last = layer(flow, before)
            flow = self._thinned(flow, source)
            after.append(last)
        if self.projection is not None:
            flow = self.projection(flow)
        return flow, _joined(after, read)

    def logits(self, outputs: Tensor) -> Tensor:
        """The logits (…, symbols) of what the output layer sees."""
        return F.linear(outputs, self.output_weight, self.output_bias)

    def read(self, symbols: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """The logits (rows, n, symbols) of what follows each of symbols (rows, n), and the state
        after them; `state` is that before them."""
        outputs, after = self.outputs(symbols, state)
        return self.logits(outputs), after

    def forward(self, symbols: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """The same as `read`."""
        return self.read(symbols, state)

    def _thinned(self, flow: Tensor, source: torch.Generator | None) -> Tensor:
        if not self.training or self.dropout <= 0:
            return flow
        shape = flow.shape[0], 1, flow.shape[2]
        kept = torch.rand(shape, device=flow.device, generator=source) >= self.dropout
        return flow * (kept / (1 - self.dropout))


def _layer_state(state: State | None, number: int) -> State | None:
    if state is None:
        return None
    if isinstance(state, Tensor):
        return state[number : number + 1].contiguous()
    return tuple(part[number : number + 1].contiguous() for part in state)


def _parted(state: State | None) -> tuple[State | None, Tensor | None]:
    """What the cells carry on, and the symbols read last."""
    if state is None:
        return None, None
    *cells, read = state
    return cells[0] if len(cells) == 1 else tuple(cells), read


def _joined(states: list[State], read: tuple[Tensor, ...]) -> State:
    parts = [(each,) if isinstance(each, Tensor) else each for each in states]
    whole = *(torch.cat(each) for each in zip(*parts, strict=True)), *read
    return whole[0] if len(whole) == 1 else whole
