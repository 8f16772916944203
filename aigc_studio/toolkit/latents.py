"""Latents: points of a model's space as bytes that belong to that model, and ways between them.

A candidate carries them as `Candidate.latent`; they come back in the `latents` of requests to edit
it, and to generate more like it. The bytes say which model they are of (`OpenModel.tag`): in
another model's space the same numbers are another picture.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from aigc_studio.api import GeneratorError

_HEAD = struct.Struct("<4s8sHH")
_MAGIC = b"GDL1"  # as the first generator that had latents wrote it
_MOST = 0xFFFF


@dataclass(frozen=True)
class Latent:
    """Points (n, width), float32, and the number of a class for each (all 0 without classes)."""

    points: Tensor
    labels: tuple[int, ...]


def pack_latent(points: Tensor, tag: bytes, labels: Sequence[int] = ()) -> bytes:
    """Points (n, width), or one (width,), as bytes that are marked with their model's `tag`.

    `tag` is 8 bytes; `labels` are n class numbers below 65,536, or none. One result may consist of
    several parts, a point for each. Raises ValueError for shapes, tags and labels that do not fit.
    """
    rows = points[None] if points.ndim == 1 else points
    classes = tuple(labels) or (0,) * len(rows)
    if rows.ndim != 2 or not 1 <= len(rows) <= _MOST or not 1 <= rows.shape[1] <= _MOST:
        raise ValueError(f"points must be (n, width) or (width,), not {tuple(points.shape)}")
    if len(tag) != 8 or len(classes) != len(rows):
        raise ValueError(f"{len(rows)} points need as many labels, and a tag of 8 bytes")
    try:
        told = struct.pack(f"<{len(rows)}H", *classes)
    except struct.error as error:
        raise ValueError(f"a label must be a number from 0 to {_MOST}") from error
    numbers = rows.detach().cpu().numpy().astype("<f4").tobytes()
    return _HEAD.pack(_MAGIC, tag, *rows.shape) + told + numbers


def unpack_latent(data: bytes, tag: bytes, width: int, classes: int = _MOST + 1) -> Latent:
    """What `pack_latent` packed, for the model with this `tag` and points of `width` numbers.

    `classes` is how many the model has, 1 for none.

    Raises GeneratorError for a latent of another model, and for bytes that are none.
    """
    if len(data) < _HEAD.size or data[:4] != _MAGIC:
        raise _damaged()
    _magic, own, count, across = _HEAD.unpack_from(data)
    if own != tag:
        raise GeneratorError(
            "The latent of this result belongs to another model: choose the model that made it.",
            zh="此结果的潜变量属于另一个模型：请选择生成它的模型。",
            parameter="model",
        )
    start = _HEAD.size + 2 * count
    if across != width or count < 1 or len(data) != start + 4 * count * width:
        raise _damaged()
    numbers = np.frombuffer(data, "<f4", offset=start)
    if not np.isfinite(numbers).all():
        raise _damaged()
    points = torch.from_numpy(numbers.astype(np.float32)).view(count, width)
    labels = struct.unpack_from(f"<{count}H", data, _HEAD.size)
    if max(labels) >= classes:
        raise _damaged()
    return Latent(points, labels)


def _damaged() -> GeneratorError:
    return GeneratorError(
        "The latent of this result is damaged or of another version: make the result again.",
        zh="此结果的潜变量已损坏或属于其他版本：请重新生成。",
    )


def between(first: Tensor, second: Tensor, steps: int) -> Tensor:
    """Points (steps, width) on the way from one (width,) to another, ends included.

    Along the sphere, not the chord: drawn latents lie near a sphere, and a chord's middle
    is far from anything seen in training (White 2016).
    """
    parts = torch.linspace(0, 1, steps)[:, None]
    cosine = F.cosine_similarity(first, second, dim=0).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if float(angle) < 1e-3:
        return torch.lerp(first, second, parts)
    turned = torch.sin((1 - parts) * angle) * first + torch.sin(parts * angle) * second
    return turned / torch.sin(angle)


def strayed(points: Tensor, freedom: float, seed: int) -> Tensor:
    """Points (n, width) moved at random, each about as long as before.

    `freedom` 0 leaves them, 1 forgets them. The random numbers come from `seed` alone.
    """
    source = torch.Generator().manual_seed(seed % 2**63)
    length = points.norm(dim=1, keepdim=True) / points.shape[1] ** 0.5
    noise = torch.randn(points.shape, generator=source) * length
    moved: Tensor = (1 - freedom**2) ** 0.5 * points + freedom * noise
    return moved


def alike(points: Tensor, seed: int, freedom: float = 0.5) -> Tensor:
    """Points (n, width) near these, for more like a result: as `strayed`, but all moved the same
    way, so that the parts of one result stay of one kind.
    """
    kept = (1 - freedom**2) ** 0.5
    moved: Tensor = kept * points + strayed(points[:1], freedom, seed) - kept * points[:1]
    return moved
