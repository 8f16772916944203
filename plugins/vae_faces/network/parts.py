"""What the nets that repair are made of, and how they are judged."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

_NEAR = 9  # pixels a side of the neighbourhood that tells how deep a hole is


class Block(nn.Module):
    """Two 3x3 convolutions beside a skip; (n, width, h, w) in and out, at first the identity."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = silent(nn.Conv2d(width, width, 3, padding=1))

    def forward(self, features: Tensor) -> Tensor:
        """Transform (n, width, h, w)."""
        change: Tensor = self.second(F.silu(self.first(F.silu(features))))
        return features + change


def silent(layer: nn.Conv2d) -> nn.Conv2d:
    """The layer with all of its weights 0: what it adds to is at first left as it is."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def depth(hole: Tensor) -> Tensor:
    """How much of the neighbourhood is missing as well, (n, 1, h, w), 0 to 1.

    It is how far off a diffusion is likely to be: little in a scratch, much amid a large hole.
    """
    reach = _NEAR // 2
    return F.avg_pool2d(F.pad(hole, (reach,) * 4, mode="replicate"), _NEAR, stride=1)


def squared_error(drawn: Tensor, truth: Tensor, hole: Tensor) -> Tensor:
    """Mean squared error (n,) within the hole."""
    wrong = ((drawn - truth).square() * hole).flatten(1).sum(dim=1)
    return wrong / (hole.flatten(1).sum(dim=1) * truth.shape[1])
