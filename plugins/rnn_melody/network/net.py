"""The net that reads a tune event after event and says which may come next: how long, then what.

All that a step is told (`signs.inputs_of`) are numbers of rows in one table, whose sum is read. So
a step for sampling needs no more than to gather rows that were multiplied beforehand (`pen`).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.toolkit.sequences import swift_gru
from rnn_melody.network.right import Right
from rnn_melody.settings import WriterSettings
from rnn_melody.signs import REMAINING, Signs


class Writer(nn.Module):
    """A recurrent net over events.

    `table` (sum of `signs.sizes()`, embedding) has the numbers of all inputs, column after column
    (`offsets`); `cell` is torch's own GRU, batch first. `near` leads from the sum, and `far` from
    what the cell says, to the two heads (the first half is for durations, the second for tones);
    the tones' head hears of the duration that was chosen (`told`). `dropout` is the part left out
    in training, the same all along a row (Gal and Ghahramani 2016).
    """

    offsets: Tensor
    fits: Tensor

    def __init__(self, settings: WriterSettings, signs: Signs) -> None:
        super().__init__()
        s = self.settings = settings
        self.signs, self.dropout = signs, 0.0
        sizes = signs.sizes()
        starts = [sum(sizes[:number]) for number in range(len(sizes))]
        self.register_buffer("offsets", torch.tensor(starts), persistent=False)
        self.register_buffer("fits", torch.tensor(signs.durations), persistent=False)
        self.table = nn.Embedding(sum(sizes), s.embedding)
        self.cell = nn.GRU(s.embedding, s.width, batch_first=True)
        self.near = nn.Linear(s.embedding, 2 * s.head, bias=False)
        self.far = nn.Linear(s.width, 2 * s.head)
        self.told = nn.Embedding(len(signs.durations), s.head)
        self.lengths = nn.Linear(s.head, len(signs.durations))
        self.tones = nn.Linear(s.head, signs.tones)
        self.right = Right(2 * s.head, signs, s.right) if s.right else None
        """What it writes towards what follows with."""
        if not self.table.weight.is_meta:
            self._begin(len(sizes))

    def _begin(self, columns: int) -> None:
        nn.init.normal_(self.table.weight, std=columns**-0.5)
        nn.init.orthogonal_(self.cell.weight_hh_l0)  # type: ignore[arg-type]
        for bias in (self.cell.bias_hh_l0, self.cell.bias_ih_l0):
            nn.init.zeros_(bias)  # type: ignore[arg-type]
        nn.init.normal_(self.told.weight, std=0.3)

    @torch.no_grad()
    def leave_out(self, seen: Tensor) -> None:
        """What never occurs says nothing: rows of the table that are not `seen` (bool) are 0."""
        self.table.weight[~seen] = 0

    def heard(self, inputs: Tensor) -> Tensor:
        """The sum (rows, n, embedding) of what steps are told, int64 (rows, n, columns)."""
        flat = (inputs + self.offsets).flatten(0, 1)
        found = F.embedding_bag(flat, self.table.weight, mode="sum")
        return found.view(*inputs.shape[:2], -1)

    def outputs(
        self,
        inputs: Tensor,
        state: Tensor | None = None,
        source: torch.Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """What the heads see (rows, n, 2 * head) of inputs, int64 (rows, n, columns), and the state
        (1, rows, width) after them; `state` is that before them, None at a beginning.

        In training `source` draws what is left out, here and in what the heads say; without it
        torch's own generator does.
        """
        heard = self._thinned(self.heard(inputs), self.dropout / 2, source)
        if self.training:
            flow, after = swift_gru(self.cell, heard, state)
        else:
            flow, after = self.cell(heard, state)
        return self.far(self._thinned(flow, self.dropout, source)) + self.near(heard), after

    def length_logits(
        self, outputs: Tensor, remaining: Tensor, source: torch.Generator | None = None
    ) -> Tensor:
        """The logits (…, durations) of how long the next event is, -inf for what is longer than
        what remains of the bar, int64 (…)."""
        head = self.settings.head
        logits: Tensor = self.lengths(self._drop(torch.relu(outputs[..., :head]), source))
        return logits.masked_fill(self.fits > remaining[..., None], -torch.inf)

    def tone_logits(
        self, outputs: Tensor, lengths: Tensor, source: torch.Generator | None = None
    ) -> Tensor:
        """The logits (…, tones) of what the next event is, given the number of its duration."""
        head = self.settings.head
        hidden = torch.relu(outputs[..., head:] + self.told(lengths))
        return self.tones(self._drop(hidden, source))  # type: ignore[no-any-return]

    def nats(
        self,
        outputs: Tensor,
        inputs: Tensor,
        events: Tensor,
        source: torch.Generator | None = None,
    ) -> Tensor:
        """The nats (…, 2) of events (…, 2), tone and duration: of the duration, then the tone."""
        lengths, tones = events[..., 1], events[..., 0]
        of_length = self.length_logits(outputs, inputs[..., REMAINING], source)
        of_tone = self.tone_logits(outputs, lengths, source)
        found = [
            F.cross_entropy(logits.flatten(0, -2), wanted.flatten(), reduction="none")
            for logits, wanted in ((of_length, lengths), (of_tone, tones))
        ]
        return torch.stack(found, -1).view(*lengths.shape, 2)

    def forward(self, inputs: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The same as `outputs`."""
        return self.outputs(inputs, state)

    def _thinned(self, flow: Tensor, part: float, source: torch.Generator | None) -> Tensor:
        return self._left_out(flow, (flow.shape[0], 1, flow.shape[2]), part, source)

    def _drop(self, hidden: Tensor, source: torch.Generator | None) -> Tensor:
        return self._left_out(hidden, hidden.shape, self.dropout / 2, source)

    def _left_out(
        self, flow: Tensor, shape: Sequence[int], part: float, source: torch.Generator | None
    ) -> Tensor:
        if not self.training or part <= 0:
            return flow
        # A generator of the CPU draws for any device.
        drawn = torch.rand(shape, device=flow.device if source is None else "cpu", generator=source)
        return flow * ((drawn >= part).to(flow.device) / (1 - part))


@torch.no_grad()
def nats_of(writer: Writer, rows: Sequence[Sequence[Tensor]], size: int = 64) -> list[Tensor]:
    """The nats (n, 2) of the events of each row: its inputs (n, columns), events (n, 2), and
    whatever else."""
    found: list[Tensor] = [torch.zeros(0)] * len(rows)
    order = sorted(range(len(rows)), key=lambda number: len(rows[number][0]))
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        longest = len(rows[chosen[-1]][0])
        columns = rows[chosen[0]][0].shape[1]
        inputs = torch.zeros(len(chosen), longest, columns, dtype=torch.int64)
        events = torch.zeros(len(chosen), longest, 2, dtype=torch.int64)
        inputs[..., REMAINING] = 1
        for row, number in enumerate(chosen):
            count = len(rows[number][0])
            inputs[row, :count], events[row, :count] = rows[number][0], rows[number][1]
        outputs, _state = writer.outputs(inputs)
        nats = writer.nats(outputs, inputs, events)
        for row, number in enumerate(chosen):
            found[number] = nats[row, : len(rows[number][0])].clone()
    return found
