"""Pictures of a dataset as one tensor, with progress while they are read.

    pictures = yield from read_pictures(request.dataset, 64, "RGB")
    batches = Batches.of(pictures.planes, size=64, seed=request.seed)

All of them are held in memory: 100,000 pictures of 64 × 64 in RGB take 1.2 GB.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from aigc_studio.api import Dataset, Event, GeneratorError, Image, Progress
from aigc_studio.toolkit.labels import class_place, class_places
from aigc_studio.toolkit.pictures import CHANNELS, Fit, Mode, has_colour, image_planes

_READING = {"en": "Reading the pictures", "zh": "正在读取图像"}
_TELL_EVERY = 0.2
_LOOKED_AT = 100
_MEASURED = 2000


@dataclass(frozen=True)
class Pictures:
    """Planes (n, c, h, w) uint8, and of each picture its label (or ""), attributes and group."""

    planes: Tensor
    labels: tuple[str, ...]
    attributes: tuple[Mapping[str, Any], ...]
    groups: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.planes)

    def __bool__(self) -> bool:
        return True

    def classes(self, names: Sequence[str]) -> Tensor:
        """The number of each label among `names`, int64 (n,); -1 for one that is not there.

        Without names, of a model without classes, all are 0.
        """
        if not names:
            return torch.zeros(len(self), dtype=torch.int64)
        places = class_places(names)
        found = [class_place(label, places) for label in self.labels]
        return torch.tensor(found, dtype=torch.int64)


def read_pictures(
    dataset: Dataset,
    size: int | tuple[int, int],
    mode: Mode = "RGB",
    *,
    chosen: Sequence[int] | None = None,
    fit: Fit = "pad",
) -> Generator[Event, None, Pictures]:
    """Read the pictures of a dataset, or the `chosen` ones by number; Progress in between.

    `size` is a side in pixels, or (width, height); `mode` and `fit` are as in `image_planes`.
    Raises GeneratorError for a dataset of another medium or without pictures, and StudioError for
    an example that is damaged.
    """
    check_pictures(dataset)
    numbers = range(len(dataset)) if chosen is None else chosen
    width, height = (size, size) if isinstance(size, int) else size
    planes = np.empty((len(numbers), CHANNELS[mode], height, width), np.uint8)
    told = 0.0
    for place, number in enumerate(numbers):
        planes[place] = image_planes(_picture(dataset, number), size, mode, fit).numpy()
        if time.monotonic() - told > _TELL_EVERY:
            told = time.monotonic()
            yield Progress(place, len(numbers), _READING)
    rows = [dataset.rows[number] for number in numbers]
    return Pictures(
        torch.from_numpy(planes),
        tuple(row.get("label", "") for row in rows),
        tuple(row.get("attributes", {}) for row in rows),
        tuple(row.get("group", "") for row in rows),
    )


def check_pictures(dataset: Dataset) -> None:
    """Raise GeneratorError unless there are pictures to learn from."""
    if dataset.medium != "image" or not len(dataset):
        raise GeneratorError(
            "The dataset has no pictures to learn from: choose another, or include some.",
            zh="数据集中没有可学习的图像：请另选一个，或纳入一些图像。",
            parameter="dataset",
        )


def usual_side(dataset: Dataset) -> int:
    """The median of the pictures' longer sides, in pixels; from what the dataset says of them."""
    sides = [max(row.get("shape", (1, 1))[:2]) for row in dataset.rows[:_MEASURED]]
    return int(np.median(sides))


def is_coloured(dataset: Dataset) -> bool:
    """Whether any of a hundred pictures, evenly through the data, has colour."""
    step = max(len(dataset) // _LOOKED_AT, 1)
    return any(has_colour(_picture(dataset, n)) for n in range(0, len(dataset), step))


def _picture(dataset: Dataset, number: int) -> Image:
    artifact = dataset[number].artifact
    assert isinstance(artifact, Image), "the medium is checked before"
    return artifact
