"""How sure a net may be of what comes next: one number, found out on text that it has not learnt.

What is read several times is known better than any other text will be, and a net believes that it
knows all texts so well. Its logits are therefore scaled as it is saved (temperature scaling, Guo et
al. 2017): nothing else changes, and what is drawn is as varied as such texts are.
"""

from __future__ import annotations

import copy

from torch import Tensor, nn

from rnn_text.network.net import Writer

_LEAST, _MOST = 0.6, 1.1
_STEPS = 8


def fitting(logits: Tensor, wanted: Tensor) -> float:
    """By what to multiply logits (n, symbols) so that they are least surprised by the symbols that
    came, int64 (n,): the least of a convex function, by Newton's steps. 1 where there are none."""
    found = 1.0
    if not len(wanted):
        return found
    came = logits.gather(1, wanted[:, None])[:, 0].mean()
    for _step in range(_STEPS):
        chances = (logits * found).softmax(1)
        mean = (chances * logits).sum(1)
        spread = ((chances * logits.square()).sum(1) - mean.square()).mean()
        step = float((mean.mean() - came) / spread.clamp(min=1e-6))
        found = min(max(_LEAST, found - step), _MOST)
    return found


def as_sure(writer: Writer, factor: float) -> Writer:
    """The same net with its logits multiplied: the output layer is its own, all else is shared.

    An output that is tied to the input stays as it is.
    """
    if writer.output is None or factor == 1:
        return writer
    found = copy.copy(writer)
    found._modules = dict(writer._modules)
    output = nn.Linear(writer.output.in_features, writer.output.out_features)
    output.requires_grad_(False)
    output.weight.copy_(writer.output.weight * factor)
    output.bias.copy_(writer.output.bias * factor)
    found.output = output
    return found
