"""What an edit works on: the cells of a picture, which of them are touched, and their classes."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from aigc_studio.api import EditRequest, Event, GeneratorError, Image, Mask, Progress
from aigc_studio.toolkit import Latent, mixed_seed, to_values
from aigc_studio.toolkit.pictures import Pixels
from gan_digits.model import Model
from gan_digits.pictures import Row, as_row, mask_row
from gan_digits.projection import Projection, project
from gan_digits.prompts import read_prompt

LOOKING = {"en": "Looking at the picture", "zh": "正在观察图像"}


@dataclass(frozen=True)
class Subject:
    """A picture as a row of cells; `hidden` says of each which pixels are selected (s, s).

    `touched` are the cells with anything selected: all of them when there is no selection.
    """

    row: Row
    hidden: tuple[Pixels, ...]
    touched: tuple[int, ...]

    @property
    def cells(self) -> dict[int, Pixels]:
        """The touched cells by number."""
        return {n: self.row.cells[n] for n in self.touched}

    def with_cells(self, new: Mapping[int, Pixels]) -> Image:
        """The whole picture with these cells in place of its own."""
        cells = [new.get(n, cell) for n, cell in enumerate(self.row.cells)]
        return self.row.joined(cells)


def picture_of(request: EditRequest, number: int = 0) -> Image:
    """The picture number `number` of the request."""
    artifact = request.artifacts[number]
    assert isinstance(artifact, Image), "the worker checks the medium"
    return artifact


def mask_of(request: EditRequest) -> Mask | None:
    """What is selected in the first picture; None for nothing in particular."""
    mask = request.selections[0] if request.selections else None
    return mask if isinstance(mask, Mask) and mask.pixels.any() else None


def look_at(request: EditRequest, model: Model, number: int = 0) -> Subject:
    """A picture of the request for this model, with its selection if it is the first."""
    size = model.settings.size
    row = as_row(picture_of(request, number), size, model.mode, model.look)
    mask = mask_of(request) if number == 0 else None
    if mask is None:
        hidden: tuple[Pixels, ...] = tuple(np.ones((size, size), bool) for _cell in row.cells)
    else:
        hidden = mask_row(mask.pixels, row, size)
    touched = tuple(n for n, part in enumerate(hidden) if part.any())
    return Subject(row, hidden, touched)


def labels_of(
    request: EditRequest, model: Model, touched: Sequence[int], count: int
) -> dict[int, int | None]:
    """The class that the prompt gives each touched cell of `count`; None where it is open.

    One class stands for all. Raises GeneratorError when the numbers do not match.
    """
    asked = [label for word in read_prompt(request.prompt, model.classes) for label in word]
    if not model.classes:
        return dict.fromkeys(touched, 0)
    if len(asked) <= 1:
        return dict.fromkeys(touched, asked[0] if asked else None)
    if len(asked) == len(touched):
        return dict(zip(touched, asked, strict=True))
    if len(asked) == count:
        return {n: asked[n] for n in touched}
    raise GeneratorError(
        f"The prompt names {len(asked)} characters, and {len(touched)} are to be drawn: name one "
        f"for all, or {len(touched)}.",
        zh=f"提示词有 {len(asked)} 个字符，而要绘制 {len(touched)} 个：请给出一个或同样多个。",
        parameter="prompt",
    )


def project_cells(
    model: Model,
    cells: Mapping[int, Pixels],
    labels: Mapping[int, int | None],
    *,
    seed: int = 0,
    freedom: float = 0.0,
    known: Mapping[int, torch.Tensor] | None = None,
    place: tuple[int, int] = (0, 0),
) -> Generator[Event, None, dict[int, Projection]]:
    """The projection of each cell; Progress (at `place`) often, so that it can be cancelled."""
    found: dict[int, Projection] = {}
    for n, cell in cells.items():
        search = project(
            model.generator,
            model.encoder,
            to_values(torch.from_numpy(cell), -1),
            known[n] if known is not None else None,
            labels[n],
            seed=mixed_seed(seed, n),
            exploration=freedom,
        )
        for projection in search:
            found[n] = projection
            yield Progress(*place, LOOKING)
    return found


def remembered_origin(request: EditRequest, model: Model, number: int, count: int) -> Latent | None:
    """What picture `number` was drawn from, if its candidate said so and this model drew it."""
    data = request.latents[number] if number < len(request.latents) else None
    if data is None:
        return None
    try:
        origin = model.origin(data)
    except GeneratorError:  # of another model: what is seen is looked at instead
        return None
    return origin if len(origin.labels) == count else None


def find_origin(
    request: EditRequest, model: Model, subject: Subject, number: int = 0
) -> Generator[Event, None, Latent]:
    """What a picture was drawn from: as remembered, or else found by projection."""
    count = len(subject.row.cells)
    remembered = remembered_origin(request, model, number, count)
    if remembered is not None:
        return remembered
    asked: dict[int, int | None] = dict.fromkeys(subject.touched, None if model.classes else 0)
    found = yield from project_cells(model, subject.cells, asked)
    points = torch.zeros(count, model.settings.latent_dim)
    labels = [0] * count
    for n, projection in found.items():
        points[n], labels[n] = projection.latent, projection.label
    return Latent(points, tuple(labels))
