"""Train: from a dataset to a model folder, on the toolkit's loop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from aigc_studio.api import Event, GeneratorError, Image, Message, TrainRequest
from aigc_studio.toolkit import Batches, Moment, average_gradients, choose_device, training_loop
from aigc_studio.toolkit.measures import mean_pairwise_distance
from gan_digits.axes import steering
from gan_digits.finishing import finished
from gan_digits.generating import parameters_of
from gan_digits.lessons import Lessons, read_lessons
from gan_digits.model import Model, open_model, save_model
from gan_digits.network import Generator
from gan_digits.parameters import TrainParameters
from gan_digits.pictures import Look, from_planes, look_of
from gan_digits.sampling import from_bytes
from gan_digits.training import GanSettings, GanStep

_GRID = 10  # pictures a side of the sample grid
_GRID_SEED = 2014


class Learning:
    """A `GanStep` as the toolkit's loop wants it: a `Trainee`."""

    def __init__(self, gan: GanStep, lessons: Lessons, look: Look) -> None:
        self.gan, self.classes, self.look = gan, lessons.classes, look

    def step(self, batch: tuple[Tensor, Tensor], moment: Moment) -> Mapping[str, float]:
        """Learn from uint8 pictures and their labels."""
        pixels, labels = batch
        return self.gan.step(
            from_bytes(pixels), labels, moment.step, moment.progress, moment.generator
        )

    def tensors(self) -> dict[str, Tensor]:
        """All that the next step depends on."""
        return self.gan.state_tensors()

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Put back what `tensors` gave."""
        self.gan.load_state_tensors(dict(tensors))


def train_pictures(request: TrainRequest) -> Iterator[Event]:
    """Learn the pictures of a dataset, or go on from a model; yield what the loop does."""
    choose_device(replace(request, device="cpu"))
    if request.device not in ("", "auto", "cpu"):
        yield Message(
            {
                "en": "GAN digits trains on the CPU: its nets are too small for a GPU to help.",
                "zh": "GAN 数字在 CPU 上训练：网络很小，GPU 并无帮助。",
            }
        )
    parameters = parameters_of(request, TrainParameters)
    base = open_model(request.model) if request.model is not None else None
    lessons = yield from read_lessons(request.dataset, parameters, base)
    settings = settings_for(parameters, lessons, base)
    learning = Learning(
        GanStep(settings, request.seed, average_gradients),
        lessons,
        base.look if base else look_of(lessons.pixels),
    )
    if base is not None:
        go_on_from(learning.gan, base)
    batches = Batches.of(
        lessons.pixels, lessons.labels, size=parameters.batch_size, seed=request.seed
    )
    real_spread = _spread(from_bytes(lessons.pixels[:256]))

    def publish(learning: Learning, folder: Path) -> Mapping[str, Any]:
        return _publish(learning, folder, parameters)

    def evaluate(learning: Learning) -> Mapping[str, float]:
        drawn = _draw_fixed(learning.gan.average, lessons.labels[:256])
        return {"diversity": _spread(drawn) / real_spread if real_spread else 1.0}

    yield from training_loop(
        request,
        learning,
        batches,
        publish=publish,
        sample=_sample_grid,
        evaluate=evaluate,
        evaluations=10,
    )


def settings_for(parameters: TrainParameters, lessons: Lessons, base: Model | None) -> GanSettings:
    """The settings of a training; of the nets' shape those of `base`, when there is one."""
    known = base.settings if base else GanSettings()
    if base and parameters.width not in (0, known.width):
        raise GeneratorError(
            f"The model {base.name} has width {known.width}: leave it automatic (0) to go on.",
            zh=f"模型 {base.name} 的宽度为 {known.width}：要继续训练，请保持自动（0）。",
            parameter="width",
        )
    width = known.width if base else max(parameters.width or known.width, 8)
    return replace(
        GanSettings(),
        size=lessons.pixels.shape[-1],
        channels=lessons.pixels.shape[1],
        num_classes=len(lessons.classes),
        width=width,
        latent_dim=known.latent_dim,
        loss=parameters.loss,
        learning_rate=parameters.learning_rate,
        augmentation=parameters.augmentation,
        penalty=GanSettings.penalty if parameters.penalty < 0 else parameters.penalty,
    )


@torch.no_grad()
def go_on_from(gan: GanStep, base: Model) -> None:
    """Start from a model's nets; classes that it does not know begin as a mean of its own."""
    pairs = (
        (gan.generator, base.generator),
        (gan.average, base.generator),
        (gan.encoder, base.encoder),
        (gan.discriminator, base.discriminator),
    )
    for net, source in pairs:
        given = source.state_dict()
        for name, own in net.state_dict().items():
            rows = given[name]
            if own.shape != rows.shape:
                own[len(rows) :].mul_(0.1).add_(rows.mean(dim=0))
                own[: len(rows)].copy_(rows)
            else:
                own.copy_(rows)


def _publish(learning: Learning, folder: Path, parameters: TrainParameters) -> dict[str, Any]:
    gan, settings = learning.gan, learning.gan.settings
    nets: dict[str, nn.Module] = {
        "generator": gan.average,
        "encoder": gan.encoder,
        "discriminator": gan.discriminator,
    }
    save_model(folder, settings, learning.classes, learning.look, nets)
    side, mode = settings.size, "L" if settings.channels == 1 else "RGB"
    return {
        "frame": {"width": side, "height": side, "mode": mode, "repeat": "horizontal"},
        **steering(gan.average, learning.classes, learning.look),
        "architecture": settings.as_numbers(),
        "parameters": parameters.model_dump(),
    }


@torch.no_grad()
def _draw_fixed(network: Generator, labels: Tensor) -> Tensor:
    """Pictures of these classes, from the same latents every time."""
    source = torch.Generator().manual_seed(_GRID_SEED)
    latents = torch.randn(len(labels), network.latent_dim, generator=source)
    pictures: Tensor = network(latents, labels)
    return pictures


def _sample_grid(learning: Learning) -> Image:
    return sample_grid(learning.gan.average, len(learning.classes), learning.look)


def sample_grid(network: Generator, classes: int, look: Look) -> Image:
    """A grid of pictures, a column for each class (the first ten); of few classes again and again,
    so that it is about as wide as high.
    """
    shown = min(max(classes, 1), _GRID)
    columns = shown * (_GRID // shown)
    labels = torch.arange(columns * _GRID) % shown
    drawn = _draw_fixed(network, labels)
    cells = [finished(cell, look, paper=True) for cell in drawn]
    rows = [
        np.concatenate(cells[start : start + columns], axis=2)
        for start in range(0, len(cells), columns)
    ]
    return Image(from_planes(np.concatenate(rows, axis=1)))


def _spread(pictures: Tensor) -> float:
    return mean_pairwise_distance(pictures)
