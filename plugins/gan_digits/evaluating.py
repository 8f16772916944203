"""Evaluate: how good a model is on pictures it has never seen, or how a picture reads."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

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
from aigc_studio.api.spelling import one_form
from aigc_studio.toolkit import choose_device, measures
from gan_digits.generating import prepare, title_of
from gan_digits.lessons import read_pixels
from gan_digits.measures import Classifier, features_and_classes, learn_to_classify
from gan_digits.model import Model, open_model
from gan_digits.pictures import as_row, to_tensor
from gan_digits.projection import guess
from gan_digits.sampling import draw_latents, from_bytes

_SAMPLES = 2000
_JUDGE_STEPS = 600
_JUDGE = {"en": "Training an outside judge", "zh": "正在训练外部评判网络"}
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


@dataclass(frozen=True)
class _Part:
    pixels: Tensor
    labels: Tensor


def _measure(request: EvaluateRequest, model: Model, dataset: Dataset) -> Iterator[Event]:
    training = yield from _read_part(Dataset(dataset.path, "train"), model)
    held_out = yield from _read_part(dataset, model)
    if len(held_out.labels) < 2 or len(training.labels) < 2:
        raise GeneratorError(
            "There are too few pictures of the model's classes to measure on: two at least are "
            "needed in the training part and in the held-out part.",
            zh="属于该模型类别的图像太少：训练部分和留出部分各至少需要两张。",
            parameter="dataset",
        )
    judge = yield from _find_judge(request, model, training)
    drawn, labels, speed = yield from _draw_samples(model, held_out)
    yield from _compare(judge, model, training, held_out, drawn, labels)
    yield Metric("images_per_second", round(speed, 1))


def _compare(
    judge: Classifier,
    model: Model,
    training: _Part,
    held_out: _Part,
    drawn: Tensor,
    labels: Tensor,
) -> Iterator[Event]:
    """Yield the metrics; each after the work for it, so that cancelling never waits long."""
    real, real_classes = features_and_classes(judge, held_out.pixels)
    yield Progress(0, 0, _DRAWING)
    fake, fake_classes = features_and_classes(judge, drawn)
    if len(model.classes) > 1:
        accuracy = (fake_classes == labels).double().mean()
        yield Metric("label_accuracy", round(float(accuracy), 4))
        own = (real_classes == held_out.labels).double().mean()
        yield Metric("judge_accuracy", round(float(own), 4))
    yield Metric("frechet_distance", round(measures.frechet_distance(fake, real), 3))
    precision, recall = measures.precision_and_recall(real, fake[: len(real)])
    yield Metric("precision", round(precision, 4))
    yield Metric("recall", round(recall, 4))
    copied = measures.copied_share(drawn[:500], training.pixels, held_out.pixels)
    yield Metric("copied_share", round(copied, 4))
    spread = measures.mean_pairwise_distance(held_out.pixels[:500])
    if spread:
        ratio = measures.mean_pairwise_distance(drawn[: len(held_out.pixels)][:500]) / spread
        yield Metric("diversity", round(ratio, 4))


def _read_part(dataset: Dataset, model: Model) -> Generator[Event, None, _Part]:
    """The pictures of the model's classes, in -1..1."""
    index = {one_form(name): n for n, name in enumerate(model.classes)}
    names = [row.get("label", "") for row in dataset.rows]
    used = [n for n, name in enumerate(names) if not model.classes or name in index]
    pixels = yield from read_pixels(dataset, used, model.settings.size, model.mode)
    labels = [index[names[n]] if model.classes else 0 for n in used]
    return _Part(from_bytes(pixels), torch.tensor(labels, dtype=torch.int64))


def _find_judge(
    request: EvaluateRequest, model: Model, training: _Part
) -> Generator[Event, None, Classifier]:
    # The full number for some thousand pictures; a few dozen are learned in a moment.
    steps = min(_JUDGE_STEPS, 100 + len(training.labels) // 9)
    search = learn_to_classify(training.pixels, training.labels, len(model.classes), steps=steps)
    while True:
        try:
            step, total = next(search)
        except StopIteration as end:
            judge: Classifier = end.value
            return judge
        yield Progress(step, total, _JUDGE)


def _draw_samples(
    model: Model, held_out: _Part
) -> Generator[Event, None, tuple[Tensor, Tensor, float]]:
    """Samples with the held-out part's mix of classes, their classes, and pictures a second."""
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
    return torch.cat(parts).clamp(-1, 1), labels, len(labels) / max(spent, 1e-9)


def _read_aloud(request: EvaluateRequest) -> Iterator[Event]:
    """Say of each character how clearly it reads, and as what."""
    prepare(request)
    model, image = open_model(request.model), request.artifact
    if not isinstance(image, Image):
        raise GeneratorError("Only pictures can be read.", zh="只能识别图像。")
    row = as_row(image, model.settings.size, model.mode, model.look)
    left, side = row.place[0], row.canvas[0] // len(row.cells)
    for n, cell in enumerate(row.cells):
        yield Progress(n, len(row.cells))
        found = guess(model.generator, model.encoder, to_tensor(cell))
        mask = np.zeros((image.height, image.width), np.uint8)
        mask[:, max(n * side - left, 0) : max((n + 1) * side - left, 1)] = 255
        certainty = float(found.probabilities.max()) if len(model.classes) > 1 else 1.0
        name = title_of(model, [found.label]) or "?"
        share = f"{certainty:.0%}"
        text = {"en": f"reads as {name}, {share}", "zh": f"读作 {name}，{share}"}
        yield Annotation(Mask(mask), certainty, text)
