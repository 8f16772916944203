"""Axes of a latent space, as the sliders that a model is steered by.

Named directions are found once, when a model is made: `principal_axes` where nothing is known of
the space, `measured_axes` where what is drawn can be measured. `steering` makes them a part of the
model's card, and `steered` moves points along them by the controls of a request.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aigc_studio.api import Control, Controls, GeneratorError

REACH = 3.0
"""How far a slider of a principal axis goes, in standard deviations of what it comes from."""
_SMALL = 1e-6


def principal_axes(points: Tensor, count: int) -> dict[str, Tensor]:
    """The directions (width,) in which points (n, width) differ most, the widest first.

    They are called `axis-1` and so on. Each is as long as the standard deviation along it, and its
    largest number is positive. Raises ValueError for more axes than the points have numbers.
    """
    if count > points.shape[1]:
        raise ValueError(f"points of {points.shape[1]} numbers have no {count} axes")
    spread, axes = torch.linalg.eigh(points.detach().double().T.cov(correction=0))
    found = (axes * spread.clamp(min=0).sqrt()).T.flip(0)[:count]
    largest = found.gather(1, found.abs().argmax(1, keepdim=True))
    turned = (found * torch.where(largest < 0, -1.0, 1.0)).to(points.dtype)
    return {f"axis-{number}": axis for number, axis in enumerate(turned, 1)}


def measured_axes(
    points: Tensor,
    values: Mapping[str, Tensor],
    labels: Tensor | None = None,
    *,
    reach: float = 2.0,
    least: float = 0.5,
) -> dict[str, Tensor]:
    """By the name of a measure the direction (width,) that changes it, and to first order no other.

    `values` has for each measure n numbers, of what was drawn from points (n, width); those of a
    class (`labels`, (n,)) are compared with each other alone. They are regressed on the points by
    least squares, and the directions are the columns of the pseudo-inverse, each `reach` long. A
    measure that follows from the points by less than `least` of its variance has no axis, nor has
    any where one is not finite.
    """
    names, told = list(values), torch.stack(list(values.values()), dim=1)
    labels = torch.zeros(len(points), dtype=torch.int64) if labels is None else labels
    for label in set(labels.tolist()):
        told[labels == label] -= told[labels == label].mean(dim=0)
    if not told.isfinite().all():
        return {}
    told /= told.std(dim=0).clamp_min(_SMALL)
    slopes = torch.linalg.lstsq(points, told).solution
    share = 1 - (told - points @ slopes).square().mean(dim=0)
    clear = [n for n, part in enumerate(share.tolist()) if part >= least]
    if not clear:
        return {}
    found = torch.linalg.pinv(slopes[:, clear])
    scaled = reach * found / found.norm(dim=1, keepdim=True)
    return {names[n]: axis for n, axis in zip(clear, scaled, strict=True)}


def steering(
    axes: Mapping[str, Tensor],
    sliders: Sequence[Control] = (),
    controls: Controls = Controls(),  # noqa: B008  (frozen)
) -> dict[str, Any]:
    """What the card of a model says that is steered along these axes, for `publish` to return.

    An axis has the slider that is called like it, or one with a number as its title; sliders
    without an axis are left out. The first two axes are a pad as well. `controls` are what else it
    can be steered by.
    """
    titled = {each.name: each for each in sliders}
    names = list(axes)
    own = tuple(titled.get(name) or _numbered(name, n) for n, name in enumerate(names, 1))
    pads = ((names[0], names[1]),) if len(names) > 1 else ()
    told = replace(controls, controls=controls.controls + own, pads=controls.pads + pads)
    numbers = {"axes": {name: _rounded(axis) for name, axis in axes.items()}} if axes else {}
    return numbers | {"controls": told.to_json()}


def _numbered(name: str, number: int) -> Control:
    title = {"en": f"Axis {number}", "zh": f"轴 {number}"}
    return Control(name=name, title=title, low=-REACH, high=REACH)


def _rounded(axis: Tensor) -> list[float]:
    """To some ten-thousandths of its length."""
    length = float(axis.norm())
    places = 4 - math.floor(math.log10(length)) if length > 0 else 0
    return [round(float(number), places) for number in axis]


def steered(
    points: Tensor,
    model: Path | None,
    controls: Mapping[str, float | str],
    longest: float | None = None,
) -> Tensor:
    """Points (…, width) moved along the axes in the card of a model, as a request's controls say.

    With `longest` no point becomes longer than that, nor than it was: how far from the middle
    points lay that the model learnt from. Choices are the plugin's own business; where no slider
    stands away from 0 the points are given back as they are. Raises GeneratorError for a model that
    has no axis for a slider.
    """
    wanted = {name: float(value) for name, value in controls.items() if not isinstance(value, str)}
    wanted = {name: value for name, value in wanted.items() if value}
    if not wanted or model is None:
        return points
    axes = _read_axes(model, points.shape[-1])
    missing = [name for name in wanted if name not in axes]
    if missing:
        raise GeneratorError(
            f"The model {model.name} does not say what {missing[0]} changes: choose another one.",
            zh=f"模型 {model.name} 没有说明 {missing[0]} 改变什么：请选择其他模型。",
            parameter="controls",
        )
    way = sum((value * axes[name] for name, value in wanted.items()), start=torch.zeros(()))
    return points + way if longest is None else _kept(points, points + way, longest)


def _kept(points: Tensor, moved: Tensor, longest: float) -> Tensor:
    """Those that were moved, none of them longer than `longest` or than it was."""
    most = points.norm(dim=-1, keepdim=True).clamp_min(longest)
    kept: Tensor = moved * (most / moved.norm(dim=-1, keepdim=True).clamp_min(_SMALL)).clamp_max(1)
    return kept


def _read_axes(model: Path, width: int) -> dict[str, Tensor]:
    """The axes in a model's card; those that are none are left out."""
    try:
        told = json.loads((model / "card.json").read_text("utf-8")).get("axes", {})
        axes = {name: torch.tensor(numbers, dtype=torch.float32) for name, numbers in told.items()}
    except (OSError, ValueError, AttributeError, TypeError, RuntimeError):
        return {}
    return {
        name: axis
        for name, axis in axes.items()
        if axis.shape == (width,) and bool(axis.isfinite().all())
    }
