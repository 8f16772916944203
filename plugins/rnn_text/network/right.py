"""What follows a gap, read from far to near: the part of a writer that lets it write towards it.

A net that reads the other way has its say before the output layer (twin networks, Serdyuk et al.
2018; here it is read where the gap ends, not beside each place), together with how many symbols are
left to write (as lengths are told in Kikuchi et al. 2016).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.toolkit import Moment, rows_abreast
from aigc_studio.toolkit.sequences import gathered, swift_gru

if TYPE_CHECKING:
    from rnn_text.network.net import Writer

FAR = 24
"""Further than so many symbols from what follows nothing of it can be told yet (measured)."""
_LARGE, _SHARE = 1000, 4
"""Of an alphabet of so many symbols one in four places is learnt: the output layer costs much."""


class Right(nn.Module):
    """Reads what follows and changes what a writer's output layer sees.

    `embedding` is the width of the writer's embedding, `width` that of what its output layer sees,
    `size` that of the net that reads, `hidden` that of the layer where both meet. It begins with
    changing nothing.
    """

    def __init__(self, embedding: int, width: int, size: int = 160, hidden: int = 192) -> None:
        super().__init__()
        self.reader = nn.GRU(embedding, size, batch_first=True)
        self.left, self.right = nn.Linear(width, hidden), nn.Linear(size, hidden, bias=False)
        self.left_over = nn.Embedding(FAR + 1, hidden)
        self.added = nn.Linear(hidden, width, bias=False)
        nn.init.zeros_(self.added.weight)

    def states(self, embedded: Tensor, lengths: Tensor | None = None) -> Tensor:
        """What is known of the right side at each place: (rows, n, size) for (rows, n, embedding).

        Place i has read the symbols from the last one down to i. `lengths` int64 (rows,) are those
        of rows that are filled up behind their ends; what stands behind an end is of no use.
        """
        rows, count, _width = embedded.shape
        ends = torch.full((rows,), count) if lengths is None else lengths
        # The last symbol comes first, and what fills a row up after all of its own. Turning a row
        # twice is to leave it as it was, so the same places lead there and back.
        turned = (ends[:, None] - 1 - torch.arange(count)).remainder(count).to(embedded.device)
        found = gathered(embedded, turned)
        read, _state = swift_gru(self.reader, found, None) if self.training else self.reader(found)
        return gathered(read, turned)

    def change(self, outputs: Tensor, states: Tensor, left_over: Tensor) -> Tensor:
        """The outputs (…, width) of a writer as they are with what follows in sight.

        Those that are further than `FAR` from it stay as they are.

        `states` (…, size) are those of the first symbol behind the gap; `left_over` int64 (…) is
        how many symbols of the gap are still to be written, that which is written next included.
        """
        count = self.left_over(left_over.clamp(0, FAR))
        met = torch.tanh(self.left(outputs) + self.right(states) + count)
        is_near = (left_over <= FAR)[..., None]
        changed: Tensor = torch.where(is_near, outputs + self.added(met), outputs)
        return changed


def right_losses(
    writer: Writer,
    symbols: Tensor,
    moment: Moment,
    *,
    lengths: Tensor | None = None,
    outputs: Tensor | None = None,
) -> list[Callable[[], Tensor]]:
    """How badly gaps are written towards what follows: the mean nats of a symbol, in parts that
    add up to it, to be worked out side by side.

    `symbols` int64 (rows, n) is a batch as it is read, `lengths` int64 (rows,) those of rows that
    are filled up behind their ends. `outputs` (rows, n, width) saves time where they are known.
    Gaps of 1 to `FAR` symbols are drawn, as many short ones as long ones by their logarithms. Only
    the writer's `right` learns from it: the writer itself stays as it is. Empty where it has none.
    """
    if writer.right is None or symbols.shape[1] < 3:
        return []
    rows, count = symbols.shape
    ends = torch.full((rows,), count) if lengths is None else lengths.cpu()
    share = _SHARE if writer.settings.symbols > _LARGE else 1
    places, gaps, whole = _gaps(ends, max(1, count // share), moment.generator)
    if not whole.any():
        return []
    sizes = rows_abreast(rows, symbols)
    drawn = [each.to(symbols.device) for each in (symbols, places, gaps, whole)]
    cuts = zip(*(torch.split(each, sizes) for each in drawn), strict=True)
    nothing = [None] * len(sizes)
    ended = nothing if lengths is None else torch.split(lengths, sizes)
    known = nothing if outputs is None else torch.split(outputs, sizes)
    learnt = int(whole.sum())
    parts = zip(cuts, ended, known, moment.sources(len(sizes)), strict=True)
    return [partial(_right_loss, writer, learnt, *cut, *others) for cut, *others in parts]


def _right_loss(
    writer: Writer,
    learnt: int,
    symbols: Tensor,
    places: Tensor,
    gaps: Tensor,
    whole: Tensor,
    lengths: Tensor | None,
    outputs: Tensor | None,
    source: torch.Generator | None,
) -> Tensor:
    """The nats of some rows, divided by how many places are `learnt` in all."""
    right = writer.right
    assert right is not None
    with torch.no_grad():
        embedded = writer.embed(symbols)
        if outputs is None:
            outputs, _state = writer.outputs(symbols, source=source)
    states = right.states(embedded, lengths)
    before = gathered(outputs.detach(), places - 1)
    changed = right.change(before, gathered(states, places + gaps), gaps)
    weight, bias = writer.output_weight.detach(), writer.output_bias.detach()
    logits, wanted = F.linear(changed[whole], weight, bias), symbols.gather(1, places)[whole]
    return F.cross_entropy(logits, wanted, reduction="sum") / learnt


def _gaps(ends: Tensor, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Places (rows, count), how far each is from the first symbol behind its gap, and whether
    a row had room for a gap with a symbol on either side."""
    drawn = torch.rand((2, len(ends), count), generator=generator)
    most = (ends - 2).clamp(1, FAR)[:, None]
    gaps = torch.exp(drawn[0] * torch.log(most.float() + 0.999)).long().clamp(min=1)
    gaps = torch.minimum(gaps, most)
    room = (ends[:, None] - 1 - gaps).clamp(min=1)
    places = 1 + (drawn[1] * room).long().clamp(max=room - 1)
    return places, gaps, (ends >= 3)[:, None].expand_as(places)
