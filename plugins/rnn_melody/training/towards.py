"""A writer learns to write gaps of bars towards what follows them."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from aigc_studio.toolkit.sequences import frozen_but, gathered
from rnn_melody.network.net import Writer
from rnn_melody.network.right import FAR, seen_behind
from rnn_melody.signs import POSITION

_BEHIND = 1 << 20
"""The bar of what fills a row up behind its end."""


def right_losses(
    writer: Writer,
    inputs: Tensor,
    events: Tensor,
    ahead: Tensor,
    outputs: Tensor,
    generator: torch.Generator,
) -> dict[str, Tensor]:
    """How badly events in gaps are written towards what follows: mean nats, `recomposing`.

    `inputs` (rows, n, columns), `events` (rows, n, 2; negative behind the end of a row) and
    `outputs` are as the writer reads them, of whole tunes; `ahead` as `ahead_of` gives it. At each
    event a gap ends after 1 to `FAR` bars, its own included: as many short ones as long ones by
    their logarithms. Only the writer's `right` learns from it: the writer itself stays as it is.
    Empty where it has none, or where nothing follows.
    """
    right = writer.right
    if right is None:
        return {}
    whole = events[..., 0] >= 0
    lengths, events = whole.sum(1), events.clamp(min=0)
    drawn = torch.rand(whole.shape, generator=generator).to(events.device)
    gaps = torch.exp(drawn * math.log(FAR + 0.999)).long().clamp(1, FAR)
    bars = torch.where(whole, ahead[..., 0], _BEHIND).contiguous()
    first = torch.searchsorted(bars, bars + gaps)  # the first event behind each gap
    learnt = whole & (first < lengths[:, None])
    if not learnt.any():
        return {}
    states = right.states(events, inputs[..., POSITION], lengths)
    states = gathered(states, first.clamp(max=whole.shape[1] - 1))[learnt]
    seen = seen_behind(right.signs, ahead, bars, gaps)[learnt]
    with frozen_but(writer, "right"):
        changed = right.change(outputs.detach()[learnt], states, gaps[learnt], seen)
        nats = writer.nats(changed, inputs[learnt], events[learnt])
    return {"recomposing": nats.sum(-1).mean()}
