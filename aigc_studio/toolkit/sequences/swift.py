"""The gated cell along a row, for training: what torch's own does, in less time.

Torch adds up the gradient of the recurrent weights place by place. Here the places' parts are
written down on the way back, and one product of large matrices makes the gradient of them all.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F


def swift_gru(layer: nn.GRU, flow: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor]:
    """What `layer` (one layer, batch first, one way) gives for `flow` (rows, n, inputs) and the
    `state` (1, rows, width) before it: the outputs (rows, n, width) and the state after them."""
    weights: dict[str, Tensor] = dict(layer.named_parameters())
    driven = F.linear(flow.transpose(0, 1), weights["weight_ih_l0"], weights["bias_ih_l0"])
    rows, width = flow.shape[0], layer.hidden_size
    before = flow.new_zeros(rows, width) if state is None else state[0]
    own = weights["weight_hh_l0"], weights["bias_hh_l0"]
    found: Tensor = _Gru.apply(driven, before, *own)  # type: ignore[no-untyped-call]
    return found.transpose(0, 1), found[-1:]


class _Gru(torch.autograd.Function):
    """Outputs (n, rows, width) of what drives the gates, (n, rows, 3 * width), the state before,
    and the recurrent weights."""

    @staticmethod
    def forward(ctx: Any, driven: Tensor, before: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        count, rows, width = driven.shape[0], before.shape[0], before.shape[1]
        states = driven.new_empty(count + 1, rows, width)
        states[0] = before
        recurrent = torch.empty_like(driven)
        gates = driven.new_empty(count, rows, 2 * width)
        news = driven.new_empty(count, rows, width)
        turned = weight.t()
        for place in range(count):
            heard = torch.addmm(bias, states[place], turned, out=recurrent[place])
            gate, new = gates[place], news[place]
            torch.add(driven[place, :, : 2 * width], heard[:, : 2 * width], out=gate).sigmoid_()
            torch.mul(gate[:, :width], heard[:, 2 * width :], out=new)
            new.add_(driven[place, :, 2 * width :]).tanh_()
            torch.lerp(new, states[place], gate[:, width:], out=states[place + 1])
        ctx.save_for_backward(states, recurrent, gates, news, weight)
        return states[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *above: Tensor) -> Any:
        states, recurrent, gates, news, weight = ctx.saved_tensors
        count, rows, width = news.shape
        # What leads from each place's gradient to its gates, all at once.
        reset, keep = gates[..., :width], gates[..., width:]
        of_new = (1 - keep) * (1 - news * news)
        of_reset = of_new * recurrent[..., 2 * width :] * (reset * (1 - reset))
        of_keep = (states[:-1] - news) * (keep * (1 - keep))
        parts = torch.stack([of_reset, of_keep, of_new * reset], 2)
        back = torch.empty_like(parts)
        arriving = torch.empty_like(news)
        behind = above[0].new_zeros(rows, width)
        for place in range(count - 1, -1, -1):
            here = torch.add(above[0][place], behind, out=arriving[place])
            torch.mul(parts[place], here[:, None], out=back[place])
            torch.addmm(here * keep[place], back[place].view(rows, 3 * width), weight, out=behind)
        flat = back.view(count * rows, 3 * width)
        of_weight = flat.t() @ states[:-1].reshape(count * rows, width)
        of_bias = flat.sum(0)
        back[:, :, 2] = arriving * of_new
        return back.view(count, rows, 3 * width), behind, of_weight, of_bias
