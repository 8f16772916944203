"""Edit: clean up, regenerate a part, change the class, morph."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch

from aigc_studio.api import Candidate, EditRequest, Event, GeneratorError, Progress
from aigc_studio.toolkit import Latent, between, exactly, pack_latent, parameters_of, strayed
from aigc_studio.toolkit.pictures import Pixels
from gan_digits.axes import steered
from gan_digits.drawings import read_drawing
from gan_digits.finishing import finished
from gan_digits.generating import title_of
from gan_digits.model import Model, open_model
from gan_digits.parameters import (
    ChangeClassParameters,
    CleanUpParameters,
    MorphParameters,
    RegenerateParameters,
)
from gan_digits.pictures import Row
from gan_digits.projection import Projection
from gan_digits.prompts import read_prompt
from gan_digits.sampling import draw
from gan_digits.subjects import (
    LOOKING,
    find_origin,
    labels_of,
    look_at,
    mask_of,
    picture_of,
    project_cells,
    remembered_origin,
)

_DETOUR = 0.35  # how far a strip strays in its middle, so that strips of other seeds differ


def edit_pictures(request: EditRequest) -> Iterator[Event]:
    """Yield `count` candidates (strips of candidates, for morph) of the operation asked for.

    Candidate number n depends on `seed + n` and not on the count.
    """
    exactly(request)
    yield Progress(0, request.count, LOOKING)
    operations = {
        "": _clean_up,  # whoever names none
        "clean-up": _clean_up,
        "regenerate": _regenerate,
        "change-class": _change_class,
        "morph": _morph,
    }
    yield from operations[request.operation](request, open_model(request.model))


def _clean_up(request: EditRequest, model: Model) -> Iterator[Event]:
    """Find the characters in a drawing, and draw each as the generator would."""
    if not model.look.extent:  # no characters on a ground: the picture as it stands
        yield from _redraw(request, model)
        return
    freedom = parameters_of(request, CleanUpParameters).freedom
    asked = sum(len(word) for word in read_prompt(request.prompt, model.classes))
    drawing = read_drawing(
        picture_of(request), model.settings.size, model.mode, model.look, asked if asked > 1 else 0
    )
    cells = dict(enumerate(drawing.cells))
    labels = labels_of(request, model, tuple(cells), len(cells))
    found = yield from project_cells(model, cells, labels)
    for number in range(request.count):
        drawn, _latents = _draw_freely(request, model, found, freedom, number)
        yield Progress(number, request.count)
        # A latent draws cells, and these are placed where the drawing was: it does not go along.
        yield Candidate(
            drawing.redrawn([drawn[n] for n in cells]),
            seed=request.seed + number,
            title=title_of(model, [found[n].label for n in cells]),
        )


def _redraw(request: EditRequest, model: Model) -> Iterator[Event]:
    """Each touched cell as the generator would draw it."""
    freedom = parameters_of(request, CleanUpParameters).freedom
    subject = look_at(request, model)
    labels = labels_of(request, model, subject.touched, len(subject.row.cells))
    found = yield from project_cells(model, subject.cells, labels)
    shown = [each.label for each in found.values()]
    for number in range(request.count):
        drawn, latents = _draw_freely(request, model, found, freedom, number)
        yield Progress(number, request.count)
        whole = len(drawn) == len(subject.row.cells)
        yield Candidate(
            subject.with_cells(drawn),
            latent=pack_latent(latents, model.tag, shown) if whole else None,
            seed=request.seed + number,
            title=title_of(model, shown) if whole else "",
        )


def _draw_freely(
    request: EditRequest, model: Model, found: dict[int, Projection], freedom: float, number: int
) -> tuple[dict[int, Pixels], torch.Tensor]:
    """The cells of projections with their latents strayed from by `freedom` and steered, and those
    latents."""
    guessed = torch.stack([each.latent for each in found.values()])
    latents = strayed(guessed, freedom, request.seed + number)
    latents = steered(latents, request)
    pictures = draw(model.generator, latents, [each.label for each in found.values()])
    return {n: finished(one, model.look) for n, one in zip(found, pictures, strict=True)}, latents


def _regenerate(request: EditRequest, model: Model) -> Iterator[Event]:
    """Invent what is selected so that it fits what is not."""
    freedom = parameters_of(request, RegenerateParameters).freedom
    if mask_of(request) is None:
        raise GeneratorError(
            "Nothing is selected: paint the part to regenerate with the mask brush.",
            zh="没有选区：请用蒙版画笔涂抹要重新生成的部分。",
        )
    subject = look_at(request, model)
    count = len(subject.row.cells)
    labels = labels_of(request, model, subject.touched, count)
    origin = remembered_origin(request, model, 0, count)
    if origin is not None:
        remembered = {n: origin.labels[n] for n, label in labels.items() if label is None}
        labels |= remembered
    known = {n: torch.from_numpy(~subject.hidden[n]) for n in subject.touched}
    for number in range(request.count):
        seed = request.seed + number
        place = (number, request.count)
        found = yield from project_cells(
            model, subject.cells, labels, seed=seed, freedom=freedom, known=known, place=place
        )
        new = {
            n: np.where(subject.hidden[n], finished(each.picture, model.look), subject.row.cells[n])
            for n, each in found.items()
        }
        # A latent draws the whole picture, and half of this one is as it was.
        yield Candidate(subject.with_cells(new), seed=seed)


def _change_class(request: EditRequest, model: Model) -> Iterator[Event]:
    """Draw other classes from the same latents: the handwriting stays."""
    freedom = parameters_of(request, ChangeClassParameters).freedom
    if not model.classes:
        raise GeneratorError(
            f"The model {model.name} knows no classes: choose one that was trained with labels.",
            zh=f"模型 {model.name} 没有类别：请选择用标签训练的模型。",
            parameter="model",
        )
    subject = look_at(request, model)
    count = len(subject.row.cells)
    asked = labels_of(request, model, subject.touched, count)
    origin = yield from find_origin(request, model, subject)
    new = [asked.get(n) for n in range(count)]
    labels = [
        old if label is None else label for old, label in zip(origin.labels, new, strict=True)
    ]
    for number in range(request.count):
        seed = request.seed + number
        latents = strayed(origin.points, freedom, seed)
        latents = steered(latents, request)
        drawn = {
            n: finished(draw(model.generator, latents[n : n + 1], [labels[n]])[0], model.look)
            for n in subject.touched
        }
        yield Progress(number, request.count)
        whole = len(subject.touched) == count
        yield Candidate(
            subject.with_cells(drawn),
            latent=pack_latent(latents, model.tag, labels) if whole else None,
            seed=seed,
            title=title_of(model, labels) if whole else "",
        )


def _morph(request: EditRequest, model: Model) -> Iterator[Event]:
    """One strip for each candidate that is asked for."""
    steps = parameters_of(request, MorphParameters).steps
    first, last = look_at(request, model, 0), look_at(request, model, 1)
    counts = [len(each.row.cells) for each in (first, last)]
    if counts[0] != counts[1]:
        raise GeneratorError(
            f"The pictures have {counts[0]} and {counts[1]} characters: "
            "morph between two with as many.",
            zh=f"两张图分别有 {counts[0]} 和 {counts[1]} 个字符：请选择字符数相同的图像。",
        )
    start = yield from find_origin(request, model, first, 0)
    end = yield from find_origin(request, model, last, 1)
    for number in range(request.count):
        yield from _strip(model, first.row, start, end, steps, request.seed + number)


@torch.no_grad()
def _strip(
    model: Model, row: Row, first: Latent, last: Latent, steps: int, seed: int
) -> Iterator[Event]:
    """Yield `steps` candidates of one strip; the ends are the two pictures as the model draws them.

    Handwriting and class change together, evenly.
    """
    source = torch.Generator().manual_seed(seed % 2**63)
    detours = torch.randn(first.points.shape, generator=source) * _DETOUR
    ways = [between(one, two, steps) for one, two in zip(first.points, last.points, strict=True)]
    table = model.generator.embedding.weight
    for step in range(steps):
        part = step / (steps - 1)
        cells = []
        latents = torch.stack([way[step] for way in ways]) + math.sin(math.pi * part) * detours
        for n, latent in enumerate(latents):
            mixed = torch.lerp(table[first.labels[n]], table[last.labels[n]], part)
            drawn = model.generator.paint(latent[None], mixed[None])[0]
            cells.append(finished(drawn, model.look))
        # Between two classes there is no label that would draw the same picture again.
        end = first if step == 0 else last if step == steps - 1 else None
        whole = end or (first if first.labels == last.labels else None)
        yield Progress(step, steps)
        yield Candidate(
            row.joined(cells),
            latent=pack_latent(latents, model.tag, whole.labels) if whole else None,
            strip=f"morph {seed}",
            position=step,
            seed=seed,
            title=title_of(model, whole.labels) if whole else "",
        )
