"""Training on several processes, under torchrun or any other launcher of torch.distributed.

With one process every function here does nothing, so that code need not ask.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import timedelta

import torch
from torch import Tensor
from torch import distributed as dist

_PATIENCE = timedelta(days=1)
"""How long a process waits for the others: for one that is paused, or measures its model."""

_shared = False


def join_group() -> None:
    """Join the processes that a launcher such as torchrun started, if it did (`WORLD_SIZE` > 1).

    The studio has done it before it asks a plugin to train. gloo for what lies on the CPU, nccl for
    what lies on CUDA. Does nothing when a group was joined already.
    """
    if not dist.is_available() or dist.is_initialized():
        return
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        return
    from torch.distributed import FileStore  # type: ignore[attr-defined]

    with_cuda = torch.cuda.is_available() and dist.is_nccl_available()
    meeting = os.environ.get("AIGC_STUDIO_MEETING")
    dist.init_process_group(
        "cpu:gloo,cuda:nccl" if with_cuda else "gloo",
        # Not as an address: that takes no blank and no letter beyond ASCII as it is.
        store=FileStore(meeting, count) if meeting else None,
        rank=int(os.environ["RANK"]),
        world_size=count,
        timeout=_PATIENCE,
    )


def shares() -> bool:
    """Whether gradients, weights or a plan were shared with the other processes so far."""
    return _shared


def _joined() -> bool:
    return dist.is_available() and dist.is_initialized()


def rank() -> int:
    """This process's number, from 0; process 0 writes and tells."""
    return dist.get_rank() if _joined() else 0


def world_size() -> int:
    """How many processes train together."""
    return dist.get_world_size() if _joined() else 1


def average_gradients(parameters: Iterable[Tensor]) -> None:
    """Replace each gradient by its mean over the processes; call it before an optimiser's step.

    Parameters without a gradient are left out, which must be the same ones in every process. Sparse
    gradients become dense ones: each process has touched other rows.
    """
    if world_size() == 1:
        return
    note_shared()
    gradients = []
    for each in parameters:
        if each.grad is not None:
            each.grad = each.grad.to_dense()
            gradients.append(each.grad)
    if not gradients:
        return
    # One message for all: a round trip costs more than its content.
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    dist.all_reduce(flat)
    flat /= world_size()
    parts = torch.split(flat, [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))


def average_numbers(numbers: Mapping[str, float]) -> dict[str, float]:
    """The mean of each number over the processes; the names must be the same in all of them."""
    if world_size() == 1:
        return dict(numbers)
    told = torch.tensor(list(numbers.values()), dtype=torch.float64)
    dist.all_reduce(told)
    return dict(zip(numbers, (told / world_size()).tolist(), strict=True))


def agree(number: float) -> float:
    """The number that process 0 says, in every process."""
    if world_size() == 1:
        return number
    told = torch.tensor([number], dtype=torch.float64)
    dist.broadcast(told, src=0)
    return float(told.item())


def share_start(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors of process 0, in every process: all start from the same weights.

    The others need not have the same ones: an optimiser that has not stepped has no moments yet.
    """
    if world_size() == 1:
        return {name: tensor.detach().clone() for name, tensor in tensors.items()}
    note_shared()
    kinds = [[name, str(tensor.dtype), list(tensor.shape)] for name, tensor in tensors.items()]
    shared: dict[str, torch.Tensor] = {}
    for name, dtype, shape in json.loads(share_words(json.dumps(kinds))):
        if rank() == 0:
            tensor = tensors[name].detach().to("cpu", copy=True).contiguous()
        else:
            tensor = torch.empty(shape, dtype=getattr(torch, dtype.removeprefix("torch.")))
        dist.broadcast(tensor, src=0)
        shared[name] = tensor
    return shared


def share_words(words: str) -> str:
    """The words that process 0 says, in every process."""
    if world_size() == 1:
        return words
    data = words.encode() if rank() == 0 else b""
    length = int(agree(float(len(data))))
    told = torch.zeros(length, dtype=torch.uint8)
    if rank() == 0:
        told = torch.frombuffer(bytearray(data), dtype=torch.uint8) if data else told
    if length:
        dist.broadcast(told, src=0)
    return bytes(told.tolist()).decode()


def note_shared() -> None:
    """From now on the processes share what they learn."""
    global _shared
    _shared = True
