"""Evaluate: how good a model is on people it has not seen, or what it cannot draw of a picture."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from aigc_studio.api import (
    Dataset,
    EvaluateRequest,
    Event,
    GeneratorError,
    Image,
    Message,
    Metric,
    Preview,
    Progress,
)
from aigc_studio.toolkit import (
    Pictures,
    choose_device,
    measures,
    read_pictures,
    sheet,
    tell_apart,
    to_planes,
    to_values,
)
from vae_faces.attributes import edited_by, measure_controls
from vae_faces.judging import probes
from vae_faces.judging.explaining import explain_picture
from vae_faces.judging.judge import Looking, train_judge_of
from vae_faces.judging.reader import Reader, known, right_kinds
from vae_faces.kinds import told_of
from vae_faces.making.chances import DRAWN, noise_of
from vae_faces.making.parameters import GenerateParameters
from vae_faces.model import FIT, Model, open_model
from vae_faces.network.agreement import agreed, new_points, noise_for
from vae_faces.network.diffusion import completed
from vae_faces.network.net import Faces
from vae_faces.traits import Traits

_SAMPLES, _MOST, _CONTROLLED = 500, 200, 60
_LEAST, _EACH = 100, 25
"""So many samples at least, and so many for each held-out picture: beside two of these, 500 tell no
more than 100 do, and take seconds."""
_CANDIDATES, _BATCH = 4, 50
_ACTIVE = 0.01
"""The least variance of a number's mean over pictures that counts as in use (Burda et al. 2016)."""
_VANISHED = 1.0
"""Nats: a point that tells less than this of a picture tells nothing."""
_SHOWN = 7
_RECONSTRUCTING = {"en": "Drawing faces it has not seen", "zh": "正在重建未见过的人脸"}
_REPAIRING = {"en": "Filling in holes", "zh": "正在修补缺块"}
_DRAWING = {"en": "Drawing samples", "zh": "正在绘制样本"}
_STEERING = {"en": "Trying the controls", "zh": "正在检验各项控制"}
_PAIRS = {
    "en": "Samples, and under each the nearest picture that it learnt from",
    "zh": "样本，下方为训练图像中最接近的一张",
}
_KL_GONE = {
    "en": "The KL has vanished: what is drawn depends on nothing in the point, so all samples are "
    "alike. Train with a smaller β, or with more free bits.",
    "zh": "散度（KL）已消失：画出的内容与潜变量无关，样本会千篇一律。"
    "请降低“KL 散度权重（β）”或提高“自由比特（free bits）”，再重新训练。",
}


def evaluate_model(request: EvaluateRequest) -> Iterator[Event]:
    """Measure a model on the held-out part of a dataset, or say where a picture is unlike what the
    model can draw.

    The judge is a net trained here on the training part alone (`judging`); the Fréchet distance,
    precision and recall are taken on its features, against the held-out pictures.
    """
    if request.artifact is not None:
        yield from explain_picture(request)
        return
    choose_device(replace(request, device="cpu"))
    model = open_model(request.model)
    if request.dataset is None or request.dataset.medium != "image" or not len(request.dataset):
        raise GeneratorError(
            "There are no held-out pictures to measure on: choose a dataset with a test part.",
            zh="没有可用于评估的留出图像：请选择含测试部分的数据集。",
            parameter="dataset",
        )
    with torch.no_grad():
        yield from _measure(model, request.dataset)


@dataclass(frozen=True)
class _Parts:
    """Values (n, c, side, side) of what was held out and of what was learnt from."""

    held_out: Tensor
    training: Tensor
    pictures: Pictures
    fingerprint: str


def some_of(count: int, most: int) -> list[int]:
    """Which of so many held-out pictures are measured on: evenly through them, since those that
    came in folders lie kind by kind."""
    taken = min(count, most)
    return [place * count // taken for place in range(taken)]


def _samples(held_out: int) -> int:
    """How many faces are drawn to be judged beside so many pictures: all from twenty of them on."""
    return min(_SAMPLES, max(_LEAST, _EACH * held_out))


def _measure(model: Model, dataset: Dataset) -> Iterator[Event]:
    side, mode, net = model.network.side, model.mode, model.network
    chosen = some_of(len(dataset), _MOST)
    held_out = yield from read_pictures(dataset, side, mode, chosen=chosen, fit=FIT)
    training = yield from read_pictures(Dataset(dataset.path, "train"), side, mode, fit=FIT)
    if min(len(held_out), len(training)) < 2:
        raise GeneratorError(
            "There are too few pictures to measure on: two at least are needed in the training "
            "part and in the held-out part.",
            zh="用于评估的图像太少：训练部分和留出部分各至少需要两张。",
            parameter="dataset",
        )
    values = [to_values(each.planes, -1.0) for each in (held_out, training)]
    parts = _Parts(values[0], values[1], training, dataset.fingerprint)
    yield from _reconstruct(net, parts.held_out)
    yield from _repair(net, parts.held_out)
    judge = yield from train_judge_of(training, net.traits, fingerprint=dataset.fingerprint)
    yield from _draw(model, judge, parts)
    if isinstance(judge, Reader):
        yield _reader_words(judge, parts.held_out, told_of(held_out, judge.traits))
        few = parts.held_out[some_of(len(parts.held_out), _CONTROLLED)]
        yield from _try_controls(net, judge, few)
    learnt = judge.traits if isinstance(judge, Reader) else Traits()
    if untold := [each.name for each in net.traits.each if not learnt.find(each.name)]:
        yield _untold_words(untold)


def _reconstruct(net: Faces, values: Tensor) -> Iterator[Event]:
    again, told = [], []
    for part in _batches(values, _RECONSTRUCTING):
        if isinstance(part, Progress):
            yield part
            continue
        mean, log_variance = net.encode(part)
        again.append(net.decode(mean))
        told.append(torch.stack([mean, log_variance])[..., net.traits.width :])
    made = torch.cat(again).clamp(-1, 1)
    yield _metric("psnr_db", measures.psnr_db(made, values, peak=2.0).clamp(max=99.0))
    yield _metric("ssim", likeness(made, values), 4)
    mean, log_variance = torch.cat(told, dim=1)
    kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1)
    active = int((mean.var(dim=0) > _ACTIVE).sum())
    yield _metric("kl_nats", kl, 1)
    yield Metric("active_numbers", active)
    if not active or float(kl.mean()) < _VANISHED:
        yield Message(_KL_GONE, "warning")


def _repair(net: Faces, values: Tensor) -> Iterator[Event]:
    """Holes over the face and scratches, beside a smooth filling; and how far repairs differ."""
    side, count = values.shape[-1], len(values)
    kinds = {
        "hole": probes.face_holes(count, side, seed=1),
        "scratches": probes.scratches(count, side, seed=1),
    }
    for kind, holes in kinds.items():
        yield Progress(0, 0, _REPAIRING)
        noise = torch.zeros(count, net.filler.noise_size)
        made = _filled(net, values, holes, noise)
        yield _metric(f"{kind}_psnr_db", hole_psnr(made, values, holes))
        yield _metric(f"{kind}_ssim", likeness(made, values), 4)
        smooth = []
        for number, (picture, hole) in enumerate(zip(values, holes, strict=True)):
            yield Progress(number, count, _REPAIRING)
            done = completed((picture * (1 - hole)).numpy(), hole[0].numpy() > 0)
            smooth.append(torch.from_numpy(done))
        classical = torch.stack(smooth).float()
        yield _metric(f"classical_{kind}_psnr_db", hole_psnr(classical, values, holes))
    yield Metric("candidates_apart", round(_apart(net, values, kinds["hole"]), 4))


def _apart(net: Faces, values: Tensor, holes: Tensor) -> float:
    """The mean deviation across four repairs inside a hole, as a part of the range of values."""
    size, made = net.filler.noise_size, []
    for number in range(_CANDIDATES):
        first = DRAWN + number if number else 0
        seeds = range(first, first + 2 * _CANDIDATES * len(values), 2 * _CANDIDATES)
        noise = torch.cat([noise_of(seed if number else 0, size, 1.0) for seed in seeds])
        made.append(_filled(net, values, holes, noise))
    spread = torch.stack(made).std(dim=0, correction=0) / 2
    return float((spread * holes).sum() / (holes.sum() * values.shape[1]))


def _filled(net: Faces, values: Tensor, holes: Tensor, noise: Tensor) -> Tensor:
    rows = zip(*(torch.split(each, _BATCH) for each in (values, holes, noise)), strict=True)
    return torch.cat([net.fill(v * (1 - h), h, n) for v, h, n in rows]).clamp(-1, 1)


def likeness(made: Tensor, values: Tensor) -> Tensor:
    """SSIM (n,) of pictures in -1..1, taken of them in 0..1: it weighs an error of light against
    how light it is there, and in -1..1 middle grey is nothing at all."""
    return measures.ssim((made + 1) / 2, (values + 1) / 2)


def hole_psnr(made: Tensor, values: Tensor, holes: Tensor) -> Tensor:
    """Decibels inside each hole (n,), of values in -1..1; 99 where nothing differs."""
    wrong = (made.double() - values.double()).square() * holes
    error = wrong.sum(dim=(1, 2, 3)) / (holes.sum(dim=(1, 2, 3)) * values.shape[1])
    return (10 * torch.log10(4.0 / error)).clamp(max=99.0)


def _draw(model: Model, judge: Looking, parts: _Parts) -> Iterator[Event]:
    """Samples: how like the held-out pictures, how varied, and how near to what was learnt."""
    net, source = model.network, torch.Generator().manual_seed(3)
    variety, drawn = GenerateParameters().variety, []  # as people get them
    points = new_points(net, _samples(len(parts.held_out)), variety, source)
    for part in _batches(points, _DRAWING):
        if isinstance(part, Progress):
            yield part
        else:
            noise = variety * noise_for(net, len(part), source)
            drawn.append(net.decode(agreed(net, part, noise)))
    samples = torch.cat(drawn).clamp(-1, 1)
    if isinstance(judge, Reader) and (right := right_kinds(judge, net.traits, points, samples)):
        yield right
    real, made = judge.look(parts.held_out), judge.look(samples)
    spread = measures.mean_pairwise_distance(parts.held_out)
    share = measures.mean_pairwise_distance(samples[: len(parts.held_out)])
    varied = share / spread if spread else 1.0
    yield from tell_apart(real, made, varied=varied)
    yield Metric("frechet_distance", round(measures.frechet_distance(made, real), 3))
    precision, recall = measures.precision_and_recall(real, made[: len(real)])
    yield Metric("precision", round(precision, 4))
    yield Metric("recall", round(recall, 4))
    if spread:
        yield Metric("diversity", round(varied, 4))
    yield from _remember(samples, parts)


def _remember(samples: Tensor, parts: _Parts) -> Iterator[Event]:
    """Whether samples are memories: nearer to a training picture than any unseen picture is."""
    share = measures.copied_share(samples, parts.training, parts.held_out)
    yield Metric("copied_share", round(share, 4))
    usual = measures.nearest_distances(parts.held_out, parts.training)
    near = measures.nearest_distances(samples, parts.training)
    count = int((near < usual.min()).sum())
    yield Metric("nearer_than_held_out", round(count / len(samples), 4))
    yield Message(_memory_words(count, len(samples)), "warning" if count else "info")
    yield Preview(nearest_sheet(samples[:_SHOWN], parts.training), title=_PAIRS)


def _memory_words(count: int, total: int) -> dict[str, str]:
    if not count:
        return {
            "en": f"None of {total} samples lies nearer to a training picture than the nearest "
            "unseen picture does: none is a copy.",
            "zh": f"{total} 个样本中，没有一个比最接近的未见图像更靠近训练图像：没有照搬。",
        }
    return {
        "en": f"{count} of {total} samples lie nearer to a training picture than any unseen "
        "picture does: it may have learnt some by heart. Train on more pictures, or less long.",
        "zh": f"{total} 个样本中有 {count} 个比任何未见图像都更靠近训练图像："
        "模型可能死记了部分图像。请使用更多图像，或缩短训练时间。",
    }


def nearest_sheet(samples: Tensor, training: Tensor) -> Image:
    """Samples in a row, and under each the training picture nearest to it."""
    distances = torch.cdist(samples.flatten(1), training.flatten(1))
    nearest = training[distances.argmin(dim=1)]
    return sheet(to_planes(torch.cat([samples, nearest]), -1.0), len(samples))


def _reader_words(
    reader: Reader, values: Tensor, attributes: Sequence[Mapping[str, Any]]
) -> Message:
    """How well the reader reads: what it misreads looks like the fault of a control."""
    targets = reader.traits.targets(attributes)
    truth, seen = known(reader.traits, targets), reader.verdicts(values)
    told = []
    for trait in reader.traits.each:
        # A number is read right within half a spread.
        near = (seen[trait.name] - truth[trait.name]).abs() <= 0.5
        asked = truth[trait.name] >= 0 if trait.kind != "number" else ~truth[trait.name].isnan()
        if bool(asked.any()):
            told.append(f"{trait.name} {100 * float(near[asked].double().mean()):.0f}")
    return Message(
        {
            "en": "Of 100 pictures that it has not seen, the reader that judges the controls reads "
            f"right: {', '.join(told)}. No control can be seen to work more often than that.",
            "zh": f"评判各项控制的识别网络在 100 张未见过的图像中读对的数目：{'、'.join(told)}。"
            "任何控制测得的有效率都不会高于此数。",
        }
    )


def _untold_words(names: Sequence[str]) -> Message:
    told = ", ".join(names)
    return Message(
        {
            "en": f"These pictures say nothing of: {told}. How well such controls work cannot be "
            "measured on them.",
            "zh": f"这些图像没有标注：{told}。无法用它们测量相应控制的效果。",
        }
    )


def _try_controls(net: Faces, reader: Reader, values: Tensor) -> Iterator[Event]:
    """How often each control changes what it names, and leaves all else as it was."""
    names = [trait.name for trait in reader.traits.each]
    found = measure_controls(reader.traits, reader, values, edited_by(net, values))
    for number, name in enumerate(names):
        yield Progress(number, len(names), _STEERING)
        works = next(found)
        yield Metric(f"control_changes:{name}", round(100 * works.changes, 1))
        yield Metric(f"control_keeps:{name}", round(100 * works.keeps, 1))


def _batches(values: Tensor, words: dict[str, str]) -> Generator[Progress | Tensor]:
    """Some at a time, and how far it is before each."""
    for start in range(0, len(values), _BATCH):
        yield Progress(start, len(values), words)
        yield values[start : start + _BATCH]


def _metric(name: str, values: Tensor, digits: int = 2) -> Metric:
    return Metric(name, round(float(values.double().mean()), digits))
