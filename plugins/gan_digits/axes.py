"""What a hand is steered by: slant, stroke weight and width, as directions among its latents.

    python -m gan_digits.axes MODEL_FOLDER [DATASET_FOLDER]

finds them from the model alone, writes them into its card, and measures on fresh seeds what they
do; with the dataset that the model learnt from, the outside judge reads what was drawn.

How they are found: some thousand characters are drawn and measured, the measures are brought to a
mean of 0 within each class, and regressed on the latents by least squares. The directions are the
columns of the pseudo-inverse of what comes out, so that each changes its own measure and, to first
order, no other. Walking them leaves the length of a latent at what drawn ones have, because beyond
that nothing was seen in training.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aigc_studio.api import Control, Controls, GeneratorError
from gan_digits.network import Generator
from gan_digits.pictures import Look
from gan_digits.sampling import draw_latents

REACH = 2.0
"""How far a control at its end moves a latent, whose numbers have a standard deviation of 1."""
_CLEAR = 0.5
"""Of a measure's variance within a class, so much must follow from the latent, or it is no axis."""
_DRAWN = 3000
_QUICKLY = 600
"""While training so many are drawn: a third of a second, and axes that differ by some degrees."""
_SEED = 1
_FRESH = 777
_SMALL = 1e-6

_TITLES = {
    "slant": (
        {"en": "Slant", "zh": "倾斜"},
        {"en": "From leaning back to leaning forward.", "zh": "从向后倾到向前倾。"},
    ),
    "weight": (
        {"en": "Stroke weight", "zh": "笔画粗细"},
        {"en": "From a fine pen to a broad one.", "zh": "从细笔到粗笔。"},
    ),
    "width": (
        {"en": "Width", "zh": "宽度"},
        {"en": "From narrow characters to wide ones.", "zh": "从窄字到宽字。"},
    ),
}
NAMES = tuple(_TITLES)


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
def find_axes(
    network: Generator, classes: int, ground: float = 0.0, count: int = _DRAWN
) -> dict[str, list[float]]:
    """By name the direction of each axis, as long as `REACH`; those that the latents do not tell
    are left out. `count` characters are drawn for it.
    """
    latents = draw_latents(network.latent_dim, _SEED, 1.0, count, 1.0)
    labels = torch.arange(count) % max(classes, 1)
    values = torch.cat([measured(part, ground) for part in _drawn(network, latents, labels)])
    for label in range(max(classes, 1)):
        values[labels == label] -= values[labels == label].mean(dim=0)
    if not values.isfinite().all():
        return {}
    values /= values.std(dim=0).clamp_min(_SMALL)
    slopes = torch.linalg.lstsq(latents, values).solution
    told = 1 - (values - latents @ slopes).square().mean(dim=0)
    clear = [n for n, share in enumerate(told.tolist()) if share >= _CLEAR]
    if not clear:
        return {}
    found = torch.linalg.pinv(slopes[:, clear])
    scaled = REACH * found / found.norm(dim=1, keepdim=True)
    return {
        NAMES[n]: [round(float(number), 4) for number in axis]
        for n, axis in zip(clear, scaled, strict=True)
    }


def _drawn(network: Generator, latents: Tensor, labels: Tensor) -> Iterator[Tensor]:
    """Pictures of these, a hundred at a time."""
    for start in range(0, len(latents), 100):
        yield network(latents[start : start + 100], labels[start : start + 100])


def controls_for(axes: Mapping[str, Any], classes: tuple[str, ...], latent_dim: int) -> Controls:
    """What a model with these axes can be steered by."""
    controls = (Control(name=name, title=_TITLES[name][0], help=_TITLES[name][1]) for name in axes)
    pads = (("slant", "weight"),) if {"slant", "weight"} <= axes.keys() else ()
    return Controls(classes=classes, latent_axes=latent_dim, controls=tuple(controls), pads=pads)


def steering(network: Generator, classes: tuple[str, ...], look: Look) -> dict[str, Any]:
    """What a card says a model in training can be steered by; only drawings have a slant."""
    axes = find_axes(network, len(classes), look.ground, _QUICKLY) if look.drawn else {}
    controls = controls_for(axes, classes, network.latent_dim).to_json()
    return {"axes": axes, "controls": controls} if axes else {"controls": controls}


def steered(latents: Tensor, controls: Mapping[str, Any], folder: Path | None) -> Tensor:
    """Latents (n, latent_dim) moved along the axes of the model in `folder`, as the controls say.

    Without controls they are given back as they are. Raises GeneratorError for a model whose card
    names a control and no axis for it.
    """
    wanted = {name: float(value) for name, value in controls.items() if value}
    if not wanted or folder is None:
        return latents
    axes = _read_axes(folder, latents.shape[1])
    missing = [name for name in wanted if name not in axes]
    if missing:
        raise GeneratorError(
            f"The model {folder.name} does not say what {missing[0]} changes: choose another one.",
            zh=f"模型 {folder.name} 没有说明 {missing[0]} 改变什么：请选择其他模型。",
            parameter="controls",
        )
    return _walked(latents, sum((value * axes[name] for name, value in wanted.items()), start=0))


def _walked(latents: Tensor, way: Tensor | float) -> Tensor:
    """Latents moved by `way`, none of them longer than it was or than drawn ones usually are."""
    moved = latents + way
    usual = math.sqrt(latents.shape[1])
    longest = latents.norm(dim=1, keepdim=True).clamp_min(usual)
    length = moved.norm(dim=1, keepdim=True).clamp_min(_SMALL)
    kept: Tensor = moved * (longest / length).clamp_max(1.0)
    return kept


def _read_axes(folder: Path, latent_dim: int) -> dict[str, Tensor]:
    """The axes in a model's card; those that are none are left out."""
    try:
        told = json.loads((folder / "card.json").read_text("utf-8")).get("axes", {})
        axes = {name: torch.tensor(numbers, dtype=torch.float32) for name, numbers in told.items()}
    except (OSError, ValueError, AttributeError, TypeError, RuntimeError):
        return {}
    return {
        name: axis
        for name, axis in axes.items()
        if axis.shape == (latent_dim,) and bool(axis.isfinite().all())
    }


@dataclass(frozen=True)
class Effect:
    """What controls do: the means of all measures, and how many (0 to 1) are read as the class that
    was asked for."""

    controls: Mapping[str, float]
    means: tuple[float, ...]
    read: float


def main(folder: Path, dataset: Path | None = None) -> None:
    """Find the axes of the model in `folder`, keep them in its card, and print what they do."""
    from gan_digits.model import open_model

    torch.set_num_threads(1)
    model = open_model(folder)
    axes = find_axes(model.generator, len(model.classes), model.look.ground)
    path = folder / "card.json"
    card = json.loads(path.read_text("utf-8"))
    found = controls_for(axes, model.classes, model.settings.latent_dim).to_json()
    card |= {"axes": axes, "controls": found}
    text = json.dumps(card, ensure_ascii=False, sort_keys=True, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    for effect in effects(folder, dataset):
        told = " ".join(f"{name} {value:+.1f}" for name, value in effect.controls.items())
        means = "  ".join(f"{mean:7.2f}" for mean in effect.means)
        sys.stdout.write(f"{told:24} {means}  read {effect.read:.3f}\n")


def effects(folder: Path, dataset: Path | None = None, count: int = 1000) -> list[Effect]:
    """What the axes of a model do to `count` characters of seeds that they were not found with.

    Read by the outside judge, trained on the training part of `dataset`; without one by the model's
    own encoder.
    """
    from gan_digits.model import open_model

    model = open_model(folder)
    latents = draw_latents(model.settings.latent_dim, _FRESH, 1.0, count, 1.0)
    labels = torch.arange(count) % max(len(model.classes), 1)
    read = _judge(dataset, model) if dataset else partial(_encoded, model)
    axes = _read_axes(folder, latents.shape[1])
    ways = [{name: value} for name in axes for value in _STEPS]
    pads = controls_for(axes, model.classes, model.settings.latent_dim).pads
    ends = [{a: x, b: y} for a, b in pads for x in (-1.0, 1.0) for y in (-1.0, 1.0)]
    found = []
    with torch.no_grad():
        for way in ways + ends:
            moved = steered(latents, way, folder)
            drawn = torch.cat(list(_drawn(model.generator, moved, labels))).clamp(-1, 1)
            means = measured(drawn, model.look.ground).mean(dim=0).tolist()
            right = (read(drawn) == labels).double().mean()
            found.append(Effect(way, tuple(means), float(right)))
    return found


_STEPS = (-1.0, -0.5, 0.0, 0.5, 1.0)


def _encoded(model: Any, drawn: Tensor) -> Tensor:
    known = torch.ones(len(drawn), 1, *drawn.shape[-2:])
    classes: Tensor = model.encoder(drawn, known)[1].argmax(dim=1)
    return classes


def _judge(dataset: Path, model: Any) -> Any:
    from aigc_studio.api import Dataset
    from aigc_studio.toolkit import Examples, read_pictures, train_judge

    pictures = _run_out(read_pictures(Dataset(dataset, "train"), model.settings.size, model.mode))
    training = Examples(pictures.planes, pictures.classes(model.classes))
    judge = _run_out(train_judge(training, len(model.classes)))
    return lambda drawn: judge.look(Examples(drawn, torch.zeros(len(drawn))))[1]


def _run_out(steps: Any) -> Any:
    """What a generator of progress gives back at its end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
