"""The same seed gives the same bytes: on one thread, whatever was asked for and however many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from aigc_studio.api.requests import Request
from aigc_studio.toolkit.devices import choose_device


def exactly(request: Request[Any]) -> torch.device:
    """As `choose_device`, but always one thread of the CPU: the same seed gives the same bytes.

    For nets so small that they gain nothing from more. Sums that several threads add up, and those
    of a GPU, come out a little differently each way.
    """
    return choose_device(replace(request, device="cpu", threads=1))


@contextmanager
def each_alone() -> Iterator[None]:
    """Within, no example of a batch depends on how many others there are, nor on its place.

    So candidate *n* is the same whether one is asked for or twenty, and drawing several at once is
    faster. The usual kernels for a batch round otherwise than those for one example. torch's own
    convolution multiplies matrices for one example after the other; oneDNN's does not, so it is
    left out (and NNPACK's begins at 16 examples: take batches of 8). Dense layers are given their
    rows one by one. On the CPU, on one thread. Do not `yield` an event in it: the setting is the
    whole process's.
    """
    before = torch.backends.mkldnn.enabled
    torch.backends.mkldnn.enabled = False  # type: ignore[assignment]
    try:
        with _RowByRow():
            yield
    finally:
        torch.backends.mkldnn.enabled = before


class _RowByRow(TorchFunctionMode):
    """Sees every torch function called within, and splits the dense layers."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call `func`, a dense layer once for each row of its input."""
        more = kwargs or {}
        if func is F.linear and len(args[0]) > 1:
            return torch.cat([func(row, *args[1:], **more) for row in args[0].split(1)])
        return func(*args, **more)
