"""How good a net is on pictures that it does not learn from, while it learns."""

from __future__ import annotations

import torch
from torch import Tensor

from vae_faces.judging import probes
from vae_faces.network.net import Faces
from vae_faces.training.losses import divergence

_SCRATCHED = 5
"""The seed of the scratches that trainings go by; what a card tells is measured with others."""


@torch.no_grad()
def reconstruction_db(faces: Faces, values: Tensor) -> float:
    """Mean peak signal-to-noise ratio of values that were encoded and decoded again."""
    found = []
    for part in torch.split(values, 50):
        again = faces.decode(faces.encode(part)[0])
        found.append(((again - part) / 2).square().mean(dim=(1, 2, 3)))
    return float((-10 * torch.cat(found).clamp_min(1e-10).log10()).mean())


@torch.no_grad()
def told_nats(faces: Faces, values: Tensor) -> float:
    """Nats that the points of values tell on average, beside the attributes."""
    parts = [faces.read(part) for part in torch.split(values, 50)]
    nats = [divergence(each.mean, each.log_variance).sum(dim=1) for each in parts]
    return float(torch.cat(nats).mean())


def centred(values: Tensor, hole: float = 0.3) -> Tensor:
    """A hole (n, 1, h, w) over the middle, `hole` of the side wide and a fifth higher."""
    side = values.shape[-1]
    high, wide = round(side * hole * 1.2 / 2), round(side * hole / 2)
    mask = torch.zeros(len(values), 1, side, side)
    middle = side // 2
    mask[:, :, middle - high : middle + high, middle - wide : middle + wide] = 1
    return mask


def hole_db(faces: Faces, values: Tensor) -> float:
    """Mean peak signal-to-noise ratio inside a hole over the middle, of the most likely filling."""
    return _filled_db(faces, values, centred(values))


def scratches_db(faces: Faces, values: Tensor) -> float:
    """As `hole_db`, inside thin scratches."""
    scratches = probes.scratches(len(values), values.shape[-1], seed=_SCRATCHED)
    return _filled_db(faces, values, scratches)


@torch.no_grad()
def _filled_db(faces: Faces, values: Tensor, holes: Tensor) -> float:
    found = []
    for part, hole in zip(torch.split(values, 50), torch.split(holes, 50), strict=True):
        noise = torch.zeros(len(part), faces.filler.noise_size)
        error = ((faces.fill(part * (1 - hole), hole, noise) - part) / 2).square() * hole
        count = hole.sum(dim=(1, 2, 3)) * part.shape[1]
        found.append(error.sum(dim=(1, 2, 3)) / count)
    return float((-10 * torch.cat(found).clamp_min(1e-10).log10()).mean())
