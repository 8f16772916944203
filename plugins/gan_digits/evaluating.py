"""Evaluate: how good a model is on pictures it has never seen, or how a picture reads."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np
import torch

from aigc_studio.api import (
    Annotation,
    Dataset,
    EvaluateRequest,
    Event,
    GeneratorError,
    Image,
    Mask,
    Metric,
    Progress,
)
from aigc_studio.toolkit import (
    Examples,
    choose_device,
    class_places,
    compare,
    exactly,
    read_pictures,
    to_values,
    train_judge,
)
from gan_digits.generating import title_of
from gan_digits.handwork import is_foreign, read_drawings
from gan_digits.model import Model, open_model
from gan_digits.pictures import as_row, look_of
from gan_digits.projection import guess
from gan_digits.sampling import draw_latents

_SAMPLES = 2000
_DRAWING = {"en": "Drawing samples", "zh": "正在绘制样本"}


def evaluate_model(request: EvaluateRequest) -> Iterator[Event]:
    """Measure a model on the held-out part of a dataset, or annotate a picture.

    The judge is a classifier trained here on the training part alone; the Fréchet distance,
    precision and recall are taken on its features, against the held-out pictures.
    """
    if request.artifact is not None:
        yield from _read_aloud(request)
        return
    choose_device(replace(request, device="cpu"))
    model = open_model(request.model)
    if request.dataset is None or request.dataset.medium != "image" or not len(request.dataset):
        raise GeneratorError(
            "There are no held-out pictures to measure on: choose a dataset with a test part.",
            zh="没有可用于评估的留出图像：请选择含测试部分的数据集。",
            parameter="dataset",
        )
    yield from _measure(request, model, request.dataset)


def _measure(request: EvaluateRequest, model: Model, dataset: Dataset) -> Iterator[Event]:
    training = yield from _read_part(Dataset(dataset.path, "train"), model)
    held_out = yield from _read_part(dataset, model)
    if min(len(held_out.labels), len(training.labels)) < 2:
        raise GeneratorError(
            "There are too few pictures of the model's classes to measure on: two at least are "
            "needed in the training part and in the held-out part.",
            zh="属于该模型类别的图像太少：训练部分和留出部分各至少需要两张。",
            parameter="dataset",
        )
    judge = yield from train_judge(training, len(model.classes), fingerprint=dataset.fingerprint)
    drawn, speed = yield from _draw_samples(model, held_out)
    yield from compare(judge, drawn, training, held_out)
    yield Metric("images_per_second", round(speed, 1))


def _read_part(dataset: Dataset, model: Model) -> Generator[Event, None, Examples]:
    """The pictures of the model's classes."""
    places = class_places(model.classes)
    names = [row.get("label", "") for row in dataset.rows]
    used = [n for n, name in enumerate(names) if not places or name in places]
    if not used:
        return Examples(torch.empty(0), torch.empty(0))
    size, mode = model.settings.size, model.mode
    found = yield from read_pictures(dataset, size, mode, chosen=used)
    planes = found.planes
    if is_foreign(look_of(planes), model.look):  # learnt from as this model's own are
        planes = yield from read_drawings(dataset, used, size, mode, model.look)
    return Examples(planes, found.classes(model.classes))


def _draw_samples(
    model: Model, held_out: Examples
) -> Generator[Event, None, tuple[Examples, float]]:
    """Samples with the held-out part's mix of classes, and how many were drawn in a second."""
    times = max(_SAMPLES // len(held_out.labels), 1)
    labels = held_out.labels.repeat(times)[: max(_SAMPLES, len(held_out.labels))]
    # Mixed, or the first of them would all be of one class.
    labels = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(1))]
    latents = draw_latents(model.settings.latent_dim, 0, 1.0, len(labels), 1.0)
    parts, spent = [], 0.0
    for start in range(0, len(labels), 100):
        began = time.perf_counter()
        with torch.no_grad():
            parts.append(model.generator(latents[start : start + 100], labels[start : start + 100]))
        spent += time.perf_counter() - began
        yield Progress(start, len(labels), _DRAWING)
    return Examples(torch.cat(parts).clamp(-1, 1), labels), len(labels) / max(spent, 1e-9)


def _read_aloud(request: EvaluateRequest) -> Iterator[Event]:
    """Say of each character how clearly it reads, and as what."""
    exactly(request)
    model, image = open_model(request.model), request.artifact
    if not isinstance(image, Image):
        raise GeneratorError("Only pictures can be read.", zh="只能识别图像。")
    row = as_row(image, model.settings.size, model.mode, model.look)
    left, side = row.place[0], row.canvas[0] // len(row.cells)
    for n, cell in enumerate(row.cells):
        yield Progress(n, len(row.cells))
        found = guess(model.generator, model.encoder, to_values(torch.from_numpy(cell), -1))
        mask = np.zeros((image.height, image.width), np.uint8)
        mask[:, max(n * side - left, 0) : max((n + 1) * side - left, 1)] = 255
        certainty = float(found.probabilities.max()) if len(model.classes) > 1 else 1.0
        name = title_of(model, [found.label]) or "?"
        share = f"{certainty:.0%}"
        text = {"en": f"reads as {name}, {share}", "zh": f"读作 {name}，{share}"}
        yield Annotation(Mask(mask), certainty, text)
