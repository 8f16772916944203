"""Train: from a dataset to a model folder, on the toolkit's loop."""

from __future__ import annotations

from collections.abc import Generator as Steps
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aigc_studio.api import Dataset, Event, GeneratorError, Image, Message, TrainRequest
from aigc_studio.toolkit import (
    Batches,
    check_pictures,
    choose_device,
    class_places,
    is_coloured,
    parameters_of,
    read_pictures,
    sheet,
    training_loop,
    usual_side,
    variety_of,
)
from aigc_studio.toolkit.pictures import Mode
from gan_digits.axes import steering_of
from gan_digits.finishing import finished
from gan_digits.handwork import FEW, FINE, is_foreign, read_drawings
from gan_digits.model import Model, open_model, save_model
from gan_digits.network import MOST_CLASSES, GanSettings, Generator
from gan_digits.parameters import AUTO, SIZES, TrainParameters
from gan_digits.pictures import Look, look_of
from gan_digits.prompts import told_of
from gan_digits.training import GanStep

_GRID = 10  # pictures a side of the sample grid
_GRID_SEED = 2014
_LARGEST_AUTO = 32
_MARK = "drawings-brought-in"


@dataclass(frozen=True)
class Lessons:
    """Pictures (n, c, s, s) uint8, labels (n,) int64 (all 0 without classes), and the classes.

    Of few drawings there are `fine` ones too, twice as large, to be varied while they are learnt.
    """

    pixels: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    fine: Tensor | None = None

    @property
    def shown(self) -> Tensor:
        """What a step of the training is given."""
        return self.pixels if self.fine is None else self.fine


def train_pictures(request: TrainRequest[TrainParameters]) -> Iterator[Event]:
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
    lessons = yield from read_lessons(request.dataset, parameters, base, _as_before(request))
    gan = GanStep(
        settings_for(parameters, lessons, base), request.seed, vary=lessons.fine is not None
    )
    look = base.look if base else look_of(lessons.pixels)
    if base is not None:
        go_on_from(gan, base)
    variety = variety_of(lessons.pixels, lessons.labels, len(lessons.classes))

    def publish(gan: GanStep, folder: Path) -> Mapping[str, Any]:
        return _publish(gan, folder, lessons.classes, look, parameters)

    def evaluate(gan: GanStep) -> Steps[Event, None, Mapping[str, float]]:
        return variety.watch(_draw_fixed(gan.average.network, variety.labels))

    yield from training_loop(
        request,
        gan,
        Batches.of(lessons.shown, lessons.labels, size=parameters.batch_size, seed=request.seed),
        publish=publish,
        sample=lambda gan: sample_grid(gan.average.network, len(lessons.classes), look),
        evaluate=evaluate,
        evaluations=10,
    )


# -- what is learned from ------------------------------------------------------------------------


def _as_before(request: TrainRequest[TrainParameters]) -> bool:
    """Whether a training goes on that was begun when drawings were learnt from as they came: it
    ends as it began. Any other leaves a mark."""
    mark = request.folder / _MARK
    if request.resume and (request.folder / "resume.safetensors").exists():
        return not mark.exists()
    mark.touch()
    return False


def read_lessons(
    dataset: Dataset,
    parameters: TrainParameters,
    base: Model | None,
    as_before: bool = False,
) -> Steps[Event, None, Lessons]:
    """Read a dataset for training; Progress in between, and a Message for what is left out.

    With `base`, size, colour and classes are those of that model, and classes that it does not
    know come behind its own; drawings that are unlike its own are brought to their size and
    ground, but not `as_before`. Raises GeneratorError when the data does not suit.
    """
    check_pictures(dataset)
    size, mode = _size(dataset, parameters, base), _mode(dataset, parameters, base)
    classes = _classes(dataset, parameters, base)
    names = [row.get("label", "") for row in dataset.rows]
    used = [n for n, name in enumerate(names) if not classes or name]
    if not used:
        raise GeneratorError(
            f"The model {base.name if base else ''} knows classes, and the dataset has no labels: "
            "label the pictures, or start a new model.",
            zh="该模型按类别训练，而数据集没有标签：请为图像添加标签，或训练新模型。",
            parameter="dataset",
        )
    if len(used) < len(names):
        yield _left_out(len(names) - len(used))
    pictures = yield from read_pictures(dataset, size, mode, chosen=used)
    labels = pictures.classes(classes)
    if base is None or as_before or not is_foreign(look_of(pictures.planes), base.look):
        return Lessons(pictures.planes, labels, classes)
    planes = yield from read_drawings(dataset, used, size, mode, base.look)
    if len(planes) >= FEW:
        return Lessons(planes, labels, classes)
    fine = yield from read_drawings(dataset, used, FINE * size, mode, base.look)
    return Lessons(planes, labels, classes, fine)


def _left_out(count: int) -> Message:
    return Message(
        {
            "en": f"{count} pictures have no label and are left out.",
            "zh": f"{count} 张图像没有标签，已略过。",
        },
        "warning",
    )


def _size(dataset: Dataset, parameters: TrainParameters, base: Model | None) -> int:
    if parameters.size != AUTO:
        size = int(parameters.size)
        if base is not None and size != base.settings.size:
            raise _other("size", base.name, f"{base.settings.size}", f"{base.settings.size}")
        return size
    if base is not None:
        return base.settings.size
    middle = usual_side(dataset)
    return next((size for size in SIZES if size >= middle and size <= _LARGEST_AUTO), _LARGEST_AUTO)


def _mode(dataset: Dataset, parameters: TrainParameters, base: Model | None) -> Mode:
    wanted: Mode = "RGB" if parameters.colour == "rgb" else "L"
    if base is not None:
        if parameters.colour != AUTO and wanted != base.mode:
            raise _other("colour", base.name, "grey" if base.mode == "L" else "rgb", base.mode)
        return base.mode
    if parameters.colour != AUTO:
        return wanted
    return "RGB" if is_coloured(dataset) else "L"


def _classes(dataset: Dataset, parameters: TrainParameters, base: Model | None) -> tuple[str, ...]:
    if base is not None and not base.classes:
        return ()
    given = dataset.labels if parameters.use_labels or base is not None else ()
    if len(given) > MOST_CLASSES:
        raise GeneratorError(
            f"The dataset has {len(given)} classes, and {MOST_CLASSES} are possible: turn off "
            "Learn the classes.",
            zh=f"数据集有 {len(given)} 个类别，最多 {MOST_CLASSES} 个：请关闭“学习类别”。",
            parameter="use_labels",
        )
    known = base.classes if base is not None else ()
    places = class_places(known)  # labels of a dataset are in one form
    return (*known, *(name for name in given if name not in places))


def _other(parameter: str, name: str, own: str, shown: str) -> GeneratorError:
    return GeneratorError(
        f"The model {name} was made with {parameter} {own}: leave it automatic to go on from it.",
        zh=f"模型 {name} 的该项为 {shown}：要在其基础上继续，请保持自动。",
        parameter=parameter,
    )


# -- the nets ------------------------------------------------------------------------------------


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
        (gan.average.network, base.generator),
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


def _publish(
    gan: GanStep, folder: Path, classes: tuple[str, ...], look: Look, parameters: TrainParameters
) -> dict[str, Any]:
    settings, kept = gan.settings, {**gan.networks, "generator": gan.average.network}
    save_model(folder, settings, classes, look, kept)
    side, mode = settings.size, "L" if settings.channels == 1 else "RGB"
    return {
        "frame": {"width": side, "height": side, "mode": mode, "repeat": "horizontal"},
        **steering_of(gan.average.network, classes, look),
        **told_of(classes),
        "architecture": asdict(settings),
        "parameters": parameters.model_dump(),
    }


@torch.no_grad()
def _draw_fixed(network: Generator, labels: Tensor) -> Tensor:
    """Pictures of these classes, from the same latents every time."""
    source = torch.Generator().manual_seed(_GRID_SEED)
    latents = torch.randn(len(labels), network.latent_dim, generator=source)
    pictures: Tensor = network(latents, labels)
    return pictures


def sample_grid(network: Generator, classes: int, look: Look) -> Image:
    """A grid of pictures, a column for each class (the first ten); of few classes again and again,
    so that it is about as wide as high.
    """
    shown = min(max(classes, 1), _GRID)
    columns = shown * (_GRID // shown)
    labels = torch.arange(columns * _GRID) % shown
    drawn = _draw_fixed(network, labels)
    return sheet([finished(cell, look, paper=True) for cell in drawn], columns)
