"""Ways from face to face: blends of two, and walks that begin at one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from aigc_studio.api import Candidate, EditRequest, Event, Image, Progress
from aigc_studio.toolkit import between, pack_latent, parameters_of
from aigc_studio.toolkit.pictures import CHANNELS, from_channels, resized
from vae_faces.making.chances import is_drawn, seed_of
from vae_faces.making.changing import point_of
from vae_faces.making.parameters import BlendParameters, WalkParameters
from vae_faces.making.subjects import Numbers, Subject, middle_of, picture_of
from vae_faces.making.walks import round_of
from vae_faces.model import Model

MOST_SIDE = 1024
"""Pixels along the longer side of pictures in a strip: sixty large photographs fill any memory."""
_DETOUR = 0.35
"""How far a blend strays in its middle, so that those of other seeds differ."""


@dataclass(frozen=True)
class _End:
    """A face at the end of a way: its picture, its point (1, size), and how the net draws that.

    `exact` says that it was drawn from the point. `rest` (k, h, w) is what of it the net cannot
    draw.
    """

    subject: Subject
    point: Tensor
    drawn: Tensor
    exact: bool

    @cached_property
    def rest(self) -> Numbers:
        return self.subject.planes() - self.subject.shown(self.drawn)


def blend(request: EditRequest, model: Model) -> Iterator[Event]:
    """A strip from the first face to the second, or one face between them."""
    parameters = parameters_of(request, BlendParameters)
    first, second = _alike(_end(request, model, 0), _end(request, model, 1))
    one = parameters.result == "one"
    steps = 1 if one else parameters.steps
    for number in range(request.count):
        seed = seed_of(request, number)
        # The first goes straight; those beside it take other ways.
        detour = _DETOUR if is_drawn(seed) else 0.0
        for position in range(steps):
            share = parameters.share if one else position / (steps - 1)
            point = _between(first.point, second.point, share, seed, detour)
            yield Progress(position, steps)
            yield Candidate(
                _blended(first, second, model.network.decode(point), share),
                latent=pack_latent(point, model.tag) if first.exact and second.exact else None,
                strip="" if one else f"blend {seed}",
                position=position,
                seed=seed,
                title={"en": f"Blend {share:.2f}", "zh": f"混合 {share:.2f}"},
            )


def wander(request: EditRequest, model: Model) -> Iterator[Event]:
    """A walk away from a face and back, as a strip that can repeat."""
    parameters = parameters_of(request, WalkParameters)
    start = _end(request, model, 0)
    for number in range(request.count):
        seed = request.seed + number
        way = round_of(start.point, parameters.frames, parameters.distance, seed)
        for position, point in enumerate(way[:, None]):
            near = torch.cosine_similarity(point, start.point).clamp_min(0)
            yield Progress(position, parameters.frames)
            picture = start.subject.composed(
                model.network.decode(point), start.drawn, share=float(near) ** 4
            )
            latent = pack_latent(point, model.tag) if start.exact else None
            yield Candidate(
                picture, latent=latent, seed=seed, strip=f"walk {seed}", position=position
            )


def _end(request: EditRequest, model: Model, number: int) -> _End:
    subject = middle_of(_small(picture_of(request, number)), model.network.side, model.mode)
    subject = replace(subject, around=None)
    point, exact = point_of(request, model, subject, number)
    return _End(subject, point, model.network.decode(point), exact)


def _alike(first: _End, second: _End) -> tuple[_End, _End]:
    """Both in the size of the first, and in a mode that has what either has."""
    image, other = first.subject.image, second.subject.image
    mode = max(image.mode, other.mode, key=CHANNELS.__getitem__)
    grey = first.subject.is_grey and second.subject.is_grey
    scaled = Image(resized(other.pixels, image.width, image.height))
    return (
        replace(first, subject=replace(first.subject, image=image.convert(mode), grey=grey)),
        replace(second, subject=replace(second.subject, image=scaled.convert(mode), grey=grey)),
    )


def _blended(first: _End, second: _End, values: Tensor, share: float) -> Image:
    """The picture of values between two faces, at either end that face itself: what the net cannot
    draw of a face goes sooner than the rest of it, or both would shine through."""
    planes = first.subject.shown(values)
    planes = planes + (1 - share) ** 2 * first.rest + share**2 * second.rest
    if len(planes) == 4 and values.shape[1] < 4:  # the net knows nothing of opacity
        ends = (first.subject.planes()[3], second.subject.planes()[3])
        planes[3] = (1 - share) * ends[0] + share * ends[1]
    return Image(from_channels(planes.round().clip(0, 255).astype(np.uint8)))


def _small(image: Image) -> Image:
    times = MOST_SIDE / max(image.width, image.height)
    if times >= 1:
        return image
    size = (max(1, round(image.width * times)), max(1, round(image.height * times)))
    return Image(resized(image.pixels, *size))


def _between(first: Tensor, second: Tensor, share: float, seed: int, detour: float) -> Tensor:
    """The point (1, size) that lies by `share` on the way; none is asked for at its ends."""
    steps = 101
    way = between(first[0], second[0], steps)
    place = share * (steps - 1)
    low = min(int(place), steps - 2)
    point = torch.lerp(way[low], way[low + 1], place - low)
    if detour:
        source = torch.Generator().manual_seed(seed % 2**63)
        stray = torch.randn(first.shape[1], generator=source) * point.norm() / len(point) ** 0.5
        point = point + detour * 4 * share * (1 - share) * stray
    return point[None]
