"""Training on several processes, under torchrun or any other launcher of torch.distributed.

With one process every function here does nothing, so that code need not ask.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import torch
from torch import distributed as dist
from torch import nn


def join_group() -> None:
    """Join the processes that a launcher such as torchrun started, if it did (`WORLD_SIZE` > 1).

    gloo on the CPU, nccl where there is CUDA. Does nothing when a group was joined already.
    """
    if not dist.is_available() or dist.is_initialized():
        return
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")


def _joined() -> bool:
    return dist.is_available() and dist.is_initialized()


def rank() -> int:
    """This process's number, from 0; process 0 writes and tells."""
    return dist.get_rank() if _joined() else 0


def world_size() -> int:
    """How many processes train together."""
    return dist.get_world_size() if _joined() else 1


def average_gradients(parameters: Iterable[nn.Parameter]) -> None:
    """Replace each gradient by its mean over the processes; call it before an optimiser's step.

    Parameters without a gradient are left out, which must be the same ones in every process.
    """
    if world_size() == 1:
        return
    gradients = [p.grad for p in parameters if p.grad is not None]
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
    told = torch.tensor(list(numbers.values()), dtype=torch.float64, device=_device())
    dist.all_reduce(told)
    return dict(zip(numbers, (told / world_size()).tolist(), strict=True))


def agree(number: float) -> float:
    """The number that process 0 says, in every process."""
    if world_size() == 1:
        return number
    told = torch.tensor([number], dtype=torch.float64, device=_device())
    dist.broadcast(told, src=0)
    return float(told.item())


def share_start(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors of process 0, in every process: all start from the same weights."""
    shared = {name: tensor.detach().clone() for name, tensor in tensors.items()}
    if world_size() > 1:
        for name in sorted(shared):
            dist.broadcast(shared[name], src=0)
    return shared


def _device() -> str:
    return "cuda" if dist.get_backend() == "nccl" else "cpu"
