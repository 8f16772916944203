"""Networks without numbers in them, to be given those of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

_INITIAL = ("normal_", "uniform_", "random_", "bernoulli_", "fill_", "zero_", "constant_")
_MORE = ("kaiming_normal_", "kaiming_uniform_", "erfinv_", "mul_", "add_", "clamp_")
_FILLS = frozenset((*_INITIAL, *_MORE))
"""What `torch.nn.init` does to a tensor in place, by the names that modes see."""


@contextmanager
def unfilled() -> Iterator[None]:
    """Networks made in this block have parameters on the device `meta`: no memory, no numbers.

    `restore_network` gives them the tensors of a file as their own. Plain `torch.device("meta")`
    does the same, but starting values drawn there import torch's compiler, a third of a second
    and 60 MB that nothing here uses.
    """
    with torch.device("meta"), _Unfilled():
        yield


class _Unfilled(TorchFunctionMode):
    """Leaves out what would only fill a tensor that has no memory."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        named = kwargs or {}
        filled = args[0] if args else named.get("tensor")
        fills = getattr(func, "__name__", "") in _FILLS
        if fills and isinstance(filled, Tensor) and filled.is_meta:
            return filled
        return func(*args, **named)
