"""Training a model of tunes: any dataset the same way, with samples that can be played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from aigc_studio.api import Event, GeneratorError, Message, TrainRequest
from aigc_studio.toolkit import Best, choose_device, parameters_of, training_loop
from rnn_melody.material import Material, learnt_from
from rnn_melody.model import Model, open_model, save_model
from rnn_melody.network import Writer
from rnn_melody.previews import composed
from rnn_melody.settings import WriterSettings
from rnn_melody.train_parameters import TrainParameters
from rnn_melody.training import Readings, Recipe, WriterStep, held_out_metrics

_PATIENCE = 0.35


def train_tunes(request: TrainRequest[TrainParameters]) -> Iterator[Event]:
    """Learn the tunes of a dataset, or go on from a model; yield what the loop does."""
    choose_device(replace(request, device="cpu"))
    if request.device not in ("", "auto", "cpu"):
        yield _on_the_cpu()
    # The first optimiser imports the compiler, seconds of it: before the first event, or a cancel
    # would wait for it.
    torch.optim.AdamW([nn.Parameter(torch.zeros(1))])
    parameters = parameters_of(request, TrainParameters)
    base = open_model(request.model) if request.model is not None else None
    material = yield from learnt_from(request.dataset, base)
    writer = writer_for(settings_for(parameters, material, base), material, base, request.seed)
    recipe = recipe_for(parameters, material)
    readings = Readings(material.learnt, recipe.size, request.seed)
    measured = bool(material.counted)
    yield from training_loop(
        request,
        WriterStep(writer, recipe, readings.steps),
        readings,
        publish=lambda trainee, folder: publish(trainee, folder, material, parameters),
        sample=lambda trainee: composed(trainee.average.network, material.about),
        evaluate=(lambda trainee: held_out_metrics(trainee.average.network, material))
        if measured
        else None,
        best=Best("nats_per_note", patience=_PATIENCE) if measured else None,
        evaluations=10,
    )


def settings_for(
    parameters: TrainParameters, material: Material, base: Model | None
) -> WriterSettings:
    """The shape of the net: what was asked for, else what suits how many tunes there are."""
    if base is not None:
        own = base.writer.settings
        if parameters.width not in (0, own.width):
            raise GeneratorError(
                f"The model {base.name} was made with width {own.width}: leave it as it is at "
                "first to go on from it.",
                zh=f"模型 {base.name} 的宽度为 {own.width}：要在其基础上继续，请保持默认值。",
                parameter="width",
            )
        return own
    few = material.about["events"] < 20_000
    width = parameters.width or (128 if few else 256)
    narrow = min(128, max(4, width))
    return WriterSettings(width=width, embedding=narrow, head=min(128, width), right=min(96, width))


def writer_for(
    settings: WriterSettings, material: Material, base: Model | None, seed: int
) -> Writer:
    """A net to begin with: that of a model, or one of its own."""
    torch.manual_seed(seed)
    writer = Writer(settings, material.signs)
    if base is not None:
        writer.load_state_dict(base.writer.state_dict())
    return writer.train()


def recipe_for(parameters: TrainParameters, material: Material) -> Recipe:
    """How the training goes. Of few tunes fewer are read at once, or a step would see them all."""
    size = parameters.batch_size
    while size % 2 == 0 and size * 4 > len(material.learnt):
        size //= 2
    return Recipe(learning_rate=parameters.learning_rate, dropout=parameters.dropout, size=size)


def publish(
    trainee: WriterStep, folder: Path, material: Material, parameters: TrainParameters
) -> Mapping[str, Any]:
    """Write the average of a trainee into an empty folder; what its card says."""
    save_model(folder, trainee.average.network, material.about)
    return {
        "architecture": asdict(trainee.writer.settings),
        "recipe": asdict(trainee.recipe),
        "parameters": parameters.model_dump(),
        "learnt": dict(material.about),
    }


def _on_the_cpu() -> Message:
    return Message(
        {
            "en": "RNN melody trains on the CPU: its nets are too small for a GPU to help.",
            "zh": "RNN 旋律在 CPU 上训练：网络很小，GPU 并无帮助。",
        }
    )
