"""What a hand is steered by: slant, stroke weight and width, as directions among its latents.

Some thousand characters are drawn and measured; `toolkit.measured_axes` finds what changes each.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import torch
from torch import Tensor

from aigc_studio import toolkit
from aigc_studio.api import Control, Controls, EditRequest, GenerateRequest
from gan_digits.network import Generator
from gan_digits.pictures import Look
from gan_digits.sampling import draw_latents

_SEED = 1
_SMALL = 1e-6

SLIDERS = tuple(
    Control(name=name, title={"en": title, "zh": zh}, help={"en": help_, "zh": help_zh})
    for name, title, zh, help_, help_zh in (
        ("slant", "Slant", "倾斜", "From leaning back to leaning forward.", "从向后倾到向前倾。"),
        (
            "weight",
            "Stroke weight",
            "笔画粗细",
            "From a fine pen to a broad one.",
            "从细笔到粗笔。",
        ),
        ("width", "Width", "宽度", "From narrow characters to wide ones.", "从窄字到宽字。"),
    )
)


def measured(pictures: Tensor, ground: float = 0.0) -> Tensor:
    """Slant (degrees, forward), stroke weight and width (pixels): (n, 3), of pictures (n, c, s, s)
    in -1..1 that are drawn on a ground of this brightness (0 to 255).

    Slant is the shear of the ink's second moments, width its spread sideways with the slant taken
    out, and the weight twice the ink by the length of its edges.
    """
    ink = ((pictures.mean(dim=1).clamp(-1, 1) + 1) / 2 - ground / 255).abs()
    side = torch.arange(ink.shape[-1], dtype=ink.dtype)
    mass = ink.sum(dim=(1, 2)).clamp_min(_SMALL)
    down, across = side[None, :, None], side[None, None, :]
    mean = partial(_mean, ink, mass)
    down, across = down - mean(down), across - mean(across)
    height = mean(down * down)[:, 0, 0].clamp_min(_SMALL)
    shear = mean(down * across)[:, 0, 0] / height
    spread = (mean(across * across)[:, 0, 0] - shear * shear * height).clamp_min(_SMALL)
    edges = [ink.diff(dim=dim).abs().sum(dim=(1, 2)) for dim in (1, 2)]
    weight = 2 * mass / torch.hypot(*edges).clamp_min(_SMALL)
    return torch.stack([torch.rad2deg(-shear.atan()), weight, spread.sqrt()], dim=1)


def _mean(ink: Tensor, mass: Tensor, values: Tensor) -> Tensor:
    return ((ink * values).sum(dim=(1, 2)) / mass)[:, None, None]


@torch.no_grad()
def steering_of(
    network: Generator, classes: tuple[str, ...], look: Look, count: int = 600
) -> dict[str, Any]:
    """What a card says a model can be steered by; only drawings have a slant.

    `count` characters are drawn for it: 600 take a third of a second, and their axes differ by some
    degrees from those of thousands.
    """
    controls = Controls(classes=classes, latent_axes=network.latent_dim)
    if not look.drawn:
        return toolkit.steering({}, controls=controls)
    latents = draw_latents(network.latent_dim, _SEED, 1.0, count, 1.0)
    labels = torch.arange(count) % max(len(classes), 1)
    parts = zip(torch.split(latents, 100), torch.split(labels, 100), strict=True)
    values = torch.cat([measured(network(*part), look.ground) for part in parts])
    told = {each.name: values[:, n] for n, each in enumerate(SLIDERS)}
    return toolkit.steering(toolkit.measured_axes(latents, told, labels), SLIDERS, controls)


def steered(latents: Tensor, request: GenerateRequest | EditRequest) -> Tensor:
    """Latents (n, latent_dim) moved as the request's controls say, none beyond what was learnt."""
    usual = math.sqrt(latents.shape[1])
    return toolkit.steered(latents, request.model, request.controls, longest=usual)
