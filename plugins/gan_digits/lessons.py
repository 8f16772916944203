"""What a model learns from: a dataset's pictures as one tensor, and their classes."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from aigc_studio.api import Dataset, Event, GeneratorError, Image, Message, Progress
from aigc_studio.api.spelling import one_form
from gan_digits.model import MOST_CLASSES, Model
from gan_digits.parameters import AUTO, SIZES, TrainParameters
from gan_digits.pictures import Mode, has_colour, squared

_READING = {"en": "Reading the pictures", "zh": "正在读取图像"}
_LARGEST_AUTO = 32


@dataclass(frozen=True)
class Lessons:
    """Pictures (n, c, s, s) uint8, labels (n,) int64 (all 0 without classes), and the classes."""

    pixels: Tensor
    labels: Tensor
    classes: tuple[str, ...]

    @property
    def mode(self) -> Mode:
        """Pillow's name for the pixels."""
        return "L" if self.pixels.shape[1] == 1 else "RGB"


def read_lessons(
    dataset: Dataset, parameters: TrainParameters, base: Model | None
) -> Generator[Event, None, Lessons]:
    """Read a dataset for training; Progress in between, and a Message for what is left out.

    With `base`, size, colour and classes are those of that model, and classes that it does not
    know come behind its own. Raises GeneratorError when the data does not suit.
    """
    if dataset.medium != "image" or not len(dataset):
        raise GeneratorError(
            "The dataset has no pictures to learn from: choose another, or include some.",
            zh="数据集中没有可学习的图像：请另选一个，或纳入一些图像。",
            parameter="dataset",
        )
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
    pixels = yield from read_pixels(dataset, used, size, mode)
    index = {one_form(name): n for n, name in enumerate(classes)}
    labels = [index[names[n]] if classes else 0 for n in used]
    return Lessons(pixels, torch.tensor(labels), classes)


def read_pixels(
    dataset: Dataset, chosen: Sequence[int], size: int, mode: Mode
) -> Generator[Event, None, Tensor]:
    """These pictures of a dataset as uint8 (n, c, size, size), with Progress in between."""
    channels = 1 if mode == "L" else 3
    pixels = np.empty((len(chosen), channels, size, size), np.uint8)
    told = 0.0
    for place, number in enumerate(chosen):
        pixels[place] = squared(_picture(dataset, number), size, mode)
        if time.monotonic() - told > 0.2:
            told = time.monotonic()
            yield Progress(place, len(chosen), _READING)
    return torch.from_numpy(pixels)


def _picture(dataset: Dataset, number: int) -> Image:
    artifact = dataset[number].artifact
    assert isinstance(artifact, Image), "the medium is checked before"
    return artifact


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
    sides = [max(row.get("shape", (28, 28))[:2]) for row in dataset.rows[:2000]]
    middle = int(np.median(sides))
    return next((size for size in SIZES if size >= middle and size <= _LARGEST_AUTO), _LARGEST_AUTO)


def _mode(dataset: Dataset, parameters: TrainParameters, base: Model | None) -> Mode:
    wanted: Mode = "RGB" if parameters.colour == "rgb" else "L"
    if base is not None:
        own: Mode = "L" if base.settings.channels == 1 else "RGB"
        if parameters.colour != AUTO and wanted != own:
            raise _other("colour", base.name, "grey" if own == "L" else "rgb", own)
        return own
    if parameters.colour != AUTO:
        return wanted
    step = max(len(dataset) // 100, 1)
    coloured = any(has_colour(_picture(dataset, n)) for n in range(0, len(dataset), step))
    return "RGB" if coloured else "L"


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
    forms = set(map(one_form, known))  # those of a dataset are in one form
    return (*known, *(name for name in given if name not in forms))


def _other(parameter: str, name: str, own: str, shown: str) -> GeneratorError:
    return GeneratorError(
        f"The model {name} was made with {parameter} {own}: leave it automatic to go on from it.",
        zh=f"模型 {name} 的该项为 {shown}：要在其基础上继续，请保持自动。",
        parameter=parameter,
    )
