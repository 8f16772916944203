"""Generate: pictures of the classes that a prompt names."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from aigc_studio.api import Candidate, Event, GenerateRequest, GeneratorError, Progress
from aigc_studio.toolkit import Latent, alike, exactly, pack_latent, parameters_of, sheet
from gan_digits.axes import steered
from gan_digits.finishing import finished
from gan_digits.model import Model, open_model
from gan_digits.parameters import GenerateParameters
from gan_digits.prompts import read_prompt
from gan_digits.sampling import BLOCK, draw, draw_latents


def title_of(model: Model, labels: Sequence[int]) -> str:
    """What a picture shows, as a person would type it."""
    names = [model.label_name(label) for label in labels]
    return ("" if all(len(name) <= 1 for name in names) else " ").join(names)


@dataclass(frozen=True)
class _Sketch:
    """A candidate before it is drawn: latents (n, latent_dim), n classes, and its seed."""

    latents: Tensor
    labels: Sequence[int]
    seed: int


def generate_pictures(request: GenerateRequest) -> Iterator[Event]:
    """Yield `count` candidates of each picture that the prompt names.

    All pictures of one candidate number are by one hand, seeded `seed + number`. Without a prompt
    the class is drawn as well. They are drawn some at a time and yielded at once, so that any
    count takes the same room.
    """
    exactly(request)
    model = open_model(request.model)
    pictures = read_prompt(request.prompt, model.classes)
    each = 1 if request.latents else max(len(pictures), 1)
    total, done = request.count * each, 0
    paper = parameters_of(request, GenerateParameters).ground == "paper"
    for block in _blocks(_sketches(request, model, pictures)):
        for candidate in _drawn(model, block, paper):
            yield Progress(min(done, total), total)
            yield candidate
            done += 1
    yield Progress(total, total)


def _sketches(
    request: GenerateRequest, model: Model, pictures: list[list[int]]
) -> Iterator[_Sketch]:
    parameters = parameters_of(request, GenerateParameters)
    for number in range(request.count):
        seed = request.seed + number
        if request.latents:
            yield from _alike(request, model, pictures, number)
            continue
        words = pictures or [[_any_class(model, seed)]]
        latents = draw_latents(
            model.settings.latent_dim,
            seed,
            parameters.variety,
            sum(map(len, words)),
            parameters.unevenness,
        )
        latents = steered(latents, request)
        parts = torch.split(latents, [len(word) for word in words])
        yield from (_Sketch(*each, seed) for each in zip(parts, words, strict=True))


def _alike(
    request: GenerateRequest, model: Model, pictures: list[list[int]], number: int
) -> Iterator[_Sketch]:
    """What candidate `number` is, where it is to be like one made before: of the same hand."""
    origin = model.origin(request.latents[number % len(request.latents)])
    seed = request.seed + number
    latents = steered(alike(origin.points, seed), request)
    yield from (_Sketch(latents, word, seed) for word in _words_like(origin, pictures))


def _words_like(origin: Latent, pictures: list[list[int]]) -> list[list[int]]:
    """The pictures to draw of those that the prompt names: the one that it is to be like if it is
    among them, or else all that have as many characters.
    """
    own, count = list(origin.labels), len(origin.labels)
    if not pictures or own in pictures:
        return [own]
    as_long = [each for each in pictures if len(each) == count]
    if not as_long:
        raise GeneratorError(
            f"The picture that this is to be like has {count} characters: ask for as many.",
            zh=f"要参照的图像有 {count} 个字符：请输入同样多的字符。",
            parameter="prompt",
        )
    return as_long


def _blocks(sketches: Iterable[_Sketch]) -> Iterator[list[_Sketch]]:
    """Sketches in groups of at least `BLOCK` characters, and the rest."""
    block: list[_Sketch] = []
    for sketch in sketches:
        block.append(sketch)
        if sum(len(each.labels) for each in block) >= BLOCK:
            yield block
            block = []
    if block:
        yield block


def _drawn(model: Model, block: Sequence[_Sketch], paper: bool) -> list[Candidate]:
    """The pictures of a block, with their latents as bytes."""
    latents = torch.cat([each.latents for each in block])
    cells = draw(model.generator, latents, [label for each in block for label in each.labels])
    rows = finished(cells, model.look, paper=paper)
    places = itertools.accumulate((len(each.labels) for each in block), initial=0)
    return [
        Candidate(
            sheet(rows[place : place + len(each.labels)]),
            latent=pack_latent(each.latents, model.tag, each.labels),
            seed=each.seed,
            title=title_of(model, each.labels),
        )
        for place, each in zip(places, block, strict=False)
    ]


def _any_class(model: Model, seed: int) -> int:
    """A class by the seed alone, drawn beside the latents and not from the same numbers."""
    source = torch.Generator().manual_seed((seed ^ 0x5EED) % 2**63)
    return int(torch.randint(max(len(model.classes), 1), (1,), generator=source))
