"""What parts of nets have in common that fill a gap towards what follows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn


@contextmanager
def frozen_but(network: nn.Module, part: str) -> Iterator[None]:
    """Within, what is computed leaves all of a network but one named part of it as it is."""
    held = [
        each
        for name, each in network.named_parameters()
        if each.requires_grad and not name.startswith(f"{part}.")
    ]
    for each in held:
        each.requires_grad_(False)
    try:
        yield
    finally:
        for each in held:
            each.requires_grad_(True)


def gathered(values: Tensor, places: Tensor) -> Tensor:
    """Values (rows, n, width) at places int64 (rows, m) of each row: (rows, m, width)."""
    return values.gather(1, places[..., None].expand(-1, -1, values.shape[2]))
