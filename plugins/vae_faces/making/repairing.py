"""Repair: a part made anew from what is around it, and damage taken from a whole picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np

from aigc_studio.api import (
    Candidate,
    EditRequest,
    Event,
    GeneratorError,
    Image,
    Message,
    Progress,
)
from aigc_studio.toolkit import parameters_of
from aigc_studio.toolkit.pictures import Pixels, from_channels, to_channels
from vae_faces.making.chances import is_drawn, noise_of, seed_of
from vae_faces.making.parameters import RegenerateParameters, RestoreParameters
from vae_faces.making.subjects import Subject, as_subject, hole_in, part_of, picture_of
from vae_faces.model import Model
from vae_faces.network import diffusion

LIKELY = {"en": "Most likely", "zh": "最可能"}
SMOOTH = {"en": "Smooth continuation", "zh": "平滑延续"}
_SCALED = 1.4
"""From so many times the net's size on hairlines are continued smoothly."""
_FINEST = 1024
"""Pixels along a side up to which a smooth continuation is a matter of a second."""
_WEAKEST = 0.3
"""The least part of the strength that further candidates of a restoration have."""
_HAIRLINES = Message(
    {
        "en": "Only hairlines are selected: the first candidate continues smoothly what is beside "
        "them, which is truer there than what a model draws. The others are the model's.",
        "zh": "所选的只是细线：第一个候选平滑延续两侧的内容，在此处比模型绘制的更真实；"
        "其余候选由模型生成。",
    }
)


def regenerate(request: EditRequest, model: Model) -> Iterator[Event]:
    """The selected part as it fits the rest: the most likely first, then others that differ."""
    parameters = parameters_of(request, RegenerateParameters)
    part = _needed(request)
    picture = picture_of(request)
    subject = as_subject(picture, model.network.side, model.mode)
    hole = hole_in(subject, part)
    smooth, thin = parameters.method == "smooth", _is_thin(subject, part)
    plain = not is_drawn(request.seed)
    continued = _continued(picture, part) if thin or (smooth and plain) else picture
    if thin:
        # What is damaged would get into the pixels beside it when the picture is scaled down.
        subject = as_subject(continued, model.network.side, model.mode)
        subject = replace(subject, image=picture)
    if parameters.method == "automatic" and thin:
        smooth = True
        yield _HAIRLINES
    for number in range(request.count):
        seed = seed_of(request, number)
        yield Progress(number, request.count)
        if smooth and not is_drawn(seed):
            yield Candidate(continued, seed=seed, title=SMOOTH)
            continue
        noise = noise_of(seed, model.network.filler.noise_size, parameters.freedom)
        values = model.network.fill(subject.values, hole, noise)
        title = "" if is_drawn(seed) else LIKELY
        yield Candidate(subject.composed(values, part=part), seed=seed, title=title)


def restore(request: EditRequest, model: Model) -> Iterator[Event]:
    """The picture without noise, blur and other damage; further candidates are weaker."""
    strength = parameters_of(request, RestoreParameters).strength
    subject = as_subject(picture_of(request), model.network.side, model.mode)
    part = part_of(request)
    values = model.network.restore(subject.values)
    if subject.is_larger:
        yield _finer(subject, model)
    for number in range(request.count):
        seed = seed_of(request, number)
        share = strength * (_weakened(seed) if is_drawn(seed) else 1.0)
        yield Progress(number, request.count)
        yield Candidate(
            subject.restored(values, share, part),
            seed=seed,
            title={"en": f"Strength {share:.2f}", "zh": f"强度 {share:.2f}"},
        )


def _weakened(seed: int) -> float:
    """A part of the strength, from the least to all, by the seed."""
    return Random(seed).uniform(_WEAKEST, 1.0)


def _needed(request: EditRequest) -> Pixels:
    """What is selected. Raises GeneratorError for nothing, and for all there is."""
    part = part_of(request)
    if part is None:
        raise GeneratorError(
            "Nothing is selected: paint over what should be made anew with the mask brush.",
            zh="没有选区：请用蒙版画笔涂抹要重新生成的部分。",
            parameter="selections",
        )
    if (part > 0).all():
        raise GeneratorError(
            "All of the picture is selected, so that nothing tells what it showed: leave a part of "
            "it, or make a new one with Generate.",
            zh="整张图像都被选中，没有可参照的内容：请保留一部分，或用“生成”新作一张。",
            parameter="selections",
        )
    return part


def _is_thin(subject: Subject, part: Pixels) -> bool:
    """Whether a part is better continued smoothly in the picture's own pixels: lines that are
    nowhere thicker than four of them, or three of the net's, but where they cross. The net sees too
    little of these where the picture is scaled down to its size; at that size it knows better."""
    left, top, right, bottom = subject.inner
    scale = max(subject.image.width, subject.image.height) / max(right - left, bottom - top)
    if scale < _SCALED or max(part.shape) > _FINEST:
        return False
    return diffusion.is_hairline(part > 0, max(2, math.ceil(1.5 * scale)))


def _continued(picture: Image, part: Pixels) -> Image:
    """The picture with the part filled as smoothly as can be, in its own pixels."""
    values = to_channels(picture.pixels).astype(np.float32)
    filled = from_channels(diffusion.completed(values, part > 0).round().clip(0, 255))
    weight = part.astype(np.float32) / 255
    weight = weight if filled.ndim == 2 else weight[..., None]
    mixed = (picture.pixels * (1 - weight) + filled * weight).round().astype(np.uint8)
    return Image(np.where(weight > 0, mixed, picture.pixels))


def _finer(subject: Subject, model: Model) -> Message:
    """What a person should know of a picture that has more pixels than the net sees."""
    size, side = f"{subject.image.width}×{subject.image.height}", model.network.side
    return Message(
        {
            "en": f"The picture has {size} pixels and the model sees {side}×{side} of them: finer "
            "details that stand out of the noise are kept as they are.",
            "zh": f"图像为 {size} 像素，模型只看到 {side}×{side}：更细且明显高于噪声的细节"
            "保持原样。",
        }
    )
