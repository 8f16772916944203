"""How expected symbols are: nats from a model's logits, and the same in other units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor


@overload
def nats(logits: Tensor, targets: Tensor) -> Tensor: ...
@overload
def nats(
    logits: np.ndarray[Any, Any], targets: np.ndarray[Any, Any]
) -> np.ndarray[Any, np.dtype[np.float64]]: ...
def nats(logits: Any, targets: Any) -> Any:
    """How unexpected each symbol is: -ln p, at least 0, in the shape of `targets`.

    `logits` (…, symbols) are those of a softmax; `targets` (…) are numbers of symbols. Both are
    numpy arrays, or both tensors of torch, through which gradients flow.
    """
    if hasattr(logits, "log_softmax"):
        chosen = logits.log_softmax(-1).gather(-1, targets.unsqueeze(-1))
        return -chosen.squeeze(-1)
    import numpy as np

    scores = np.asarray(logits, np.float64)
    top = scores.max(-1, keepdims=True)
    log_sum = top + np.log(np.exp(scores - top).sum(-1, keepdims=True))
    numbers = np.asarray(targets, np.int64)[..., None]
    return (log_sum - np.take_along_axis(scores, numbers, -1))[..., 0]


def bits(nats: float) -> float:
    """Nats in bits: 1 nat is 1.443 bits."""
    return nats / math.log(2)


def perplexity(nats: float) -> float:
    """Among how many equally likely symbols a model that needs so many nats chooses, as it were."""
    return math.exp(nats)
