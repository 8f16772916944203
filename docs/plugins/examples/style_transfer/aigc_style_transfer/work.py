"""The three edits: from pictures of any size and mode to values, and back."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import torch
from torch import Tensor

from aigc_studio import api
from aigc_studio.toolkit import candidates, choose_device, planes_image, to_planes, to_values
from aigc_studio.toolkit.pictures import flatten, to_channels

from . import Restyling
from .matching import Part, painted, recoloured, scaled

TEXTURE = 512
"""The longer side, in pixels, at which a texture is made."""
Growing = Iterator[api.Image | api.Progress]


def restyle(request: api.EditRequest[Restyling]) -> api.Action:
    """The first picture in the patches of the second."""
    wish = request.parameters
    picture, look = _parts(request)
    if wish.keep_colours:
        look = Part(recoloured(look, picture).clamp(0, 1), look.counts)
    ground = Part(recoloured(picture, look).clamp(0, 1), picture.counts)
    small, look = _sized(ground, wish.detail), _sized(look, wish.detail, wish.strokes)
    kept = 1 - wish.strength
    fine = ground.values - scaled(small.values, *ground.values.shape[1:])

    def make(rng: Random) -> Growing:
        yield _image(ground.values, request)
        source = torch.Generator().manual_seed(rng.getrandbits(48))
        for share, values in painted(
            small, look, source, guided=2.5 * kept, kept=kept, noise=0.15, least=48
        ):
            yield _share(share)
            if values is not None:
                large = scaled(values, *fine.shape[1:]) + kept * fine
                yield _image(large, request)

    return candidates(request, make)


def texture(request: api.EditRequest) -> api.Action:
    """A new picture in the patches of this one, begun from noise."""
    whole, *_none = _parts(request)
    look = _sized(whole, TEXTURE)
    plain = look.pixels().mean(1)[:, None, None].expand_as(look.values)

    def make(rng: Random) -> Growing:
        source = torch.Generator().manual_seed(rng.getrandbits(48))
        begin = Part(plain, torch.ones_like(look.counts))
        for share, values in painted(begin, look, source, guided=0, kept=0, noise=0.3, least=20):
            yield _share(share)
            if values is not None:
                yield _image(scaled(values, *whole.values.shape[1:]), request)

    return candidates(request, make)


def colours(request: api.EditRequest) -> api.Action:
    """The first picture in the colours of the second."""
    picture, look = _parts(request)
    return candidates(request, lambda _rng: _image(recoloured(picture, look), request))


def _parts(request: api.EditRequest) -> list[Part]:
    """The pictures; of the first only what is marked counts, and of all what can be seen."""
    device = choose_device(request)
    found = []
    for place, each in enumerate(request.artifacts):
        assert isinstance(each, api.Image)
        counts = torch.ones(1, each.height, each.width)
        if each.mode == "RGBA":
            counts *= torch.from_numpy(each.pixels[..., 3] > 0)
        if place == 0:
            counts *= torch.from_numpy(request.mask.pixels > 0)
        values = to_values(torch.from_numpy(to_channels(flatten(each, "RGB"))))
        found.append(Part(values.to(device), counts.to(device)))
    return found


def _sized(part: Part, longer: int, times: float = 1.0) -> Part:
    """With a longer side of at most so many pixels, and then so many times as large."""
    height, width = part.values.shape[1:]
    share = min(1.0, longer / max(height, width)) * times
    return part.scaled(round(height * share), round(width * share))


def _image(values: Tensor, request: api.EditRequest) -> api.Image:
    """A picture in the first one's size and with its alpha; grey where all that went in are."""
    image = planes_image(to_planes(values))
    if all(each.mode == "L" for each in request.artifacts if isinstance(each, api.Image)):
        return image.convert("L")
    if request.image.mode != "RGBA":
        return image
    return api.Image(np.dstack([image.pixels, request.image.pixels[..., 3]]))


def _share(share: float) -> api.Progress:
    return api.Progress(round(share * 1000), 1000, {"en": "Painting", "zh": "正在绘制"})
