"""Training a model of tunes: any dataset the same way, with samples that can be played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aigc_studio.api import Dataset, Event, GeneratorError, Melody, Message, TrainRequest
from aigc_studio.toolkit import Best, choose_device, parameters_of, training_loop
from rnn_melody.copying import FILE as KNOWN
from rnn_melody.copying import write_known
from rnn_melody.model import Model, open_model, save_model
from rnn_melody.network.net import Writer
from rnn_melody.settings import WriterSettings
from rnn_melody.signs import MODE, TONIC
from rnn_melody.training.material import Material, learnt_from
from rnn_melody.training.parameters import TrainParameters
from rnn_melody.training.previews import composed
from rnn_melody.training.step import Readings, Recipe, WriterStep, held_out_metrics

_PATIENCE = 0.35
_MOST_KNOWN = 50_000
"""Tunes that a model can tell that it has learnt."""
_RIGHT = 96
_FEW = 20_000
"""Of fewer notes than this a smaller net learns as much."""


def train_tunes(request: TrainRequest[TrainParameters]) -> Iterator[Event]:
    """Learn the tunes of a dataset, or go on from a model; yield what the loop does."""
    choose_device(replace(request, device="cpu"))
    if request.device not in ("", "auto", "cpu"):
        yield _on_the_cpu()
    parameters = parameters_of(request, TrainParameters)
    base = open_model(request.model) if request.model is not None else None
    material = yield from learnt_from(request.dataset, base)
    writer = writer_for(settings_for(parameters, material, base), material, base, request.seed)
    recipe = recipe_for(parameters, material)
    readings = Readings(material.learnt, recipe.size, request.seed)
    measured = bool(material.counted)
    shelf = Shelf(material, parameters, request.dataset)
    yield from training_loop(
        request,
        WriterStep(writer, recipe, readings.steps),
        readings,
        publish=shelf.publish,
        sample=lambda trainee: composed(trainee.average.network, material.about),
        evaluate=(lambda trainee: held_out_metrics(trainee.average.network, material))
        if measured
        else None,
        best=Best("nats_per_note", patience=_PATIENCE) if measured else None,
        evaluations=30,
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
    width = parameters.width or (128 if material.about["events"] < _FEW else 256)
    narrow = min(128, width)
    right = 0 if parameters.recomposing == "no" else min(_RIGHT, width)
    return WriterSettings(width=width, embedding=narrow, head=narrow, right=right)


def writer_for(
    settings: WriterSettings, material: Material, base: Model | None, seed: int
) -> Writer:
    """A net to begin with: that of a model, or one of its own."""
    torch.manual_seed(seed)
    writer = Writer(settings, material.signs)
    if base is None:
        writer.leave_out(seen_in(material, writer))
    else:
        writer.load_state_dict(base.writer.state_dict())
    return writer.train()


def seen_in(material: Material, writer: Writer) -> Tensor:
    """Which rows of the writer's table tunes make use of, and what says nothing: bool (rows,)."""
    seen = torch.zeros(len(writer.table.weight), dtype=torch.bool)
    for row in material.learnt:
        seen[(row[0] + writer.offsets).flatten()] = True
    seen[writer.offsets] = True
    seen[writer.offsets[MODE]] = seen[writer.offsets[TONIC] + 12] = True
    return seen


def recipe_for(parameters: TrainParameters, material: Material) -> Recipe:
    """How the training goes. Of few tunes fewer are read at once, or a step would see them all, and
    they are learnt by smaller steps: what a net has learnt of them is soon by heart."""
    size, rate = parameters.batch_size, parameters.learning_rate
    while size % 2 == 0 and size * 4 > len(material.learnt):
        size //= 2
    if material.about["events"] < _FEW:
        rate /= 3
    return Recipe(learning_rate=rate, dropout=parameters.dropout, size=size)


class Shelf:
    """Writes model folders: the net, and which tunes it has learnt."""

    def __init__(self, material: Material, parameters: TrainParameters, dataset: Dataset) -> None:
        self.material, self.parameters, self.dataset = material, parameters, dataset
        self._known: bytes | None = None

    def publish(self, trainee: WriterStep, folder: Path) -> Mapping[str, Any]:
        """Write the average of a trainee into an empty folder; what its card says."""
        about = self.material.about
        save_model(folder, trainee.average.network, about)
        self._tell_known(folder)
        return {
            "architecture": asdict(trainee.writer.settings),
            "recipe": asdict(trainee.recipe),
            "parameters": self.parameters.model_dump(),
            "learnt": {name: value for name, value in about.items() if name != "counts"},
        }

    def _tell_known(self, folder: Path) -> None:
        if self._known is not None:
            (folder / KNOWN).write_bytes(self._known)
            return
        first = islice(self.dataset, _MOST_KNOWN)
        write_known(
            folder,
            (
                (str(each.attributes.get("title") or each.source or ""), each.artifact)
                for each in first
                if isinstance(each.artifact, Melody)
            ),
        )
        self._known = (folder / KNOWN).read_bytes()


def _on_the_cpu() -> Message:
    return Message(
        {
            "en": "RNN melody trains on the CPU: its nets are too small for a GPU to help.",
            "zh": "RNN 旋律在 CPU 上训练：网络很小，GPU 并无帮助。",
        }
    )
