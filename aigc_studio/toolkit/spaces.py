"""The latent space of an open model: artifacts to points, and points to candidates."""

from __future__ import annotations

from random import Random
from typing import Any, Generic, Protocol, TypeVar

import torch
from torch import Tensor

from aigc_studio.api import Candidate, EditRequest, GenerateRequest, Image
from aigc_studio.toolkit.axes import steered
from aigc_studio.toolkit.latents import alike, pack_latent, unpack_latent
from aigc_studio.toolkit.open_models import OpenModel
from aigc_studio.toolkit.pictures import planes_image
from aigc_studio.toolkit.seeding import candidate_generator


class LatentNetwork(Protocol):
    """What a net must do so that its latent space can be worked in."""

    size: int
    """How many numbers a point has."""

    def point_of(self, image: Image) -> Tensor:
        """The point (size,) that comes nearest to a picture of any size and mode."""

    def decode(self, points: Tensor) -> Tensor:
        """Planes (n, c, h, w) uint8 of points (n, size)."""


_N = TypeVar("_N", bound=Any)


class Space(Generic[_N]):
    """The latent space of a model, whose `network` is a `LatentNetwork`.

    Candidates carry their points with the model's tag; they come back when they are edited.

        SPACES = OpenModels(lambda folder: Space(load_network(folder, "tiny-vae", build)))
        space = SPACES.open(request.model)
    """

    def __init__(self, model: OpenModel[_N]) -> None:
        self.model = model
        self.network: _N = model.network

    def point(self, request: EditRequest, number: int = 0) -> Tensor:
        """The point (size,) of an artifact: the one that it was made from, or the nearest to it.

        Raises GeneratorError for a point of another model.
        """
        latent = request.latents[number] if request.latents else None
        if latent is not None:
            return unpack_latent(latent, self.model.tag, self.network.size).points[0]
        artifact = request.artifacts[number]
        if not isinstance(artifact, Image):
            raise TypeError(f"a picture is needed, not {type(artifact).__name__}")
        with torch.no_grad():
            point: Tensor = self.network.point_of(artifact)
        return point

    def new_point(self, request: GenerateRequest, rng: Random) -> Tensor:
        """The point (size,) of something new: drawn with mean 0 and spread 1, or near what the
        request asks for more of, and moved along the model's axes by its controls.

        Raises GeneratorError for a latent of another model.
        """
        source = rng.getrandbits(62)
        if request.latents:
            given = rng.choice(request.latents)
            near = unpack_latent(given, self.model.tag, self.network.size).points
            point = alike(near, source)[0]
        else:
            point = torch.randn(self.network.size, generator=candidate_generator(source))
        return steered(point, request.model, request.controls)

    def candidate(self, point: Tensor, like: Image | None = None, **more: Any) -> Candidate:
        """The picture of a point (size,), of the size and mode of `like`, as a candidate.

        `more` is what else a candidate has: a title, a strip and its position.
        """
        with torch.no_grad():
            planes = self.network.decode(point[None])[0]
        latent = pack_latent(point, self.model.tag)
        return Candidate(planes_image(planes, like), latent=latent, **more)
