"""Generate: pictures of the classes that a prompt names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import torch
from torch import Tensor

from aigc_studio.api import Candidate, Event, GenerateRequest, GeneratorError, Parameters, Progress
from aigc_studio.api.requests import Request
from aigc_studio.toolkit import choose_device
from gan_digits.latents import pack
from gan_digits.model import Model, open_model
from gan_digits.parameters import GenerateParameters
from gan_digits.pictures import side_by_side, to_pixels
from gan_digits.prompts import read_prompt
from gan_digits.sampling import draw, draw_latents

_P = TypeVar("_P", bound=Parameters)


def parameters_of(request: Request, kind: type[_P]) -> _P:
    """The request's parameters; the defaults where a caller gave none."""
    given = request.parameters
    return given if isinstance(given, kind) else kind(**dict(given))


def prepare(request: Request) -> None:
    """One thread and the CPU, whatever was asked for: the same seed gives the same bytes then.

    A picture this small gains nothing from more.
    """
    choose_device(replace(request, device="cpu", threads=1))


def check_count(count: int) -> None:
    """Raise GeneratorError for a count below 1."""
    if count < 1:
        raise GeneratorError(
            f"The count must be 1 or more, not {count}.",
            zh=f"数量必须不小于 1，而不是 {count}。",
            parameter="count",
        )


def title_of(model: Model, labels: Sequence[int]) -> str:
    """What a picture shows, as a person would type it."""
    names = [model.label_name(label) for label in labels]
    return ("" if all(len(name) <= 1 for name in names) else " ").join(names)


def candidate(model: Model, latents: Tensor, labels: Sequence[int], seed: int) -> Candidate:
    """The picture of these latents (n, latent_dim) and classes, with its latents as bytes."""
    drawn = draw(model.generator, latents, labels)
    return Candidate(
        side_by_side([to_pixels(cell) for cell in drawn]),
        latent=pack(latents, labels, model.tag),
        seed=seed,
        title=title_of(model, labels),
    )


def generate_pictures(request: GenerateRequest) -> Iterator[Event]:
    """Yield `count` candidates of each picture that the prompt names.

    All pictures of one candidate number are by one hand, seeded `seed + number`. Without a prompt
    the class is drawn as well.
    """
    check_count(request.count)
    prepare(request)
    parameters = parameters_of(request, GenerateParameters)
    model = open_model(request.model)
    pictures = read_prompt(request.prompt, model.classes)
    total = request.count * max(len(pictures), 1)
    done = 0
    for number in range(request.count):
        seed = request.seed + number
        words = pictures or [[_any_class(model, seed)]]
        latents = draw_latents(
            model.settings.latent_dim,
            seed,
            parameters.variety,
            sum(map(len, words)),
            parameters.unevenness,
        )
        for word, part in zip(
            words, torch.split(latents, [len(word) for word in words]), strict=True
        ):
            yield Progress(done, total)
            yield candidate(model, part, word, seed)
            done += 1
    yield Progress(total, total)


def _any_class(model: Model, seed: int) -> int:
    """A class by the seed alone, drawn beside the latents and not from the same numbers."""
    source = torch.Generator().manual_seed((seed ^ 0x5EED) % 2**63)
    return int(torch.randint(max(len(model.classes), 1), (1,), generator=source))
