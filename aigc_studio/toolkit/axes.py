"""Axes of a latent space, as the sliders that a model is steered by."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from aigc_studio.api import Control, Controls

REACH = 3.0
"""How far a slider goes, in standard deviations of the pictures that the axes come from."""


def principal_axes(points: Tensor, count: int) -> Tensor:
    """The directions in which points (n, width) differ most: (count, width), the widest first.

    Each is as long as the standard deviation along it, and its largest number is positive. Raises
    ValueError for more axes than the points have numbers.
    """
    if count > points.shape[1]:
        raise ValueError(f"points of {points.shape[1]} numbers have no {count} axes")
    spread, axes = torch.linalg.eigh(points.detach().double().T.cov(correction=0))
    found = (axes * spread.clamp(min=0).sqrt()).T.flip(0)[:count]
    largest = found.gather(1, found.abs().argmax(1, keepdim=True))
    turned: Tensor = found * torch.where(largest < 0, -1.0, 1.0)
    return turned.to(points.dtype)


def axis_controls(count: int) -> Controls:
    """Sliders for so many axes, the first two of them a pad as well: for a model's card."""
    names = [f"axis-{number}" for number in range(1, count + 1)]
    sliders = tuple(
        Control(
            name=name,
            title={"en": f"Axis {number}", "zh": f"轴 {number}"},
            low=-REACH,
            high=REACH,
        )
        for number, name in enumerate(names, 1)
    )
    return Controls(controls=sliders, pads=((names[0], names[1]),) if count > 1 else ())


def steered(points: Tensor, axes: Tensor, controls: Mapping[str, float | str]) -> Tensor:
    """Points (…, width) moved along axes (count, width) by a request's controls."""
    values = [float(controls.get(f"axis-{number}", 0)) for number in range(1, len(axes) + 1)]
    moved: Tensor = points + torch.tensor(values, dtype=axes.dtype) @ axes
    return moved
