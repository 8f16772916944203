"""Latents as bytes: what a candidate carries, so that it can be edited later without guessing."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

_HEAD = struct.Struct("<4s8sHH")
_MAGIC = b"GDL1"


@dataclass(frozen=True)
class Origin:
    """What a picture was drawn from: latents (n, latent_dim) and the class of each character."""

    latents: Tensor
    labels: tuple[int, ...]


def pack(latents: Tensor, labels: Sequence[int], model_tag: bytes) -> bytes:
    """Latents (n, latent_dim) and n labels as bytes, marked with the model they belong to."""
    count, width = latents.shape
    head = _HEAD.pack(_MAGIC, model_tag, count, width)
    numbers = latents.detach().cpu().numpy().astype("<f4").tobytes()
    return head + struct.pack(f"<{count}H", *labels) + numbers


def unpack(
    data: bytes | None, model_tag: bytes, latent_dim: int, num_classes: int
) -> Origin | None:
    """What `pack` packed; None for nothing, another model's, or bytes that make no sense."""
    if data is None or len(data) < _HEAD.size:
        return None
    magic, tag, count, width = _HEAD.unpack_from(data)
    if magic != _MAGIC or tag != model_tag or width != latent_dim or count < 1:
        return None
    if len(data) != _HEAD.size + 2 * count + 4 * count * width:
        return None
    labels = struct.unpack_from(f"<{count}H", data, _HEAD.size)
    numbers = np.frombuffer(data, "<f4", offset=_HEAD.size + 2 * count)
    if max(labels) >= max(num_classes, 1) or not np.isfinite(numbers).all():
        return None
    latents = torch.from_numpy(numbers.astype(np.float32)).view(count, width)
    return Origin(latents, tuple(labels))
