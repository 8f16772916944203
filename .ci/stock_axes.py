"""Find what a model of GAN digits is steered by, write it into its card, and measure what it does.

    python .ci/stock_axes.py MODEL_FOLDER [DATASET_FOLDER]

Trainings do the first themselves, from fewer characters; this was done once for the model that
comes with the studio. With the dataset that the model learnt from, the outside judge reads what was
drawn; without it the model's own encoder does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from gan_digits.axes import measured, steered, steering_of
from gan_digits.model import Model, open_model
from gan_digits.sampling import draw_latents
from torch import Tensor

from aigc_studio.api import Dataset, GenerateRequest
from aigc_studio.api.controls import read_controls
from aigc_studio.toolkit import Examples, read_pictures, train_judge

_DRAWN = 3000
_FRESH = 777
_STEPS = (-1.0, -0.5, 0.0, 0.5, 1.0)


@dataclass(frozen=True)
class Effect:
    """What controls do: the means of all measures, and how many (0 to 1) are read as the class that
    was asked for."""

    controls: Mapping[str, float]
    means: tuple[float, ...]
    read: float


def stock(folder: Path) -> None:
    """Find the axes of the model in `folder`, and keep them in its card."""
    model, path = open_model(folder), folder / "card.json"
    card = json.loads(path.read_text("utf-8"))
    card.pop("axes", None)
    card |= steering_of(model.generator, model.classes, model.look, _DRAWN)
    text = json.dumps(card, ensure_ascii=False, sort_keys=True, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


@torch.no_grad()
def effects(folder: Path, dataset: Path | None = None, count: int = 1000) -> Iterator[Effect]:
    """What the axes of a model do to `count` characters of seeds that they were not found with.

    Read by the outside judge, trained on the training part of `dataset`; without one by the model's
    own encoder.
    """
    model = open_model(folder)
    latents = draw_latents(model.settings.latent_dim, _FRESH, 1.0, count, 1.0)
    labels = torch.arange(count) % max(len(model.classes), 1)
    read = _judge(dataset, model) if dataset else partial(_encoded, model)
    for way in _ways(folder):
        moved = steered(latents, GenerateRequest(model=folder, controls=way))
        parts = zip(torch.split(moved, 100), torch.split(labels, 100), strict=True)
        drawn = torch.cat([model.generator(*part) for part in parts]).clamp(-1, 1)
        means = measured(drawn, model.look.ground).mean(dim=0).tolist()
        yield Effect(way, tuple(means), float((read(drawn) == labels).double().mean()))


def _ways(folder: Path) -> list[dict[str, float]]:
    """Each slider at five places, and the corners of the pads."""
    controls = read_controls(json.loads((folder / "card.json").read_text("utf-8")))
    ways = [{each.name: value} for each in controls.controls for value in _STEPS]
    ends = (-1.0, 1.0)
    return ways + [{a: x, b: y} for a, b in controls.pads for x in ends for y in ends]


def _encoded(model: Model, drawn: Tensor) -> Tensor:
    known = torch.ones(len(drawn), 1, *drawn.shape[-2:])
    classes: Tensor = model.encoder(drawn, known)[1].argmax(dim=1)
    return classes


@torch.enable_grad()
def _judge(dataset: Path, model: Model) -> Callable[[Tensor], Tensor]:
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


def main(folder: Path, dataset: Path | None = None) -> None:
    """Stock the model in `folder`, and print what its axes do."""
    torch.set_num_threads(1)
    stock(folder)
    for effect in effects(folder, dataset):
        told = " ".join(f"{name} {value:+.1f}" for name, value in effect.controls.items())
        means = "  ".join(f"{mean:7.2f}" for mean in effect.means)
        sys.stdout.write(f"{told:24} {means}  read {effect.read:.3f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
