"""Generate: a sheet of faces from words and controls, and walks among them."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from aigc_studio.api import Candidate, Event, GenerateRequest, Progress
from aigc_studio.toolkit import (
    alike,
    exactly,
    pack_latent,
    parameters_of,
    planes_image,
    to_planes,
    unpack_latent,
)
from vae_faces.attributes import steered
from vae_faces.making.parameters import GenerateParameters, GenerateWalkParameters
from vae_faces.making.walks import round_of
from vae_faces.model import Model, open_model
from vae_faces.network.agreement import agreed, new_points, noise_for
from vae_faces.words.wishes import steered_by_words, title_of

WALK = "walk"
_KEEPING = 0.35
"""How far more like a face strays from it in what is no attribute."""
_REMEMBERED = 64
_drawn: dict[tuple[bytes, int, float], Tensor] = {}
"""The points of the last seeds, by model, seed and variety."""


@torch.no_grad()
def generate_faces(request: GenerateRequest) -> Iterator[Event]:
    """Yield `count` faces, or `count` strips for a walk. Number n is drawn from seed `seed + n`."""
    exactly(request)
    model = open_model(request.model)
    wish = steered_by_words(request)
    make = _walk if request.operation == WALK else _face
    for number in range(request.count):
        yield Progress(number, request.count)
        yield from make(wish, model, number)
    yield Progress(request.count, request.count)


def _face(request: GenerateRequest, model: Model, number: int) -> Iterator[Event]:
    variety = parameters_of(request, GenerateParameters).variety
    point = _point(request, model, number, variety)
    yield drawn(model, point, seed=request.seed + number, title=title_of(request))


def _walk(request: GenerateRequest, model: Model, number: int) -> Iterator[Event]:
    parameters = parameters_of(request, GenerateWalkParameters)
    seed = request.seed + number
    start = _point(request, model, number, parameters.variety)
    fixed = model.network.traits.width if request.controls else 0
    way = round_of(start, parameters.frames, parameters.distance, seed, fixed=fixed)
    # The same for all faces on it, so that they follow each other smoothly.
    source = torch.Generator().manual_seed(seed % 2**63)
    noise = parameters.variety * noise_for(model.network, 1, source)
    for position, point in enumerate(way):
        yield Progress(position, parameters.frames)
        yield drawn(
            model, agreed(model.network, point[None], noise), seed=seed,
            strip=f"walk {seed}", position=position, title=title_of(request),
        )  # fmt: skip


def _point(request: GenerateRequest, model: Model, number: int, variety: float) -> Tensor:
    """The point (1, size) of candidate `number`: drawn anew, or near one that was made before."""
    network, seed = model.network, request.seed + number
    if not request.latents:
        return steered(_new_point(model, seed, variety), network, request)
    given = request.latents[number % len(request.latents)]
    point = unpack_latent(given, model.tag, network.size).points[:1]
    near = alike(point, seed, _KEEPING)
    # Of the same kind: a face with a beard has one in what is like it.
    width = network.traits.width
    near[:, :width] = point[:, :width]
    return steered(near, network, request)


def _new_point(model: Model, seed: int, variety: float) -> Tensor:
    """The point (1, size) that a seed draws, from memory where it was just drawn: a hand that drags
    a slider asks for the same one again and again."""
    network, key = model.network, (model.tag, seed, variety)
    if key not in _drawn:
        source = torch.Generator().manual_seed(seed % 2**63)
        point = new_points(network, 1, variety, source)
        found = agreed(network, point, variety * noise_for(network, 1, source))
        while len(_drawn) >= _REMEMBERED:
            _drawn.pop(next(iter(_drawn)))
        _drawn[key] = found
    return _drawn[key].clone()


def drawn(
    model: Model, point: Tensor, *, seed: int, strip: str = "", position: int = 0, title: str = ""
) -> Candidate:
    """The face of a point (1, size) as a candidate that carries it."""
    values = model.network.decode(point)
    return Candidate(
        planes_image(to_planes(values[0], -1)),
        latent=pack_latent(point, model.tag),
        seed=seed,
        strip=strip,
        position=position,
        title=title,
    )
