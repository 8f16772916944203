"""A writer learns to write gaps towards what follows them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from aigc_studio.toolkit import Moment, rows_abreast
from aigc_studio.toolkit.sequences import gathered
from rnn_text.network.net import Writer
from rnn_text.network.right import FAR

_LARGE, _SHARE = 1000, 4
"""Of an alphabet of so many symbols one in four places is learnt: the output layer costs much."""


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
